//! SND-07: Microsoft has stopped an account from sending.

use super::alerted::{concerned, title};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::gather::RESULT;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SND-07",
    title: "Outbound spam block",
    decides: "An alert that a user was restricted from sending mail, went beyond the sending limit or shows \
              suspicious sending patterns; or a hygiene event (RecordType 51, \
              `HygieneTenantEvents`) that lists an account.",
    severity: "high: an account that Microsoft stops is most likely misused; low for a hygiene event that \
               takes an account off the list again, and for an alert that was closed",
    benign: "A newsletter sent from a person's mailbox: it must be sent otherwise anyway.",
    attack: &["T1534"],
    sources: &[Source::Alert],
    needs: &[],
    method: Method::PassThrough,
    untested: "No real alert on sending and no real hygiene event was at hand; real alerts of other names \
               have the same fields.",
};

/// What stands in the names of such alerts.
const NAMES: &[&str] = &[
    "restricted from sending",
    "email sending limit exceeded",
    "suspicious email sending pattern",
];

/// What the status of an alert is when somebody has dealt with it.
const CLOSED: &[&str] = &["resolved", "dismissed", "closed"];

const HYGIENE_EVENT: i32 = 51;

pub(super) struct Snd07;

impl Detection for Snd07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::Alert],
            ..Wants::actions(&["Hygiene*"])
        }
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_hygiene = seen.fact().record_type == HYGIENE_EVENT
            || seen.action().to_ascii_lowercase().starts_with("hygiene");
        let found = if is_hygiene {
            hygiene(seen)
        } else if seen.kind() == Kind::Alert {
            alert(seen)
        } else {
            None
        };
        hits.extend(found);
    }
}

fn alert(seen: &Seen<'_>) -> Option<Hit> {
    let title = title(seen);
    let name = title.to_lowercase();
    if !NAMES.iter().any(|one| name.contains(one)) {
        return None;
    }
    let is_closed = [seen.word("Status"), seen.word(RESULT)]
        .iter()
        .any(|status| CLOSED.iter().any(|one| one.eq_ignore_ascii_case(status)));
    let severity = if is_closed {
        Severity::Low
    } else {
        Severity::High
    };
    let who = concerned(seen);
    let why = format!("Microsoft raised {} about {}", quoted(&title), quoted(&who));
    let mut hit = Hit::of(seen, severity, why);
    hit.user = who;
    let hit = hit
        .titled(title.chars().take(80).collect::<String>())
        .keyed(name)
        .because("Name", title)
        .because("Status", seen.word("Status"))
        .silent_if("Microsoft had not stopped the account");
    Some(hit)
}

fn hygiene(seen: &Seen<'_>) -> Option<Hit> {
    let who = concerned(seen);
    let event = seen.word("Event");
    let event = if event.is_empty() {
        seen.action()
    } else {
        event
    };
    if who.is_empty() {
        return None;
    }
    let is_release = event.to_ascii_lowercase().contains("delist");
    let severity = if is_release {
        Severity::Low
    } else {
        Severity::High
    };
    let reason = seen.word("Reason");
    let why = format!(
        "Microsoft's outbound protection says {} of {who}: {}",
        quoted(event),
        quoted(reason)
    );
    let hit = Hit::of(seen, severity, why)
        .of_user(&who)
        .keyed("hygiene")
        .because("Event", event)
        .because("Reason", reason)
        .silent_if("Microsoft had not listed the account");
    Some(hit)
}
