//! Whom an act of administration concerns, and what was found of them before.

use crate::board::Raised;
use crate::doubt::{doubts, is_doubt};
use crate::fact::Fact;
use crate::seen::Seen;
use crate::world::World;
use model::{ActorKind, Severity};

/// Attacks that prove nothing about who got in: passwords were tried.
const ATTEMPTS: [&str; 3] = ["SIG-07", "SIG-08", "SIG-10"];

/// What tells of a new device, which is no second sign of what the directory says of it.
const DEVICE: &str = "SIG-16";

/// Returns whether a person acted: no service, no application, no directory synchronisation.
pub(super) fn is_by_person(seen: &Seen<'_>) -> bool {
    let is_machine = matches!(
        seen.actor(),
        ActorKind::System | ActorKind::Application | ActorKind::Policy
    );
    !is_machine && seen.user().contains('@') && !is_synchronisation(seen.user())
}

/// Returns whether an account is the one that a directory's own synchronisation signs in with.
pub(super) fn is_synchronisation(user: &str) -> bool {
    user.starts_with("sync_") || user.starts_with("adtoaadsync")
}

/// Returns whose account is misused if the act is: the person who acted, or else who was acted on.
pub(super) fn misused(seen: &Seen<'_>) -> String {
    if is_by_person(seen) {
        seen.user().to_owned()
    } else {
        seen.target()
    }
}

/// Returns whether somebody acted on somebody else.
pub(super) fn is_on_another(seen: &Seen<'_>) -> bool {
    is_by_person(seen) && seen.target() != seen.user()
}

/// Returns the gravest doubt about a sign-in of a user in the seconds before a fact, or at any time
/// in its session.
pub(super) fn suspicion<'w>(
    world: &World<'w>,
    fact: &Fact,
    user: &str,
    seconds: i64,
) -> Option<&'w Raised> {
    doubts(fact, user, world, seconds)
        .filter(|one| one.detection != DEVICE)
        .max_by_key(|one| one.severity)
}

/// Returns whether a finding says that somebody else may have signed in.
pub(super) fn is_suspicion(detection: &str, severity: Severity) -> bool {
    is_doubt(detection, severity) && detection != DEVICE
}

/// Returns the gravest attack on a user's password, medium or more, in the seconds before a fact.
pub(super) fn attack<'w>(
    world: &World<'w>,
    fact: &Fact,
    user: &str,
    seconds: i64,
) -> Option<&'w Raised> {
    world
        .board
        .of_user(fact.tenant, user, fact.time, seconds)
        .filter(|one| one.severity >= Severity::Medium)
        .filter(|one| ATTEMPTS.contains(&&*one.detection) || one.detection == "SIG-09")
        .max_by_key(|one| one.severity)
}
