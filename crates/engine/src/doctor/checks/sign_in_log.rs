//! Whether Entra's sign-in log can be read.

use crate::doctor::answers::Anything;
use crate::doctor::finding::{About, Finding};
use crate::doctor::question::{Heard, RefusalKind};
use model::shown::shown;

pub(in crate::doctor) const ABOUT: About = About {
    name: "sign-in-log",
    why: "Sign-ins say from where, by which session and with which proof an intruder came; without them the audit log tells only that somebody signed in.",
    link: "https://learn.microsoft.com/graph/api/signin-list",
};

/// Judges the newest sign-in.
pub(in crate::doctor) fn judge(signins: &Heard<Anything>) -> Finding {
    match signins {
        Err(refusal) if refusal.kind == RefusalKind::Licence => ABOUT
            .blind("the tenant has no Entra ID P1 or P2: the sign-in log cannot be read")
            .fix("license Entra ID P1; until then sign-ins are known from `activity/Audit.AzureActiveDirectory` alone, without device, proof and risk"),
        Err(refusal) => ABOUT.unknown(refusal.because()).fix(refusal.fix()),
        Ok(rows) => match rows.first().and_then(|row| row.get("createdDateTime")?.as_str()) {
            Some(newest) => ABOUT.well(format!("it can be read; the newest is of {}", shown(newest))),
            // An empty log is either a tenant of nobody or one that writes none.
            None => ABOUT.unknown("it can be read and holds nothing: nobody signed in, or nothing is written"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::doctor::question::Refusal;

    #[test]
    fn doctor_says_what_is_lost_without_the_premium_licence() {
        let row: Anything =
            serde_json::from_str(r#"{"createdDateTime":"2026-03-10T10:00:00Z"}"#).expect("a row");
        assert_eq!(judge(&Ok(vec![row])).state, State::Well);
        assert_eq!(judge(&Ok(Vec::new())).state, State::Unknown);
        let refused = |kind| Err(Refusal::new(kind, "answered 403"));
        assert_eq!(judge(&refused(RefusalKind::Licence)).state, State::Blind);
        assert_eq!(
            judge(&refused(RefusalKind::Permission)).state,
            State::Unknown
        );
    }
}
