//! Whether a feed may go on: what is wrong, whether an operator must act, and when to look again.

use crate::feed::{Next, Trouble};
use crate::moment::{DAY, HOUR};
use crate::pause::Gate;
use crate::said::{Said, retry_after};
use model::{Failure, NoToken, NoTokenKind, Reply, Timestamp};

/// What a failure means for the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The service is not well: everything of this feed waits, at least so many seconds.
    Passing {
        /// In one line.
        why: String,
        /// What the service asked for.
        at_least: i64,
    },
    /// Only this question is concerned; others may go on.
    Own(String),
    /// There is more in the answer than can be had at once.
    TooMuch(String),
    /// Somebody must act; so many seconds until it is looked whether they did.
    Stop(Trouble, i64),
}

impl Meaning {
    /// Returns what the lack of a reply means.
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        let why = failure.to_string();
        match failure {
            Failure::Broken(_) | Failure::TimedOut => Self::Passing { why, at_least: 0 },
            Failure::Throttled { seconds } => Self::Passing {
                why,
                at_least: i64::from(*seconds),
            },
            Failure::Garbled(_) | Failure::ForeignHost(_) => Self::Own(why),
            Failure::TooLong(_) => Self::TooMuch(why),
            Failure::NoToken(no) => of_no_token(no, why),
        }
    }

    /// Returns what the refusal of a Microsoft Graph or Azure service means, as far as all agree.
    pub(crate) fn of_refusal(said: &Said, reply: &Reply) -> Self {
        let why = said.line();
        let passing = matches!(said.status, 408 | 423 | 425 | 500..=599);
        match said.status {
            _ if said.is_throttling() => Self::Passing {
                why,
                at_least: retry_after(reply).max(1),
            },
            _ if passing => Self::Passing {
                why,
                at_least: retry_after(reply),
            },
            _ if said.is_for_want_of_a_licence() => Self::Stop(
                access(
                    format!("the tenant has no licence for this log: {why}"),
                    "it needs Microsoft Entra ID P1 or P2; sign-ins also stand in the unified audit log, which the feed `activity/Audit.AzureActiveDirectory` reads",
                ),
                DAY,
            ),
            401 => Self::Stop(
                access(
                    format!("the token is refused: {why}"),
                    "check that the application is known in this tenant and holds the permission that this feed names",
                ),
                HOUR,
            ),
            403 => Self::Stop(
                access(
                    format!("permission is missing: {why}"),
                    "grant the permission that this feed names and consent to it; it is noticed within an hour",
                ),
                HOUR,
            ),
            _ => Self::Own(why),
        }
    }
}

fn of_no_token(no: &NoToken, why: String) -> Meaning {
    let hint = match no.kind {
        NoTokenKind::Passing => return Meaning::Passing { why, at_least: 0 },
        NoTokenKind::Credential => {
            "renew the secret or certificate of the application, and where the configuration finds it"
        }
        NoTokenKind::NotOnboarded => {
            "have an administrator of the tenant consent to the application"
        }
        NoTokenKind::TenantGone => "check the tenant's id; take it out where it has gone",
        NoTokenKind::ServiceAbsent => {
            "the tenant does not have this service; switch the feed off or license the service"
        }
        NoTokenKind::Interaction => "sign in again, or allow the application in Conditional Access",
    };
    Meaning::Stop(access(why, hint), HOUR)
}

/// Returns a trouble of sign-in, consent, permission or licence, at which a feed stands still.
pub(crate) fn access(what: impl Into<String>, hint: &str) -> Trouble {
    Trouble {
        what: what.into(),
        hint: hint.to_owned(),
        stopped: true,
        access: true,
        throttled: false,
    }
}

/// Returns a trouble that passes, or that is worked around meanwhile.
pub(crate) fn passing(what: impl Into<String>) -> Trouble {
    Trouble {
        what: what.into(),
        hint: String::new(),
        stopped: false,
        access: false,
        throttled: false,
    }
}

/// So many questions that fail one after the other are the service's failure, not theirs.
const IN_A_ROW: u32 = 4;

/// The health of one feed.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    gate: Gate,
    in_a_row: u32,
    probe_at: Option<Timestamp>,
    trouble: Option<Trouble>,
    notice: Option<(Trouble, Timestamp)>,
}

impl Health {
    /// Returns that of a feed that waits so many seconds after a first failure.
    pub(crate) fn new(first_pause: i64) -> Self {
        Self {
            gate: Gate::new(first_pause),
            in_a_row: 0,
            probe_at: None,
            trouble: None,
            notice: None,
        }
    }

    /// Returns how many seconds something of the feed waits that failed so often.
    pub(crate) fn pause(&self, failures: u32, name: &str) -> i64 {
        self.gate.pause(failures, name)
    }

    /// Returns what to say instead of asking, where nothing may be asked.
    pub(crate) fn hold(&mut self, under_way: Busy, now: Timestamp) -> Option<Next> {
        let idle = under_way == Busy::No;
        if let Some(probe_at) = self.probe_at {
            if now < probe_at {
                return Some(if idle { Next::Stopped } else { Next::Hear });
            }
            self.probe_at = None;
            self.gate.probe();
        }
        if let Some(until) = self.gate.closed(now) {
            return Some(if idle { Next::Wait(until) } else { Next::Hear });
        }
        (self.gate.is_probing() && under_way == Busy::Asking).then_some(Next::Hear)
    }

    /// Returns whether the next answer is to tell if the service is well again.
    pub(crate) fn is_probing(&self) -> bool {
        self.gate.is_probing()
    }

    /// Returns one where the service as a whole is asked again after a pause, else nothing.
    pub(crate) fn waits(&self) -> u64 {
        u64::from(self.gate.is_probing())
    }

    /// Notes an answer as it should be. Where another question was refused meanwhile, so that all
    /// stand still until somebody acts, it is asked again at once: its trouble goes with the stop.
    pub(crate) fn answered(&mut self) {
        self.gate.answered();
        self.in_a_row = 0;
        self.probe_at = None;
        self.trouble = None;
    }

    /// Notes what a failure means; the caller sees to the question itself.
    pub(crate) fn suffered(&mut self, meaning: &Meaning, name: &str, now: Timestamp) {
        match meaning {
            Meaning::Passing { why, at_least } => {
                self.gate.failed(name, *at_least, now);
                self.trouble = Some(Trouble {
                    throttled: *at_least > 0,
                    ..passing(why.clone())
                });
            }
            Meaning::Own(why) | Meaning::TooMuch(why) => {
                self.in_a_row += 1;
                self.trouble = Some(passing(why.clone()));
                if self.in_a_row >= IN_A_ROW {
                    self.gate.failed(name, 0, now);
                }
            }
            Meaning::Stop(trouble, probe) => {
                self.trouble = Some(trouble.clone());
                self.probe_at = Some(now.plus_seconds(*probe));
            }
        }
    }

    /// Shows a trouble for some seconds whatever comes next.
    pub(crate) fn notice(&mut self, trouble: Trouble, seconds: i64, now: Timestamp) {
        self.notice = Some((trouble, now.plus_seconds(seconds)));
    }

    /// Forgets a notice whose time has come.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.notice = None;
        }
    }

    /// Returns what is wrong.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        let notice = || self.notice.as_ref().map(|(trouble, _)| trouble.clone());
        self.trouble.clone().or_else(notice)
    }
}

/// What a feed has under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Nothing.
    No,
    /// Replies that are being made durable.
    Keeping,
    /// Questions without an answer as yet.
    Asking,
}

impl Busy {
    /// Returns it by the numbers.
    pub(crate) fn of(asking: usize, keeping: usize) -> Self {
        match (asking, keeping) {
            (0, 0) => Self::No,
            (0, _) => Self::Keeping,
            _ => Self::Asking,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_still_without_saying_why() {
        let mut health = Health::new(15);
        let refused = Meaning::Stop(access("no permission", "grant it"), HOUR);
        health.suffered(&refused, "feed", Timestamp(0));
        assert_eq!(health.hold(Busy::No, Timestamp(1)), Some(Next::Stopped));
        // Another question was under way, and is answered after all.
        health.answered();
        assert_eq!(health.trouble(), None);
        assert_eq!(health.hold(Busy::No, Timestamp(1)), None);
    }
}
