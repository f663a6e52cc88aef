//! SIG-19: the second factor was not asked for, because a token said that it had been given.

use super::habit::Habits;
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::networks::NetworkKind;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-19",
    title: "Second factor satisfied by a token, from a new network",
    decides: "A successful sign-in of Entra's log in which the second factor was satisfied by a \
              claim in the token, on a device that the directory does not know, by an autonomous \
              system new to the person.",
    severity: "high by a rented network in a session that is not bound to a device; medium for one of \
               both, where somebody was at it; else low: a telephone that is nobody's to manage does \
               so by every new network",
    benign: "Travel with one's own telephone: a device with an id stays silent. Without a week of \
             records, and without networks, nothing is said.",
    attack: &["T1550.004", "T1539"],
    sources: &[Source::SignIn],
    needs: &[Source::Places],
    method: Method::Baseline,
    untested: "Real records of this kind reach back too few days: shown by made-up ones only.",
};

/// How the log says it, in whichever of its fields.
const BY_CLAIM: &str = "mfa requirement satisfied by claim in the token";

/// SIG-19.
#[derive(Debug, Default)]
pub(super) struct Sig19 {
    networks: Habits,
}

impl Detection for Sig19 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::of_person(seen).filter(SignIn::is_entra) else {
            return;
        };
        let Some(whence) = Whence::read(seen, world).filter(|one| one.asn != 0) else {
            return;
        };
        let owner = (seen.fact().tenant, seen.fact().user);
        let meeting = self.networks.meet(owner, &whence.network, seen.time());
        if !meeting.is_first() || whence.kind == NetworkKind::Relay {
            return;
        }
        let Some(field) = by_claim(&sign_in) else {
            return;
        };
        if !seen.device().is_empty() || sign_in.device().is_managed {
            return;
        }
        let status = sign_in
            .text("tokenProtectionStatusDetails")
            .to_ascii_lowercase();
        let is_unbound =
            status.contains("unbound") || sign_in.says("incomingTokenType", &["refreshToken"]);
        let is_rented = whence.kind.is_rented();
        let is_silent = sign_in.says("isInteractive", &["false"]);
        let severity = match (is_rented, is_unbound) {
            (true, true) => Severity::High,
            (true, false) => Severity::Medium,
            (false, true) if !is_silent => Severity::Medium,
            (false, _) => Severity::Low,
        };
        let why = format!(
            "{} signed in from {} by {}, new to them, on an unknown device, and was not asked for a \
             second factor, because a token said that it had been given",
            seen.user(),
            seen.ip(),
            whence.name()
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(&whence.network)
                .because(field, BY_CLAIM)
                .because("deviceDetail.deviceId", seen.device())
                .compared("ipAddress", seen.ip(), "the networks of the last 30 days")
                .silent_if("the network or the device were known"),
        );
    }
}

/// Returns in which field the log says that a claim satisfied the second factor.
fn by_claim(sign_in: &SignIn<'_, '_>) -> Option<&'static str> {
    const FIELDS: [&str; 5] = [
        "authenticationDetails",
        "mfaDetail",
        "status",
        "Multifactor authentication result",
        "Additional Details",
    ];
    FIELDS
        .into_iter()
        .find(|field| sign_in.text(field).to_ascii_lowercase().contains(BY_CLAIM))
}
