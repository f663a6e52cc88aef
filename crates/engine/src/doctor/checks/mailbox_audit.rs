//! What each mailbox records: `MailItemsAccessed` and `Send` for owner, delegate and
//! administrator (gap G3). A set that was once customised is frozen and misses what came later.

use crate::doctor::answers::MailboxRow;
use crate::doctor::finding::{About, Finding, Shell, counted, first_few};
use crate::doctor::question::Heard;
use crate::doctor::script::quoted;
use crate::doctor::verdict::{Recorded, WHO};

pub(in crate::doctor) const ABOUT: About = About {
    name: "mailbox-audit",
    why: "Only `MailItemsAccessed` says which messages were opened; where a mailbox does not record it, every message in it must be assumed read.",
    link: "https://learn.microsoft.com/purview/audit-mailboxes",
};

/// Kinds of mailboxes that Exchange does not audit.
const UNAUDITED: [&str; 3] = ["room", "equipment", "discovery"];

impl MailboxRow {
    /// Returns its address.
    pub(in crate::doctor) fn address(&self) -> &str {
        if self.user_principal_name.is_empty() {
            &self.primary_smtp_address
        } else {
            &self.user_principal_name
        }
    }

    /// Returns whether Exchange records access to mailboxes of this kind.
    pub(in crate::doctor) fn is_audited_kind(&self) -> bool {
        let kind = self.recipient_type_details.to_ascii_lowercase();
        let system = kind.contains("system") || kind.contains("publicfolder");
        !system && !UNAUDITED.iter().any(|word| kind.starts_with(word))
    }

    /// Returns what is recorded of owner, delegates and administrators when they open mail.
    pub(in crate::doctor) fn recorded(&self) -> [Recorded; 3] {
        [0, 1, 2].map(|who| {
            if self.records(who, "MailItemsAccessed") {
                Recorded::Messages
            } else if self.records(who, "FolderBind") {
                Recorded::Folders
            } else {
                Recorded::Nothing
            }
        })
    }

    /// Returns whether an operation is recorded for the one of [`WHO`]. A set that Microsoft manages
    /// and that is not written out holds what the defaults hold.
    fn records(&self, who: usize, operation: &str) -> bool {
        let set = [&self.audit_owner, &self.audit_delegate, &self.audit_admin][who];
        if set.is_empty() && self.is_managed(who) {
            return operation != "FolderBind";
        }
        set.iter().any(|one| one.eq_ignore_ascii_case(operation))
    }

    fn is_managed(&self, who: usize) -> bool {
        let mut managed = self.default_audit_set.iter();
        managed.any(|one| one.eq_ignore_ascii_case(WHO[who]))
    }
}

/// What must be recorded, for which of [`WHO`], and what it says. Exchange knows no `Send` of a
/// delegate: that is `SendAs` and `SendOnBehalf`.
const WANTED: [(&str, &[usize], &str); 3] = [
    (
        "MailItemsAccessed",
        &[0, 1, 2],
        "which messages were opened",
    ),
    ("Send", &[0, 2], "what was sent"),
    ("SendAs", &[1], "what delegates sent as somebody else"),
];

/// Judges `Get-Mailbox`.
pub(in crate::doctor) fn judge(mailboxes: &Heard<MailboxRow>) -> Vec<Finding> {
    let mailboxes = match mailboxes {
        Ok(mailboxes) => mailboxes,
        Err(refusal) => return vec![ABOUT.unknown(refusal.because()).fix(refusal.fix())],
    };
    let audited: Vec<&MailboxRow> = mailboxes
        .iter()
        .filter(|row| row.is_audited_kind())
        .collect();
    if audited.is_empty() {
        return vec![ABOUT.unknown("no mailbox was listed")];
    }
    let mut found = Vec::new();
    for (operation, whose, what) in WANTED {
        let lacking: Vec<&MailboxRow> = audited
            .iter()
            .copied()
            .filter(|row| whose.iter().any(|who| !row.records(*who, operation)))
            .collect();
        if !lacking.is_empty() {
            found.push(lacks(operation, what, &lacking));
        }
    }
    let switched_off: Vec<&MailboxRow> = audited
        .iter()
        .copied()
        .filter(|row| row.audit_enabled == Some(false))
        .collect();
    if !switched_off.is_empty() {
        found.push(disabled(&switched_off));
    }
    if found.is_empty() {
        let many = counted(
            audited.len(),
            "mailbox records",
            "mailboxes record, each of them,",
        );
        found.push(ABOUT.well(format!(
            "{many} which messages were opened and sent, for owner, delegate and administrator"
        )));
    }
    found
}

fn lacks(operation: &str, what: &str, lacking: &[&MailboxRow]) -> Finding {
    let names: Vec<&str> = lacking.iter().map(|row| row.address()).collect();
    let many = counted(
        lacking.len(),
        "mailbox does not record",
        "mailboxes do not record",
    );
    let set = |row: &&MailboxRow| {
        format!(
            "Set-Mailbox -Identity {} -DefaultAuditSet Admin,Delegate,Owner",
            quoted(row.address())
        )
    };
    ABOUT
        .blind(format!(
            "{many} {what} (`{operation}`): {}",
            first_few(&names)
        ))
        .of(operation)
        .fix("give the mailboxes back to Microsoft's own set, which holds it and what comes later; `breachscope doctor --mailboxes` lists them")
        .steps(Shell::Exchange, lacking.iter().map(set))
}

fn disabled(mailboxes: &[&MailboxRow]) -> Finding {
    let names: Vec<&str> = mailboxes.iter().map(|row| row.address()).collect();
    let many = counted(mailboxes.len(), "mailbox has", "mailboxes have");
    let enable = |row: &&MailboxRow| {
        format!(
            "Set-Mailbox -Identity {} -AuditEnabled $true",
            quoted(row.address())
        )
    };
    ABOUT
        .advice(format!(
            "{many} `AuditEnabled` off, which counts once the organisation's auditing is off: {}",
            first_few(&names)
        ))
        .of("AuditEnabled")
        .fix("switch it on for these mailboxes")
        .steps(Shell::Exchange, mailboxes.iter().map(enable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    fn row(json: &str) -> MailboxRow {
        serde_json::from_str(json).expect("a row")
    }

    const GOOD: &str = r#"{"UserPrincipalName":"ann@contoso.example","RecipientTypeDetails":"UserMailbox","AuditEnabled":true,
        "AuditOwner":["MailItemsAccessed","Send"],"AuditDelegate":["MailItemsAccessed","SendAs"],"AuditAdmin":["MailItemsAccessed","Send"],
        "DefaultAuditSet":["Admin","Delegate","Owner"]}"#;
    const FROZEN: &str = r#"{"UserPrincipalName":"o'hara@contoso.example","RecipientTypeDetails":"UserMailbox","AuditEnabled":true,
        "AuditOwner":["HardDelete"],"AuditDelegate":["FolderBind","SendAs"],"AuditAdmin":["mailitemsaccessed","Send"],"DefaultAuditSet":["Admin"]}"#;

    #[test]
    fn doctor_reads_what_a_mailbox_records_of_whom() {
        use Recorded::{Folders, Messages, Nothing};
        assert_eq!(row(GOOD).recorded(), [Messages; 3]);
        assert_eq!(row(FROZEN).recorded(), [Nothing, Folders, Messages]);
        let managed = row(r#"{"DefaultAuditSet":["Admin","Owner"]}"#);
        assert_eq!(managed.recorded(), [Messages, Nothing, Messages]);
    }

    #[test]
    fn doctor_lists_mailboxes_whose_set_is_frozen_and_gives_the_command() {
        let judged = judge(&Ok(vec![row(GOOD), row(FROZEN)]));
        let subjects: Vec<_> = judged
            .iter()
            .map(|finding| finding.subject.as_str())
            .collect();
        assert_eq!(subjects, ["MailItemsAccessed", "Send"]);
        assert_eq!(judged[0].state, State::Blind);
        assert_eq!(
            judged[0].steps[0].line,
            "Set-Mailbox -Identity 'o''hara@contoso.example' -DefaultAuditSet Admin,Delegate,Owner"
        );
        assert_eq!(judge(&Ok(vec![row(GOOD)]))[0].state, State::Well);
    }

    #[test]
    fn doctor_leaves_rooms_out_and_is_not_green_about_no_mailbox() {
        let room = row(r#"{"UserPrincipalName":"room@x","RecipientTypeDetails":"RoomMailbox"}"#);
        assert!(!room.is_audited_kind());
        assert_eq!(judge(&Ok(vec![room]))[0].state, State::Unknown);
        let off = row(&GOOD.replace("\"AuditEnabled\":true", "\"AuditEnabled\":\"False\""));
        let judged = judge(&Ok(vec![off]));
        assert_eq!(
            (judged[0].state, judged[0].subject.as_str()),
            (State::Advice, "AuditEnabled")
        );
    }
}
