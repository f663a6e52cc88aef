//! IDP-02: a doubtful sign-in, and then a new way to come back.

use super::concerned::is_suspicion;
use crate::about::{About, Method, Source};
use crate::board::Raised;
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::world::{DAY, HOUR, MINUTE, World, seconds_between};
use model::Severity;

/// What gives an account another way in.
const WAYS: [&str; 3] = ["IDP-01", "IDP-04", "IDP-05"];

const ABOUT: About = About {
    id: "IDP-02",
    title: "Suspicious sign-in, then a new sign-in method",
    decides: "A finding of medium or more on a sign-in of the user, and a new method, temporary \
              pass or device of the same user up to half an hour before or a day after it; tried \
              passwords alone do not count.",
    severity: "critical within an hour, or after a sign-in that is high by itself; else high",
    benign: "Somebody with a new phone on a journey: the sign-in from a usual place keeps it silent.",
    attack: &["T1556.006"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Sequence,
    untested: "No real pair of both was at hand.",
};

pub(super) struct Idp02;

impl Detection for Idp02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&["IDP-01", "IDP-04", "IDP-05", "SIG-", "INTEL", "ALR-03"])
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        let found = |seconds| {
            let (tenant, now) = (hit.fact.tenant, hit.fact.time);
            world.board.of_user(tenant, &hit.user, now, seconds)
        };
        let is_way = WAYS.contains(&&*hit.detection) && is_worth_it(&hit.detection, hit.severity);
        if is_way {
            let sign_in = found(DAY)
                .filter(|one| is_suspicion(&one.detection, one.severity))
                .max_by_key(|one| one.severity);
            hits.extend(sign_in.and_then(|sign_in| after(hit, sign_in)));
        } else if is_suspicion(&hit.detection, hit.severity) {
            let way = found(30 * MINUTE)
                .filter(|one| WAYS.contains(&&*one.detection))
                .find(|one| is_worth_it(&one.detection, one.severity));
            hits.extend(way.map(|way| before(hit, way)));
        }
    }
}

/// A first method on a new account is expected, and a pass of the help desk is.
fn is_worth_it(detection: &str, severity: Severity) -> bool {
    let least = if detection == "IDP-04" {
        Severity::Medium
    } else {
        Severity::Low
    };
    severity >= least
}

fn after(way: &Hit, sign_in: &Raised) -> Option<Hit> {
    let seconds = seconds_between(sign_in.fact.time, way.fact.time);
    let is_device = way.detection == "IDP-05";
    let severity = if seconds <= HOUR || (sign_in.severity >= Severity::High && !is_device) {
        Severity::Critical
    } else if is_device {
        // IDP-05 itself is high then: once is enough.
        return None;
    } else {
        Severity::High
    };
    let why = format!(
        "{}: {} minutes after a doubtful sign-in ({}): {}",
        way.user,
        seconds / MINUTE,
        sign_in.detection,
        way.why
    );
    Some(told(
        Hit::after(way, severity, why).with([&sign_in.fact]),
        sign_in,
    ))
}

fn before(sign_in: &Hit, way: &Raised) -> Hit {
    let why = format!(
        "{}: a doubtful sign-in ({}) minutes after a new way in: {}",
        sign_in.user, sign_in.detection, way.why
    );
    told(
        Hit::after(sign_in, Severity::Critical, why).with([&way.fact]),
        way,
    )
}

fn told(hit: Hit, other: &Raised) -> Hit {
    hit.compared("finding", other.detection.to_string(), other.why.clone())
        .silent_if("the sign-in were not suspicious, or a day lay between both")
}
