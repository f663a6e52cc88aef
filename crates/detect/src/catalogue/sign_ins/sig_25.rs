//! SIG-25: an application signs in by a network from which it never came.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::{ActorKind, Severity};

const ABOUT: About = About {
    id: "SIG-25",
    title: "Application signs in by a new network",
    decides: "A successful sign-in of a service principal by a network by which it did not come in \
              the thirty days before, or by a federated credential that it never used, once they \
              have been known for a week.",
    severity: "medium; low where the application comes by many networks anyway, or only a /24 is \
               known",
    benign: "Microsoft's own applications and addresses, managed identities and approved \
             applications stay silent; an application that runs in many places is context.",
    attack: &["T1078.004", "T1550.001"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "Real records of service principals reach back too few days: shown by made-up ones \
               only.",
};

/// The tenant that owns Microsoft's own applications.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
/// From how many networks on an application runs everywhere.
const EVERYWHERE: usize = 5;

/// SIG-25.
#[derive(Debug, Default)]
pub(super) struct Sig25 {
    networks: Habits,
    credentials: Habits,
}

impl Detection for Sig25 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.actor() != ActorKind::Application {
            return;
        }
        let Some(sign_in) = SignIn::read(seen).filter(SignIn::is_in) else {
            return;
        };
        let Some(whence) = Whence::read(seen, world) else {
            return;
        };
        let owner = (seen.fact().tenant, app_of(seen));
        let network = self.networks.meet(owner, &whence.network, seen.time());
        let credential = sign_in.word("federatedCredentialId");
        let is_new_credential = !credential.is_empty()
            && self
                .credentials
                .meet(owner, credential, seen.time())
                .known
                .is_none()
            && network.is_settled();
        let is_trusted = sign_in.says("appOwnerTenantId", &[MICROSOFT])
            || world.tenant.is_approved_app(seen.app());
        if is_trusted || !(network.is_first() || is_new_credential) {
            return;
        }
        let (severity, what) = if is_new_credential {
            (
                Severity::Medium,
                "with a federated credential never used before",
            )
        } else if whence.asn == 0 || network.others >= EVERYWHERE {
            (Severity::Low, "by a network never used before")
        } else {
            (Severity::Medium, "by a network never used before")
        };
        hits.push(hit(seen, severity, what, &whence, credential));
    }
}

fn hit(seen: &Seen<'_>, severity: Severity, what: &str, whence: &Whence, credential: &str) -> Hit {
    let why = format!(
        "application {} signed in {what}, from {} by {}",
        quoted(seen.user()),
        seen.ip(),
        whence.name()
    );
    Hit::of(seen, severity, why)
        .keyed(&whence.network)
        .about_app(seen.app())
        .because("federatedCredentialId", credential)
        .compared("ipAddress", seen.ip(), "its networks of the last 30 days")
        .silent_if("the application had come by that network in the last 30 days")
}

/// The application's id where the record has one, else its name.
fn app_of(seen: &Seen<'_>) -> Word {
    match seen.fact().app {
        Word::NONE => seen.fact().user,
        app => app,
    }
}
