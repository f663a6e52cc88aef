//! SIG-13: a sign-in that bears the marks of a phishing kit in the middle.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::agents;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-13",
    title: "Sign-in with the marks of a phishing kit",
    decides: "A sign-in whose password was right and whose device is not known, scored by its \
              marks: an agent that is a program's library; OfficeHome signing in to itself, or the \
              broker to mail; a rented network; a network new to the person.",
    severity: "critical for a library's agent on OfficeHome or the broker that got in; high for a \
               library's agent alone or stopped at the second factor, and for the broker by a \
               rented network; medium for OfficeHome by a rented network, for a library's agent by a \
               network of several days, and for the broker by a network new to the person; low for \
               OfficeHome by such a one, and for both by a rented network of several days",
    benign: "Who has a VPN opens OfficeHome by a rented network every day: medium until it is known. \
             OfficeHome alone is everybody's start page and stays silent, as do known devices, \
             accounts named as machines, and a library that the person has used on three days.",
    attack: &["T1557", "T1539"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a kit's sign-in was at hand.",
};

const OFFICE_HOME: &str = "4765445b-32c6-49b0-83e6-1d93765276ca";
const BROKER: &str = "29d9ed98-a469-4536-ade2-f981bc1d605e";
const MAIL: &[&str] = &[
    "00000002-0000-0ff1-ce00-000000000000",
    "00000003-0000-0000-c000-000000000000",
];

/// Errors behind which the password was right: a second factor, a prompt, a device refused.
const PASSWORD_WAS_RIGHT: &[&str] = &["50074", "50076", "50140", "53000", "53003", "50199"];

/// The marks of one sign-in.
struct Marks {
    kit: Option<&'static str>,
    is_home: bool,
    is_broker: bool,
    is_rented: bool,
    is_new_network: bool,
    is_known_network: bool,
}

/// SIG-13.
#[derive(Debug, Default)]
pub(super) struct Sig13 {
    networks: Habits,
    agents: Habits,
}

impl Detection for Sig13 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::read(seen).filter(SignIn::is_persons) else {
            return;
        };
        let is_stopped = PASSWORD_WAS_RIGHT.contains(&seen.error());
        if !sign_in.is_in() && !is_stopped {
            return;
        }
        let marks = self.marks(seen, world, sign_in.is_in());
        let Some(severity) = weigh(&marks, sign_in.is_in()) else {
            return;
        };
        let is_machine = world.tenant.settings.machines.contains(seen.user());
        if is_machine || !seen.device().is_empty() || sign_in.device().is_managed {
            return;
        }
        let end = if sign_in.is_in() {
            "signed in"
        } else {
            "had the right password"
        };
        let rented = if marks.is_rented {
            ", by a rented network"
        } else {
            ""
        };
        let why = format!(
            "{} {end} from {} with agent {} on application {}{rented}",
            seen.user(),
            seen.ip(),
            quoted(seen.agent()),
            quoted(seen.app())
        );
        hits.push(
            Hit::of(seen, severity, why)
                .compared("UserAgent", seen.agent(), marks.kit.unwrap_or_default())
                .because("ApplicationId", seen.app())
                .because("resource", seen.resource())
                .because("ErrorNumber", seen.error())
                .because("ClientIP", seen.ip())
                .silent_if("a browser on a known device had signed in by a usual network"),
        );
    }
}

impl Sig13 {
    fn marks(&mut self, seen: &Seen<'_>, world: &World<'_>, is_in: bool) -> Marks {
        let owner = (seen.fact().tenant, seen.fact().user);
        let whence = Whence::read(seen, world);
        // What failed makes nothing usual.
        let network = whence
            .as_ref()
            .filter(|_| is_in)
            .map(|whence| self.networks.meet(owner, &whence.network, seen.time()));
        let kit = agents::kit(seen.agent());
        let is_usual =
            kit.is_some_and(|kit| is_in && self.agents.meet(owner, kit, seen.time()).is_usual(3));
        Marks {
            kit: kit.filter(|_| !is_usual),
            is_home: seen.app() == OFFICE_HOME
                && (seen.resource() == OFFICE_HOME || seen.resource().is_empty()),
            is_broker: seen.app() == BROKER && MAIL.contains(&seen.resource()),
            is_rented: whence
                .as_ref()
                .is_some_and(|whence| whence.kind.is_rented()),
            is_new_network: network.is_some_and(|network| network.is_first())
                && whence.is_some_and(|whence| whence.asn != 0),
            is_known_network: network.is_some_and(|network| network.is_usual(2)),
        }
    }
}

fn weigh(marks: &Marks, is_in: bool) -> Option<Severity> {
    let is_bait = marks.is_home || marks.is_broker;
    match (marks.kit.is_some(), is_bait, is_in) {
        (true, true, true) => Some(Severity::Critical),
        (true, false, true) if marks.is_known_network && !marks.is_rented => Some(Severity::Medium),
        (true, ..) => Some(Severity::High),
        (false, true, true) if marks.is_rented && marks.is_known_network => Some(Severity::Low),
        (false, true, true) if marks.is_rented && marks.is_broker => Some(Severity::High),
        (false, true, true) if marks.is_rented => Some(Severity::Medium),
        (false, true, true) if marks.is_broker && marks.is_new_network => Some(Severity::Medium),
        (false, true, true) if marks.is_new_network => Some(Severity::Low),
        _ => None,
    }
}
