//! Which accounts bypass mailbox auditing: what they do in any mailbox is not recorded (gap G4).

use crate::doctor::answers::{Bypass, MailboxRow};
use crate::doctor::finding::{About, Finding, Shell, counted, first_few};
use crate::doctor::question::Heard;
use crate::doctor::script::quoted;

pub(in crate::doctor) const ABOUT: About = About {
    name: "bypass",
    why: "What an account with an audit bypass does is recorded in no mailbox; intruders set it to work unseen.",
    link: "https://learn.microsoft.com/powershell/module/exchangepowershell/set-mailboxauditbypassassociation",
};

impl Bypass {
    /// Returns whether it is of the account of a mailbox. It names no address, so ids are compared,
    /// and names only where there is no id.
    pub(in crate::doctor) fn is_of(&self, mailbox: &MailboxRow) -> bool {
        let same =
            |one: &str, other: &str| !one.is_empty() && one.eq_ignore_ascii_case(other.trim());
        let ids = [
            &self.external_directory_object_id,
            &self.object_id,
            &self.guid,
        ];
        let by_id = ids
            .iter()
            .any(|id| same(id, &mailbox.external_directory_object_id) || same(id, &mailbox.guid));
        by_id || same(&self.identity, &mailbox.identity)
    }
}

/// Returns the accounts that bypass auditing.
pub(in crate::doctor) fn on(bypass: &Heard<Bypass>) -> Vec<&Bypass> {
    let rows = bypass.as_deref().unwrap_or_default();
    rows.iter()
        .filter(|row| row.audit_bypass_enabled == Some(true))
        .collect()
}

/// Judges `Get-MailboxAuditBypassAssociation`.
pub(in crate::doctor) fn judge(bypass: &Heard<Bypass>) -> Finding {
    if let Err(refusal) = bypass {
        return ABOUT.unknown(refusal.because()).fix(refusal.fix());
    }
    let on = on(bypass);
    if on.is_empty() {
        return ABOUT.well("no account bypasses mailbox auditing");
    }
    let named: Vec<String> = on
        .iter()
        .map(|row| match row.when_changed.as_str() {
            "" => row.identity.clone(),
            when => format!("{} (changed {when})", row.identity),
        })
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let off = |row: &&Bypass| {
        format!(
            "Set-MailboxAuditBypassAssociation -Identity {} -AuditBypassEnabled $false",
            quoted(&row.identity)
        )
    };
    let many = counted(on.len(), "account bypasses", "accounts bypass");
    ABOUT
        .blind(format!("{many} mailbox auditing: {}", first_few(&named)))
        .fix("find out who set it and why, look at what the account did since by `breachscope detect`, and take it away")
        .steps(Shell::Exchange, on.iter().map(off))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_finds_accounts_that_bypass_auditing_though_no_address_is_told() {
        let rows: Vec<Bypass> = serde_json::from_str(
            r#"[{"Identity":"ann","ExternalDirectoryObjectId":"1","AuditBypassEnabled":false},
                {"Identity":"bob","ObjectId":"2","AuditBypassEnabled":true,"WhenChangedUTC":"2026-03-01T00:00:00Z"}]"#,
        )
        .expect("rows");
        let heard = Ok(rows);
        let judged = judge(&heard);
        assert_eq!(judged.state, State::Blind);
        assert!(
            judged.what.contains("`bob (changed 2026-03-01T00:00:00Z)`"),
            "{}",
            judged.what
        );
        let mailbox = |id: &str, identity: &str| MailboxRow {
            external_directory_object_id: id.to_owned(),
            identity: identity.to_owned(),
            ..MailboxRow::default()
        };
        let bob = on(&heard)[0];
        assert!(bob.is_of(&mailbox("2", "other")));
        assert!(bob.is_of(&mailbox("", "Bob")));
        assert!(!bob.is_of(&mailbox("", "")));
        assert!(!bob.is_of(&mailbox("1", "ann")));
        assert_eq!(judge(&Ok(Vec::new())).state, State::Well);
    }
}
