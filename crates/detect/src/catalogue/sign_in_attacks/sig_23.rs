//! SIG-23: tokens and tickets that do not hold.

use super::attempt::{Account, account, hit_on, is_of_person};
use super::recent::{Recent, newest};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::sign_in_errors::{TokenError, token_error};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World};
use model::Severity;
use std::collections::{HashMap, HashSet};

const ABOUT: About = About {
    id: "SIG-23",
    title: "Tokens or tickets that do not hold",
    decides: "Errors of single sign-on (50013, 50027, 81004 and their like): the first of its kind \
              for an account once the records reach back two weeks, or 5 in an hour; expired or \
              twice redeemed tokens (70008, 54005, 70043 and their like): 5 in an hour.",
    severity: "low",
    benign: "Clocks that run wrong, a federation server's new certificate: many accounts at once. \
             Revoked sessions (50132, 50133, 50173) are what containment looks like and do not count.",
    attack: &["T1550"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of these errors was at hand.",
};

const AGAIN: usize = 5;
const WARM_DAYS: i64 = 14;

/// Which errors were seen of whom.
#[derive(Default)]
pub(super) struct Sig23 {
    known: HashSet<(Account, Word)>,
    recent: HashMap<(Account, Word), Recent>,
}

impl Detection for Sig23 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        if fact.error.is_none() || seen.error() == "0" || !is_of_person(seen) {
            return;
        }
        let Some(kind) = token_error(seen.error(), seen.word("LogonError")) else {
            return;
        };
        let subject = (account(fact), fact.error);
        let recent = self.recent.entry(subject).or_default();
        recent.keep(fact, HOUR);
        let errors = recent.within(fact.time, HOUR);
        let is_first = self.known.insert(subject)
            && kind == TokenError::Assertion
            && world.tenant.is_warm(fact.time, WARM_DAYS);
        if errors.len() < AGAIN && !is_first {
            return;
        }
        let why = format!(
            "{} presented a token or ticket that does not hold, error {}, in an hour {} in all",
            seen.user(),
            seen.error(),
            errors.len()
        );
        hits.push(
            hit_on(seen, Severity::Low, why, newest(errors, AGAIN))
                .keyed(seen.error())
                .compared(
                    "error",
                    seen.error(),
                    "the first for the account, or 5 in an hour",
                )
                .silent_if("the account had shown this error before, and fewer than 5 in an hour"),
        );
    }
}
