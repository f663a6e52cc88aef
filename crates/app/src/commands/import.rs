//! `breachscope import PATH...`.

use super::store_or_new;
use crate::cli::{Format, Global, ImportArgs};
use crate::error::{Code, Trouble};
use crate::progress::Watcher;
use crate::table::{Align, Table, csv_line, thousands};
use crate::ui::Ui;
use engine::{FORMATS, FileReport, ImportReport, ImportRequest, Said};
use model::shown::shown;
use serde::Serialize;

/// Takes evidence in and reports what became of each file.
pub(crate) fn run(args: &ImportArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    if args.list_formats {
        return list_formats(ui);
    }
    let request = ImportRequest {
        words: args.paths.clone(),
        format: args.read_as.as_deref().map(format).transpose()?,
        tenant: global.tenant.clone(),
    };
    let report = store_or_new(global)?.import(&request, &mut Watcher::new(ui))?;
    print(&report, ui)?;
    ui.flush()?;
    Ok(code(&report))
}

fn code(report: &ImportReport) -> Code {
    if report.interrupted {
        Code::Interrupted
    } else if report.is_whole() {
        Code::Ok
    } else {
        Code::Partial
    }
}

fn format(name: &str) -> Result<engine::Format, Trouble> {
    engine::format_named(name).ok_or_else(|| Trouble::Argument {
        what: format!("the format `{name}`"),
        hint: "list the formats with `breachscope import --list-formats`".to_owned(),
    })
}

fn list_formats(ui: &mut Ui) -> Result<Code, Trouble> {
    #[derive(Serialize)]
    struct Wire {
        format: &'static str,
        description: &'static str,
        example: &'static str,
    }
    let wire = FORMATS.iter().map(|format| Wire {
        format: format.name,
        description: format.description,
        example: format.example,
    });
    match ui.format {
        Format::Json => ui.json(&wire.collect::<Vec<_>>())?,
        Format::Jsonl => {
            for format in wire {
                ui.json(&format)?;
            }
        }
        Format::Csv => {
            ui.line("format,description,example")?;
            for format in wire {
                let cells = [format.format, format.description, format.example].map(str::to_owned);
                ui.line(&csv_line(&cells))?;
            }
        }
        Format::Table => {
            for format in wire {
                ui.heading(format.format)?;
                ui.line(&format!("    {}", format.description))?;
                for line in format.example.lines() {
                    ui.line(&format!("    | {line}"))?;
                }
            }
        }
    }
    ui.flush()?;
    Ok(Code::Ok)
}

/// The report as it is written; the names are part of the command's contract.
#[derive(Serialize)]
struct WireReport<'a> {
    files: Vec<WireFile<'a>>,
    new: u64,
    duplicates: u64,
    rejected: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    interrupted: bool,
}

#[derive(Serialize)]
struct WireFile<'a> {
    path: &'a str,
    format: &'a str,
    records: u64,
    duplicates: u64,
    rejected: u64,
    errors: Vec<WireSaid<'a>>,
    warnings: Vec<WireSaid<'a>>,
    /// How many errors and warnings are counted and not listed.
    #[serde(skip_serializing_if = "is_zero")]
    unlisted: u64,
}

#[derive(Serialize)]
struct WireSaid<'a> {
    r#where: &'a str,
    what: &'a str,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a field over by reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn wire(file: &FileReport) -> WireFile<'_> {
    WireFile {
        path: &file.path,
        format: &file.format,
        records: file.records,
        duplicates: file.duplicates,
        rejected: file.rejected,
        errors: wire_said(&file.errors),
        warnings: wire_said(&file.warnings),
        unlisted: unlisted(file),
    }
}

fn wire_said(said: &[Said]) -> Vec<WireSaid<'_>> {
    said.iter()
        .map(|said| WireSaid {
            r#where: &said.place,
            what: &said.what,
        })
        .collect()
}

fn unlisted(file: &FileReport) -> u64 {
    file.error_count + file.warning_count - (file.errors.len() + file.warnings.len()) as u64
}

fn print(report: &ImportReport, ui: &mut Ui) -> Result<(), Trouble> {
    match ui.format {
        Format::Json => ui.json(&WireReport {
            files: report.files.iter().map(wire).collect(),
            new: report.new,
            duplicates: report.duplicates,
            rejected: report.rejected,
            interrupted: report.interrupted,
        }),
        Format::Jsonl => report
            .files
            .iter()
            .try_for_each(|file| ui.json(&wire(file))),
        Format::Csv => {
            ui.line("path,format,records,duplicates,rejected,errors,warnings")?;
            report
                .files
                .iter()
                .try_for_each(|file| ui.line(&csv_line(&counts(file, |number| number.to_string()))))
        }
        Format::Table => table(report, ui),
    }
}

fn counts(file: &FileReport, number: fn(u64) -> String) -> Vec<String> {
    vec![
        file.path.clone(),
        file.format.clone(),
        number(file.records),
        number(file.duplicates),
        number(file.rejected),
        number(file.error_count),
        number(file.warning_count),
    ]
}

fn table(report: &ImportReport, ui: &mut Ui) -> Result<(), Trouble> {
    let records: u64 = report.files.iter().map(|file| file.records).sum();
    ui.heading(&format!(
        "{} new of {} records in {} file(s): {} known already, {} damaged",
        thousands(report.new),
        thousands(records),
        report.files.len(),
        thousands(report.duplicates),
        thousands(report.rejected)
    ))?;
    if report.interrupted {
        ui.line(if records + report.rejected == 0 {
            "interrupted before a record was read: nothing was taken in; run the same command again"
        } else {
            "interrupted: what was read is kept; run the same command again to go on"
        })?;
    }
    let mut table = Table::new(&[
        ("file", Align::Left),
        ("format", Align::Left),
        ("records", Align::Right),
        ("known", Align::Right),
        ("damaged", Align::Right),
        ("errors", Align::Right),
        ("warnings", Align::Right),
    ]);
    for file in &report.files {
        let mut row = counts(file, thousands);
        row[0] = tail(&row[0], 56);
        table.row(row);
    }
    ui.table(&table)?;
    report.files.iter().try_for_each(|file| said(file, ui))
}

/// Returns the end of a long path, where the name is.
fn tail(path: &str, longest: usize) -> String {
    let length = path.chars().count();
    if length <= longest {
        return path.to_owned();
    }
    let end: String = path.chars().skip(length - longest + 1).collect();
    format!("…{end}")
}

/// How many errors and warnings of a file are shown to eyes; `--format json` lists more.
const SHOWN: usize = 20;

fn said(file: &FileReport, ui: &mut Ui) -> Result<(), Trouble> {
    if file.error_count + file.warning_count == 0 {
        return Ok(());
    }
    ui.line("")?;
    ui.heading(&shown(&file.path))?;
    let both = [
        ("error", &file.errors, file.error_count),
        ("warning", &file.warnings, file.warning_count),
    ];
    for (kind, said, count) in both {
        for one in said.iter().take(SHOWN) {
            ui.line(&format!(
                "  {kind}: {}: {}",
                shown(&one.place),
                shown(&one.what)
            ))?;
        }
        let more = count - said.len().min(SHOWN) as u64;
        if more > 0 {
            ui.line(&format!("  and {} more {kind}(s)", thousands(more)))?;
        }
    }
    Ok(())
}
