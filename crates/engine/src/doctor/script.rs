//! The fixes as a script: commands with what they are for, to be read by a person and run by that
//! person, part by part. This program never runs it.

use super::TenantHealth;
use super::finding::{Finding, Shell, Step};
use model::Timestamp;
use model::shown::shown;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Returns a text as one word of PowerShell, whatever it holds: in single quotes, with every
/// character doubled that PowerShell takes for one, and hidden characters as marks.
pub(super) fn quoted(text: &str) -> String {
    let mut word = String::from("'");
    for character in shown(text).chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            word.push(character);
        }
        word.push(character);
    }
    word.push('\'');
    word
}

/// Returns how a shell is opened, and what for.
fn opened(shell: Shell, tenant: &str) -> String {
    match shell {
        Shell::Graph => format!(
            "# Microsoft Graph PowerShell: applications, permissions and roles. It needs somebody who may grant them.\n\
             Connect-MgGraph -TenantId {} -Scopes 'Application.Read.All','AppRoleAssignment.ReadWrite.All','RoleManagement.ReadWrite.Directory','Application.ReadWrite.All'",
            quoted(tenant)
        ),
        Shell::Azure => format!(
            "# The Azure command line: roles of subscriptions.\naz login --tenant {}",
            quoted(tenant)
        ),
        Shell::Exchange => "# Exchange Online PowerShell: what the tenant and its mailboxes record. It needs an Exchange administrator.\n\
             Connect-ExchangeOnline"
            .to_owned(),
        Shell::Here => "# This program: what it does by itself once the rest is done.".to_owned(),
    }
}

/// Returns the fixes of all tenants as a script.
#[must_use]
pub fn fix_script(tenants: &[TenantHealth], now: Timestamp) -> String {
    let mut text = format!(
        "# What `breachscope doctor` found at {now}, and the commands that put it right.\n\
         # Nothing of this was run. Read every line, run what you agree with, part by part, and then\n\
         # run `breachscope doctor` again. Each tenant needs its own sign-in.\n"
    );
    for tenant in tenants {
        text.push_str(&of_tenant(tenant));
    }
    text
}

fn of_tenant(tenant: &TenantHealth) -> String {
    let name = comment(&tenant.name);
    let mut text = format!("\n# ==== {name} ({}) ====\n", comment(&tenant.tenant));
    let to_do: Vec<&Finding> = tenant
        .findings
        .iter()
        .filter(|finding| !finding.steps.is_empty())
        .collect();
    if to_do.is_empty() {
        text.push_str("# There is nothing that a command could put right.\n");
        return text;
    }
    let mut written: BTreeSet<&Step> = BTreeSet::new();
    for shell in [Shell::Graph, Shell::Azure, Shell::Exchange, Shell::Here] {
        let of_shell = |step: &&Step| step.shell == shell;
        if !to_do
            .iter()
            .any(|one| one.steps.iter().any(|step| of_shell(&step)))
        {
            continue;
        }
        let _ = writeln!(text, "\n{}", opened(shell, &tenant.tenant));
        for finding in &to_do {
            let steps = finding.steps.iter().filter(of_shell);
            let steps: Vec<&Step> = steps.filter(|step| written.insert(step)).collect();
            if steps.is_empty() {
                continue;
            }
            let subject = match finding.subject.as_str() {
                "" => String::new(),
                subject => format!(" {}", comment(subject)),
            };
            let _ = writeln!(
                text,
                "\n# {}{subject}: {}\n# {}",
                finding.about.name,
                comment(&finding.what),
                finding.about.why
            );
            if !finding.fix.is_empty() {
                let _ = writeln!(text, "# {}", comment(&finding.fix));
            }
            if !finding.about.link.is_empty() {
                let _ = writeln!(text, "# {}", finding.about.link);
            }
            for step in steps {
                let _ = writeln!(text, "{}", step.line);
            }
        }
    }
    text
}

/// Returns a text that stays within the line of its comment.
fn comment(text: &str) -> String {
    shown(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::checks::mailbox_audit;

    #[test]
    fn doctor_quotes_whatever_a_name_holds() {
        assert_eq!(quoted("ann@x"), "'ann@x'");
        assert_eq!(quoted("o'hara"), "'o''hara'");
        assert_eq!(
            quoted("a\u{2019}; Remove-Mailbox"),
            "'a\u{2019}\u{2019}; Remove-Mailbox'"
        );
        assert_eq!(quoted("a\nb$(c)"), "'a<U+000A>b$(c)'");
    }

    #[test]
    fn doctor_writes_a_script_in_which_hostile_names_stay_words_and_nothing_is_doubled() {
        let about = &mailbox_audit::ABOUT;
        let line = "Set-Mailbox -Identity 'a' -DefaultAuditSet Admin,Delegate,Owner";
        let finding = |subject: &str| {
            about
                .blind("`a\nRemove-Mailbox b`")
                .of(subject)
                .fix("give it back")
                .step(Shell::Exchange, line)
        };
        let tenant = TenantHealth {
            tenant: "t".to_owned(),
            name: "Contoso\nformat c:".to_owned(),
            findings: vec![
                finding("MailItemsAccessed"),
                finding("Send"),
                about.well("x"),
            ],
            ..TenantHealth::default()
        };
        let script = fix_script(&[tenant], Timestamp(0));
        assert_eq!(script.matches(line).count(), 1, "{script}");
        for line in script.lines() {
            let is_ours = line.is_empty()
                || line.starts_with('#')
                || line.starts_with("Set-Mailbox")
                || line.starts_with("Connect-");
            assert!(is_ours, "{line}");
        }
    }
}
