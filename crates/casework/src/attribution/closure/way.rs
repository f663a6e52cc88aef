//! The way of evidence from a seed to something, and what each thing on it is called.

use super::{Closure, Mark};
use crate::attribution::Step;
use crate::attribution::scene::Scene;
use std::fmt;

impl Closure {
    /// Returns the steps from the seed to something.
    pub(in crate::attribution) fn way(&self, scene: &Scene<'_>, to: &Mark) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = to.clone();
        // A way never meets itself, for each step was found before the next.
        while let Some(trace) = self.found.get(&at) {
            let name = Shown(&at, scene).to_string();
            let from = match &trace.from {
                Some(from) => Shown(from, scene).to_string(),
                None => trace.origin.clone(),
            };
            if from != name {
                steps.push(Step {
                    from,
                    to: name,
                    by: trace.by.clone(),
                    records: trace.records.clone(),
                });
            }
            match &trace.from {
                Some(from) if steps.len() <= self.found.len() => at = from.clone(),
                _ => break,
            }
        }
        steps.reverse();
        steps
    }
}
/// A mark as an analyst types it.
pub(in crate::attribution) struct Shown<'s, 'c>(
    pub(in crate::attribution) &'s Mark,
    pub(in crate::attribution) &'s Scene<'c>,
);

impl fmt::Display for Shown<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Mark::Session(session) => write!(f, "session={session}"),
            Mark::Token(token) => write!(f, "token={token}"),
            Mark::Ip(ip) => write!(f, "ip={ip}"),
            Mark::Device(device) => write!(f, "device={device}"),
            Mark::App(app) => write!(f, "app={app}"),
            Mark::Delegate(mailbox, who) => write!(f, "delegate={who} in {mailbox}"),
            Mark::Act(at) => write!(f, "record={}", self.1.acts[*at].record),
            Mark::Context(at) => write!(f, "{}", self.1.drafts[*at].id),
        }
    }
}
