//! IDP-19: somebody's sessions end. It marks an answer; what goes on in them later is another's story.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "IDP-19",
    title: "Sessions revoked",
    decides: "`Update StsRefreshTokenValidFrom Timestamp` and Entra's other names for it, done to \
              a person.",
    severity: "info",
    benign: "Every new password ends sessions too: it is context, always.",
    attack: &[],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

pub(super) struct Idp19;

impl Detection for Idp19 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Update StsRefreshTokenValidFrom Timestamp",
            "Revoke user sign-in sessions",
            "Revoke all refresh tokens for user",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let user = seen.target();
        if !seen.is_done() || !user.contains('@') {
            return;
        }
        let why = format!("sessions of {user} were revoked by {}", seen.user());
        hits.push(
            Hit::of(seen, Severity::Info, why)
                .of_user(&user)
                .because("Operation", seen.action())
                .silent_if("no session were revoked"),
        );
    }
}
