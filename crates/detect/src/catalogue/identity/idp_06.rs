//! IDP-06: a password is reset or changed.

use super::concerned::{attack, is_on_another, suspicion};
use crate::about::{About, Method, Source};
use crate::board::Raised;
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::recent::{Recent, distinct};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World};
use model::Severity;

/// So many people whose password one administrator resets within an hour.
const MANY: usize = 5;
/// Who did so this often before is a help desk.
const HARDLY: usize = 5;

const ABOUT: About = About {
    id: "IDP-06",
    title: "Password reset or changed",
    decides: "Any record of a password that was reset by an administrator, reset by its owner, or \
              changed.",
    severity: "high after a doubtful sign-in of who did it or of the owner, and for a costly \
               account by somebody who never reset one in two weeks; medium after an attack on \
               the owner's password within three days, and for five people within an hour by somebody \
               who reset hardly any in the 90 days before; else low",
    benign: "Forgotten passwords: a help desk resets five in an hour. Resets that answer an incident.",
    attack: &["T1098"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

pub(super) struct Idp06 {
    by_actor: Recent<(Word, Word), (Fact, String)>,
    ever: Recent<(Word, Word), (Fact, ())>,
}

impl Default for Idp06 {
    fn default() -> Self {
        Self {
            by_actor: Recent::over(HOUR),
            ever: Recent::over(90 * DAY),
        }
    }
}

impl Detection for Idp06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Reset user password",
            "Change user password",
            "Reset password (by admin)",
            "Reset password (self-service)",
            "Change password (self-service)",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let user = seen.target();
        let by_other = is_on_another(seen);
        let actor = (seen.fact().tenant, seen.fact().user);
        let ever = self.ever.note(&actor, seen.fact(), ()).len();
        let is_first = ever == 1;
        let list = self.by_actor.note(&actor, seen.fact(), user.clone());
        let people = distinct(&list);
        let is_strange = is_first && by_other && world.tenant.is_warm(seen.time(), 14);
        let before = before(seen, world, &user);
        let severity = match before {
            Some((_, severity)) => severity,
            None if is_strange && world.tenant.is_vip(&user) => Severity::High,
            None if by_other && people >= MANY && ever < people + HARDLY => Severity::Medium,
            None => Severity::Low,
        };
        let why = why(seen, &user, before.map(|(one, _)| one), people);
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .with(before.map(|(one, _)| &one.fact))
                .compared("Operation", seen.action(), before_text(before))
                .silent_if("no password were set; without a suspicion it is context"),
        );
    }
}

/// Returns what was found before, and how grave it makes the reset.
fn before<'w>(seen: &Seen<'_>, world: &World<'w>, user: &str) -> Option<(&'w Raised, Severity)> {
    let fact = seen.fact();
    let suspicion = suspicion(world, fact, user, DAY)
        .or_else(|| suspicion(world, fact, seen.user(), DAY))
        .map(|one| (one, Severity::High));
    suspicion.or_else(|| attack(world, fact, user, 3 * DAY).map(|one| (one, Severity::Medium)))
}

fn before_text(before: Option<(&Raised, Severity)>) -> String {
    before.map_or_else(
        || "nothing suspicious before".to_owned(),
        |(one, _)| format!("{}: {}", one.detection, one.why),
    )
}

fn why(seen: &Seen<'_>, user: &str, before: Option<&Raised>, people: usize) -> String {
    let mut why = if seen.user() == user {
        format!("{user} set a new password")
    } else {
        format!("{} set a new password for {user}", seen.user())
    };
    if let Some(before) = before {
        why = format!("{why}, after {}", before.detection);
    }
    if people >= MANY {
        why = format!("{why}, one of {people} people within an hour");
    }
    why
}
