//! The checks, one a file, each with its own words: what it looks at, why that matters, the fix.
//!
//! A check is a pure function of what was heard; it asks nothing itself. To add one: its file, a
//! line in [`ALL`], and a line in `doctor::judged`.

pub(super) mod azure_log;
pub(super) mod bypass;
pub(super) mod certificate;
pub(super) mod clock_skew;
pub(super) mod disk;
pub(super) mod feed;
pub(super) mod licence;
pub(super) mod mailbox_audit;
pub(super) mod message_trace;
pub(super) mod organisation_audit;
pub(super) mod permission;
pub(super) mod risk_log;
pub(super) mod search_audit;
pub(super) mod secret;
pub(super) mod sign_in_log;
pub(super) mod subscription;
pub(super) mod token;
pub(super) mod unified_audit;

use super::finding::About;

/// Every check, in the order in which it is told.
pub(super) const ALL: &[&About] = &[
    &disk::ABOUT,
    &secret::ABOUT,
    &certificate::ABOUT,
    &token::ABOUT,
    &permission::ABOUT,
    &clock_skew::ABOUT,
    &unified_audit::ABOUT,
    &organisation_audit::ABOUT,
    &mailbox_audit::ABOUT,
    &search_audit::ABOUT,
    &bypass::ABOUT,
    &licence::ABOUT,
    &subscription::ABOUT,
    &sign_in_log::ABOUT,
    &risk_log::ABOUT,
    &message_trace::ABOUT,
    &azure_log::ABOUT,
    &feed::ABOUT,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn doctor_has_words_for_every_check() {
        let names: BTreeSet<_> = ALL.iter().map(|about| about.name).collect();
        assert_eq!(names.len(), ALL.len());
        for about in ALL {
            assert!(about.why.ends_with('.'), "{}", about.name);
            let local = ["disk", "secret", "clock", "feed"].contains(&about.name);
            assert_eq!(about.link.is_empty(), local, "{}", about.name);
        }
    }
}
