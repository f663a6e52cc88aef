//! SIG-07: one source tries a few passwords on many accounts.

use super::attempt::{hit_on, is_dated, is_hop, is_of_person, is_password_grant, is_success};
use super::attempt::{is_wrong_password, network};
use super::recent::{of, users};
use super::siege::Siege;
use super::spray::{Breadth, Source as Origin, Spray};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::kept::Kept;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "SIG-07",
    title: "Password spray",
    decides: "Wrong passwords (50126, 50034, 50056, 50064) and lock-outs (50053) from one address: \
              4 accounts in 5 minutes, 5 in 30 minutes, 8 in a day, or 3 in 2 minutes where a \
              program hands the password over; from one /24 or /48 with several addresses: 6 in 30 \
              minutes, 12 in a day. One finding an account.",
    severity: "medium; low where it is slow or only three accounts, and in a tenant that was sprayed on \
               three days of the two weeks before; who then comes in is SIG-09, and critical",
    benign: "Every known domain is sprayed by strangers, and in vain: told as context once it is \
             daily. An office whose passwords expire on one day: the source must fail on more accounts \
             than it serves, and one of the organisation's own networks needs 15. Expired \
             passwords, prompts and revoked sessions are no wrong passwords.",
    attack: &["T1110.003"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "",
};

/// Who tries many accounts.
pub(super) struct Sig07 {
    addresses: Kept<(Word, Word), Origin>,
    networks: Kept<(Word, String), Origin>,
    siege: Siege,
}

impl Default for Sig07 {
    fn default() -> Self {
        Self {
            addresses: Kept::of_seconds(DAY),
            networks: Kept::of_seconds(DAY),
            siege: Siege::default(),
        }
    }
}

impl Detection for Sig07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        if fact.address.is_none() || is_hop(seen) || !is_of_person(seen) || !is_dated(seen) {
            return;
        }
        if is_success(seen) {
            self.serve(seen);
        } else if is_wrong_password(seen) {
            self.fail(seen, world, hits);
        }
    }
}

impl Sig07 {
    fn serve(&mut self, seen: &Seen<'_>) {
        let fact = seen.fact();
        let place = (fact.tenant, fact.address);
        self.addresses
            .touch(place, fact.time, Origin::default)
            .served(fact.user, fact.time);
        if let Some(network) = network(seen) {
            let place = (fact.tenant, network);
            self.networks
                .touch(place, fact.time, Origin::default)
                .served(fact.user, fact.time);
        }
    }

    fn fail(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let is_own = seen
            .address()
            .is_some_and(|address| world.tenant.is_own_network(address.ip));
        let is_grant = is_password_grant(seen);
        let breadth = if is_own {
            Breadth::Own
        } else {
            Breadth::Address
        };
        let place = (fact.tenant, fact.address);
        let origin = self.addresses.touch(place, fact.time, Origin::default);
        if let Some(spray) = origin.failed(fact, is_grant, breadth) {
            let is_daily = self.siege.is_daily(fact.tenant, fact.time);
            raise(seen, &spray, seen.ip(), is_daily, hits);
            return;
        }
        let Some(network) = network(seen).filter(|_| !is_own) else {
            return;
        };
        let place = (fact.tenant, network.clone());
        let origin = self.networks.touch(place, fact.time, Origin::default);
        let spray = origin.failed(fact, is_grant, Breadth::Network);
        if let Some(spray) = spray {
            let is_daily = self.siege.is_daily(fact.tenant, fact.time);
            raise(seen, &spray, &network, is_daily, hits);
        }
    }
}

/// Raises a hit for each account, with that account's own attempts.
fn raise(seen: &Seen<'_>, spray: &Spray, from: &str, is_daily: bool, hits: &mut Vec<Hit>) {
    let severity = if is_daily {
        Severity::Low
    } else {
        spray.severity
    };
    let many = users(&spray.failures).len();
    let mut told: Vec<Word> = Vec::new();
    for fact in &spray.failures {
        if told.contains(&fact.user) {
            continue;
        }
        told.push(fact.user);
        let user = seen.text_of(fact.user);
        let own = of(fact.user, &spray.failures);
        let why = if many == 1 {
            format!("a password spray from {from} goes on, against {user}")
        } else {
            format!(
                "{many} accounts were tried from {from} with wrong passwords, {user} among them \
                 (tries: {}), with agent {}",
                own.len(),
                quoted(seen.agent())
            )
        };
        let error = own.last().map_or("", |last| seen.text_of(last.error));
        hits.push(
            hit_on(seen, severity, why, &own)
                .keyed(from)
                .compared(
                    "error",
                    error,
                    "50126, 50034, 50053: wrong password or lock",
                )
                .compared("accounts", many.to_string(), spray.measure)
                .silent_if(
                    "the source served as many accounts as it failed on, or fewer were tried",
                ),
        );
    }
}
