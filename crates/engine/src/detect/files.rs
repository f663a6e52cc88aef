//! Detection straight from evidence files: no lake, nothing written.

use super::spill::Spill;
use super::{DetectRequest, Detected, Everything, Setting, blind};
use crate::error::EngineError;
use crate::import::{FileReport, close, fault, warn, whereabouts};
use crate::inputs::{Input, inputs};
use crate::watch::{Progress, Watch};
use ::detect::{Run, Surface};
use evidence::{Options, ReadSeek, Visitor};
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
    let mut taking = Taking {
        path: &path,
        of_bytes,
        seen: 0,
        next_look: RECORDS_A_LOOK,
        context: &context,
        report: &mut report,
        run,
        rules,
        watch,
        failure: None,
        is_wanted: false,
    };
    let summary = evidence::read_for(source.as_mut(), &options, &mut taking);
    let failure = taking.failure;
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

/// Takes what is found in one input.
struct Taking<'t> {
    path: &'t str,
    of_bytes: u64,
    seen: u64,
    next_look: u64,
    context: &'t normalise::Context<'t>,
    report: &'t mut FileReport,
    run: &'t mut Run<Spill>,
    rules: &'t mut Everything,
    watch: &'t mut dyn Watch,
    failure: Option<io::Error>,
    /// Whether the record that comes next was asked for already.
    is_wanted: bool,
}

impl Visitor for Taking<'_> {
    fn found(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let is_wanted = std::mem::take(&mut self.is_wanted);
        let taken = match found {
            Found::Record(raw) => {
                let is_let_go =
                    raw.shape == Shape::UnifiedAudit && !is_wanted && self.lets_go(&raw);
                self.is_wanted = false;
                if is_let_go { Ok(()) } else { self.record(&raw) }
            }
            Found::Reject(reject) => {
                self.report.rejected += 1;
                fault(self.report, Some(&reject.place), reject.reason.clone());
                Ok(())
            }
            Found::Notice(notice) if notice.kind == NoticeKind::Error => {
                fault(self.report, notice.place.as_ref(), notice.what.clone());
                Ok(())
            }
            Found::Notice(notice) => {
                warn(self.report, notice.place.as_ref(), notice.what.clone());
                Ok(())
            }
        };
        if let Err(error) = taken {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        self.look_up()
    }

    fn lets_go(&mut self, raw: &Raw<'_>) -> bool {
        let Some(surface) = normalise::surface(raw, self.context) else {
            return false;
        };
        let is_let_go = self.run.lets_go(&shown(&surface, raw), self.rules);
        self.is_wanted = !is_let_go;
        if is_let_go {
            self.seen += 1;
            self.report.records += 1;
        }
        is_let_go
    }
}

impl Taking<'_> {
    fn record(&mut self, raw: &Raw<'_>) -> io::Result<()> {
        let understood = normalise::normalise(raw, self.context);
        for what in &understood.errors {
            fault(self.report, Some(&raw.place), what.clone());
        }
        if understood.damaged {
            self.report.rejected += 1;
        } else {
            self.report.records += 1;
        }
        let (event, delivery) = (&understood.event, understood.delivery.as_ref());
        if raw.shape == Shape::UnifiedAudit {
            return self.run.take(event, &raw.body, delivery, self.rules);
        }
        let rest = model::json::parse(&event.rest).map_or(Json::Null, |parsed| parsed.value);
        self.run.take(event, &rest, delivery, self.rules)
    }

    /// Says how far reading is, now and then, and hears whether it is to stop. Records that are
    /// let go may have passed the mark unseen.
    fn look_up(&mut self) -> ControlFlow<()> {
        self.seen += 1;
        if self.seen < self.next_look {
            return ControlFlow::Continue(());
        }
        self.next_look = self.seen + RECORDS_A_LOOK;
        let progress = Progress {
            of_bytes: self.of_bytes,
            records: self.seen,
            ..Progress::default()
        };
        self.watch.reading(self.path, progress);
        if self.watch.stopped() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
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
        Input::Broken { why, .. } => return Err(io::Error::other(why.clone())),
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
