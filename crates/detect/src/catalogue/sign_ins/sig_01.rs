//! SIG-01: a sign-in from a country from which this person never came.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::networks::NetworkKind;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-01",
    title: "First country for this person",
    decides: "A successful sign-in whose address is in a country from which this person did not \
              come in the thirty days before, once they have been known for a week.",
    severity: "medium; high if the operator denies the country, or if nobody else of an \
               organisation of ten or more came from there and the network rents its addresses; low \
               from a device that was known before, from a relay, and from a country from which \
               five others came",
    benign: "Travel and roaming: a device that was known before lowers it, and so does a country \
             in which colleagues are at home. The organisation's networks, security gateways, Microsoft's addresses and follow-ups of a sign-in do not \
             count.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[Source::Places],
    method: Method::Baseline,
    untested: "Real records that name countries reach back too few days: shown by made-up ones \
               only.",
};

/// From how many people on nobody else's coming from a country says anything.
const MANY_PEOPLE: usize = 10;
/// So many others in a country make it one in which the organisation is at home.
const AT_HOME: u32 = 5;

/// SIG-01.
#[derive(Debug, Default)]
pub(super) struct Sig01 {
    countries: Habits,
    devices: Habits,
    people: Habits,
    /// How many people came from a country.
    many: BTreeMap<(Word, String), u32>,
}

impl Detection for Sig01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if SignIn::of_person(seen).is_none_or(|one| one.is_embedded()) {
            return;
        }
        let Some(whence) = Whence::read(seen, world).filter(|one| !one.country.is_empty()) else {
            return;
        };
        let first = self.meet(seen, &whence);
        if !first.for_person {
            return;
        }
        let why = format!(
            "{} signed in from {} by {}, for the first time from {}",
            seen.user(),
            seen.ip(),
            whence.name(),
            whence.country
        );
        hits.push(
            Hit::of(seen, weigh(&first, &whence, world), why)
                .keyed(&whence.country)
                .compared("ClientIP", seen.ip(), "the countries of the last 30 days")
                .silent_if("this person had come from that country in the last 30 days"),
        );
    }
}

/// For whom a country is the first.
struct First {
    for_person: bool,
    for_everybody: bool,
    by_known_device: bool,
    others: u32,
}

impl Sig01 {
    fn meet(&mut self, seen: &Seen<'_>, whence: &Whence) -> First {
        let (tenant, user, now) = (seen.fact().tenant, seen.fact().user, seen.time());
        let everybody = (tenant, Word::NONE);
        let person = self.countries.meet((tenant, user), &whence.country, now);
        let all = self.countries.meet(everybody, &whence.country, now);
        self.people.meet(everybody, seen.user(), now);
        let others = match person.known {
            Some(_) => 0,
            None => self.others(tenant, &whence.country),
        };
        let by_known_device = !seen.device().is_empty()
            && self
                .devices
                .meet((tenant, user), seen.device(), now)
                .known
                .is_some();
        First {
            for_person: person.is_first(),
            for_everybody: all.is_first() && self.people.many(everybody) >= MANY_PEOPLE,
            by_known_device,
            others,
        }
    }

    /// Notes that one more came from a country; returns how many came before.
    fn others(&mut self, tenant: Word, country: &str) -> u32 {
        let many = self.many.entry((tenant, country.to_owned())).or_default();
        let others = *many;
        *many = many.saturating_add(1);
        others
    }
}

fn weigh(first: &First, whence: &Whence, world: &World<'_>) -> Severity {
    let is_denied = world
        .tenant
        .settings
        .denied_countries
        .contains(&whence.country);
    let is_mild =
        first.by_known_device || first.others >= AT_HOME || whence.kind == NetworkKind::Relay;
    let is_grave = first.for_everybody && whence.kind.is_rented();
    match (is_denied, is_mild, is_grave) {
        (true, ..) => Severity::High,
        (_, true, _) => Severity::Low,
        (.., true) => Severity::High,
        _ => Severity::Medium,
    }
}
