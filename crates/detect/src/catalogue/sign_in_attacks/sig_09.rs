//! SIG-09: who tried passwords came in.

use super::attempt::{Account, account, is_of_person, is_success};
use crate::about::{About, Method, Source};
use crate::board::Raised;
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Severity, Timestamp};

const ABOUT: About = About {
    id: "SIG-09",
    title: "Sign-in from where passwords were tried",
    decides: "A sign-in that succeeded, within a day of a spray (SIG-07) from the same address, of \
              any account; or of the very account on which passwords were tried from that address \
              (SIG-08).",
    severity: "critical; medium where the account had come in from that address before the attempts",
    benign: "One to three wrong passwords and then the right one: neither SIG-07 nor SIG-08 speaks. \
             An account that was not tried and has used the address before is left out.",
    attack: &["T1110", "T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

/// How long after the attempts a success from there still counts.
const WINDOW_SECONDS: i64 = DAY;

/// Who came in from where, since when, and when that was last told.
pub(super) struct Sig09 {
    first: Kept<(Account, Word), Timestamp>,
    told: Kept<(Account, Word), Timestamp>,
}

impl Default for Sig09 {
    fn default() -> Self {
        Self {
            first: Kept::of_seconds(30 * DAY),
            told: Kept::of_seconds(DAY),
        }
    }
}

impl Detection for Sig09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        if !is_success(seen) || fact.address.is_none() || !is_of_person(seen) {
            return;
        }
        let way = (account(fact), fact.address);
        let first = *self.first.touch(way, fact.time, || fact.time);
        let tries = tries(seen, world);
        let Some(begin) = tries.iter().map(|one| one.fact.time).min() else {
            return;
        };
        let is_target = tries.iter().any(|one| one.user == seen.user());
        let is_known = first < begin;
        let is_told = self
            .told
            .get(&way)
            .is_some_and(|last| seconds_between(*last, fact.time) > HOUR);
        if (is_known && !is_target) || is_told {
            return;
        }
        let is_again = self.told.replace(way, fact.time, fact.time).is_some();
        let shown = if is_again { &tries[..1] } else { &tries };
        hits.push(hit(seen, shown, is_target, is_known));
    }
}

/// Returns what was tried from the address: on any account for a spray, else on this one.
fn tries<'b>(seen: &Seen<'_>, world: &World<'b>) -> Vec<&'b Raised> {
    let fact = seen.fact();
    let board = world.board;
    board
        .of_address(fact.tenant, fact.address, fact.time, WINDOW_SECONDS)
        .filter(|one| {
            one.detection == "SIG-07" || (one.detection == "SIG-08" && one.user == seen.user())
        })
        .collect()
}

fn hit(seen: &Seen<'_>, tries: &[&Raised], is_target: bool, is_known: bool) -> Hit {
    let severity = if is_known {
        Severity::Medium
    } else {
        Severity::Critical
    };
    let whose = if is_target {
        "the same account"
    } else {
        "other accounts"
    };
    let why = format!(
        "{} signed in from {}, from where wrong passwords were tried on {whose} within a day before",
        seen.user(),
        seen.ip()
    );
    let about_it: Vec<Fact> = tries
        .iter()
        .filter(|one| !is_target || one.user == seen.user())
        .map(|one| one.fact)
        .collect();
    Hit::of(seen, severity, why)
        .with(&about_it)
        .keyed(seen.ip())
        .compared("ClientIP", seen.ip(), "the source of SIG-07 or SIG-08 in the last day")
        .compared(
            "address before the attempts",
            if is_known { "used" } else { "not used" },
            "the account's own sign-ins",
        )
        .silent_if("the address had tried no passwords, or another account than the one tried used it before")
}
