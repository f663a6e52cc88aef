//! COR-09: an account goes on in an old session after it was contained.

use super::containment::{ACTS, Contained, Measure, measure};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::kept::Kept;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, MINUTE, World, seconds_between};
use model::{Outcome, Severity, Timestamp};
use std::collections::HashMap;

const ABOUT: About = About {
    id: "COR-09",
    title: "Activity after containment",
    decides: "Another person resets the password, revokes the sessions or disables the account; \
              within 24 hours a sign-in succeeds or mail or files are touched in a session that is \
              older than that, or in any session if the account is disabled.",
    severity: "critical if the account was found to be taken over within three days before (high or \
               more), or is disabled; otherwise medium, and low within 70 minutes, which tokens \
               outlive",
    benign: "A help desk that resets a forgotten password: the owner's old session lives for an hour. \
             People's own changes of password do not count, nor does what follows once the account \
             is enabled again.",
    attack: &["T1550.004"],
    sources: &[Source::Directory, Source::SignIn, Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real containment with later activity was at hand.",
};

/// Tokens that were given before live about an hour.
const TOKEN_SECONDS: i64 = 70 * MINUTE;
/// How long it takes until a measure reaches all services.
const SETTLING_SECONDS: i64 = 10 * MINUTE;

/// Who was contained, and when sessions began.
pub(super) struct Cor09 {
    contained: HashMap<(Word, String), Contained>,
    sessions: Kept<(Word, Word), Timestamp>,
}

impl Default for Cor09 {
    fn default() -> Self {
        Self {
            contained: HashMap::new(),
            sessions: Kept::of_seconds(7 * DAY),
        }
    }
}

impl Detection for Cor09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::SignIn, Kind::MailAccess, Kind::MailAct, Kind::FileAct],
            actions: ACTS,
            hears: &[],
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.kind() == Kind::Act {
            self.contain(seen);
            return;
        }
        let is_in = match seen.kind() {
            Kind::SignIn => seen.outcome() == Outcome::Success,
            _ => seen.is_done(),
        };
        if !is_in || seen.is_service() {
            return;
        }
        let fact = seen.fact();
        let began = if fact.session.is_none() {
            fact.time
        } else {
            let session = (fact.tenant, fact.session);
            *self.sessions.touch(session, fact.time, || fact.time)
        };
        if self.contained.is_empty() {
            return;
        }
        if let Some(contained) = self.contained.get(&(fact.tenant, seen.user().to_owned())) {
            hits.extend(activity(seen, world, contained, began));
        }
    }
}

impl Cor09 {
    fn contain(&mut self, seen: &Seen<'_>) {
        let Some((target, contained)) = measure(seen) else {
            return;
        };
        let whose = (seen.fact().tenant, target);
        if contained.measure == Measure::Enabled {
            self.contained.remove(&whose);
            return;
        }
        // Several measures are one containment; a disabled account stays the gravest.
        let is_disabled = self
            .contained
            .get(&whose)
            .is_some_and(|known| known.measure == Measure::Disabled);
        if !is_disabled {
            self.contained.insert(whose, contained);
        }
    }
}

fn activity(
    seen: &Seen<'_>,
    world: &World<'_>,
    contained: &Contained,
    began: Timestamp,
) -> Option<Hit> {
    let after = seconds_between(contained.fact.time, seen.time());
    let is_disabled = contained.measure == Measure::Disabled;
    let is_old = began < contained.fact.time;
    let least = if is_disabled { SETTLING_SECONDS } else { 1 };
    if !(least..=DAY).contains(&after) || !(is_old || is_disabled) {
        return None;
    }
    let severity = if is_disabled && after > TOKEN_SECONDS || was_taken(seen, world, contained) {
        Severity::Critical
    } else if after > TOKEN_SECONDS || is_disabled {
        Severity::Medium
    } else {
        Severity::Low
    };
    let why = format!(
        "{} went on ({}) {} minutes after {} by {}, in {}",
        seen.user(),
        seen.action(),
        after / MINUTE,
        contained.measure.name(),
        seen.text_of(contained.fact.user),
        if is_old {
            "a session from before"
        } else {
            "a new session"
        }
    );
    Some(
        Hit::of(seen, severity, why)
            .with([&contained.fact])
            .compared(
                "session",
                seen.session(),
                "sessions that began before the measure",
            )
            .compared(
                "time",
                seen.time().to_string(),
                contained.fact.time.to_string(),
            )
            .silent_if(
                "the session had begun after the measure, or the account were enabled again",
            ),
    )
}

/// Whether the measure was taken because of something grave.
fn was_taken(seen: &Seen<'_>, world: &World<'_>, contained: &Contained) -> bool {
    const BEFORE_SECONDS: i64 = 3 * DAY;
    world
        .board
        .of_user(
            seen.fact().tenant,
            seen.user(),
            contained.fact.time,
            BEFORE_SECONDS,
        )
        .any(|one| one.severity >= Severity::High && one.detection != "COR-09")
}
