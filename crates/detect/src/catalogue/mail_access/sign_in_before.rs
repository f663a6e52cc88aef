//! Whether the sign-in behind an act was found wrong: by its session, its address, or its account.

use crate::board::Raised;
use crate::fact::Fact;
use crate::world::{DAY, World};
use model::{Outcome, Severity};

/// Returns what was found wrong, before an act of an account, with a sign-in that succeeded: of
/// medium or higher in the same session, or within a day from the same address; of high or higher
/// within a day wherever the account was used.
pub(in crate::catalogue) fn wrong_sign_in<'w>(
    fact: &Fact,
    user: &str,
    world: &World<'w>,
) -> Option<&'w Raised> {
    let of_session = world.board.of_session(fact.session, fact.time);
    let mut of_session = of_session.filter(|one| is_wrong(one));
    if let Some(found) = of_session.next() {
        return Some(found);
    }
    let of_user = world.board.of_user(fact.tenant, user, fact.time, DAY);
    let mut of_user = of_user.filter(|one| is_wrong(one));
    of_user.find(|one| {
        let is_same_address = !fact.address.is_none() && one.fact.address == fact.address;
        is_same_address || one.severity >= Severity::High
    })
}

/// A sign-in that failed says what somebody tried, not who is in.
fn is_wrong(raised: &Raised) -> bool {
    let is_in = !matches!(raised.fact.outcome, Outcome::Failure | Outcome::Interrupted);
    let is_about_sign_ins = ["SIG-", "INTEL", "ALR-03", "COR-"]
        .iter()
        .any(|front| raised.detection.starts_with(front));
    is_in && is_about_sign_ins && raised.severity >= Severity::Medium
}
