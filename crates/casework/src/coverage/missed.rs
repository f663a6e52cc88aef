//! G9, as far as the program collected itself: what the cloud had, or may have had, and could not
//! be got.

use super::scope::Scope;
use super::{Gap, GapId};
use crate::brief::Missed;
use crate::interval::{DAY, Interval};
use model::{GapClock, Timestamp};

/// By how much what happened is older than the content that tells of it: hours mostly; a day is
/// what is waited for before it counts as late.
const DELAY: i64 = DAY;

/// Returns the gaps of collecting that touch the window, each with what it costs.
pub(super) fn gaps(scope: &Scope<'_>) -> Vec<Gap> {
    let missed = scope.brief.missed.iter();
    missed.filter_map(|missed| gap(missed, scope)).collect()
}

fn gap(missed: &Missed, scope: &Scope<'_>) -> Option<Gap> {
    let interval = happened(missed);
    if !scope.concerns(&interval) {
        return None;
    }
    let blind = missed.is_of_mail && missed.had_by.is_none();
    let effect = match (&missed.had_by, missed.is_of_mail) {
        (Some(other), _) => format!("none: `{other}` had the same records"),
        (None, true) => "a read or send in this span may not have been collected".to_owned(),
        (None, false) => {
            "what this source tells of the span may not have been collected".to_owned()
        }
    };
    let found = &missed.gap;
    let clock = match found.clock {
        GapClock::Event => "what happened from",
        GapClock::Arrival => "what was made available from",
    };
    Some(Gap {
        id: GapId::G9,
        interval: Some(interval),
        scope: format!("source `{}`", model::shown::shown(&missed.source)),
        effect,
        proof: format!(
            "{clock} {} to {} could not be had: {}",
            found.from,
            found.to,
            model::shown::shown(&found.cause)
        ),
        records: Vec::new(),
        blind,
        fix: if blind {
            "collect the span by another way: `breachscope collect --source search-ual`, or import an export of it".to_owned()
        } else {
            String::new()
        },
    })
}

/// Returns when that happened of which records may be missing.
fn happened(missed: &Missed) -> Interval {
    let gap = &missed.gap;
    match gap.clock {
        GapClock::Event => Interval::new(gap.from, gap.to),
        GapClock::Arrival => Interval::new(Timestamp(gap.from.0.saturating_sub(DELAY)), gap.to),
    }
}
