//! The moments worth telling, out of everything the case found.

use super::Moment;
use super::acts::Acts;
use super::moments::{of_files, of_sent, one, rule_ended, rule_made};
use crate::attribution::{Attribution, Context, Reason, Verdict};
use crate::brief::Brief;
use crate::coverage::Coverage;
use crate::coverage::words::{count, moment};
use crate::outflow::{FileTouched, Sent};
use crate::rules::{RuleVersion, Rules};
use model::{Address, AddressClass, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How many moments a timeline tells at most: more is a list.
const MOST: usize = 30;

/// How many addresses of one way in are named.
const FEW: usize = 5;

/// What a timeline is told from.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// What is asked.
    pub brief: &'a Brief,
    /// Who was there.
    pub attribution: &'a Attribution,
    /// The rules and forwardings.
    pub rules: &'a Rules,
    /// What the logs could not see.
    pub coverage: &'a Coverage,
    /// The messages the intruder sent.
    pub sent: &'a [Sent],
    /// The files that were touched.
    pub files: &'a [FileTouched],
    /// Sign-ins, consents, permissions and synchronisations.
    pub acts: &'a Acts,
}

/// Returns the moments worth telling, in order of time, without the acts that only a
/// [`Log`](super::Log) keeps.
#[must_use]
pub fn timeline(
    brief: &Brief,
    attribution: &Attribution,
    rules: &Rules,
    coverage: &Coverage,
    sent: &[Sent],
    files: &[FileTouched],
) -> Vec<Moment> {
    Story {
        brief,
        attribution,
        rules,
        coverage,
        sent,
        files,
        acts: &Acts::default(),
    }
    .timeline()
}

impl Story<'_> {
    /// Returns the moments worth telling, in order of time, thirty at most.
    #[must_use]
    pub fn timeline(&self) -> Vec<Moment> {
        let mut moments = self.acts.moments.clone();
        moments.extend(self.accesses());
        moments.extend(self.rules());
        moments.extend(of_sent(self.sent));
        moments.extend(of_files(self.files));
        moments.extend(self.evictions());
        moments.extend(self.gaps());
        promoted(moments)
    }

    fn accesses(&self) -> Vec<Moment> {
        let mut ways: BTreeMap<(String, bool), Vec<&Context>> = BTreeMap::new();
        let contexts = self.attribution.contexts.iter();
        for context in contexts.filter(|context| context.verdict == Verdict::Intruder) {
            let is_mailbox = !context.mailbox.is_empty();
            ways.entry((way(context), is_mailbox))
                .or_default()
                .push(context);
        }
        ways.iter()
            .flat_map(|((way, is_mailbox), contexts)| of_way(way, *is_mailbox, contexts))
            .collect()
    }

    fn rules(&self) -> Vec<Moment> {
        let versions = &self.rules.versions;
        let is_followed = |ended: &RuleVersion| {
            versions.iter().any(|next| {
                (next.kind, &next.name, next.active.from)
                    == (ended.kind, &ended.name, ended.active.to)
            })
        };
        let told = versions.iter().filter(|rule| self.tells(rule));
        told.flat_map(|rule| {
            // The next version tells that this one ended.
            let end = rule_ended(rule).filter(|_| !is_followed(rule));
            rule_made(rule).into_iter().chain(end)
        })
        .collect()
    }

    /// Whether a rule is the intruder's, or was made by nobody knows whom while they were there.
    fn tells(&self, rule: &RuleVersion) -> bool {
        let is_of_the_time = || {
            let window = self.attribution.window;
            window.is_some_and(|window| window.holds(rule.active.from))
        };
        match rule.verdict {
            Verdict::Intruder => true,
            Verdict::Unknown => is_of_the_time(),
            Verdict::Owner | Verdict::Service => false,
        }
    }

    fn evictions(&self) -> impl Iterator<Item = Moment> {
        self.attribution.evictions.iter().map(|eviction| {
            let until = if eviction.effective > eviction.at {
                format!(
                    "; access may have gone on until {} UTC",
                    moment(eviction.effective)
                )
            } else {
                String::new()
            };
            Moment {
                time: eviction.at,
                kind: "eviction".to_owned(),
                text: format!("{}{until}", eviction.what),
                verdict: String::new(),
                records: one(&eviction.record),
            }
        })
    }

    fn gaps(&self) -> impl Iterator<Item = Moment> {
        let window = self.attribution.window;
        self.coverage
            .gaps
            .iter()
            .filter(|gap| gap.blind)
            .filter_map(move |gap| {
                let interval = gap.interval?;
                let inside = window.map_or(interval, |window| interval.meeting(&window));
                let is_placed = !inside.is_empty() && inside.from > Timestamp(i64::MIN);
                is_placed.then(|| Moment {
                    time: inside.from,
                    kind: "gap".to_owned(),
                    text: format!("the records go blind ({}): {}", gap.id.name(), gap.proof),
                    verdict: String::new(),
                    records: gap.records.iter().take(Reason::RECORDS).cloned().collect(),
                })
            })
    }
}

/// Contexts of one session, or of one application without a session, are one way in.
fn way(context: &Context) -> String {
    if !context.session.is_empty() {
        format!("session `{}`", context.session)
    } else if !context.app.is_empty() {
        format!("application `{}`", context.app)
    } else if !context.token.is_empty() {
        format!("token `{}`", context.token)
    } else {
        format!("context {}", context.id)
    }
}

fn of_way(way: &str, is_mailbox: bool, contexts: &[&Context]) -> Vec<Moment> {
    let first = contexts.iter().filter_map(|context| context.first).min();
    let last = contexts.iter().filter_map(|context| context.last).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let records = contexts
        .iter()
        .fold(0u64, |sum, context| sum.saturating_add(context.records));
    let (what, begin, end) = if is_mailbox {
        ("access to the mailbox", "first access", "last access")
    } else {
        ("act in other services", "first act", "last act")
    };
    let told = |time, kind: &str, text: String| Moment {
        time,
        kind: kind.to_owned(),
        text,
        verdict: Verdict::Intruder.name().to_owned(),
        records: shown_by(contexts),
    };
    let whence = whence(contexts);
    if first == last {
        return vec![told(first, begin, format!("only {what} by {way}{whence}"))];
    }
    let of_all = format!("last {what} by {way}, {} in all", count(records, "record"));
    vec![
        told(first, begin, format!("first {what} by {way}{whence}")),
        told(last, end, of_all),
    ]
}

fn whence(contexts: &[&Context]) -> String {
    let ips: BTreeSet<&str> = contexts
        .iter()
        .flat_map(|context| context.ips.iter().map(String::as_str))
        .filter(|ip| is_place(ip))
        .collect();
    let mut told: Vec<&str> = ips.iter().copied().take(FEW).collect();
    if ips.is_empty() {
        return String::new();
    }
    if ips.len() > FEW {
        told.push("others");
    }
    format!(" from {}", told.join(", "))
}

/// A loopback address is no place.
fn is_place(ip: &str) -> bool {
    Address::read(ip).is_none_or(|address| address.class() != AddressClass::Loopback)
}

fn shown_by(contexts: &[&Context]) -> Vec<String> {
    let reasons = contexts.iter().flat_map(|context| &context.reasons);
    let records: BTreeSet<&String> = reasons.flat_map(|reason| &reason.records).collect();
    records.into_iter().take(Reason::RECORDS).cloned().collect()
}

/// Which kinds come first when there is no room for all.
fn rank(kind: &str) -> usize {
    const ORDER: [&str; 12] = [
        "eviction",
        "sign-in",
        "consent",
        "rule",
        "permission",
        "sync",
        "first access",
        "sent",
        "file",
        "gap",
        "last access",
        "first act",
    ];
    ORDER
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(ORDER.len())
}

/// Puts moments in the order in which they deserve room: the first three of every kind, then
/// the next three, so that forty sign-ins leave room for the one rule.
fn by_weight(moments: Vec<Moment>) -> Vec<Moment> {
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    let mut weighed: Vec<((usize, usize), Moment)> = Vec::with_capacity(moments.len());
    for moment in moments {
        let before = of_kind.entry(moment.kind.clone()).or_default();
        weighed.push(((*before / 3, rank(&moment.kind)), moment));
        *before += 1;
    }
    weighed.sort_by_key(|(weight, _)| *weight);
    weighed.into_iter().map(|(_, moment)| moment).collect()
}

fn promoted(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_unstable();
    moments.dedup_by(|one, other| {
        (one.time, &one.kind, &one.text) == (other.time, &other.kind, &other.text)
    });
    let left_out = moments.len().saturating_sub(MOST);
    if left_out == 0 {
        return moments;
    }
    let mut moments = by_weight(moments);
    moments.truncate(MOST);
    moments.sort_unstable();
    if let Some(last) = moments.last_mut() {
        let more = format!(
            "; {} left out of this timeline",
            count(left_out as u64, "further moment")
        );
        last.text.push_str(&more);
    }
    moments
}
