//! `breachscope show RECORD-ID`.

use super::store;
use crate::cli::{Format, Global, ShowArgs};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table};
use crate::ui::Ui;
use engine::Shown;
use model::shown::shown;
use serde::Serialize;
use std::collections::BTreeMap;

/// Prints a record as it was understood beside the record as it was received.
pub(crate) fn run(args: &ShowArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let records = store(global)?.show(&args.id)?;
    match ui.format {
        Format::Table | Format::Csv => {
            for record in &records {
                both_sides(record, ui)?;
            }
        }
        Format::Json => ui.json(&records.iter().map(wire).collect::<Vec<_>>())?,
        Format::Jsonl => {
            for record in &records {
                ui.json(&wire(record))?;
            }
        }
    }
    ui.flush()?;
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct WireShown<'a> {
    table: &'a str,
    understood: BTreeMap<&'a str, &'a str>,
    /// The record, taken out of whatever stood around it.
    original: serde_json::Value,
    original_text: &'a str,
    source: WireSource<'a>,
}

#[derive(Serialize)]
struct WireSource<'a> {
    sha256: &'a str,
    member: Option<&'a str>,
    offset: u64,
    paths: Vec<&'a str>,
}

fn wire(record: &Shown) -> WireShown<'_> {
    WireShown {
        table: &record.table,
        understood: record
            .columns
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect(),
        original: record
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default(),
        original_text: &record.original,
        source: WireSource {
            sha256: &record.sha256,
            member: record.member.as_deref(),
            offset: record.offset,
            paths: record
                .origins
                .iter()
                .map(|origin| origin.name.as_str())
                .collect(),
        },
    }
}

fn both_sides(record: &Shown, ui: &mut Ui) -> Result<(), Trouble> {
    let understood: Vec<String> = record
        .columns
        .iter()
        .filter(|(name, _)| name != "rest")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let received = pretty(record.body.as_deref().unwrap_or(&record.original));
    let mut table =
        Table::new(&[("as understood", Align::Left), ("as received", Align::Left)]).widest(78);
    for at in 0..understood.len().max(received.len()) {
        let cell = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
        table.row(vec![cell(&understood), cell(&received)]);
    }
    ui.heading(&format!("in table `{}`", record.table))?;
    ui.table(&table)?;
    ui.line("")?;
    let member = record
        .member
        .as_deref()
        .map_or_else(String::new, |member| format!(", in {}", shown(member)));
    ui.line(&format!(
        "source: SHA-256 {}{member}, byte {}",
        record.sha256, record.offset
    ))?;
    for origin in &record.origins {
        ui.line(&format!(
            "  imported from {} at {}",
            shown(&origin.name),
            origin.time
        ))?;
        let holds = |part: &&engine::Part| {
            (part.offset..part.offset + part.size_bytes).contains(&record.offset)
        };
        if let Some(part) = origin.parts.iter().find(holds) {
            let named = match part.request_id.as_str() {
                "" => String::new(),
                id => format!(", request-id {}", shown(id)),
            };
            ui.line(&format!(
                "    in the answer to {}, received {}{named}",
                shown(&part.asked),
                part.received
            ))?;
        }
    }
    ui.line("")
}

/// Returns the lines of a JSON record indented, and of anything else as they are.
fn pretty(original: &str) -> Vec<String> {
    let text = serde_json::from_str::<serde_json::Value>(original)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| original.to_owned());
    text.lines().map(str::to_owned).collect()
}
