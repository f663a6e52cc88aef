//! SIG-03: a sign-in by a network from which this person never came.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-03",
    title: "First network for this person",
    decides: "A successful sign-in by an autonomous system by which this person did not come in \
              the thirty days before, once they have been known for a week.",
    severity: "low; medium for the operator's administrators and most valuable accounts on a device \
               that the directory does not know",
    benign: "Travel, a new provider, a phone's carrier: context for other findings, seldom one of \
             its own.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[Source::Places],
    method: Method::Baseline,
    untested: "Real records that name networks reach back too few days: shown by made-up ones \
               only.",
};

/// SIG-03.
#[derive(Debug, Default)]
pub(super) struct Sig03 {
    networks: Habits,
}

impl Detection for Sig03 {
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
        let Some(whence) = Whence::read(seen, world).filter(|one| one.asn != 0) else {
            return;
        };
        let owner = (seen.fact().tenant, seen.fact().user);
        let meeting = self.networks.meet(owner, &whence.network, seen.time());
        if !meeting.is_first() {
            return;
        }
        let is_privileged =
            world.tenant.is_vip(seen.user()) || world.tenant.settings.admins.contains(seen.user());
        let is_known_device = !seen.device().is_empty() || sign_in.device().is_managed;
        let severity = if is_privileged && !is_known_device {
            Severity::Medium
        } else {
            Severity::Low
        };
        let why = format!(
            "{} signed in from {} by {} for the first time",
            seen.user(),
            seen.ip(),
            whence.name()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(&whence.network)
                .compared("ClientIP", seen.ip(), "the networks of the last 30 days")
                .silent_if("this person had come by that network in the last 30 days"),
        );
    }
}
