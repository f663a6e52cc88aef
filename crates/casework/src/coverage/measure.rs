//! How much of the window the gaps leave, as a number and as a sentence.

use super::Gap;
use super::scope::Scope;
use super::words::{lasting, stretch};
use crate::interval::{Interval, Intervals};

/// Returns when no access could have been recorded; a blind gap without a place in time is
/// the whole window.
pub(super) fn blind(gaps: &[Gap], scope: &Scope<'_>) -> Intervals {
    gaps.iter()
        .filter(|gap| gap.blind)
        .map(|gap| gap.interval.unwrap_or(scope.asked))
        .collect()
}

/// Returns the covered part of the window per ten thousand, rounded down: ten thousand only
/// where nothing of it is blind, however short.
pub(super) fn covered(blind: &Intervals, scope: &Scope<'_>) -> u32 {
    if !blind.meets(&scope.asked) {
        return 10_000;
    }
    let window = i128::from(scope.measured.length()).max(1);
    let seen = window - i128::from(blind.length_within(&scope.measured));
    let share = (seen.max(0) * 10_000 / window).min(9_999);
    u32::try_from(share).unwrap_or_default()
}

/// Returns why coverage is not complete, naming the largest gap and what share is lost to all.
pub(super) fn sentence(gaps: &[Gap], blind: &Intervals, covered: u32, scope: &Scope<'_>) -> String {
    let within = |gap: &Gap| {
        let interval = gap.interval.unwrap_or(scope.asked);
        interval.meeting(&scope.measured)
    };
    let mut largest: Option<(&Gap, Interval)> = None;
    for gap in gaps.iter().filter(|gap| gap.blind) {
        let inside = within(gap);
        if largest.is_none_or(|(_, so_far)| inside.length() > so_far.length()) {
            largest = Some((gap, inside));
        }
    }
    let (Some((gap, inside)), false) = (largest, covered == 10_000) else {
        return String::new();
    };
    let lost = blind.length_within(&scope.measured);
    let window = scope.measured.length();
    let lost = match lost {
        0 => "Beyond the collected records".to_owned(),
        lost if lost == window => "In the whole window".to_owned(),
        lost => format!(
            "For {} of the {} of the window ({} %)",
            lasting(lost),
            lasting(window),
            hundredths(10_000 - covered)
        ),
    };
    let place = if inside.is_empty() {
        String::new()
    } else {
        format!(" ({})", stretch(&inside))
    };
    format!(
        "{lost} no record could have shown an access; the largest gap is {}{place}: {}.",
        gap.id.name(),
        gap.proof
    )
}

/// Writes a share per ten thousand as percent, with two places.
fn hundredths(share: u32) -> String {
    format!("{}.{:02}", share / 100, share % 100)
}
