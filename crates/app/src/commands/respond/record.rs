//! The record of acts, and whether it holds.

use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv};
use crate::ui::Ui;
use engine::ActRecord;
use serde::Serialize;

#[derive(Serialize)]
struct WireAct<'a> {
    number: u64,
    at: String,
    tenant: &'a str,
    act: serde_json::Value,
    digest: &'a str,
    signature: &'a str,
}

const HEADS: [&str; 8] = [
    "number", "at", "by", "act", "action", "object", "result", "plan",
];

pub(super) fn ledger(record: &ActRecord, verify: bool, ui: &mut Ui) -> Result<Code, Trouble> {
    let wire: Vec<WireAct<'_>> = record
        .acts
        .iter()
        .map(|act| WireAct {
            number: act.number,
            at: act.at.to_string(),
            tenant: &act.tenant,
            act: serde_json::from_str(&act.body)
                .unwrap_or_else(|_| serde_json::Value::String(act.body.clone())),
            digest: &act.digest,
            signature: &act.signature,
        })
        .collect();
    let text = |act: &WireAct<'_>, key: &str| {
        let value = act.act.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let row = |act: &WireAct<'_>| {
        let object = act
            .act
            .pointer("/object/name")
            .and_then(serde_json::Value::as_str);
        vec![
            act.number.to_string(),
            act.at.clone(),
            text(act, "by"),
            text(act, "act"),
            text(act, "action"),
            object.unwrap_or_default().to_owned(),
            text(act, "result"),
            text(act, "plan").chars().take(12).collect(),
        ]
    };
    match ui.format {
        Format::Json => ui.json(&wire)?,
        Format::Jsonl => wire.iter().try_for_each(|act| ui.json(act))?,
        Format::Csv => {
            ui.line(&csv(&HEADS))?;
            for act in &wire {
                let cells = row(act);
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                ui.line(&csv(&cells))?;
            }
        }
        Format::Table => {
            let heads = HEADS.map(|head| {
                let align = if head == "number" {
                    Align::Right
                } else {
                    Align::Left
                };
                (head, align)
            });
            let mut table = Table::new(&heads);
            for act in &wire {
                table.row(row(act));
            }
            ui.table(&table)?;
        }
    }
    if !verify {
        return Ok(Code::Ok);
    }
    if record.breaks.is_empty() {
        ui.say(&format!(
            "{} acts, chained and signed by {}: none was changed, taken out, put in or moved",
            record.acts.len(),
            record.key
        ));
        return Ok(Code::Ok);
    }
    for what in &record.breaks {
        ui.warn(what);
    }
    Ok(Code::Verification)
}
