//! What is not recorded any more.

use super::cmdlet::{Cmdlet, bare};
use super::{Foothold, FootholdKind, Sign, foothold};
use model::Event;

/// Reads an account that was left out of the log, or a log that was switched off.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let Some(cmdlet) = Cmdlet::read(event).filter(|cmdlet| cmdlet.verb == "set") else {
        return Vec::new();
    };
    match cmdlet.noun.as_str() {
        "mailboxauditbypassassociation" if cmdlet.truth("AuditBypassEnabled") == Some(true) => {
            let owner = bare(cmdlet.identity());
            let signs = [Sign::Name(owner.clone())];
            let what = format!("had what {owner} does in mailboxes left out of the log");
            let kind = FootholdKind::AuditBypass;
            vec![foothold(event, kind, &owner, signs, &what)]
        }
        "adminauditlogconfig" if cmdlet.truth("UnifiedAuditLogIngestionEnabled") == Some(false) => {
            let signs = [Sign::Name("unified audit log".to_owned())];
            let what = "switched the unified audit log off";
            vec![foothold(event, FootholdKind::AuditOff, "", signs, what)]
        }
        _ => Vec::new(),
    }
}
