//! SIG-04: a sign-in by a network of rented servers, or by one that sells other addresses.

use super::habit::{Habits, Owner};
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World};
use model::Severity;

const ABOUT: About = About {
    id: "SIG-04",
    title: "Sign-in by a hosting, VPN or proxy network",
    decides: "A successful sign-in whose address belongs to an autonomous system that rents \
              servers or sells other addresses, by its number or by its name.",
    severity: "medium; high where the same session or person was found using a phishing kit's \
               agent or a stolen session within the hour; low where five others come that way, \
               from a managed device, and for who came by such networks on three days already",
    benign: "A VPN that the person uses on three days or more, the organisation's own networks, \
             security gateways and the relays of browsers and phones stay silent.",
    attack: &["T1090.003"],
    sources: &[Source::SignIn],
    needs: &[Source::Places],
    method: Method::Stateless,
    untested: "",
};

/// How many people on one rented network make it the organisation's way out.
const WAY_OUT: usize = 5;

/// SIG-04.
#[derive(Debug, Default)]
pub(super) struct Sig04 {
    networks: Habits,
    /// Who comes by rented networks at all: a VPN has many.
    vpns: Habits,
    people_by_network: Habits,
    network_owners: std::collections::BTreeMap<(Word, u32), usize>,
}

impl Sig04 {
    /// Notes that somebody came by a network; returns how many people did.
    fn people(&mut self, owner: Owner, whence: &Whence, seen: &Seen<'_>) -> usize {
        let person = format!("{} {}", whence.network, seen.user());
        let everybody = (owner.0, Word::NONE);
        let is_new = self
            .people_by_network
            .meet(everybody, &person, seen.time())
            .known
            .is_none();
        let many = self
            .network_owners
            .entry((owner.0, whence.asn))
            .or_default();
        *many += usize::from(is_new);
        *many
    }
}

impl Detection for Sig04 {
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
        let Some(whence) = Whence::read(seen, world).filter(|one| one.kind.is_rented()) else {
            return;
        };
        let owner = (seen.fact().tenant, seen.fact().user);
        let many = self.people(owner, &whence, seen);
        let network = self.networks.meet(owner, &whence.network, seen.time());
        if network.is_usual(3) {
            return;
        }
        let vpn = self.vpns.meet(owner, "", seen.time());
        let is_usual = many > WAY_OUT || vpn.is_usual(3) || sign_in.device().is_managed;
        let severity = match (is_tainted(seen, world), is_usual) {
            (true, _) => Severity::High,
            (_, true) => Severity::Low,
            _ => Severity::Medium,
        };
        let kind = whence.kind.name();
        let why = format!(
            "{} signed in from {} by {}: {kind}",
            seen.user(),
            seen.ip(),
            whence.name()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(&whence.network)
                .compared("ClientIP", seen.ip(), format!("known as {kind}"))
                .silent_if("the network were one of the organisation's, or usual for this person"),
        );
    }
}

/// Returns whether the session or the person was just found with a kit's agent or a stolen session.
fn is_tainted(seen: &Seen<'_>, world: &World<'_>) -> bool {
    let (fact, board) = (seen.fact(), world.board);
    board
        .of_session(fact.tenant, fact.session, fact.time)
        .chain(board.of_user(fact.tenant, seen.user(), fact.time, HOUR))
        .any(|one| {
            ["SIG-13", "SIG-14"].contains(&&*one.detection) && one.severity >= Severity::Medium
        })
}
