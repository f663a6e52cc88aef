//! SIG-22: somebody tries accounts that were switched off.

use super::attempt::Account;
use super::attempt::{account, error, hit_on, is_hop, is_of_person, is_success};
use super::recent::{Recent, newest, of, users};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::lists::sign_in_errors::SignInError;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Outcome, Severity, Timestamp};

const ABOUT: About = About {
    id: "SIG-22",
    title: "Sign-ins to disabled accounts",
    decides: "Refusals because the account is disabled (50057): 3 from one address within an hour. \
              Then a success of another account from the address that tried two or more.",
    severity: "medium where more than one account was tried; low for one account, and from an address \
               from which three others came in before; high for whoever then comes in",
    benign: "The phone of somebody who left goes on trying: one account. An address from which others \
             work is an office's, and so is one that the account that comes in used before.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "",
};

const TRIES: usize = 3;
const FEW: usize = 10;
/// An address from which so many accounts came in is an office's.
const OFFICE: u32 = 3;

/// From where disabled accounts are tried.
pub(super) struct Sig22 {
    tried: Kept<(Word, Word), Recent>,
    served: Kept<(Account, Word), Timestamp>,
    /// How many accounts came in from an address.
    many_served: Kept<(Word, Word), u32>,
}

impl Default for Sig22 {
    fn default() -> Self {
        Self {
            tried: Kept::of_seconds(DAY),
            served: Kept::of_seconds(30 * DAY),
            many_served: Kept::of_seconds(30 * DAY),
        }
    }
}

impl Detection for Sig22 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        if fact.address.is_none() || is_hop(seen) || !is_of_person(seen) {
            return;
        }
        let is_own = seen
            .address()
            .is_some_and(|address| world.tenant.is_own_network(address.ip));
        if is_success(seen) {
            self.came_in(seen, is_own, hits);
        } else if seen.outcome() == Outcome::Failure && error(seen) == SignInError::Disabled {
            self.tried(seen, is_own, hits);
        }
    }
}

impl Sig22 {
    fn tried(&mut self, seen: &Seen<'_>, is_own: bool, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let place = (fact.tenant, fact.address);
        let served = self.many_served.get(&place).copied().unwrap_or_default();
        let recent = self.tried.touch(place, fact.time, Recent::default);
        recent.keep(fact, DAY);
        let tries = recent.within(fact.time, HOUR);
        if tries.len() < TRIES {
            return;
        }
        let many = users(tries).len();
        let is_telling = !is_own && many > 1 && served < OFFICE;
        let severity = if is_telling {
            Severity::Medium
        } else {
            Severity::Low
        };
        // Who was tried before is told again only while the circle is small and grows.
        let is_first_try = of(fact.user, tries).len() == 1 || tries.len() == TRIES;
        let mut told: Vec<Word> = Vec::new();
        for one in tries.iter().rev() {
            let is_shown = one.user == fact.user || (many <= FEW && is_first_try);
            if is_shown && !told.contains(&one.user) {
                told.push(one.user);
            }
        }
        for user in told {
            let own = of(user, tries);
            let why = format!(
                "the disabled account {} was tried {} times from {}, one of {} such accounts",
                seen.text_of(user),
                own.len(),
                seen.ip(),
                many
            );
            hits.push(
                hit_on(seen, severity, why, newest(&own, TRIES))
                    .keyed(seen.ip())
                    .compared("error", "50057", "the account is disabled")
                    .compared(
                        "tries",
                        tries.len().to_string(),
                        "3 from one address in an hour",
                    )
                    .silent_if("there had been fewer than 3 tries from the address in an hour"),
            );
        }
    }

    fn came_in(&mut self, seen: &Seen<'_>, is_own: bool, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let way = (account(fact), fact.address);
        let place = (fact.tenant, fact.address);
        let is_first = self.served.get(&way).is_none();
        let first = *self.served.touch(way, fact.time, || fact.time);
        *self.many_served.touch(place, fact.time, u32::default) += u32::from(is_first);
        let Some(recent) = self.tried.get(&place) else {
            return;
        };
        let tries: Vec<Fact> = recent.within(fact.time, DAY).to_vec();
        let Some(begin) = tries.first() else {
            return;
        };
        let is_news = first >= begin.time && seconds_between(first, fact.time) <= HOUR;
        if is_own || !is_news || users(&tries).len() < 2 {
            return;
        }
        let why = format!(
            "{} signed in from {}, from where {} disabled accounts were tried within a day",
            seen.user(),
            seen.ip(),
            users(&tries).len()
        );
        hits.push(
            Hit::of(seen, Severity::High, why)
                .with(&tries)
                .keyed(seen.ip())
                .compared(
                    "ClientIP",
                    seen.ip(),
                    "the address that tried disabled accounts",
                )
                .silent_if("the account had used the address before"),
        );
    }
}
