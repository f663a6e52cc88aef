//! What to look for after the intruder was put out: any of it is a sign that they are not.

use super::footholds::{Foothold, FootholdKind, Sign};
use crate::attribution::{Context, Verdict};
use std::collections::BTreeSet;

/// Something that only the intruder uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WatchTerm {
    /// `ip`, `session`, `app`, `address`, as a seed is written.
    pub kind: &'static str,
    /// Its value.
    pub value: String,
}

/// Returns what to look for: addresses, sessions and applications of the contexts that are the
/// intruder's, and where their rules and forwardings send mail. An address that the owner uses too
/// is no sign of anybody.
#[must_use]
pub fn watch_terms(contexts: &[Context], footholds: &[Foothold]) -> Vec<WatchTerm> {
    let mut found = BTreeSet::new();
    let mut add = |kind, value: &str| {
        if !value.is_empty() {
            let value = value.to_owned();
            found.insert(WatchTerm { kind, value });
        }
    };
    let of = |verdict| contexts.iter().filter(move |one| one.verdict == verdict);
    let shared: BTreeSet<&String> = of(Verdict::Owner).flat_map(|one| &one.ips).collect();
    for context in of(Verdict::Intruder) {
        let own = context.ips.iter().filter(|ip| !shared.contains(ip));
        own.for_each(|ip| add("ip", ip));
        add("session", &context.session);
    }
    // What a person has to decide first is no sign of anybody.
    for foothold in footholds.iter().filter(|one| one.doubt.is_empty()) {
        let is_app = matches!(
            foothold.kind,
            FootholdKind::Grant | FootholdKind::Application | FootholdKind::AppRole
        );
        for sign in &foothold.signs {
            match sign {
                Sign::Address(address) => add("address", address),
                Sign::App(app) if is_app => add("app", app),
                _ => {}
            }
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::context;
    use crate::respond::live::tests::foothold;

    #[test]
    fn only_what_is_the_intruders_is_watched() {
        let mut theirs = context("a", Verdict::Intruder);
        theirs.session = "s1".to_owned();
        theirs.ips = BTreeSet::from(["203.0.113.47".to_owned(), "192.0.2.1".to_owned()]);
        let mut own = context("b", Verdict::Owner);
        own.ips = BTreeSet::from(["192.0.2.1".to_owned()]);
        own.session = "s2".to_owned();
        let terms = watch_terms(&[theirs, own], &[]);
        let terms: Vec<(&str, &str)> = terms.iter().map(|one| (one.kind, &*one.value)).collect();
        assert_eq!(terms, [("ip", "203.0.113.47"), ("session", "s1")]);
    }

    #[test]
    fn what_a_person_has_to_decide_first_is_not_watched() {
        let theirs = foothold(FootholdKind::Grant, &[Sign::App("rogue".to_owned())]);
        let mut open = foothold(FootholdKind::Grant, &[Sign::App("backup".to_owned())]);
        open.doubt = "an administrator let it in".to_owned();
        let terms = watch_terms(&[], &[theirs, open]);
        let values: Vec<&str> = terms.iter().map(|one| &*one.value).collect();
        assert_eq!(values, ["rogue"]);
    }
}
