//! `breachscope collect`, `collect status`, `collect sources`.

use super::{store, store_or_new};
use crate::cli::{CollectArgs, CollectVerb, Format, Global};
use crate::error::{Code, Trouble};
use crate::progress::Collecting;
use crate::table::{Align, Table, counted, csv_line, thousands};
use crate::ui::Ui;
use engine::{CollectReport, CollectRequest, FeedReport, TenantReport};
use model::Timestamp;
use model::shown::shown;
use serde::Serialize;
use web::Board;

mod sources;
mod status;

/// Collects, or says where collecting stands.
pub(crate) fn run(args: &CollectArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let code = match args.verb {
        Some(CollectVerb::Status) => status::print(
            &store(global)?.collect_status(global.tenant.as_deref())?,
            ui,
        )?,
        Some(CollectVerb::Sources) => {
            sources::print(ui)?;
            Code::Ok
        }
        None => collect(args, global, ui)?,
    };
    ui.flush()?;
    Ok(code)
}

fn collect(args: &CollectArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let request = CollectRequest {
        tenants: global.tenant.iter().cloned().collect(),
        sources: args.sources.clone(),
        since: args.since.clone(),
        for_ever: args.watch,
        roots: super::roots(args.roots.as_deref())?,
        ..CollectRequest::default()
    };
    let board = args.health.map(|_| Board::default());
    // It answers until this command ends.
    let _serving = match (args.health, &board) {
        (Some(address), Some(board)) => {
            let serving = web::serve(address, board.clone())
                .map_err(|source| Trouble::Serve { address, source })?;
            ui.say(&format!("health and metrics on http://{}", serving.address));
            Some(serving)
        }
        _ => None,
    };
    let report = store_or_new(global)?.collect(&request, &mut Collecting::new(ui).on(board))?;
    print(&report, ui)?;
    Ok(code(&report))
}

/// Returns how a run ended: with everything, in part, or with nothing for want of access or
/// because the services asked to come back later.
pub(super) fn code(report: &CollectReport) -> Code {
    if report.interrupted {
        return Code::Interrupted;
    }
    let feeds = || report.tenants.iter().flat_map(|tenant| &tenant.feeds);
    let failed = report.tenants.iter().any(|tenant| tenant.failed.is_some());
    let troubles = feeds().filter_map(|feed| feed.standing.trouble.as_ref());
    let (mut any, mut access, mut throttled) = (failed, failed, !failed);
    for trouble in troubles {
        any = true;
        access |= trouble.access;
        throttled &= trouble.throttled;
    }
    let worked = feeds().any(|feed| feed.standing.caught_up.is_some());
    let whole = feeds().all(|feed| {
        feed.standing.waiting == 0
            && feed.standing.caught_up.is_some()
            && feed.gaps.is_empty()
            && feed.errors.is_empty()
            && feed.brought.rejected == 0
    });
    if access && !worked {
        Code::Access
    } else if any && throttled && !worked {
        Code::Throttled
    } else if any || !whole {
        Code::Partial
    } else {
        Code::Ok
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    tenants: Vec<WireTenant<'a>>,
    new: u64,
    duplicates: u64,
    rejected: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    interrupted: bool,
}

#[derive(Serialize)]
struct WireTenant<'a> {
    tenant: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    collected_by_another_worker: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    paused: bool,
    feeds: Vec<WireFeed<'a>>,
}

#[derive(Serialize)]
struct WireFeed<'a> {
    feed: &'a str,
    contents: u64,
    bytes: u64,
    new: u64,
    duplicates: u64,
    rejected: u64,
    until: Option<String>,
    caught_up: Option<String>,
    waiting: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<WireTrouble<'a>>,
    gaps: Vec<WireGap<'a>>,
    errors: &'a [String],
}

#[derive(Serialize)]
struct WireTrouble<'a> {
    what: &'a str,
    hint: &'a str,
    stopped: bool,
}

#[derive(Serialize)]
struct WireGap<'a> {
    from: String,
    to: String,
    clock: &'static str,
    cause: &'a str,
    detail: &'a str,
}

fn wire_gap(gap: &model::Gap) -> WireGap<'_> {
    WireGap {
        from: gap.from.to_string(),
        to: gap.to.to_string(),
        clock: clock_name(gap.clock),
        cause: &gap.cause,
        detail: &gap.detail,
    }
}

fn clock_name(clock: model::GapClock) -> &'static str {
    match clock {
        model::GapClock::Event => "event",
        model::GapClock::Arrival => "arrival",
    }
}

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

fn wire(tenant: &TenantReport) -> WireTenant<'_> {
    let feeds = tenant.feeds.iter().map(|feed| WireFeed {
        feed: &feed.feed,
        contents: feed.contents,
        bytes: feed.brought.bytes,
        new: feed.brought.new,
        duplicates: feed.brought.duplicates,
        rejected: feed.brought.rejected,
        until: text(feed.standing.until),
        caught_up: text(feed.standing.caught_up),
        waiting: feed.standing.waiting,
        trouble: feed.standing.trouble.as_ref().map(|trouble| WireTrouble {
            what: &trouble.what,
            hint: &trouble.hint,
            stopped: trouble.stopped,
        }),
        gaps: feed.gaps.iter().map(wire_gap).collect(),
        errors: &feed.errors,
    });
    WireTenant {
        tenant: &tenant.tenant,
        name: &tenant.name,
        failed: tenant.failed.as_deref(),
        collected_by_another_worker: tenant.elsewhere,
        paused: tenant.paused,
        feeds: feeds.collect(),
    }
}

fn sum(report: &CollectReport, count: fn(&FeedReport) -> u64) -> u64 {
    let feeds = report.tenants.iter().flat_map(|tenant| &tenant.feeds);
    feeds.map(count).sum()
}

/// Prints what a run brought.
pub(super) fn print(report: &CollectReport, ui: &mut Ui) -> Result<(), Trouble> {
    match ui.format {
        Format::Json => ui.json(&Wire {
            tenants: report.tenants.iter().map(wire).collect(),
            new: sum(report, |feed| feed.brought.new),
            duplicates: sum(report, |feed| feed.brought.duplicates),
            rejected: sum(report, |feed| feed.brought.rejected),
            interrupted: report.interrupted,
        }),
        Format::Jsonl => report
            .tenants
            .iter()
            .try_for_each(|tenant| ui.json(&wire(tenant))),
        Format::Csv => {
            ui.line(
                "tenant,feed,contents,bytes,new,duplicates,rejected,until,waiting,gaps,trouble",
            )?;
            for tenant in &report.tenants {
                for feed in &tenant.feeds {
                    let trouble = feed.standing.trouble.as_ref();
                    let cells = [
                        tenant.tenant.clone(),
                        feed.feed.clone(),
                        feed.contents.to_string(),
                        feed.brought.bytes.to_string(),
                        feed.brought.new.to_string(),
                        feed.brought.duplicates.to_string(),
                        feed.brought.rejected.to_string(),
                        text(feed.standing.until).unwrap_or_default(),
                        feed.standing.waiting.to_string(),
                        feed.gaps.len().to_string(),
                        trouble.map(|one| one.what.clone()).unwrap_or_default(),
                    ];
                    ui.line(&csv_line(&cells))?;
                }
            }
            Ok(())
        }
        Format::Table => table(report, ui),
    }
}

fn table(report: &CollectReport, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&format!(
        "{} new, {} known already, {} damaged, from {}",
        counted(sum(report, |feed| feed.brought.new), "record", "records"),
        thousands(sum(report, |feed| feed.brought.duplicates)),
        thousands(sum(report, |feed| feed.brought.rejected)),
        counted(report.tenants.len() as u64, "tenant", "tenants"),
    ))?;
    if report.interrupted {
        ui.line("interrupted: what was collected is kept; run the same command again to go on")?;
    }
    for tenant in &report.tenants {
        ui.line("")?;
        ui.heading(&format!("{} ({})", shown(&tenant.name), tenant.tenant))?;
        if let Some(failed) = &tenant.failed {
            ui.line(&shown(failed))?;
            continue;
        }
        if tenant.elsewhere {
            ui.line("another worker collects it")?;
        }
        if tenant.paused {
            ui.line("it is paused: `breachscope tenant pause --resume` lets it go on")?;
        }
        if tenant.feeds.is_empty() {
            continue;
        }
        let mut table = Table::new(&[
            ("source", Align::Left),
            ("new", Align::Right),
            ("known", Align::Right),
            ("damaged", Align::Right),
            ("everything until", Align::Left),
            ("waiting", Align::Right),
            ("gaps", Align::Right),
        ]);
        for feed in &tenant.feeds {
            table.row(vec![
                feed.feed.clone(),
                thousands(feed.brought.new),
                thousands(feed.brought.duplicates),
                thousands(feed.brought.rejected),
                text(feed.standing.until).unwrap_or_default(),
                thousands(feed.standing.waiting),
                thousands(feed.gaps.len() as u64),
            ]);
        }
        ui.table(&table)?;
        tenant.feeds.iter().try_for_each(|feed| said(feed, ui))?;
    }
    Ok(())
}

/// How many gaps and errors of a feed are shown to eyes; `--format json` lists more.
const SHOWN: usize = 10;

fn said(feed: &FeedReport, ui: &mut Ui) -> Result<(), Trouble> {
    if let Some(trouble) = &feed.standing.trouble {
        ui.line(&format!("  {}: {}", feed.feed, shown(&trouble.what)))?;
        if !trouble.hint.is_empty() {
            ui.line(&format!("    {}", shown(&trouble.hint)))?;
        }
    }
    for gap in feed.gaps.iter().take(SHOWN) {
        ui.line(&format!(
            "  {}: gap from {} to {} ({} time): {}: {}",
            feed.feed,
            gap.from,
            gap.to,
            clock_name(gap.clock),
            shown(&gap.cause),
            shown(&gap.detail)
        ))?;
    }
    for error in feed.errors.iter().take(SHOWN) {
        ui.line(&format!("  {}: {}", feed.feed, shown(error)))?;
    }
    let more = feed.gaps.len().saturating_sub(SHOWN) + feed.errors.len().saturating_sub(SHOWN);
    if more > 0 {
        ui.line(&format!(
            "  {}: and {} more",
            feed.feed,
            thousands(more as u64)
        ))?;
    }
    Ok(())
}
