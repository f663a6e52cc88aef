//! SIG-10: accounts are locked, many at once or one again and again.

use super::attempt::{Account, account, error, hit_on, is_dated, is_hop, is_of_person};
use super::recent::{Recent, addresses, newest, of, users};
use super::siege::Siege;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::sign_in_errors::SignInError;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Outcome, Severity, Timestamp};
use std::collections::{BTreeSet, HashMap};

const ABOUT: About = About {
    id: "SIG-10",
    title: "Accounts locked out",
    decides: "Sign-ins refused because the account is locked (50053, `IdsLocked`): of 10 accounts \
              of the tenant in an hour, or of one account, the more the graver.",
    severity: "medium from 10 accounts, high from 25; low in a tenant in which that happened on three \
               days of the two weeks before; one account alone: info, low from 3 times in an hour, \
               medium from 10 times from more than one address",
    benign: "A phone that keeps trying the old password; what Microsoft's own addresses try on \
             behalf of somebody does not count.",
    attack: &["T1110"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "No real record of more than a few accounts locked at once was at hand.",
};

const MANY: usize = 25;
const SEVERAL: usize = 10;
const AGAIN: usize = 3;
const OFTEN: usize = 10;

/// Who was locked out in the last hour.
#[derive(Default)]
pub(super) struct Sig10 {
    accounts: HashMap<Account, Recent>,
    tenants: HashMap<Word, Recent>,
    told: HashMap<Account, (Severity, Timestamp)>,
    siege: Siege,
}

impl Detection for Sig10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        let is_lock = seen.outcome() == Outcome::Failure
            && is_of_person(seen)
            && is_dated(seen)
            && !is_hop(seen)
            && error(seen) == SignInError::Locked;
        if !is_lock {
            return;
        }
        let fact = seen.fact();
        let of_tenant = self.tenants.entry(fact.tenant).or_default();
        of_tenant.keep(fact, HOUR);
        let locks = of_tenant.within(fact.time, HOUR).to_vec();
        let many = users(&locks).len();
        if many >= SEVERAL {
            self.tell_all(seen, &locks, many, hits);
        } else {
            self.tell_one(seen, hits);
        }
    }
}

impl Sig10 {
    /// Each account once a day while the wave lasts, and again when it becomes a greater one.
    fn tell_all(&mut self, seen: &Seen<'_>, locks: &[Fact], many: usize, hits: &mut Vec<Hit>) {
        let is_daily = self.siege.is_daily(seen.fact().tenant, seen.time());
        let severity = match many {
            _ if is_daily => Severity::Low,
            MANY.. => Severity::High,
            _ => Severity::Medium,
        };
        let mut done: BTreeSet<Word> = BTreeSet::new();
        for lock in locks {
            if !done.insert(lock.user) {
                continue;
            }
            let is_told = self.told.get(&account(lock)).is_some_and(|(told, when)| {
                *told >= severity && seconds_between(*when, seen.time()) <= DAY
            });
            if is_told {
                continue;
            }
            self.told.insert(account(lock), (severity, seen.time()));
            let own = of(lock.user, locks);
            let why = format!(
                "{many} accounts were locked out within an hour, {} among them",
                seen.text_of(lock.user)
            );
            hits.push(
                hit_on(seen, severity, why, &own)
                    .keyed("wave")
                    .compared("error", "50053", "locked out")
                    .compared("accounts", many.to_string(), "10 in an hour")
                    .silent_if("fewer than 10 accounts had been locked within an hour"),
            );
        }
    }

    fn tell_one(&mut self, seen: &Seen<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let of_account = self.accounts.entry(account(fact)).or_default();
        of_account.keep(fact, HOUR);
        let own = of_account.within(fact.time, HOUR);
        let severity = match own.len() {
            OFTEN.. if addresses(own) > 1 => Severity::Medium,
            AGAIN.. => Severity::Low,
            _ => Severity::Info,
        };
        let why = format!(
            "{} was locked out {} times within an hour",
            seen.user(),
            own.len()
        );
        hits.push(
            hit_on(seen, severity, why, newest(own, AGAIN))
                .compared("error", "50053", "locked out")
                .compared(
                    "times",
                    own.len().to_string(),
                    "3 in an hour are low, 10 medium",
                )
                .silent_if("the account had not been locked"),
        );
    }
}
