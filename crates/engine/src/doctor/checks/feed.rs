//! Where collecting stands by what is written down: how far behind each feed is, what is wrong with
//! it, and for which spans records may be missing (gaps G8 and G9).

use crate::doctor::finding::{About, Finding, Shell, counted};
use crate::doctor::script::quoted;
use ledger::{StoredFeed, StoredGap};
use model::Timestamp;
use model::shown::shown;

pub(in crate::doctor) const ABOUT: About = About {
    name: "feed",
    why: "Services keep their logs for days or weeks: what is not fetched by then is gone for every later case.",
    link: "",
};

/// From how many hours on a feed is late: the audit log's usual delay is an hour and a half, and a
/// feed that is looked at all the time is never a day behind.
const LATE_HOURS: i64 = 24;

/// Judges every feed of a tenant.
pub(in crate::doctor) fn judge(
    tenant: &str,
    feeds: &[String],
    stored: &[StoredFeed],
    gaps: &[StoredGap],
    paused: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Finding> {
    let collect = format!("breachscope --tenant {} collect", quoted(tenant));
    let mut found = Vec::new();
    if let Some(since) = paused {
        found.push(
            ABOUT
                .blind(format!("the tenant is paused since {since}"))
                .fix("let it go on while its services still keep what was written meanwhile")
                .step(
                    Shell::Here,
                    format!("breachscope tenant pause --resume {}", quoted(tenant)),
                ),
        );
    }
    for name in feeds {
        let own: Vec<&StoredGap> = gaps.iter().filter(|gap| gap.feed == *name).collect();
        let finding = match stored.iter().find(|feed| feed.feed == *name) {
            None => never(&collect),
            Some(feed) => of_feed(feed, &own, &collect, now),
        };
        found.push(finding.of(name));
    }
    found
}

fn never(collect: &str) -> Finding {
    ABOUT
        .blind("it was never collected")
        .fix("collect it: the service keeps its records for a while only")
        .step(Shell::Here, collect)
}

fn of_feed(feed: &StoredFeed, gaps: &[&StoredGap], collect: &str, now: Timestamp) -> Finding {
    if !feed.trouble.is_empty() {
        let finding = if feed.stopped {
            ABOUT.blind(format!("it stands still: {}", shown(&feed.trouble)))
        } else {
            ABOUT.wrong(shown(&feed.trouble))
        };
        return finding.fix(shown(&feed.hint));
    }
    if !gaps.is_empty() {
        let from = gaps
            .iter()
            .map(|gap| gap.gap.from)
            .min()
            .unwrap_or_default();
        let to = gaps.iter().map(|gap| gap.gap.to).max().unwrap_or_default();
        let many = counted(gaps.len(), "gap", "gaps");
        return ABOUT
            .blind(format!("{many} between {from} and {to}: records may be missing"))
            .fix("look at them by `breachscope collect status`, and fill them from an export of Purview by `breachscope import`");
    }
    let Some(until) = feed.until else {
        return never(collect);
    };
    let hours = (now.0 - until.0) / 3_600_000_000;
    if hours >= LATE_HOURS {
        return ABOUT
            .wrong(format!(
                "it is {hours} hours behind: everything until {until} was had"
            ))
            .fix("collect it, or have it collected all the time by `breachscope collect --watch`")
            .step(Shell::Here, collect);
    }
    ABOUT.well(format!("everything until {until} was had"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use model::{Gap, GapClock};

    #[test]
    fn doctor_tells_late_stopped_and_gapped_feeds_apart() {
        let now = Timestamp(1_790_000_000_000_000);
        let feed = |name: &str, hours: i64| StoredFeed {
            feed: name.to_owned(),
            until: Some(now.plus_seconds(-hours * 3600)),
            ..StoredFeed::default()
        };
        let mut stopped = feed("stopped", 1);
        stopped.trouble = "permission is missing".to_owned();
        stopped.stopped = true;
        let stored = [
            feed("good", 1),
            feed("late", 30),
            feed("gapped", 1),
            stopped,
        ];
        let gaps = [StoredGap {
            tenant: "t".to_owned(),
            feed: "gapped".to_owned(),
            gap: Gap {
                from: now,
                to: now,
                clock: GapClock::Arrival,
                cause: String::new(),
                detail: String::new(),
            },
            noted: now,
        }];
        let names = ["good", "late", "gapped", "stopped", "never"].map(str::to_owned);
        let judged = judge("t", &names, &stored, &gaps, Some(now), now);
        let states: Vec<_> = judged.iter().map(|finding| finding.state).collect();
        assert_eq!(
            states,
            [
                State::Blind,
                State::Well,
                State::Wrong,
                State::Blind,
                State::Blind,
                State::Blind
            ]
        );
    }
}
