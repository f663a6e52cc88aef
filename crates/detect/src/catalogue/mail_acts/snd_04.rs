//! SND-04: mail that would have warned the owner is removed.

use super::super::mail_access::access::{Whose, is_somebody, mailbox, mailbox_name};
use super::items::{destination, items};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::lists::mail_words::{hiding_folder, subject_of_security_notice};
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::Severity;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "SND-04",
    title: "Notification mail removed",
    decides: "A deletion, or a move to a folder that hides mail, of a message whose subject tells its owner \
              of a new sign-in method or device, a changed password, changed bank details or a one-time \
              code.",
    severity: "high within a day after a finding on the account's sign-in or methods, or where notices \
               of the account and of its pay are removed within one day; notices of bank details: \
               medium; of methods and passwords, one-time codes and sign-ins: low",
    benign: "People delete codes they have used, and notices of the password that they changed \
             themselves: nothing else was found about them that day.",
    attack: &["T1070.008"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a notice removed was at hand; real deletions of other mail are read.",
};

pub(super) struct Snd04 {
    removed: Recent<Whose, &'static str>,
}

impl Default for Snd04 {
    fn default() -> Self {
        Self {
            removed: Recent::over(DAY),
        }
    }
}

impl Detection for Snd04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["SoftDelete", "HardDelete", "MoveToDeletedItems", "Move"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) || !is_removal(seen) {
            return;
        }
        let whose = mailbox(seen);
        for item in items(seen) {
            let Some(theme) = subject_of_security_notice(&item.subject) else {
                continue;
            };
            self.removed.push(seen.time(), whose, theme);
            let themes: BTreeSet<&str> = self
                .removed
                .of(&whose, seen.time())
                .map(|(_, theme)| *theme)
                .collect();
            let before = before(seen, world);
            let severity = severity(theme, &themes, before.is_some());
            hits.push(hit(seen, severity, theme, &item.subject, before));
        }
    }
}

/// To sort mail is not to remove it: the destination must be one in which nobody looks.
fn is_removal(seen: &Seen<'_>) -> bool {
    !seen.is_action(&["Move"]) || hiding_folder(&destination(seen)).is_some()
}

/// Returns what was found about the account within the last day that such mail would have told of.
fn before(seen: &Seen<'_>, world: &World<'_>) -> Option<String> {
    let (fact, owner) = (seen.fact(), mailbox_name(seen));
    if let Some(sign_in) = doubt(fact, owner, world) {
        return Some(sign_in.detection.to_string());
    }
    let mut found = world.board.of_user(fact.tenant, owner, fact.time, DAY);
    found
        .find(|one| {
            let is_method = ["IDP-01", "IDP-02"].contains(&one.detection.as_ref());
            is_method && one.severity >= Severity::Medium
        })
        .map(|one| one.detection.to_string())
}

fn severity(theme: &str, themes: &BTreeSet<&str>, is_preceded: bool) -> Severity {
    let is_pay = |theme: &str| theme.contains("bank");
    let is_account = |theme: &str| theme.contains("method") || theme.contains("password");
    let is_both = themes.iter().any(|one| is_pay(one)) && themes.iter().any(|one| is_account(one));
    if is_preceded || (is_both && (is_pay(theme) || is_account(theme))) {
        Severity::High
    } else if is_pay(theme) {
        Severity::Medium
    } else {
        Severity::Low
    }
}

fn hit(
    seen: &Seen<'_>,
    severity: Severity,
    theme: &str,
    subject: &str,
    before: Option<String>,
) -> Hit {
    let after = before.map_or(String::new(), |found| {
        format!(", within a day after {found} was raised for the account")
    });
    let why = format!(
        "a notice of {theme}, {}, was removed from the mailbox of {}{after}",
        quoted(subject),
        mailbox_name(seen)
    );
    Hit::of(seen, severity, why)
        .of_user(mailbox_name(seen))
        .compared(
            "AffectedItems.Subject",
            subject,
            format!("notices of {theme}"),
        )
        .because("Operation", seen.action())
        .silent_if("the message had stayed, or been sorted into a folder of the owner's own")
}
