//! Whether searches in mailboxes are recorded: what an intruder looked for says what was meant.

use crate::doctor::answers::MailboxRow;
use crate::doctor::finding::{About, Finding, Shell, counted, first_few};
use crate::doctor::question::Heard;
use crate::doctor::script::quoted;
use std::collections::BTreeSet;

pub(in crate::doctor) const ABOUT: About = About {
    name: "search-audit",
    why: "Searches tell what an intruder was after; `SearchQueryInitiated` is in no default set and must be switched on.",
    link: "https://learn.microsoft.com/purview/audit-log-investigate-accounts",
};

const OPERATION: &str = "SearchQueryInitiated";

/// Judges `Get-Mailbox` for the important accounts that the configuration names, and where it names
/// none, for all.
pub(in crate::doctor) fn judge(mailboxes: &Heard<MailboxRow>, vips: &BTreeSet<String>) -> Finding {
    let mailboxes = match mailboxes {
        Ok(mailboxes) => mailboxes,
        Err(refusal) => return ABOUT.unknown(refusal.because()).fix(refusal.fix()),
    };
    let counts =
        |row: &&MailboxRow| vips.is_empty() || vips.contains(&row.address().to_lowercase());
    let asked: Vec<&MailboxRow> = mailboxes
        .iter()
        .filter(|row| row.is_audited_kind())
        .filter(counts)
        .collect();
    let records = |row: &MailboxRow| {
        let mut set = row.audit_owner.iter();
        set.any(|one| one.eq_ignore_ascii_case(OPERATION))
    };
    let lacking: Vec<&str> = asked
        .iter()
        .filter(|row| !records(row))
        .map(|row| row.address())
        .collect();
    if asked.is_empty() {
        let whom = if vips.is_empty() {
            ""
        } else {
            " of those under `vips`"
        };
        return ABOUT.unknown(format!("no mailbox{whom} was listed"));
    }
    if lacking.is_empty() {
        return ABOUT.well("searches in the mailboxes that were looked at are recorded");
    }
    let many = counted(lacking.len(), "mailbox does not", "mailboxes do not");
    if vips.is_empty() {
        return ABOUT
            .advice(format!("{many} record searches"))
            .fix("name the accounts whose misuse costs most under `vips` in the configuration: the commands for them are given here");
    }
    let add = |name: &&str| {
        format!(
            "Set-Mailbox -Identity {} -AuditOwner @{{Add='{OPERATION}'}}",
            quoted(name)
        )
    };
    ABOUT
        .wrong(format!("{many} record searches: {}", first_few(&lacking)))
        .fix("switch it on; the owner's set is customised by this, and takes no later additions of Microsoft's by itself")
        .steps(Shell::Exchange, lacking.iter().map(add))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_wants_searches_recorded_of_those_who_matter_most() {
        let row = |name: &str, set: &[&str]| MailboxRow {
            user_principal_name: name.to_owned(),
            audit_owner: set.iter().map(|&one| one.to_owned()).collect(),
            ..MailboxRow::default()
        };
        let mailboxes = Ok(vec![row("Boss@x", &["Send"]), row("ann@x", &[OPERATION])]);
        let vips = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(judge(&mailboxes, &vips(&[])).state, State::Advice);
        assert_eq!(judge(&mailboxes, &vips(&["ann@x"])).state, State::Well);
        assert_eq!(judge(&mailboxes, &vips(&["bob@x"])).state, State::Unknown);
        let boss = judge(&mailboxes, &vips(&["boss@x"]));
        assert_eq!(boss.state, State::Wrong);
        assert_eq!(
            boss.steps[0].line,
            "Set-Mailbox -Identity 'Boss@x' -AuditOwner @{Add='SearchQueryInitiated'}"
        );
    }
}
