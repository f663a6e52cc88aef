//! The native catalogue: one detection a file, one list a section.

mod alerts;
mod applications;
mod chains;
mod delegation;
mod evasion;
mod files;
mod forwarding;
mod identity;
mod inbox_rules;
mod mail_access;
mod mail_acts;
mod mail_flow;
mod sign_in_attacks;
mod sign_ins;

use crate::about::About;
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;

/// What a detection wants to be shown. Everything it names is shown to it; nothing else is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Every fact of these kinds.
    pub kinds: &'static [Kind],
    /// Facts of any kind with these operations, whatever the case; a `*` at the end stands for anything.
    pub actions: &'static [&'static str],
    /// Hits of detections whose ids begin like this.
    pub hears: &'static [&'static str],
}

impl Wants {
    /// Wants nothing.
    pub const NOTHING: Self = Self {
        kinds: &[],
        actions: &[],
        hears: &[],
    };

    /// Wants every fact of these kinds.
    #[must_use]
    pub const fn kinds(kinds: &'static [Kind]) -> Self {
        Self {
            kinds,
            ..Self::NOTHING
        }
    }

    /// Wants the facts with these operations.
    #[must_use]
    pub const fn actions(actions: &'static [&'static str]) -> Self {
        Self {
            actions,
            ..Self::NOTHING
        }
    }

    /// Wants to hear of these detections too.
    #[must_use]
    pub const fn hearing(self, hears: &'static [&'static str]) -> Self {
        Self { hears, ..self }
    }
}

/// One detection of the catalogue.
///
/// It is shown de-duplicated facts in order of time, and may keep state of its own between them.
/// What it answers must follow from what it was shown alone, and what it keeps must be bounded:
/// by time, by number, or by how many people there are.
pub trait Detection {
    /// Returns what it says about itself.
    fn about(&self) -> &'static About;

    /// Returns what it wants to be shown.
    fn wants(&self) -> Wants;

    /// Looks at a fact.
    fn look(&mut self, _seen: &Seen<'_>, _world: &World<'_>, _hits: &mut Vec<Hit>) {}

    /// Hears of a hit that another detection raised just now.
    fn hear(&mut self, _hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {}

    /// Says what can only be said at the end.
    fn finish(&mut self, _world: &World<'_>, _hits: &mut Vec<Hit>) {}
}

/// Returns every detection of the catalogue, in its order.
#[must_use]
pub fn all() -> Vec<Box<dyn Detection>> {
    let mut all = Vec::new();
    all.extend(inbox_rules::all());
    all.extend(forwarding::all());
    all.extend(mail_flow::all());
    all.extend(delegation::all());
    all.extend(mail_access::all());
    all.extend(mail_acts::all());
    all.extend(sign_ins::all());
    all.extend(sign_in_attacks::all());
    all.extend(identity::all());
    all.extend(applications::all());
    all.extend(evasion::all());
    all.extend(files::all());
    all.extend(alerts::all());
    all.extend(chains::all());
    all
}
