//! SIG-06: a device, system or browser that this person never had.

use super::habit::Habits;
use super::sign_in::{Looks, SignIn};
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-06",
    title: "First device or browser for this person",
    decides: "A successful sign-in by a system and browser (versions aside) that this person did \
              not use in the thirty days before, once they have been known for a week.",
    severity: "low; medium if the device is not managed and the autonomous system is new to the \
               person too",
    benign: "New devices are common: a managed device stays silent, and updates change no system \
             or browser.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

/// SIG-06.
#[derive(Debug, Default)]
pub(super) struct Sig06 {
    clients: Looks,
    looks: Habits,
    networks: Habits,
}

impl Detection for Sig06 {
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
        let owner = (seen.fact().tenant, seen.fact().user);
        let whence = Whence::read(seen, world).filter(|one| one.asn != 0);
        let is_new_network = whence.as_ref().is_some_and(|one| {
            self.networks
                .meet(owner, &one.network, seen.time())
                .is_new()
        });
        let look = self.clients.of(seen, &sign_in);
        if look.is_empty() {
            return;
        }
        let meeting = self.looks.meet(owner, &look, seen.time());
        if !meeting.is_first() || sign_in.device().is_managed {
            return;
        }
        let (severity, network) = if is_new_network {
            (Severity::Medium, ", by a network new to them")
        } else {
            (Severity::Low, "")
        };
        let why = format!(
            "{} signed in with {look} for the first time{network}",
            seen.user()
        );
        let known = "systems and browsers of the last 30 days";
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(&*look)
                .compared("UserAgent", seen.agent(), known)
                .because("device.isManaged", "False")
                .silent_if("the device were managed, or its system and browser known"),
        );
    }
}
