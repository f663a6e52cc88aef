//! Which contexts are the owner's, and what is missing to say whose the rest are.

use super::baseline::{Baseline, hour};
use super::client::is_service_client;
use super::closure::{Closure, SHARED_BY};
use super::platform;
use super::scene::{Draft, Scene};
use super::service::Services;
use super::strand::{Acting, Service, Whence};
use super::{Confidence, Reason, Verdict};
use crate::interval::Interval;
use model::Timestamp;

/// A verdict with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ruling {
    /// Whose it is.
    pub(super) verdict: Verdict,
    /// How sure.
    pub(super) confidence: Confidence,
    /// Why, the strongest first.
    pub(super) reasons: Vec<Reason>,
}

/// What an owner's context is held against.
pub(super) struct Held<'h, 'c> {
    /// The scene.
    pub(super) scene: &'h Scene<'c>,
    /// All that is the intruder's.
    pub(super) closure: &'h Closure,
    /// What was the owner's before.
    pub(super) baseline: Option<&'h Baseline>,
    /// What tells the platform's reads.
    pub(super) services: &'h Services,
    /// While which intruder sessions were active, with their client families.
    pub(super) intruder_spans: &'h [(Interval, &'static str)],
}

impl Held<'_, '_> {
    /// Says whose a context is that no evidence ties to the intruder.
    pub(super) fn ruling(&self, draft: &Draft) -> Ruling {
        let records = draft.sample.ids();
        let owner = |confidence, text: String| Ruling {
            verdict: Verdict::Owner,
            confidence,
            reasons: vec![Reason {
                text,
                records: records.clone(),
            }],
        };
        let Some((baseline, ends)) = self.baseline.and_then(|own| Some((own, own.ends?))) else {
            return unknown(vec![because(
                "nothing is known to be the intruder's yet: a seed decides what this is".to_owned(),
            )]);
        };
        if self.closure.has_app(&draft.app) {
            let text = format!(
                "the application {} is the intruder's from a consent on that came later: what it read before must be decided",
                draft.app
            );
            return unknown(vec![because(text)]);
        }
        let touched = self.touched(draft);
        if draft.acting == Acting::Person {
            let known = owned(draft, baseline)
                .or_else(|| at_home(draft, baseline).filter(|_| touched.is_empty()));
            if let Some((confidence, text)) = known {
                return owner(confidence, text);
            }
            // What an application was given may have been given by the intruder: that it came
            // before the first evidence makes it nobody's.
            let is_granted = self.services.grant_of(&draft.app).is_some();
            if draft.last().is_some_and(|last| last < ends) && !is_granted {
                // An application of somebody's own may read for whoever made it.
                let is_usual = draft.is_own
                    && touched.is_empty()
                    && baseline.clients.contains(draft.client)
                    && !platform::can_be_indicator(&draft.app);
                let confidence = if is_usual {
                    Confidence::Medium
                } else {
                    Confidence::Low
                };
                return owner(confidence, "before the intruder's first act".to_owned());
            }
        }
        let is_touched = !touched.is_empty();
        let mut reasons = touched;
        reasons.extend(self.missing(draft, baseline, is_touched));
        reasons.extend(self.hint(draft));
        unknown(reasons)
    }

    /// Returns what intruder evidence touches a context without deciding it.
    fn touched(&self, draft: &Draft) -> Vec<Reason> {
        let stopped = draft
            .whence
            .public()
            .and_then(|ip| self.closure.stopped.get(&ip));
        let stopped = stopped.map(|why| {
            because(format!(
                "an intruder's session used the same address, which proves nothing: {why}"
            ))
        });
        stopped.into_iter().collect()
    }

    /// Says what is missing to decide.
    fn missing(&self, draft: &Draft, baseline: &Baseline, is_place_told: bool) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if draft.acting == Acting::Application {
            let text = format!(
                "the application {} acted in its own name: whether it is rightful must be decided",
                shown(&draft.app)
            );
            reasons.push(because(text));
        } else if !draft.is_own {
            let text = format!(
                "{} is somebody else with access: whether that account was the intruder's must be decided",
                shown(&draft.actor)
            );
            reasons.push(because(text));
        }
        if let Some(record) = self.services.grant_of(&draft.app) {
            reasons.push(Reason {
                text: format!("somebody gave the application {} something: whether that was the owner must be decided", draft.app),
                records: vec![record.clone()],
            });
        } else if draft.agents.iter().any(|agent| is_service_client(agent)) {
            reasons.push(because(
                "the client string is a service's, and nothing else shows that it is one"
                    .to_owned(),
            ));
        }
        if !is_place_told {
            reasons.push(because(self.about_place(draft)));
        }
        let hours = draft.heard.iter().filter_map(|part| part.time).map(hour);
        let is_unusual = !baseline.hours.is_empty()
            && draft.is_own
            && hours.clone().next().is_some()
            && hours.clone().all(|hour| !baseline.hours.contains(&hour));
        if is_unusual {
            reasons.push(because(
                "at hours at which the owner was never active in the 30 days before".to_owned(),
            ));
        }
        reasons
    }

    fn about_place(&self, draft: &Draft) -> String {
        let session = if draft.session.is_empty() {
            "no session"
        } else {
            "its session was not there before the intruder"
        };
        match draft.whence {
            Whence::Public(ip) => {
                let others = self.scene.others_on(ip);
                let shared = if others >= SHARED_BY {
                    format!(", and {others} other users share it")
                } else {
                    String::new()
                };
                format!(
                    "{session}, and neither the owner nor the intruder is known at {ip}{shared}: who was there decides"
                )
            }
            Whence::Microsoft => {
                format!("{session}, and the address is Microsoft's, which hides who called")
            }
            Whence::Private => format!("{session}, and the address is a private one"),
            Whence::Loopback | Whence::Nowhere => format!("{session} and no address"),
        }
    }

    /// The weakest evidence is shown and decides nothing.
    fn hint(&self, draft: &Draft) -> Option<Reason> {
        let (first, last) = (draft.first()?, draft.last()?);
        let span = Interval::new(first, Timestamp(last.0.saturating_add(1)));
        let meets = self.intruder_spans.iter().any(|(active, client)| {
            *client == draft.client && !client.is_empty() && active.meets(&span)
        });
        meets.then(|| {
            because(format!("a hint only: a client of the same family, {}, while an intruder's session was active", draft.client))
        })
    }
}

/// Returns how a context is known to be the owner's, if the baseline knows who it is.
fn owned(draft: &Draft, baseline: &Baseline) -> Option<(Confidence, String)> {
    if !draft.is_own {
        let knows = draft.in_mailbox && baseline.delegates.contains(&draft.actor);
        return knows.then(|| {
            let text = format!(
                "{} used this mailbox in the 30 days before the intruder too",
                shown(&draft.actor)
            );
            (Confidence::Medium, text)
        });
    }
    if !is_owners_way(draft) {
        return None;
    }
    if baseline.sessions.contains(&draft.session) {
        return Some((
            Confidence::High,
            "the session was the owner's before the intruder came".to_owned(),
        ));
    }
    if baseline.devices.contains(&draft.device) {
        return Some((
            Confidence::High,
            "the device was the owner's before the intruder came".to_owned(),
        ));
    }
    None
}

/// Returns that a context came from where the owner was before, if it did.
fn at_home(draft: &Draft, baseline: &Baseline) -> Option<(Confidence, String)> {
    let ip = draft
        .whence
        .public()
        .filter(|ip| baseline.ips.contains(ip))?;
    let text = format!("the owner used {ip} in the 30 days before the intruder came");
    (draft.is_own && is_owners_way(draft)).then_some((Confidence::Medium, text))
}

/// Returns whether the mailbox was used as its owner uses it.
fn is_owners_way(draft: &Draft) -> bool {
    draft.service == Service::Other || matches!(draft.logon_type, None | Some(0))
}

fn unknown(reasons: Vec<Reason>) -> Ruling {
    Ruling {
        verdict: Verdict::Unknown,
        confidence: Confidence::Low,
        reasons,
    }
}

fn because(text: String) -> Reason {
    Reason {
        text,
        records: Vec::new(),
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() {
        "nobody the record names"
    } else {
        name
    }
}
