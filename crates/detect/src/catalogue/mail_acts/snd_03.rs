//! SND-03: mail is sent, and its copy deleted so that the owner does not find it.

use super::super::mail_access::access::{Whose, is_somebody, mailbox, mailbox_name};
use super::folders::{is_behind_bin, is_draft, is_sent};
use super::items::{Item, items, plain_subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{HOUR, World, seconds_between};
use model::Severity;

const ABOUT: About = About {
    id: "SND-03",
    title: "Sent mail deleted for good",
    decides: "`HardDelete` or `SoftDelete`, within an hour after a `Send` from the same mailbox, of a message \
              with the same id, or with the same subject (without `Re:` and `Fw:`) in the sent items or \
              behind the bin (`Deletions`, `Purges`).",
    severity: "after a doubtful sign-in of the last day, or two different messages purged (`HardDelete`) \
               within the hour: high; one purged, or two deleted: medium; a lone `SoftDelete`: low",
    benign: "Who empties the bin deletes answers with the subject of what was sent: the bin itself is \
             not looked at. Drafts that a program replaces while somebody writes, and mail that came in under the same \
             subject: what lies in the drafts or in another folder is not the copy.",
    attack: &["T1070.008"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a sent message deleted for good was at hand; real `Send` and `SoftDelete` \
               records are read.",
};

pub(super) struct Snd03 {
    sent: Recent<Whose, (Fact, Item)>,
    deleted: Recent<Whose, String>,
}

impl Default for Snd03 {
    fn default() -> Self {
        Self {
            sent: Recent::over(HOUR),
            deleted: Recent::over(HOUR),
        }
    }
}

impl Detection for Snd03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Send", "SendAs", "SendOnBehalf", "HardDelete", "SoftDelete"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let (whose, now) = (mailbox(seen), seen.time());
        if !seen.is_action(&["HardDelete", "SoftDelete"]) {
            for item in items(seen) {
                self.sent.push(now, whose, (*seen.fact(), item));
            }
            return;
        }
        for item in items(seen) {
            let Some(sent) = self.copy_of(whose, seen, &item) else {
                continue;
            };
            self.deleted
                .push(now, whose, plain_subject(&sent.1.subject));
            let severity = self.severity(whose, seen, world);
            hits.push(hit(seen, severity, &sent, &item));
        }
    }
}

impl Snd03 {
    /// Returns the message that was sent, of which this is the copy.
    fn copy_of(&self, whose: Whose, seen: &Seen<'_>, item: &Item) -> Option<(Fact, Item)> {
        if is_draft(&item.folder) {
            return None;
        }
        let subject = plain_subject(&item.subject);
        let is_copy_place = is_sent(&item.folder) || is_behind_bin(&item.folder);
        let mut sent = self.sent.of(&whose, seen.time());
        let found = sent.find(|(_, (_, one))| {
            let is_same_id = !item.message_id.is_empty() && item.message_id == one.message_id;
            let is_same_subject =
                is_copy_place && !subject.is_empty() && subject == plain_subject(&one.subject);
            is_same_id || is_same_subject
        });
        found.map(|(_, one)| one.clone())
    }

    fn severity(&self, whose: Whose, seen: &Seen<'_>, world: &World<'_>) -> Severity {
        let mut subjects: Vec<&String> = self
            .deleted
            .of(&whose, seen.time())
            .map(|(_, subject)| subject)
            .collect();
        subjects.sort();
        subjects.dedup();
        let tainted = doubt(seen.fact(), mailbox_name(seen), world);
        let is_purged = seen.is_action(&["HardDelete"]);
        match (tainted, is_purged, subjects.len() >= 2) {
            (Some(_), ..) | (None, true, true) => Severity::High,
            (None, true, false) | (None, false, true) => Severity::Medium,
            (None, false, false) => Severity::Low,
        }
    }
}

fn hit(seen: &Seen<'_>, severity: Severity, sent: &(Fact, Item), item: &Item) -> Hit {
    let minutes = seconds_between(sent.0.time, seen.time()) / 60;
    let why = format!(
        "{} sent {} and {minutes} minutes later deleted its copy from {} for good",
        mailbox_name(seen),
        quoted(&sent.1.subject),
        quoted(&item.folder)
    );
    Hit::of(seen, severity, why)
        .of_user(mailbox_name(seen))
        .with([&sent.0])
        .compared(
            "AffectedItems.Subject",
            item.subject.as_str(),
            sent.1.subject.as_str(),
        )
        .compared(
            "AffectedItems.InternetMessageId",
            item.message_id.as_str(),
            sent.1.message_id.as_str(),
        )
        .because("Folder.Path", item.folder.as_str())
        .silent_if("the copy had been kept for an hour, or only been moved to the deleted items")
}
