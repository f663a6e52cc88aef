//! SIG-08: many wrong passwords on one account.

use super::attempt::is_wrong_password;
use super::attempt::{Account, account, hit_on, is_dated, is_of_person, is_success};
use super::recent::{Recent, addresses, newest};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, MINUTE, World, seconds_between};
use model::Severity;

const ABOUT: About = About {
    id: "SIG-08",
    title: "Brute force on one account",
    decides: "10 wrong passwords or lock-outs (50126, 50034, 50056, 50064, 50053) on one account in \
              5 minutes, or 20 in an hour, whatever the source.",
    severity: "medium; low where an hour's failures come from one address that the account used before",
    benign: "Somebody who mistypes, a phone with the old password: slow and from a known address. \
             Prompts, expired passwords and revoked sessions do not count.",
    attack: &["T1110.001"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "",
};

const FAST: usize = 10;
const FAST_SECONDS: i64 = 5 * MINUTE;
const SLOW: usize = 20;

/// One account's attempts.
#[derive(Default)]
struct Tried {
    failures: Recent,
    alarmed: Option<Severity>,
}

/// Who is tried many times.
pub(super) struct Sig08 {
    tried: Kept<Account, Tried>,
    /// From which addresses an account came in.
    used: Kept<(Account, Word), ()>,
}

impl Default for Sig08 {
    fn default() -> Self {
        Self {
            tried: Kept::of_seconds(HOUR),
            used: Kept::of_seconds(30 * DAY),
        }
    }
}

impl Detection for Sig08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_of_person(seen) || !is_dated(seen) {
            return;
        }
        let fact = seen.fact();
        if is_success(seen) {
            let way = (account(fact), fact.address);
            self.used.touch(way, fact.time, || ());
            return;
        }
        if !is_wrong_password(seen) {
            return;
        }
        let is_known = self.used.get(&(account(fact), fact.address)).is_some();
        let tried = self.tried.touch(account(fact), fact.time, Tried::default);
        if let Some((severity, failures)) = tried.failed(fact, is_known) {
            hits.push(hit(seen, severity, &failures));
        }
    }
}

impl Tried {
    fn failed(&mut self, fact: &Fact, is_known: bool) -> Option<(Severity, Vec<Fact>)> {
        let is_going_on = self
            .failures
            .last()
            .is_some_and(|last| seconds_between(last, fact.time) <= HOUR);
        self.failures.keep(fact, HOUR);
        if !is_going_on {
            self.alarmed = None;
        }
        if self.alarmed == Some(Severity::Medium) {
            return Some((Severity::Medium, vec![*fact]));
        }
        let fast = self.failures.within(fact.time, FAST_SECONDS);
        let slow = self.failures.within(fact.time, HOUR);
        let (severity, failures) = if fast.len() >= FAST {
            (Severity::Medium, fast)
        } else if slow.len() >= SLOW && is_known && addresses(slow) == 1 {
            (Severity::Low, newest(slow, SLOW))
        } else if slow.len() >= SLOW {
            (Severity::Medium, slow)
        } else {
            return None;
        };
        self.alarmed = Some(severity);
        Some((severity, failures.to_vec()))
    }
}

fn hit(seen: &Seen<'_>, severity: Severity, failures: &[Fact]) -> Hit {
    let from = match addresses(failures) {
        0 | 1 => format!("one address, {}", seen.ip()),
        many => format!("{many} addresses"),
    };
    let why = match failures.len() {
        1 => format!(
            "wrong passwords for {} go on, from {}",
            seen.user(),
            seen.ip()
        ),
        many => format!(
            "{many} wrong passwords for {} within {} min, from {}",
            seen.user(),
            minutes(failures),
            from
        ),
    };
    hit_on(seen, severity, why, failures)
        .compared("error", seen.error(), "50126, 50034, 50056, 50064, 50053")
        .compared(
            "failures",
            failures.len().to_string(),
            "10 in 5 minutes or 20 in an hour",
        )
        .silent_if("there were fewer wrong passwords, or they were prompts")
}

fn minutes(failures: &[Fact]) -> i64 {
    match failures {
        [first, .., last] => seconds_between(first.time, last.time) / MINUTE + 1,
        _ => 1,
    }
}
