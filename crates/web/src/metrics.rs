//! The board in Prometheus' text format.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use crate::board::{Line, Written};
use engine::Tally;
use model::Timestamp;
use std::fmt::Write;

/// A number of a feed: its name, its kind, what it is, and how to have it.
type OfFeed = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Line, Timestamp) -> Option<u64>,
);

const OF_FEEDS: &[OfFeed] = &[
    (
        "breachscope_feed_lag_seconds",
        "gauge",
        "For how long the feed lacks records, by the moment up to which it had them all.",
        |line, now| {
            let until = line.feed.standing.until?;
            Some((now.0 - until.0).max(0).unsigned_abs() / 1_000_000)
        },
    ),
    (
        "breachscope_feed_records_total",
        "counter",
        "Records that were new.",
        |line, _| Some(line.feed.brought.new),
    ),
    (
        "breachscope_feed_duplicates_total",
        "counter",
        "Records that were known already.",
        |line, _| Some(line.feed.brought.duplicates),
    ),
    (
        "breachscope_feed_rejects_total",
        "counter",
        "Records that could not be read whole.",
        |line, _| Some(line.feed.brought.rejected),
    ),
    (
        "breachscope_feed_bytes_total",
        "counter",
        "Bytes as received.",
        |line, _| Some(line.feed.brought.bytes),
    ),
    (
        "breachscope_feed_contents_total",
        "counter",
        "Answers that held evidence.",
        |line, _| Some(line.feed.contents),
    ),
    (
        "breachscope_feed_gaps_total",
        "counter",
        "Spans for which records may be missing, found since the start.",
        |line, _| Some(line.feed.gaps.len() as u64),
    ),
    (
        "breachscope_feed_waiting",
        "gauge",
        "Contents or windows that failed and are asked for again.",
        |line, _| Some(line.feed.standing.waiting),
    ),
    (
        "breachscope_feed_in_trouble",
        "gauge",
        "1 where something is wrong with the feed.",
        |line, _| Some(u64::from(line.feed.standing.trouble.is_some())),
    ),
];

/// A number of the questions of a tenant: its name, what it is, and how to have it.
type OfTally = (&'static str, &'static str, fn(&Tally) -> u64);

const OF_TALLIES: &[OfTally] = &[
    (
        "breachscope_requests_total",
        "Requests that were sent.",
        |tally| tally.requests,
    ),
    (
        "breachscope_throttled_total",
        "Requests that were answered with a throttle.",
        |tally| tally.throttled,
    ),
    (
        "breachscope_retried_total",
        "Requests that were sent again.",
        |tally| tally.retried,
    ),
    (
        "breachscope_failed_total",
        "Questions that were given up for this time.",
        |tally| tally.failed,
    ),
];

/// Writes everything on the board.
pub(crate) fn text(written: &Written, now: Timestamp) -> String {
    let mut text = String::new();
    for (name, kind, help, number) in OF_FEEDS {
        head(&mut text, name, kind, help);
        for line in &written.lines {
            if let Some(number) = number(line, now) {
                let labels = [
                    ("tenant", line.tenant.as_str()),
                    ("source", &line.feed.feed),
                ];
                sample(&mut text, name, &labels, number);
            }
        }
    }
    for (name, help, number) in OF_TALLIES {
        head(&mut text, name, "counter", help);
        for tally in &written.tallies {
            let pace = format!("{:?}", tally.pace);
            let labels = [("tenant", tally.tenant.as_str()), ("pace", &pace)];
            sample(&mut text, name, &labels, number(tally));
        }
    }
    head(
        &mut text,
        "breachscope_storing_in_trouble",
        "gauge",
        "1 while what was collected cannot be stored.",
    );
    let troubled = u64::from(!written.trouble.is_empty());
    sample(&mut text, "breachscope_storing_in_trouble", &[], troubled);
    text
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn sample(text: &mut String, name: &str, labels: &[(&str, &str)], number: u64) {
    text.push_str(name);
    if !labels.is_empty() {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let _ = write!(text, "{{{}}}", labels.join(","));
    }
    let _ = writeln!(text, " {number}");
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use engine::FeedReport;

    #[test]
    fn a_feed_is_a_line_of_each_number_and_its_names_are_quoted() {
        let board = Board::default();
        let mut feed = FeedReport::default();
        "activity/Audit.Exchange".clone_into(&mut feed.feed);
        feed.brought.new = 7;
        feed.standing.until = Some(Timestamp(10_000_000));
        board.going(&[("a\"b", &[feed])]);
        let text = text(&board.read(), Timestamp(70_000_000));
        assert!(text.contains(
            "breachscope_feed_records_total{tenant=\"a\\\"b\",source=\"activity/Audit.Exchange\"} 7\n"
        ));
        assert!(text.contains("source=\"activity/Audit.Exchange\"} 60\n"));
        assert!(text.contains("breachscope_storing_in_trouble 0\n"));
        assert!(
            text.lines()
                .all(|line| line.starts_with('#') || line.starts_with("breachscope_"))
        );
    }
}
