//! Whether the tenant writes its unified audit log at all (gap G1).

use crate::doctor::answers::{AuditConfig, Organisation};
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::Heard;

pub(in crate::doctor) const ABOUT: About = About {
    name: "unified-audit",
    why: "While unified auditing is off nothing is recorded of anybody, and every search comes back empty without an error.",
    link: "https://learn.microsoft.com/purview/audit-log-enable-disable",
};

/// Returns whether it is on; nothing where that is not known.
pub(in crate::doctor) fn is_on(config: &Heard<AuditConfig>) -> Option<bool> {
    config
        .as_ref()
        .ok()?
        .first()?
        .unified_audit_log_ingestion_enabled
}

/// Judges `Get-AdminAuditLogConfig`.
pub(in crate::doctor) fn judge(
    config: &Heard<AuditConfig>,
    organisation: &Heard<Organisation>,
) -> Finding {
    match (config, is_on(config)) {
        (Err(refusal), _) => ABOUT.unknown(refusal.because()).fix(refusal.fix()),
        (Ok(_), None) => ABOUT.unknown("Exchange did not say whether it is on"),
        (Ok(_), Some(true)) => ABOUT.well("unified auditing is on"),
        (Ok(_), Some(false)) => off(organisation),
    }
}

fn off(organisation: &Heard<Organisation>) -> Finding {
    let rows = organisation.as_deref().unwrap_or_default();
    let first = rows.first().and_then(|one| one.is_dehydrated) == Some(true);
    let mut finding = ABOUT
        .blind("unified auditing is off: the tenant is blind from when it was switched off")
        .fix("switch it on; it takes hours until records come, and what happened meanwhile was never written");
    if first {
        finding = finding.step(Shell::Exchange, "Enable-OrganizationCustomization");
    }
    finding.step(
        Shell::Exchange,
        "Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::doctor::question::{Refusal, RefusalKind};

    fn config(json: &str) -> Vec<AuditConfig> {
        vec![serde_json::from_str(json).expect("an object")]
    }

    #[test]
    fn doctor_switches_unified_auditing_on_by_the_exact_commands() {
        let hydrated = Ok(vec![Organisation::default()]);
        let on = config(r#"{"UnifiedAuditLogIngestionEnabled":true}"#);
        assert_eq!(judge(&Ok(on), &hydrated).state, State::Well);
        let off = config(r#"{"UnifiedAuditLogIngestionEnabled":false}"#);
        let judged = judge(&Ok(off.clone()), &hydrated);
        assert_eq!(judged.state, State::Blind);
        assert_eq!(
            judged.steps[0].line,
            "Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true"
        );
        let dehydrated = Ok(vec![Organisation {
            is_dehydrated: Some(true),
            ..Organisation::default()
        }]);
        assert_eq!(
            judge(&Ok(off), &dehydrated).steps[0].line,
            "Enable-OrganizationCustomization"
        );
    }

    #[test]
    fn doctor_is_not_green_where_exchange_does_not_say() {
        let organisation = Ok(Vec::new());
        assert_eq!(judge(&Ok(Vec::new()), &organisation).state, State::Unknown);
        assert_eq!(
            judge(&Ok(config("{}")), &organisation).state,
            State::Unknown
        );
        let refused = Err(Refusal::new(RefusalKind::DirectoryRole, "answered 403"));
        let judged = judge(&refused, &organisation);
        assert_eq!(judged.state, State::Unknown);
        assert!(judged.what.contains("answered 403"));
    }
}
