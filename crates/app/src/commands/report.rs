//! `breachscope report`.

use super::store;
use crate::cli::{FormatArg, Global, ProfileArg, ReportArgs};
use crate::error::{Code, Trouble};
use crate::ui::Ui;
use engine::{EngineError, Profile, Redaction, Report, ReportFormat};
use model::shown::shown;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a case in every form that is asked for.
pub(crate) fn run(args: &ReportArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let formats = formats(&global.format)?;
    let store = store(global)?;
    let found = match &args.snapshot {
        Some(snapshot) => store.work_snapshot(&args.case, snapshot)?,
        None => store.work_case(&args.case)?,
    };
    let report = Report {
        found: &found,
        profile: profile(args.profile),
        redaction: if args.redact {
            Redaction::SubjectsAndAddresses
        } else {
            Redaction::None
        },
    };
    let written = |source| EngineError::Written {
        path: args.out.clone(),
        source,
    };
    fs::create_dir_all(&args.out).map_err(written)?;
    let whole: Vec<&str> = formats.iter().copied().filter_map(whole_always).collect();
    if report.profile != Profile::Legal && !whole.is_empty() {
        ui.warn(&format!(
            "{} is the same for every profile: a profile decides the sections of a page and of a workbook, and this has none",
            whole.join(", ")
        ));
    }
    for format in formats {
        let path = args
            .out
            .join(format!("{}.{}", name(args), format.extension()));
        write(&report, format, &path)?;
        ui.line(&shown(&path.display().to_string()))?;
    }
    ui.flush()?;
    if found.coverage.is_complete() {
        return Ok(Code::Ok);
    }
    ui.warn(&shown(&found.coverage.sentence));
    Ok(Code::Incomplete)
}

/// Returns the forms that are asked for; without any, the page.
fn formats(asked: &[FormatArg]) -> Result<Vec<ReportFormat>, Trouble> {
    if asked == [FormatArg::Table] {
        return Ok(vec![ReportFormat::Html]);
    }
    asked
        .iter()
        .map(|format| match format {
            FormatArg::Html => Ok(ReportFormat::Html),
            FormatArg::Pdf => Ok(ReportFormat::Pdf),
            FormatArg::Xlsx => Ok(ReportFormat::Xlsx),
            FormatArg::Csv => Ok(ReportFormat::Csv),
            FormatArg::Json => Ok(ReportFormat::Json),
            FormatArg::Timesketch => Ok(ReportFormat::Timesketch),
            FormatArg::Table | FormatArg::Jsonl => Err(Trouble::Argument {
                what: "the format of a report".to_owned(),
                hint: "choose among html, pdf, xlsx, csv, json, timesketch".to_owned(),
            }),
        })
        .collect()
}

/// Returns the name of a form that no profile shortens.
fn whole_always(format: ReportFormat) -> Option<&'static str> {
    match format {
        ReportFormat::Csv | ReportFormat::Json | ReportFormat::Timesketch => {
            Some(format.extension())
        }
        ReportFormat::Html | ReportFormat::Pdf | ReportFormat::Xlsx => None,
    }
}

fn profile(typed: ProfileArg) -> Profile {
    match typed {
        ProfileArg::Legal => Profile::Legal,
        ProfileArg::Exec => Profile::Exec,
        ProfileArg::User => Profile::User,
        ProfileArg::Insurer => Profile::Insurer,
    }
}

/// Returns the name of a report's files; one that hides says nothing of the person either.
fn name(args: &ReportArgs) -> String {
    if args.redact {
        "report-redacted".to_owned()
    } else {
        args.case.clone()
    }
}

/// Writes one form beside its place and moves it there whole.
pub(super) fn write(report: &Report<'_>, format: ReportFormat, path: &Path) -> Result<(), Trouble> {
    let written = |source| EngineError::Written {
        path: path.to_owned(),
        source,
    };
    let partial = path.with_added_extension("partial");
    let mut out = BufWriter::new(File::create(&partial).map_err(written)?);
    report.write(format, &mut out)?;
    out.flush().map_err(written)?;
    drop(out);
    fs::rename(&partial, path).map_err(written)?;
    Ok(())
}
