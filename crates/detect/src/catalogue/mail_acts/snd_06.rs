//! SND-06: what was just sent is moved where nobody looks.

use super::super::mail_access::access::{Whose, is_somebody, mailbox, mailbox_name};
use super::folders::is_sent;
use super::items::{Item, destination, folder, items, plain_subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::mail_words::{HidingFolder, hiding_folder};
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{DAY, MINUTE, World};
use model::Severity;

const ABOUT: About = About {
    id: "SND-06",
    title: "Sent mail tucked away",
    decides: "`Move` from the sent items to the archive, RSS feeds or another folder that hides mail, within \
              twelve minutes after a `Send` with the same subject or message id; graver where the mailbox \
              got an inbox rule within the day before.",
    severity: "after an inbox rule or a doubtful sign-in of the last day: high; else, into a folder that \
               nobody visits: medium, into archive or bin: low",
    benign: "People archive what they have sent: without a rule, and into the archive, it is context only.",
    attack: &["T1564.008"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of such a move was at hand; its fields are those of real deletions.",
};

pub(super) struct Snd06 {
    sent: Recent<Whose, (Fact, Item)>,
    rules: Recent<Whose, Fact>,
}

impl Default for Snd06 {
    fn default() -> Self {
        Self {
            sent: Recent::over(12 * MINUTE),
            rules: Recent::over(DAY),
        }
    }
}

impl Detection for Snd06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Send",
            "SendAs",
            "SendOnBehalf",
            "Move",
            "New-InboxRule",
            "Set-InboxRule",
            "UpdateInboxRules",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let (whose, now) = (mailbox(seen), seen.time());
        if seen.kind() != Kind::MailAct {
            self.rules.push(now, whose, *seen.fact());
        } else if seen.is_action(&["Move"]) {
            hits.extend(self.moved(seen, world, whose));
        } else {
            for item in items(seen) {
                self.sent.push(now, whose, (*seen.fact(), item));
            }
        }
    }
}

impl Snd06 {
    fn moved(&self, seen: &Seen<'_>, world: &World<'_>, whose: Whose) -> Option<Hit> {
        let to = destination(seen);
        let hides = hiding_folder(&to)?;
        if !is_sent(&folder(seen)) {
            return None;
        }
        let (sent, item) = self.just_sent(seen, whose)?;
        let rule = self
            .rules
            .of(&whose, seen.time())
            .last()
            .map(|(_, one)| *one);
        let wrong = doubt(seen.fact(), mailbox_name(seen), world);
        let severity = match (rule.is_some() || wrong.is_some(), hides) {
            (true, _) => Severity::High,
            (false, HidingFolder::Unvisited) => Severity::Medium,
            (false, HidingFolder::Discarded | HidingFolder::Archive) => Severity::Low,
        };
        let near = rule.map_or("", |_| ", with a new inbox rule within the day before");
        let why = format!(
            "{} sent {} and moved it from the sent items to {} at once{near}",
            mailbox_name(seen),
            quoted(&item.subject),
            quoted(&to)
        );
        let hit = Hit::of(seen, severity, why)
            .of_user(mailbox_name(seen))
            .with([&sent])
            .with(rule.iter())
            .compared("DestFolder.Path", to, "folders that hide mail")
            .because("Folder.Path", folder(seen))
            .compared(
                "AffectedItems.Subject",
                item.subject,
                "what was sent just before",
            )
            .silent_if("it had stayed in the sent items, or gone to a folder of the owner's own");
        Some(hit)
    }

    /// Returns the message that was sent a moment ago and is moved here.
    fn just_sent(&self, seen: &Seen<'_>, whose: Whose) -> Option<(Fact, Item)> {
        let moved = items(seen);
        let is_moved = |sent: &Item| {
            moved.iter().any(|one| {
                let is_same_id = !one.message_id.is_empty() && one.message_id == sent.message_id;
                let subject = plain_subject(&one.subject);
                is_same_id || (!subject.is_empty() && subject == plain_subject(&sent.subject))
            })
        };
        let mut sent = self.sent.of(&whose, seen.time());
        let found = sent.find(|(_, (_, item))| is_moved(item));
        found.map(|(_, one)| one.clone())
    }
}
