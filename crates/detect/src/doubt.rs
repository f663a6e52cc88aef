//! Whether it is in doubt who is behind a record: what was found of its session, its address, its account.
//!
//! One word for the whole catalogue: a finding on a sign-in casts doubt on what was done in the same
//! session at any time after it, and on what the account does within a day. A finding of medium is
//! about one sign-in, so it reaches no further than its own address; a grave one is about the account.

use crate::board::Raised;
use crate::fact::Fact;
use crate::world::{DAY, World};
use model::{Address, AddressClass, Outcome, Severity};

/// Attempts and oddities: they do not say that anybody came in.
const ATTEMPTS: &[&str] = &["SIG-07", "SIG-08", "SIG-10", "SIG-23", "SIG-27"];

/// What is medium where the account is at home, where a program signs in, or where somebody failed:
/// it takes more of these.
const WEAK: &[&str] = &[
    "SIG-03", "SIG-09", "SIG-11", "SIG-22", "SIG-24", "SIG-25", "SIG-28",
];

/// Returns whether a finding says that somebody else may be in.
pub(crate) fn is_doubt(detection: &str, severity: Severity) -> bool {
    let is_of_sign_in = ["SIG-", "ALR-03", "INTEL"]
        .iter()
        .any(|front| detection.starts_with(front));
    let least = match detection {
        "SIG-18" => Severity::Critical,
        weak if WEAK.contains(&weak) => Severity::High,
        _ => Severity::Medium,
    };
    is_of_sign_in && !ATTEMPTS.contains(&detection) && severity >= least
}

/// Returns the gravest doubt about who is behind a record of a user.
pub(crate) fn doubt<'w>(fact: &Fact, user: &str, world: &World<'w>) -> Option<&'w Raised> {
    doubts(fact, user, world, DAY).max_by_key(|one| one.severity)
}

/// Returns every doubt about who is behind a record of a user: of its session, and of the account
/// within the seconds before it.
pub(crate) fn doubts<'w>(
    fact: &Fact,
    user: &str,
    world: &World<'w>,
    seconds: i64,
) -> impl Iterator<Item = &'w Raised> {
    let (board, address) = (world.board, fact.address);
    let is_placed = is_somewhere(fact, world);
    let of_session = board.of_session(fact.tenant, fact.session, fact.time);
    let of_account = board
        .of_user(fact.tenant, user, fact.time, seconds)
        .filter(move |one| {
            !is_placed || one.fact.address == address || one.severity >= Severity::High
        });
    of_session
        .chain(of_account)
        .filter(|one| is_in(one) && is_doubt(&one.detection, one.severity))
}

/// Returns how a sentence ends on such a doubt; empty where there is none.
pub(crate) fn after(doubt: Option<&Raised>) -> String {
    doubt.map_or_else(String::new, |one| {
        format!(", after a doubtful sign-in ({})", one.detection)
    })
}

/// A sign-in that failed says what somebody tried, not who is in.
fn is_in(raised: &Raised) -> bool {
    !matches!(raised.fact.outcome, Outcome::Failure | Outcome::Interrupted)
}

/// Returns whether a record says from where it was done; Microsoft's addresses say nothing.
fn is_somewhere(fact: &Fact, world: &World<'_>) -> bool {
    let address = Address::read(world.text(fact.address));
    address.is_some_and(|address| address.class() == AddressClass::Public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_cast_no_doubt_and_weak_signs_only_where_they_are_grave() {
        for (detection, severity, expected) in [
            ("SIG-14", Severity::Medium, true),
            ("INTEL-1", Severity::Medium, true),
            ("SIG-14", Severity::Low, false),
            ("SIG-07", Severity::High, false),
            ("SIG-09", Severity::Medium, false),
            ("SIG-09", Severity::Critical, true),
            ("SIG-18", Severity::High, false),
            ("INB-01", Severity::Critical, false),
        ] {
            assert_eq!(is_doubt(detection, severity), expected, "{detection}");
        }
    }
}
