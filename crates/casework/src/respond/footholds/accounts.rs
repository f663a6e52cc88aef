//! Other accounts that the intruder made, or whose password the intruder set.

use super::targets::Told;
use super::{Foothold, FootholdKind, Sign, foothold};
use model::Event;

/// Reads an account that was made, or a password that was set for somebody else.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|one| event.action.eq_ignore_ascii_case(one))
    };
    let is_new = is(&["Add user"]);
    let is_set = is(&["Reset user password", "Reset password (by admin)"]);
    if !is_new && !is_set {
        return Vec::new();
    }
    let told = Told::read(event);
    let whom = told.whom(event);
    // The password of the account itself is reset whatever the records say.
    let is_own = whom.is_empty() || whom.eq_ignore_ascii_case(&event.user);
    if is_own || !whom.contains('@') {
        return Vec::new();
    }
    let (kind, what) = if is_new {
        (FootholdKind::Account, format!("made the account {whom}"))
    } else {
        (
            FootholdKind::Password,
            format!("set the password of {whom}"),
        )
    };
    let signs = [Sign::Name(whom.clone())];
    vec![foothold(event, kind, &whom, signs, &what)]
}
