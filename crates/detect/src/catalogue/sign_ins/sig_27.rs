//! SIG-27: a sign-in at an hour at which this person never works.

use super::habit::Owner;
use super::sign_in::SignIn;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-27",
    title: "Unusual hour",
    decides: "A successful sign-in at an hour of the working week, or of the weekend, at which \
              this person did not sign in before, neither in that hour nor in one beside it, after \
              at least thirty sign-ins in two weeks.",
    severity: "info: it only adds to the weight of other findings",
    benign: "Late evenings happen; told once a day.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

/// How much must be known of somebody's hours before one is unusual.
const LEAST_SIGN_INS: u32 = 30;
const LEAST_SECONDS: i64 = 14 * DAY;

#[derive(Debug)]
struct Hours {
    since: Timestamp,
    told: Option<Timestamp>,
    sign_ins: u32,
    /// By hour of a day of the working week, then by hour of a day of the weekend.
    counts: [u32; 48],
}

/// SIG-27.
#[derive(Debug, Default)]
pub(super) struct Sig27 {
    hours: BTreeMap<Owner, Hours>,
}

impl Detection for Sig27 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if SignIn::of_person(seen).is_none() {
            return;
        }
        let now = seen.time();
        let owner = (seen.fact().tenant, seen.fact().user);
        let hours = self.hours.entry(owner).or_insert_with(|| Hours {
            since: now,
            told: None,
            sign_ins: 0,
            counts: [0; 48],
        });
        let at = slot(now);
        let is_known =
            seconds_between(hours.since, now) >= LEAST_SECONDS && hours.sign_ins >= LEAST_SIGN_INS;
        let is_unusual = is_known && hours.around(at) == 0;
        let is_told = hours
            .told
            .is_some_and(|told| seconds_between(told, now) < DAY);
        hours.sign_ins = hours.sign_ins.saturating_add(1);
        hours.counts[at] = hours.counts[at].saturating_add(1);
        if !is_unusual || is_told {
            return;
        }
        hours.told = Some(now);
        let why = format!(
            "{} signed in at {now}, an hour at which they never did",
            seen.user()
        );
        hits.push(
            Hit::of(seen, Severity::Info, why)
                .compared(
                    "CreationTime",
                    now.to_string(),
                    format!("{} sign-ins before", hours.sign_ins - 1),
                )
                .silent_if("this person had signed in at about that hour before"),
        );
    }
}

impl Hours {
    /// Returns how many sign-ins there were in an hour and the two beside it.
    fn around(&self, at: usize) -> u32 {
        let (day, hour) = (at / 24 * 24, at % 24);
        [23, 24, 25]
            .iter()
            .map(|shift| self.counts[day + (hour + shift) % 24])
            .sum()
    }
}

/// Returns the hour of the working week or of the weekend.
fn slot(time: Timestamp) -> usize {
    let hour = time.0.div_euclid(1_000_000).rem_euclid(DAY) / HOUR;
    // The first of January 1970 was a Thursday.
    let weekday = (time.day_number() + 3).rem_euclid(7);
    let is_weekend = weekday >= 5;
    hour as usize + if is_weekend { 24 } else { 0 }
}
