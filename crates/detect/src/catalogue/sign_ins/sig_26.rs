//! SIG-26: several people come in from one address that the organisation never saw.

use super::habit::Habits;
use super::sign_in::{Looks, SignIn};
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::kept::Kept;
use crate::seen::Seen;
use crate::walk;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-26",
    title: "Several people from one new address",
    decides: "Within a day of its first appearance, an address that the organisation did not see \
              in the thirty days before lets two people or more in, none of them on a managed \
              device, each of whom came from elsewhere before; without such a past, an address of \
              a rented network alone.",
    severity: "high by a rented network with a system or browser new to one of them, or from three \
               people on; medium for one of both; else low: telephones of one carrier share addresses",
    benign: "A new office, a hotel, a shared flat: managed devices and the organisation's networks \
             do not count, and from ten people on it is taken for a way out of the organisation.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "",
};

const WINDOW_SECONDS: i64 = DAY;
/// From how many people on an address is the organisation's own way out.
const WAY_OUT: usize = 10;

/// An address since it appeared.
#[derive(Debug)]
struct Appeared {
    /// The first time, or the first after a month of silence.
    at: Timestamp,
    last: Timestamp,
    /// Whether the organisation had a past of other addresses by then.
    is_new: bool,
    people: BTreeMap<Word, Fact>,
    /// Whether one of them used a system or browser that was new to them.
    has_new_look: bool,
}

/// SIG-26.
#[derive(Debug)]
pub(super) struct Sig26 {
    addresses: Kept<(Word, Word), Appeared>,
    of_person: Habits,
    clients: Looks,
    looks: Habits,
    of_tenant: Habits,
}

impl Default for Sig26 {
    fn default() -> Self {
        Self {
            addresses: Kept::of_seconds(7 * DAY),
            of_person: Habits::default(),
            clients: Looks::default(),
            looks: Habits::default(),
            of_tenant: Habits::default(),
        }
    }
}

impl Detection for Sig26 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::of_person(seen) else {
            return;
        };
        let Some(whence) = Whence::read(seen, world) else {
            return;
        };
        let fact = seen.fact();
        let owner = (fact.tenant, fact.user);
        let address = self.of_person.meet(owner, seen.ip(), seen.time());
        let look = self.clients.of(seen, &sign_in);
        let is_new_look = self.looks.meet(owner, &look, seen.time()).is_new();
        let is_rented = whence.kind.is_rented();
        let appeared = self.appeared(fact);
        let is_over = seconds_between(appeared.at, fact.time) > WINDOW_SECONDS;
        // Who came from nowhere else before may sit in a new office: no past, no surprise.
        let is_surprise = is_rented || (appeared.is_new && address.others > 0);
        if is_over || !is_surprise || sign_in.device().is_managed {
            return;
        }
        appeared.has_new_look |= is_new_look;
        let is_first = appeared.people.insert(fact.user, *fact).is_none();
        let many = appeared.people.len();
        if !is_first || !(2..WAY_OUT).contains(&many) {
            return;
        }
        let severity = match (is_rented, appeared.has_new_look) {
            (true, has_new_look) if has_new_look || many > 2 => Severity::High,
            (true, _) | (_, true) => Severity::Medium,
            (false, false) => Severity::Low,
        };
        // Those who came before are told when the second one comes, and not again.
        let mut told: Vec<&Fact> = appeared
            .people
            .values()
            .filter(|one| many == 2 || one.user == fact.user)
            .collect();
        told.sort_by(|left, right| walk::order(left, right, world.words));
        hits.extend(told.iter().map(|one| hit(seen, world, severity, one, many)));
    }
}

impl Sig26 {
    fn appeared(&mut self, fact: &Fact) -> &mut Appeared {
        let tenant = self
            .of_tenant
            .meet((fact.tenant, Word::NONE), "", fact.time);
        let fresh = || Appeared {
            at: fact.time,
            last: fact.time,
            is_new: tenant.is_settled(),
            people: BTreeMap::new(),
            has_new_look: false,
        };
        let place = (fact.tenant, fact.address);
        let appeared = self.addresses.touch(place, fact.time, fresh);
        if seconds_between(appeared.last, fact.time) > 30 * DAY {
            *appeared = fresh();
        }
        appeared.last = fact.time;
        appeared
    }
}

/// Each person's finding rests on their own sign-in.
fn hit(seen: &Seen<'_>, world: &World<'_>, severity: Severity, one: &Fact, many: usize) -> Hit {
    let user = world.text(one.user);
    let why = format!(
        "{user} and {} more signed in from {}, an address new to the organisation, within a day",
        many - 1,
        seen.ip()
    );
    let mut hit = Hit::of(seen, severity, why)
        .of_user(user)
        .keyed(seen.ip())
        .compared("ClientIP", seen.ip(), "the addresses of the last 30 days")
        .because("people", many.to_string())
        .silent_if("the address were one of the organisation's, or the devices were managed");
    hit.facts = vec![*one];
    hit.fact = *one;
    hit
}
