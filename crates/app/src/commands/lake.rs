//! `breachscope lake status|compact|verify`.

use super::store;
use crate::cli::{Format, Global, LakeArgs, LakeVerb};
use crate::error::{Code, Trouble};
use crate::progress::Watcher;
use crate::table::{Align, Table, csv_line, thousands};
use crate::ui::Ui;
use engine::{Compacted, Status, TableStatus, Verified};
use model::shown::shown;
use serde::Serialize;

/// Looks after the stored tables.
pub(crate) fn run(args: &LakeArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let store = store(global)?;
    let code = match args.verb {
        LakeVerb::Status => {
            status(&store.status()?, ui)?;
            Code::Ok
        }
        LakeVerb::Compact => {
            let compacted = store.compact(&mut Watcher::new(ui))?;
            self::compacted(compacted, ui)?;
            Code::Ok
        }
        LakeVerb::Verify => {
            let found = store.verify()?;
            verified(&found, ui)?;
            if found.faults.is_empty() {
                Code::Ok
            } else {
                Code::Verification
            }
        }
    };
    ui.flush()?;
    Ok(code)
}

#[derive(Serialize)]
struct WireStatus<'a> {
    records: u64,
    ids: u64,
    index_bytes: u64,
    pending_batch: Option<i64>,
    bytes_a_record: Option<f64>,
    tables: Vec<WireTable<'a>>,
}

#[derive(Serialize)]
struct WireTable<'a> {
    name: &'a str,
    version: u64,
    rows: u64,
    files: u64,
    live_bytes: u64,
    stale_bytes: u64,
    log_bytes: u64,
    oldest: Option<String>,
    newest: Option<String>,
}

fn wire(table: &TableStatus) -> WireTable<'_> {
    WireTable {
        name: table.name,
        version: table.version,
        rows: table.rows,
        files: table.files,
        live_bytes: table.live_bytes,
        stale_bytes: table.stale_bytes,
        log_bytes: table.log_bytes,
        oldest: table.oldest.map(|time| time.to_string()),
        newest: table.newest.map(|time| time.to_string()),
    }
}

fn status(status: &Status, ui: &mut Ui) -> Result<(), Trouble> {
    match ui.format {
        Format::Json => ui.json(&WireStatus {
            records: status.records,
            ids: status.ids,
            index_bytes: status.index_bytes,
            pending_batch: status.pending_batch,
            bytes_a_record: status.bytes_a_record(),
            tables: status.tables.iter().map(wire).collect(),
        }),
        Format::Jsonl => status
            .tables
            .iter()
            .try_for_each(|table| ui.json(&wire(table))),
        Format::Csv => {
            ui.line("table,rows,files,live_bytes,stale_bytes,log_bytes,oldest,newest")?;
            status.tables.iter().try_for_each(|table| {
                ui.line(&csv_line(&cells(table, |number| number.to_string())))
            })
        }
        Format::Table => status_table(status, ui),
    }
}

fn cells(table: &TableStatus, number: fn(u64) -> String) -> Vec<String> {
    vec![
        table.name.to_owned(),
        number(table.rows),
        number(table.files),
        number(table.live_bytes),
        number(table.stale_bytes),
        number(table.log_bytes),
        table
            .oldest
            .map_or_else(String::new, |time| time.to_string()),
        table
            .newest
            .map_or_else(String::new, |time| time.to_string()),
    ]
}

fn status_table(status: &Status, ui: &mut Ui) -> Result<(), Trouble> {
    let each = status
        .bytes_a_record()
        .map_or_else(String::new, |bytes| format!(", {bytes:.1} bytes a record"));
    ui.heading(&format!("{} records{each}", thousands(status.records)))?;
    if let Some(batch) = status.pending_batch {
        ui.line(&format!(
            "batch {batch} is on its way: the next import completes it"
        ))?;
    }
    let mut table = Table::new(&[
        ("table", Align::Left),
        ("rows", Align::Right),
        ("files", Align::Right),
        ("bytes", Align::Right),
        ("stale bytes", Align::Right),
        ("log bytes", Align::Right),
        ("oldest (UTC)", Align::Left),
        ("newest (UTC)", Align::Left),
    ]);
    for one in &status.tables {
        table.row(cells(one, thousands));
    }
    let (head, rows) = table.lines();
    ui.heading(&head)?;
    rows.iter().try_for_each(|row| ui.line(row))
}

#[derive(Serialize)]
struct WireCompacted {
    merged: u64,
    written: u64,
    bytes_before: u64,
    bytes_after: u64,
    removed: u64,
}

fn compacted(done: Compacted, ui: &mut Ui) -> Result<(), Trouble> {
    if ui.format == Format::Table {
        return ui.line(&format!(
            "{} file(s) merged into {}: {} bytes before, {} after; {} old file(s) removed",
            thousands(done.merged),
            thousands(done.written),
            thousands(done.bytes_before),
            thousands(done.bytes_after),
            thousands(done.removed)
        ));
    }
    ui.json(&WireCompacted {
        merged: done.merged,
        written: done.written,
        bytes_before: done.bytes_before,
        bytes_after: done.bytes_after,
        removed: done.removed,
    })
}

#[derive(Serialize)]
struct WireVerified<'a> {
    files: u64,
    rows: u64,
    undigested: u64,
    faults: &'a [String],
}

fn verified(found: &Verified, ui: &mut Ui) -> Result<(), Trouble> {
    if ui.format != Format::Table {
        return ui.json(&WireVerified {
            files: found.files,
            rows: found.rows,
            undigested: found.undigested,
            faults: &found.faults,
        });
    }
    let verdict = if found.faults.is_empty() {
        "everything agrees"
    } else {
        "not everything agrees"
    };
    ui.heading(&format!(
        "{verdict}: {} row(s) in {} file(s) were read",
        thousands(found.rows),
        thousands(found.files)
    ))?;
    if found.undigested > 0 {
        ui.line(&format!(
            "  {} file(s) were written by an older version, which kept no digests: every page of them was unpacked, but nothing proves their bytes; `lake compact` writes most of them again, with digests",
            thousands(found.undigested)
        ))?;
    }
    found
        .faults
        .iter()
        .try_for_each(|fault| ui.line(&format!("  fault: {}", shown(fault))))
}
