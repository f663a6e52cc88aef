//! One alert is told once, however often its row is written again.

use super::alert::Alert;
use crate::hit::Hit;
use crate::quoted::{cut, quoted};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, seconds_between};
use model::{Severity, Timestamp};
use std::collections::HashMap;

/// How much of an alert's own words is shown.
const SHOWN: usize = 80;

/// Which alerts were told, to whom, how gravely.
#[derive(Default)]
pub(super) struct Once {
    told: HashMap<(Word, String, String), (Severity, Timestamp)>,
}

impl Once {
    /// Raises a hit for each person that an alert names, or one for nobody.
    pub(super) fn tell(&mut self, seen: &Seen<'_>, alert: &Alert, hits: &mut Vec<Hit>) {
        let nobody = [String::new()];
        let users = if alert.users.is_empty() {
            &nobody[..]
        } else {
            &alert.users
        };
        for user in users {
            if self.is_news(seen, alert, user) {
                hits.push(hit(seen, alert, user));
            }
        }
    }

    /// The rows of one alert that come together are one finding; later ones count if it got graver.
    fn is_news(&mut self, seen: &Seen<'_>, alert: &Alert, user: &str) -> bool {
        if alert.id.is_empty() {
            return true;
        }
        let subject = (seen.fact().tenant, alert.id.clone(), user.to_owned());
        let now = (alert.weight(), seen.time());
        let told = self.told.entry(subject).or_insert(now);
        let is_news = told.0 < now.0 || seconds_between(told.1, now.1) <= HOUR;
        told.0 = told.0.max(now.0);
        is_news
    }
}

fn hit(seen: &Seen<'_>, alert: &Alert, user: &str) -> Hit {
    let whom = match user {
        "" => "nobody by name",
        user => user,
    };
    let why = format!(
        "Microsoft raised {}, severity {}, about {whom}",
        quoted(&alert.name),
        quoted(&alert.severity),
    );
    let mut hit = Hit::of(seen, alert.weight(), why)
        .keyed(&alert.name)
        .titled(format!("Microsoft's alert: {}", cut(&alert.name, SHOWN)))
        .because("Name", cut(&alert.name, SHOWN))
        .compared(
            "Severity",
            &alert.severity,
            "raised for names that matter in mail",
        )
        .silent_if("Microsoft had raised no alert; a resolved one is context");
    if !alert.status.is_empty() {
        hit = hit.because("Status", cut(&alert.status, SHOWN));
    }
    if !alert.cause.is_empty() {
        hit = hit.because("Data.reid", cut(&alert.cause, SHOWN));
    }
    user.clone_into(&mut hit.user);
    hit
}
