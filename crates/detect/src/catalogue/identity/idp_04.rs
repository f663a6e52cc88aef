//! IDP-04: a temporary access pass, which opens an account without its password.

use super::changes::reason;
use super::concerned::{is_on_another, suspicion};
use super::methods::is_temporary_pass;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::evidence;
use crate::recent::{Recent, distinct};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::Severity;

/// So many passes for others within a month are a help desk's work.
const HELP_DESK: usize = 4;

const ABOUT: About = About {
    id: "IDP-04",
    title: "Temporary access pass issued",
    decides: "`Create Temporary Access Pass method for user`, or `Admin registered security info` \
              whose reason names such a pass.",
    severity: "high after a doubtful sign-in of the issuer, and for an account named as costly; medium \
               for others and one's own; low where the issuer is a named administrator, or has issued \
               three others within a month",
    benign: "Help desks welcome new staff with it: name them as administrators.",
    attack: &["T1098.005"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a pass was at hand.",
};

pub(super) struct Idp04 {
    issued: Recent<(Word, Word), (Fact, String)>,
}

impl Default for Idp04 {
    fn default() -> Self {
        Self {
            issued: Recent::over(30 * DAY),
        }
    }
}

impl Detection for Idp04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Create Temporary Access Pass method for user",
            "Admin registered security info",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() || !is_temporary_pass(seen) {
            return;
        }
        let user = seen.target();
        let issuer = (seen.fact().tenant, seen.fact().user);
        let issued = self.issued.note(&issuer, seen.fact(), user.clone());
        let others = distinct(&issued);
        let is_usual = others >= HELP_DESK || world.tenant.settings.admins.contains(seen.user());
        let before = suspicion(world, seen.fact(), seen.user(), DAY);
        let severity = match before {
            Some(_) => Severity::High,
            None if is_usual => Severity::Low,
            None if is_on_another(seen) && world.tenant.is_vip(&user) => Severity::High,
            None => Severity::Medium,
        };
        let why = format!("{} issued a temporary access pass for {user}", seen.user());
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .with(before.map(|one| &one.fact))
                .because("resultReason", evidence(reason(seen)))
                .silent_if("the issuer were a named administrator (then it is context)"),
        );
    }
}
