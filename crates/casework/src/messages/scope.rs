//! What messages are judged against: who was there, when, and what the logs could not see.

use super::Delivered;
use super::crawl::Crawls;
use super::delivery::Passage;
use super::sync::Syncs;
use crate::attribution::Attribution;
use crate::brief::Brief;
use crate::coverage::Coverage;
use crate::interval::{Interval, SKEW};
use crate::outflow::Outflow;
use crate::rules::Rules;
use std::collections::BTreeSet;

/// Everything that the judging of one message needs to know of the case.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// What is asked.
    pub brief: &'a Brief,
    /// Whose the contexts are.
    pub attribution: &'a Attribution,
    /// What the logs could not see.
    pub coverage: &'a Coverage,
    /// What the rules caught.
    pub rules: &'a Rules,
    /// Which folders were synchronised.
    pub syncs: &'a Syncs,
    /// When contexts read faster than a person.
    pub crawls: Option<&'a Crawls>,
    /// What the intruder searched for.
    pub outflow: Option<&'a Outflow>,
    names: BTreeSet<&'a str>,
    /// The intruder's time with the allowance for clocks.
    pub(super) near: Option<Interval>,
}

impl<'a> Scope<'a> {
    /// Puts together what messages are judged against, and prepares what every message asks for.
    #[must_use]
    pub fn new(
        brief: &'a Brief,
        attribution: &'a Attribution,
        coverage: &'a Coverage,
        rules: &'a Rules,
        syncs: &'a Syncs,
    ) -> Self {
        Self {
            brief,
            attribution,
            coverage,
            rules,
            syncs,
            crawls: None,
            outflow: None,
            names: names(brief, attribution),
            near: attribution.window.map(|window| window.widened(SKEW, SKEW)),
        }
    }

    /// Adds the pace of reading, which gives the tag `crawl`.
    #[must_use]
    pub fn with_crawls(self, crawls: &'a Crawls) -> Self {
        Self {
            crawls: Some(crawls),
            ..self
        }
    }

    /// Adds the intruder's searches, which may have shown a message: class R.
    #[must_use]
    pub fn with_outflow(self, outflow: &'a Outflow) -> Self {
        Self {
            outflow: Some(outflow),
            ..self
        }
    }

    /// Returns the mailbox that is judged: the person's own unless the brief names another.
    pub(super) fn mailbox(&self) -> &'a str {
        if self.brief.mailbox.is_empty() {
            &self.brief.user
        } else {
            &self.brief.mailbox
        }
    }

    /// Returns what a row of trace means to the mailbox.
    pub(super) fn passage<'r>(&self, row: &'r Delivered) -> Passage<'r> {
        Passage::of(row, &self.names)
    }

    /// Returns whether a time belongs to the intruder's; without a window, or without a time, it may.
    pub(super) fn may_be_in_window(&self, during: Option<Interval>) -> bool {
        match (self.near, during) {
            (Some(near), Some(during)) => near.meets(&during),
            _ => true,
        }
    }
}

/// Returns the addresses of the mailbox: every name of the person, unless it is not theirs.
fn names<'a>(brief: &'a Brief, attribution: &'a Attribution) -> BTreeSet<&'a str> {
    let person = attribution.person.names.iter().map(String::as_str);
    let mut names: BTreeSet<&str> = person.chain([brief.user.as_str()]).collect();
    let is_theirs = brief.mailbox.is_empty() || names.contains(brief.mailbox.as_str());
    if !is_theirs {
        names = [brief.mailbox.as_str()].into();
    }
    names.remove("");
    names
}
