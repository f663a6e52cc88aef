//! SIG-18: second factors asked for until somebody gives in.

use super::attempt::is_success;
use super::attempt::{Account, account, error, hit_on, is_dated, is_interactive, is_of_person};
use super::recent::{Recent, newest};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::sign_in_errors::SignInError;
use crate::seen::Seen;
use crate::world::{HOUR, MINUTE, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeSet, HashMap};

const ABOUT: About = About {
    id: "SIG-18",
    title: "Second factor worn down",
    decides: "The second factor denied or unanswered (500121, or the record's own words) 5 times in \
              10 minutes; then a sign-in from where it was asked within half an hour. A wrong code \
              20 times in an hour over 10 sessions is guessing. A person who reports fraud is \
              believed at once.",
    severity: "high; critical with the success, or with the reported fraud",
    benign: "Somebody without a phone at hand: few denials. Wrong codes typed count as guessing only \
             in such numbers. Prompts (50074, 50076) without a denial do not count.",
    attack: &["T1621"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a denied second factor was at hand; its texts are from public \
               documentation.",
};

const DENIALS: usize = 5;
const DENIAL_SECONDS: i64 = 10 * MINUTE;
const GUESSES: usize = 20;
const SESSIONS: usize = 10;
/// How many denials a success shows.
const SHOWN: usize = 20;
const AFTER_SECONDS: i64 = 30 * MINUTE;

/// What became of a second factor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factor {
    Denied,
    WrongCode,
    Fraud,
}

#[derive(Default)]
struct Asked {
    denials: Recent,
    guesses: Recent,
    alarmed: Option<Timestamp>,
}

/// Whose second factor is asked for.
#[derive(Default)]
pub(super) struct Sig18 {
    asked: HashMap<Account, Asked>,
}

impl Detection for Sig18 {
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
        if is_success(seen) {
            self.came_in(seen, hits);
            return;
        }
        let Some(factor) = factor(seen) else {
            return;
        };
        let asked = self.asked.entry(account(seen.fact())).or_default();
        match factor {
            Factor::Denied => asked.denied(seen, hits),
            Factor::WrongCode => asked.guessed(seen, hits),
            Factor::Fraud => hits.push(fraud(seen)),
        }
    }
}

impl Sig18 {
    fn came_in(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let Some(asked) = self.asked.get(&account(fact)) else {
            return;
        };
        let is_after = asked
            .alarmed
            .is_some_and(|when| seconds_between(when, fact.time) <= AFTER_SECONDS);
        if !is_after || !is_interactive(seen) {
            return;
        }
        let denials = asked.denials.within(fact.time, HOUR);
        let is_same_place = denials.iter().any(|one| one.address == fact.address);
        if !is_same_place {
            return;
        }
        let why = format!(
            "{} signed in from {} after {} denied second factors",
            seen.user(),
            seen.ip(),
            denials.len()
        );
        hits.push(
            Hit::of(seen, Severity::Critical, why)
                .with(newest(denials, SHOWN))
                .compared(
                    "sign-in",
                    "succeeded",
                    "denials from the same address before",
                )
                .silent_if("the sign-in had come from elsewhere, or nobody had been asked in vain"),
        );
    }
}

impl Asked {
    fn denied(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        self.denials.keep(fact, HOUR);
        let denials = self.denials.within(fact.time, DENIAL_SECONDS);
        if denials.len() < DENIALS {
            return;
        }
        self.alarmed = Some(fact.time);
        let why = format!(
            "{} was asked for a second factor and denied it {} times in 10 minutes, from {}",
            seen.user(),
            denials.len(),
            seen.ip()
        );
        hits.push(
            hit_on(seen, Severity::High, why, newest(denials, DENIALS))
                .compared("error", seen.error(), "500121, or a denial in words")
                .compared("denials", denials.len().to_string(), "5 in 10 minutes")
                .silent_if("it had been denied fewer than 5 times in 10 minutes"),
        );
    }

    fn guessed(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        self.guesses.keep(fact, HOUR);
        let guesses = self.guesses.within(fact.time, HOUR);
        if guesses.len() < GUESSES || sessions(guesses) < SESSIONS {
            return;
        }
        let why = format!(
            "{} wrong codes for {} in an hour over {} sessions",
            guesses.len(),
            seen.user(),
            sessions(guesses)
        );
        hits.push(
            hit_on(seen, Severity::High, why, newest(guesses, GUESSES))
                .keyed("codes")
                .compared(
                    "wrong codes",
                    guesses.len().to_string(),
                    "20 in an hour over 10 sessions",
                )
                .silent_if("fewer codes had been wrong, or in fewer sessions"),
        );
    }
}

fn fraud(seen: &Seen<'_>) -> Hit {
    let why = format!("{} reported a second factor as fraud", seen.user());
    Hit::of(seen, Severity::Critical, why)
        .keyed("fraud")
        .because("second factor", "fraud reported")
        .silent_if("the person had not reported it")
}

/// Sessions where the record has them; a record without one is a session of its own.
fn sessions(guesses: &[Fact]) -> usize {
    let named: BTreeSet<_> = guesses
        .iter()
        .filter(|one| !one.session.is_none())
        .map(|one| one.session)
        .collect();
    named.len() + guesses.iter().filter(|one| one.session.is_none()).count()
}

/// Returns what became of the second factor; Graph's sign-ins say it in words.
fn factor(seen: &Seen<'_>) -> Option<Factor> {
    let text = seen.body_text();
    let has = |word: &str| text.contains(word);
    if has("MFA denied; fraud") || has("MFA denied; Fraud") || has("FraudCodeEntered") {
        return Some(Factor::Fraud);
    }
    if has("MFA denied; invalid verification code") || has("OATH verification code incorrect") {
        return Some(Factor::WrongCode);
    }
    let is_denied = error(seen) == SignInError::SecondFactorDenied
        || has("MFA denied; user declined")
        || has("MFA denied; user did not respond")
        || has("MFA denied; phone app reported");
    is_denied.then_some(Factor::Denied)
}
