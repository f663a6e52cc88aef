//! `breachscope collect status`.

use super::clock_name;
use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv_line, thousands};
use crate::ui::Ui;
use engine::{FeedStatus, StatusReport};
use model::Timestamp;
use model::shown::shown;
use serde::Serialize;

#[derive(Serialize)]
struct Wire<'a> {
    feeds: Vec<WireFeed<'a>>,
    gaps: Vec<WireGap<'a>>,
}

#[derive(Serialize)]
struct WireFeed<'a> {
    tenant: &'a str,
    name: &'a str,
    feed: &'a str,
    until: Option<String>,
    lag_seconds: Option<i64>,
    last_success: Option<String>,
    next: Option<String>,
    waiting: u64,
    gaps: u64,
    new: u64,
    duplicates: u64,
    rejected: u64,
    bytes: u64,
    trouble: &'a str,
    hint: &'a str,
    stopped: bool,
    paused: bool,
}

#[derive(Serialize)]
struct WireGap<'a> {
    tenant: &'a str,
    feed: &'a str,
    from: String,
    to: String,
    clock: &'static str,
    cause: &'a str,
    detail: &'a str,
}

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

fn wire<'a>(one: &'a FeedStatus, report: &StatusReport) -> WireFeed<'a> {
    WireFeed {
        tenant: &one.feed.tenant,
        name: &one.name,
        feed: &one.feed.feed,
        until: text(one.feed.until),
        lag_seconds: one.lag(report.now),
        last_success: text(one.feed.caught_up),
        next: text(one.feed.next),
        waiting: one.feed.waiting,
        gaps: one.gaps,
        new: one.feed.new,
        duplicates: one.feed.duplicates,
        rejected: one.feed.rejected,
        bytes: one.feed.bytes,
        trouble: &one.feed.trouble,
        hint: &one.feed.hint,
        stopped: one.feed.stopped,
        paused: report
            .paused
            .iter()
            .any(|(tenant, _)| *tenant == one.feed.tenant),
    }
}

/// Prints where collecting stands; partial where something is wrong or missing.
pub(super) fn print(report: &StatusReport, ui: &mut Ui) -> Result<Code, Trouble> {
    let feeds = || report.feeds.iter().map(|one| wire(one, report));
    let gaps = report.gaps.iter().map(|one| WireGap {
        tenant: &one.tenant,
        feed: &one.feed,
        from: one.gap.from.to_string(),
        to: one.gap.to.to_string(),
        clock: clock_name(one.gap.clock),
        cause: &one.gap.cause,
        detail: &one.gap.detail,
    });
    match ui.format {
        Format::Json => ui.json(&Wire {
            feeds: feeds().collect(),
            gaps: gaps.collect(),
        })?,
        Format::Jsonl => feeds().try_for_each(|feed| ui.json(&feed))?,
        Format::Csv => {
            ui.line("tenant,name,feed,until,lag_seconds,last_success,next,waiting,gaps,new,duplicates,rejected,trouble")?;
            for one in feeds() {
                let cells = [
                    one.tenant.to_owned(),
                    one.name.to_owned(),
                    one.feed.to_owned(),
                    one.until.unwrap_or_default(),
                    one.lag_seconds
                        .map(|lag| lag.to_string())
                        .unwrap_or_default(),
                    one.last_success.unwrap_or_default(),
                    one.next.unwrap_or_default(),
                    one.waiting.to_string(),
                    one.gaps.to_string(),
                    one.new.to_string(),
                    one.duplicates.to_string(),
                    one.rejected.to_string(),
                    one.trouble.to_owned(),
                ];
                ui.line(&csv_line(&cells))?;
            }
        }
        Format::Table => table(report, ui)?,
    }
    let well = report
        .feeds
        .iter()
        .all(|one| one.feed.trouble.is_empty() && one.feed.waiting == 0 && one.gaps == 0);
    Ok(if well { Code::Ok } else { Code::Partial })
}

fn table(report: &StatusReport, ui: &mut Ui) -> Result<(), Trouble> {
    let mut tenants: Vec<&str> = report
        .feeds
        .iter()
        .map(|one| one.feed.tenant.as_str())
        .collect();
    tenants.dedup();
    for tenant in tenants {
        let feeds = || report.feeds.iter().filter(|one| one.feed.tenant == tenant);
        let name = feeds().next().map_or(tenant, |one| one.name.as_str());
        let paused = report.paused.iter().find(|(id, _)| id == tenant);
        let paused =
            paused.map_or_else(String::new, |(_, since)| format!(", paused since {since}"));
        ui.heading(&format!("{} ({tenant}){paused}", shown(name)))?;
        let mut table = Table::new(&[
            ("source", Align::Left),
            ("everything until", Align::Left),
            ("lag", Align::Right),
            ("last success", Align::Left),
            ("next", Align::Left),
            ("records", Align::Right),
            ("waiting", Align::Right),
            ("gaps", Align::Right),
        ]);
        for one in feeds() {
            table.row(vec![
                one.feed.feed.clone(),
                text(one.feed.until).unwrap_or_else(|| "never".to_owned()),
                one.lag(report.now).map_or_else(String::new, lag),
                text(one.feed.caught_up).unwrap_or_default(),
                text(one.feed.next).unwrap_or_default(),
                thousands(one.feed.new),
                thousands(one.feed.waiting),
                thousands(one.gaps),
            ]);
        }
        ui.table(&table)?;
        for one in feeds().filter(|one| !one.feed.trouble.is_empty()) {
            ui.line(&format!(
                "  {}: {}",
                one.feed.feed,
                shown(&one.feed.trouble)
            ))?;
            if !one.feed.hint.is_empty() {
                ui.line(&format!("    {}", shown(&one.feed.hint)))?;
            }
        }
        let gaps = report.gaps.iter().filter(|gap| gap.tenant == tenant);
        for gap in gaps {
            ui.line(&format!(
                "  {}: may lack records from {} to {} ({} time): {}: {}",
                gap.feed,
                gap.gap.from,
                gap.gap.to,
                clock_name(gap.gap.clock),
                shown(&gap.gap.cause),
                shown(&gap.gap.detail)
            ))?;
        }
        ui.line("")?;
    }
    Ok(())
}

/// Returns a number of seconds in the unit that fits.
fn lag(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
