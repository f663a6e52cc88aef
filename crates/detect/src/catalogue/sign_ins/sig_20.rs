//! SIG-20: a sign-in that conditional access should have stopped, and did not see.

use super::habit::Habits;
use super::sign_in::SignIn;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-20",
    title: "Conditional access bypassed",
    decides: "The Intune Company Portal signs in to anything but Intune and the registration of \
              devices: in the unified log by a successful `Cmsi:Cmsi`, in Entra's log with error 0 \
              or 50199, on a device that is not compliant. Or `conditionalAccessStatus` is \
              notApplied for an application that policies always covered, for a person who came to \
              it by that network for the first time.",
    severity: "high for the Company Portal; medium where no policy applied",
    benign: "Enrolling a device signs in to Intune itself, and a managed device needs no bypass: \
             both silent, as is an application that policies left out within the thirty days \
             before.",
    attack: &["T1078.004", "T1556.009"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of the Company Portal's bypass was at hand, and none of an \
               application whose policies were left out.",
};

const COMPANY_PORTAL: &str = "9ba1a5c7-f17a-4de9-a1f1-6178c8d51223";

/// What enrolling a device needs: Intune, its enrolment, the registration of devices.
const ENROLMENT: &[&str] = &[
    "0000000a-0000-0000-c000-000000000000",
    "d4ebce55-015a-49b5-a083-c84d1797ae8c",
    "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
    COMPANY_PORTAL,
];

/// How conditional access went, as Graph and the portal spell it.
const STATUS: [&str; 2] = ["conditionalAccessStatus", "Conditional Access"];

/// SIG-20.
#[derive(Debug, Default)]
pub(super) struct Sig20 {
    /// By application: how conditional access went.
    policies: Habits,
    /// By person: applications and networks.
    ways: Habits,
}

impl Detection for Sig20 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::read(seen).filter(SignIn::is_persons) else {
            return;
        };
        if is_bypass(seen, &sign_in) {
            hits.push(bypass(seen));
        }
        if self.is_uncovered(seen, &sign_in) && !sign_in.device().is_managed {
            hits.push(uncovered(seen));
        }
    }
}

/// The enrolment application, on a device that is not compliant, and not for enrolment.
fn is_bypass(seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> bool {
    if seen.app() != COMPANY_PORTAL || ENROLMENT.contains(&seen.resource()) {
        return false;
    }
    let is_through = sign_in.is_in() || seen.error() == "50199";
    let is_other = if sign_in.is_entra() {
        !seen.resource().is_empty()
    } else {
        sign_in.request().eq_ignore_ascii_case("Cmsi:Cmsi")
    };
    is_through && is_other && !sign_in.device().is_managed
}

impl Sig20 {
    /// Returns whether no policy applied to an application that policies always covered, and the
    /// person came to it by a network by which they never did.
    fn is_uncovered(&mut self, seen: &Seen<'_>, sign_in: &SignIn<'_, '_>) -> bool {
        let says = |words: &[&str]| STATUS.iter().any(|key| sign_in.says(key, words));
        let is_covered = says(&["success"]);
        let is_skipped = says(&["notApplied", "Not Applied"]);
        if !sign_in.is_in() || !(is_covered || is_skipped) || seen.fact().app.is_none() {
            return false;
        }
        let (tenant, now) = (seen.fact().tenant, seen.time());
        let way = format!("{} {}", seen.app(), seen.network());
        let ways = self.ways.meet((tenant, seen.fact().user), &way, now);
        let app = (tenant, seen.fact().app);
        if is_covered {
            self.policies.meet(app, COVERED, now);
            return false;
        }
        let skipped = self.policies.meet(app, SKIPPED, now);
        let covered = self.policies.known(app, COVERED);
        let is_covered_always = covered.is_some_and(|covered| covered.days >= COVERED_DAYS);
        skipped.is_first() && is_covered_always && ways.is_new()
    }
}

/// Under which names it is remembered how conditional access went.
const COVERED: &str = "covered";
const SKIPPED: &str = "skipped";
/// On how many days policies must have covered an application before they cover it always.
const COVERED_DAYS: u32 = 3;

fn bypass(seen: &Seen<'_>) -> Hit {
    let why = format!(
        "{} signed in from {} by the Company Portal to {}, on a device that is not compliant",
        seen.user(),
        seen.ip(),
        quoted(seen.resource())
    );
    Hit::of(seen, Severity::High, why)
        .keyed(seen.resource())
        .because("ApplicationId", COMPANY_PORTAL)
        .compared("resource", seen.resource(), "what enrolling a device needs")
        .because("isCompliant", "False")
        .silent_if("it had signed in to Intune, or the device were compliant")
}

fn uncovered(seen: &Seen<'_>) -> Hit {
    let why = format!(
        "no policy applied to {} signing in from {} to application {}, which policies always covered",
        seen.user(),
        seen.ip(),
        quoted(seen.app())
    );
    Hit::of(seen, Severity::Medium, why)
        .keyed(seen.app())
        .compared(
            "conditionalAccessStatus",
            "notApplied",
            "success in the last 30 days",
        )
        .because("appId", seen.app())
        .silent_if("policies had left the application out before, or the network were known")
}
