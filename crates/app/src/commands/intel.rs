//! `breachscope intel import|list|expire`.

use super::{store, store_or_new};
use crate::cli::{Format, Global, IntelArgs, IntelVerb};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, csv_line, thousands};
use crate::ui::Ui;
use engine::{IntelImport, IntelLine};
use model::shown::shown;
use serde::Serialize;

/// Does what is asked with the indicators.
pub(crate) fn run(args: &IntelArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let code = match &args.verb {
        IntelVerb::Import { paths } => imported(&store_or_new(global)?.intel_import(paths)?, ui)?,
        IntelVerb::List => {
            list(&store(global)?.intel()?, ui)?;
            Code::Ok
        }
        IntelVerb::Expire { values } => expired(store(global)?.intel_expire(values)?, ui)?,
    };
    ui.flush()?;
    Ok(code)
}

fn imported(report: &IntelImport, ui: &mut Ui) -> Result<Code, Trouble> {
    for one in &report.unread {
        let path = shown(&one.path).into_owned();
        let text = match shown(&one.text).as_ref() {
            "" => String::new(),
            text => format!(" `{text}`"),
        };
        ui.warn(&format!("{path}, line {}:{text} {}", one.at, one.why));
    }
    let read = counted(report.read, "indicator", "indicators");
    let new = thousands(report.new);
    match ui.format {
        Format::Table => ui.line(&format!("{read} read, {new} of them new"))?,
        Format::Csv => {
            ui.line("read,new,unread")?;
            ui.line(&format!(
                "{},{},{}",
                report.read,
                report.new,
                report.unread.len()
            ))?;
        }
        Format::Json | Format::Jsonl => ui.json(&serde_json::json!({
            "read": report.read,
            "new": report.new,
            "unread": report.unread.len(),
        }))?,
    }
    ui.say("the next `breachscope detect` looks back over the whole lake for them");
    Ok(if report.unread.is_empty() {
        Code::Ok
    } else {
        Code::Partial
    })
}

fn expired(many: u64, ui: &mut Ui) -> Result<Code, Trouble> {
    match ui.format {
        Format::Json | Format::Jsonl => ui.json(&serde_json::json!({ "expired": many }))?,
        Format::Csv => ui.line(&format!("expired\n{many}"))?,
        Format::Table if many == 0 => {
            ui.line("no indicator has this value or came from this file")?;
        }
        Format::Table => {
            let many = counted(many, "indicator", "indicators");
            ui.line(&format!("{many} expired"))?;
        }
    }
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct Wire<'a> {
    kind: &'a str,
    value: &'a str,
    note: &'a str,
    source: &'a str,
    imported: String,
    expires: Option<String>,
}

fn wire(line: &IntelLine) -> Wire<'_> {
    Wire {
        kind: &line.kind,
        value: &line.value,
        note: &line.note,
        source: &line.source,
        imported: line.imported.to_string(),
        expires: line.expires.map(|time| time.to_string()),
    }
}

const HEADS: [&str; 6] = ["kind", "value", "note", "source", "imported", "expires"];

fn list(lines: &[IntelLine], ui: &mut Ui) -> Result<(), Trouble> {
    let cells = |line: &IntelLine| {
        let wire = wire(line);
        let texts = [wire.kind, wire.value, wire.note, wire.source].map(str::to_owned);
        let times = [wire.imported, wire.expires.unwrap_or_default()];
        texts.into_iter().chain(times).collect::<Vec<_>>()
    };
    match ui.format {
        Format::Json => ui.json(&lines.iter().map(wire).collect::<Vec<_>>())?,
        Format::Jsonl => {
            for line in lines {
                ui.json(&wire(line))?;
            }
        }
        Format::Csv => {
            ui.line(&HEADS.join(","))?;
            for line in lines {
                ui.line(&csv_line(&cells(line)))?;
            }
        }
        Format::Table => {
            let mut table = Table::new(&HEADS.map(|head| (head, Align::Left)));
            for line in lines {
                table.row(cells(line));
            }
            ui.table(&table)?;
        }
    }
    Ok(())
}
