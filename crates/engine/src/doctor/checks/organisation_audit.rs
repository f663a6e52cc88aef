//! Whether the organisation's mailbox auditing is on (gap G2).

use crate::doctor::answers::Organisation;
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::Heard;

pub(in crate::doctor) const ABOUT: About = About {
    name: "organisation-audit",
    why: "While the organisation's mailbox auditing is off, no mailbox records who opened what, whatever the mailbox itself says.",
    link: "https://learn.microsoft.com/purview/audit-mailboxes",
};

/// Returns whether it is on; nothing where that is not known.
pub(in crate::doctor) fn is_on(organisation: &Heard<Organisation>) -> Option<bool> {
    let organisation = organisation.as_ref().ok()?.first()?;
    organisation.audit_disabled.map(|disabled| !disabled)
}

/// Judges `Get-OrganizationConfig`.
pub(in crate::doctor) fn judge(organisation: &Heard<Organisation>) -> Finding {
    match (organisation, is_on(organisation)) {
        (Err(refusal), _) => ABOUT.unknown(refusal.because()).fix(refusal.fix()),
        (Ok(_), None) => ABOUT.unknown("Exchange did not say whether it is on"),
        (Ok(_), Some(true)) => ABOUT.well("the organisation's mailbox auditing is on"),
        (Ok(_), Some(false)) => ABOUT
            .blind("the organisation's mailbox auditing is off (`AuditDisabled`)")
            .fix("switch it on for the organisation")
            .step(
                Shell::Exchange,
                "Set-OrganizationConfig -AuditDisabled $false",
            ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_finds_the_organisation_that_audits_no_mailbox() {
        let heard = |json: &str| Ok(vec![serde_json::from_str(json).expect("an object")]);
        assert_eq!(
            judge(&heard(r#"{"AuditDisabled":false}"#)).state,
            State::Well
        );
        assert_eq!(judge(&heard("{}")).state, State::Unknown);
        let off = judge(&heard(r#"{"AuditDisabled":true}"#));
        assert_eq!(off.state, State::Blind);
        assert_eq!(
            off.steps[0].line,
            "Set-OrganizationConfig -AuditDisabled $false"
        );
    }
}
