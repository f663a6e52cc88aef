//! Detection straight from evidence files: no lake, nothing written.

use super::spill::Spill;
use super::{DetectRequest, Detected, Everything, Setting, blind};
use crate::error::EngineError;
use crate::import::{FileReport, close, fault, warn, whereabouts};
use crate::inputs::{Input, inputs};
use crate::watch::{Progress, Watch};
use ::detect::{Run, Surface};
use evidence::{Options, ReadSeek};
use ledger::Ledger;
use model::{Event, Found, Json, NoticeKind, Raw, Shape};
use std::fs::File;
use std::io::{self, Seek};
use std::ops::ControlFlow;

/// How many records go by between two looks at the stop flag and two words on progress.
const RECORDS_A_LOOK: u64 = 4096;

/// Looks at the evidence that the request names.
pub fn detect_files(
    request: &DetectRequest,
    watch: &mut dyn Watch,
) -> Result<Detected, EngineError> {
    let ledger = request.folder.join("ledger.sqlite");
    let indicators = if ledger.exists() {
        Ledger::open(&ledger)?.indicators()?
    } else {
        Vec::new()
    };
    let mut setting = Setting::of(request, indicators)?;
    let mut detected = Detected::default();
    let mut run = setting.run(Spill::default());
    for input in inputs(&request.inputs)? {
        let report = read(&input, request, &mut run, &mut setting.rules, watch)?;
        let is_stopped = watch.stopped();
        watch.done(&report);
        detected.files.push(report);
        if is_stopped {
            detected.interrupted = true;
            break;
        }
    }
    let answer = setting.finish(run)?;
    detected.add(&answer);
    detected.is_empty = detected.records == 0;
    detected.settle(answer.findings);
    detected.blind = blind(&detected.sources, &setting);
    detected.places = ::detect::Places::about(&setting.places);
    detected.unusable = setting.unusable;
    Ok(detected)
}

/// Reads one input; one that cannot be read is told of and costs no other.
fn read(
    input: &Input,
    request: &DetectRequest,
    run: &mut Run<Spill>,
    rules: &mut Everything,
    watch: &mut dyn Watch,
) -> Result<FileReport, EngineError> {
    let path = input.name();
    let mut report = FileReport {
        path: path.clone(),
        ..FileReport::default()
    };
    let (mut source, of_bytes) = match open(input) {
        Ok(opened) => opened,
        Err(error) => {
            fault(&mut report, None, format!("cannot open it: {error}"));
            return Ok(report);
        }
    };
    let options = Options {
        format: None,
        name: path.clone(),
        depth: evidence::Depth::Glance,
    };
    let context = normalise::Context {
        tenant: request.tenant.as_deref(),
        extent: normalise::Extent::Fields,
    };
    let mut failure: Option<io::Error> = None;
    let mut seen = 0_u64;
    let summary = evidence::read(source.as_mut(), &options, &mut |found| {
        seen += 1;
        if seen.is_multiple_of(RECORDS_A_LOOK) {
            let progress = Progress {
                of_bytes,
                records: seen,
                ..Progress::default()
            };
            watch.reading(&path, progress);
            if watch.stopped() {
                return ControlFlow::Break(());
            }
        }
        let taken = match found {
            Found::Record(raw) => record(&raw, &context, &mut report, run, rules),
            Found::Reject(reject) => {
                report.rejected += 1;
                fault(&mut report, Some(&reject.place), reject.reason.clone());
                Ok(())
            }
            Found::Notice(notice) if notice.kind == NoticeKind::Error => {
                fault(&mut report, notice.place.as_ref(), notice.what.clone());
                Ok(())
            }
            Found::Notice(notice) => {
                warn(&mut report, notice.place.as_ref(), notice.what.clone());
                Ok(())
            }
        };
        match taken {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(failure) = failure {
        return Err(EngineError::Spool(failure));
    }
    match summary {
        Ok(summary) => {
            report.format = summary.format;
            close(&mut report, &summary.ended, input);
        }
        Err(error) => fault(&mut report, None, format!("cannot read it: {error}")),
    }
    Ok(report)
}

fn record(
    raw: &Raw<'_>,
    context: &normalise::Context<'_>,
    report: &mut FileReport,
    run: &mut Run<Spill>,
    rules: &mut Everything,
) -> io::Result<()> {
    if raw.shape == Shape::UnifiedAudit
        && let Some(surface) = normalise::surface(raw, context)
        && run.lets_go(&shown(&surface, raw), rules)
    {
        report.records += 1;
        return Ok(());
    }
    let understood = normalise::normalise(raw, context);
    for what in &understood.errors {
        fault(report, Some(&raw.place), what.clone());
    }
    if understood.damaged {
        report.rejected += 1;
    } else {
        report.records += 1;
    }
    let delivery = understood.delivery.as_ref();
    if raw.shape == Shape::UnifiedAudit {
        return run.take(&understood.event, &raw.body, delivery, rules);
    }
    let rest = model::json::parse(&understood.event.rest).map_or(Json::Null, |parsed| parsed.value);
    run.take(&understood.event, &rest, delivery, rules)
}

/// Returns the surface of a record as detection looks at it.
fn shown<'s>(surface: &'s normalise::Surface<'_>, raw: &'s Raw<'_>) -> Surface<'s> {
    let word = |key| raw.body.text(key).unwrap_or_default();
    Surface {
        tenant: surface.tenant.as_str(),
        time: surface.time,
        action: &surface.action,
        actor: surface.actor,
        workload: word("Workload"),
        client: word("ClientInfoString"),
        record_type: surface.record_type.unwrap_or(-1),
    }
}

/// Hands over every event of an input with its body and its place, until the visitor has enough.
pub(super) fn each_event(
    input: &Input,
    visit: &mut dyn FnMut(&Event<'_>, &Json<'_>, &str) -> bool,
) -> Result<(), EngineError> {
    let path = input.name();
    let (mut source, _) = open(input).map_err(|source| EngineError::Input {
        path: path.clone(),
        source,
    })?;
    let options = Options {
        name: path.clone(),
        ..Options::default()
    };
    evidence::read(source.as_mut(), &options, &mut |found| {
        let Found::Record(raw) = found else {
            return ControlFlow::Continue(());
        };
        let context = normalise::Context::default();
        let understood = normalise::normalise(&raw, &context);
        let rest =
            model::json::parse(&understood.event.rest).map_or(Json::Null, |parsed| parsed.value);
        let place = whereabouts(Some(&raw.place));
        if visit(&understood.event, &rest, &place) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })
    .map_err(|source| EngineError::Evidence { path, source })?;
    Ok(())
}

/// Opens an input; what comes from a pipe is put aside first, for a reader looks twice at some formats.
fn open(input: &Input) -> io::Result<(Box<dyn ReadSeek>, u64)> {
    let mut file = match input {
        Input::File(path) | Input::InFolder(path) => File::open(path)?,
        Input::Stdin => {
            let mut aside = tempfile::tempfile()?;
            io::copy(&mut io::stdin().lock(), &mut aside)?;
            aside
        }
    };
    file.rewind()?;
    let size = file.metadata()?.len();
    Ok((Box::new(file), size))
}
