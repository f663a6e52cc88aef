//! ALR-04: malicious mail, and what its recipient did next.

use super::phish::{Lure, lures};
use crate::about::{About, Method, Source};
use crate::catalogue::mail_acts::items::plain_subject;
use crate::catalogue::{Detection, Wants};
use crate::doubt::is_doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Json, Severity};
use std::collections::HashMap;

const ABOUT: About = About {
    id: "ALR-04",
    title: "Malicious mail, clicked, answered or followed by a flagged sign-in",
    decides: "`TIMailData` with a verdict of phish or malware for a recipient, a click that Safe Links \
              recorded, a message reported by a person; then, within a day of the message, a reply \
              to it or a flagged sign-in of the recipient.",
    severity: "a delivered message, a click or a report: low; one that was stopped: info; a reply or \
               a flagged sign-in of the recipient: medium",
    benign: "Every mailbox gets such mail; alone it is context. A mail of another subject is no reply.",
    attack: &["T1566"],
    sources: &[Source::MailProtection],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a click or of a report was at hand.",
};

/// How long after a message its recipient's acts still count.
const WINDOW_SECONDS: i64 = DAY;
/// How many messages of one person are remembered.
const REMEMBERED: usize = 100;
/// Shorter subjects say nothing of what they answer.
const SHORTEST: usize = 4;

/// Who got malicious mail lately.
#[derive(Default)]
pub(super) struct Alr04 {
    lures: HashMap<(Word, String), Vec<Lure>>,
}

impl Detection for Alr04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "TIMailData",
            "TIUrlClickData",
            "UserSubmission",
            "UserSubmissionTriage",
            "Send",
        ])
        .hearing(&["SIG-"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        match seen.action() {
            "TIMailData" => self.mail(seen, world, hits),
            "TIUrlClickData" => click(seen, hits),
            "Send" => self.sent(seen, hits),
            _ => report(seen, hits),
        }
    }

    fn hear(&mut self, hit: &Hit, _: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_doubt(&hit.detection, hit.severity) {
            return;
        }
        let now = hit.fact.time;
        let whose = (hit.fact.tenant, hit.user.clone());
        let Some(lure) = self.lures.get(&whose).and_then(|all| latest(all, now)) else {
            return;
        };
        let cause = format!("{}: {}", hit.detection, hit.why);
        hits.push(after(Hit::after(hit, Severity::Medium, ""), lure, &cause));
    }
}

impl Alr04 {
    fn mail(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        for lure in lures(seen) {
            let severity = if lure.is_delivered {
                Severity::Low
            } else {
                Severity::Info
            };
            let why = format!(
                "mail of {} to {}, subject {}, was judged {}",
                quoted(&lure.sender),
                lure.recipient,
                quoted(seen.word("Subject")),
                quoted(&lure.verdict)
            );
            let plain = Hit::of(seen, severity, why)
                .of_user(&lure.recipient)
                .because("Verdict", &lure.verdict)
                .silent_if("the message had been judged harmless");
            hits.push(plain);
            // The judgement may come after what it led to.
            let tenant = seen.fact().tenant;
            let flagged = world
                .board
                .of_user(tenant, &lure.recipient, seen.time(), WINDOW_SECONDS)
                .filter(|one| is_doubt(&one.detection, one.severity))
                .find(|one| one.fact.time >= lure.time);
            if let Some(flagged) = flagged {
                let cause = format!("{}: {}", flagged.detection, flagged.why);
                let hit = Hit::of(seen, Severity::Medium, "").of_user(&lure.recipient);
                hits.push(after(hit, &lure, &cause).with([&flagged.fact]));
            }
            let whose = (tenant, lure.recipient.clone());
            let known = self.lures.entry(whose).or_default();
            known.retain(|one| seconds_between(one.time, lure.time) <= WINDOW_SECONDS);
            if known.len() < REMEMBERED {
                known.push(lure);
            }
        }
    }

    fn sent(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let whose = (seen.fact().tenant, seen.person().to_owned());
        let Some(known) = self.lures.get(&whose) else {
            return;
        };
        let item = seen.body().get_any_case("Item").map(Json::opened);
        let subject = item
            .as_deref()
            .and_then(|item| item.get_any_case("Subject"))
            .and_then(Json::as_word)
            .unwrap_or_default();
        let own = plain_subject(subject);
        let is_answered = |lure: &&Lure| {
            let ago = seconds_between(lure.time, seen.time());
            (0..=WINDOW_SECONDS).contains(&ago) && lure.subject == own
        };
        let Some(lure) = known.iter().rev().find(is_answered) else {
            return;
        };
        let is_telling = own.chars().count() >= SHORTEST && own.len() != subject.trim().len();
        if is_telling {
            let cause = format!("a reply was sent, subject {}", quoted(subject));
            let hit = Hit::of(seen, Severity::Medium, "").because("Item.Subject", subject);
            hits.push(after(hit, lure, &cause));
        }
    }
}

/// Returns the last message that came before a moment, within the window.
fn latest(lures: &[Lure], now: model::Timestamp) -> Option<&Lure> {
    lures.iter().rev().find(|lure| {
        let ago = seconds_between(lure.time, now);
        (0..=WINDOW_SECONDS).contains(&ago)
    })
}

fn after(mut hit: Hit, lure: &Lure, cause: &str) -> Hit {
    hit.why = format!(
        "malicious mail of {} was sent to {}, and then within a day: {cause}",
        quoted(&lure.sender),
        lure.recipient
    );
    hit.with([&lure.fact])
        .keyed("then")
        .compared("MessageTime", lure.time.to_string(), "a day before at most")
        .silent_if("the recipient had not answered, and no sign-in of theirs had been flagged")
}

fn click(seen: &Seen<'_>, hits: &mut Vec<Hit>) {
    let why = format!(
        "{} clicked {}, judged malicious",
        seen.user(),
        quoted(seen.word("Url"))
    );
    hits.push(
        Hit::of(seen, Severity::Low, why)
            .keyed("click")
            .because("Url", seen.word("Url"))
            .silent_if("the address had been judged harmless"),
    );
}

fn report(seen: &Seen<'_>, hits: &mut Vec<Hit>) {
    if !seen.user().contains('@') {
        return;
    }
    let why = format!(
        "{} reported a message, subject {}",
        seen.user(),
        quoted(seen.word("Subject"))
    );
    hits.push(
        Hit::of(seen, Severity::Low, why)
            .keyed("report")
            .because("Subject", seen.word("Subject"))
            .silent_if("nobody had reported it"),
    );
}
