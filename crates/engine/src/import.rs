//! Takes evidence in: keeps the bytes, reads the records, understands them, stores them once.
//!
//! The bytes of a file are in the raw store before its first record is read, and records
//! are read from there, so that what is stored can always be traced to bytes that are
//! kept, even when the file is still being written to. An import that is cut off is run
//! again from the start: the lake knows each record it holds and takes none twice.

use crate::clock;
use crate::error::EngineError;
use crate::inputs::{Input, inputs};
use crate::store::Store;
use crate::watch::{Progress, Watch};
use evidence::{Ended, Format, Options};
use lake::raw_store::{Kept, RawStoreError};
use lake::{Accepted, Origin, WriteLock, Writer};
use ledger::{FileRead, ImportId};
use model::{Event, Found, Notice, NoticeKind, Place, Raw, Reject, Timestamp};
use normalise::Context;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::rc::Rc;
use tracing::info;

/// What to take in.
#[derive(Clone, Debug, Default)]
pub struct ImportRequest {
    /// Files, folders, patterns, or `-`.
    pub words: Vec<String>,
    /// The format to read everything as, instead of finding it from the content.
    pub format: Option<Format>,
    /// The tenant of records that name none.
    pub tenant: Option<String>,
}

/// What an import made of everything it was given.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Each file, in the order it was read.
    pub files: Vec<FileReport>,
    /// Distinct whole records that are in the lake because of this import.
    pub new: u64,
    /// Records that were known already.
    pub duplicates: u64,
    /// Records that could not be read whole.
    pub rejected: u64,
    /// Whether the operator stopped it.
    pub interrupted: bool,
}

/// What an import made of one file.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// The path as given.
    pub path: String,
    /// What the file was read as.
    pub format: String,
    /// Whole records in it.
    pub records: u64,
    /// How many of them were not known before.
    pub new: u64,
    /// How many of them were known already.
    pub duplicates: u64,
    /// Records that could not be read whole; what could be saved of them is kept.
    pub rejected: u64,
    /// What could not be taken as it stands.
    pub errors: Vec<Said>,
    /// What is good to know.
    pub warnings: Vec<Said>,
    /// How many errors there were, those not listed included.
    pub error_count: u64,
    /// How many warnings there were, those not listed included.
    pub warning_count: u64,
}

/// Something said of a place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

/// How many errors and warnings of one file are listed; the rest is counted. Every damaged
/// record is in the lake's `rejects` in any case.
const LISTED: usize = 1000;

/// How many rows wait before they are committed: where a cut-off import is sure to go on from.
const ROWS_A_COMMIT: usize = 250_000;

impl ImportReport {
    /// Returns whether everything was taken in as it stood.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.interrupted && self.files.iter().all(|file| file.error_count == 0)
    }
}

impl Store {
    /// Takes in everything the request names.
    pub fn import(
        &self,
        request: &ImportRequest,
        watch: &mut dyn Watch,
    ) -> Result<ImportReport, EngineError> {
        let inputs = inputs(&request.words)?;
        let lock = self.lock(watch)?;
        let mut import = Import {
            request,
            intake: Intake::begin(self, &lock)?,
            report: ImportReport::default(),
        };
        for input in &inputs {
            let read = import.file(input, watch);
            if import.outcome(input, read)?.is_break() {
                import.report.interrupted = true;
                break;
            }
        }
        import.intake.end()?;
        let report = import.report;
        self.merge_small_files(&lock)?;
        Ok(report)
    }
}

/// One import under way.
struct Import<'a> {
    request: &'a ImportRequest,
    intake: Intake<'a>,
    report: ImportReport,
}

impl Import<'_> {
    fn file(
        &mut self,
        input: &Input,
        watch: &mut dyn Watch,
    ) -> Result<ControlFlow<()>, EngineError> {
        let path = input.name();
        let Some(kept) = self.keep(input, &path, watch)? else {
            return Ok(ControlFlow::Break(()));
        };
        let bytes = Bytes {
            kept: &kept,
            name: &path,
            format: self.request.format,
            tenant: self.request.tenant.as_deref(),
        };
        let (mut report, ended) = self.intake.read(&bytes, watch)?;
        let stopped = close(&mut report, &ended, input);
        self.intake.read_to_its_end(&kept, &report, !stopped);
        self.report.new += report.new;
        self.report.duplicates += report.duplicates;
        self.report.rejected += report.rejected;
        watch.done(&report);
        self.report.files.push(report);
        Ok(if stopped {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    /// One input that cannot be read is told of and costs no other; a store that fails ends the import.
    fn outcome(
        &mut self,
        input: &Input,
        read: Result<ControlFlow<()>, EngineError>,
    ) -> Result<ControlFlow<()>, EngineError> {
        let error = match read {
            Err(
                error @ (EngineError::Input { .. }
                | EngineError::Evidence { .. }
                | EngineError::Raw(RawStoreError::Source { .. })),
            ) => error,
            other => return other,
        };
        let mut report = FileReport {
            path: input.name(),
            format: "unread".to_owned(),
            ..FileReport::default()
        };
        fault(&mut report, None, unreadable(&error));
        self.report.files.push(report);
        Ok(ControlFlow::Continue(()))
    }

    /// Keeps the bytes of an input in the raw store; nothing when the operator stopped it.
    fn keep(
        &self,
        input: &Input,
        path: &str,
        watch: &mut dyn Watch,
    ) -> Result<Option<Kept>, EngineError> {
        let unreadable = |source| EngineError::Input {
            path: path.to_owned(),
            source,
        };
        let (mut source, of_bytes): (Box<dyn Read>, u64) = match input {
            Input::Stdin => (Box::new(io::stdin().lock()), 0),
            Input::Broken { why, .. } => return Err(unreadable(io::Error::other(why.clone()))),
            Input::File(place) | Input::InFolder(place) => {
                let file = File::open(place).map_err(unreadable)?;
                let size = file.metadata().map_err(unreadable)?.len();
                (Box::new(file), size)
            }
        };
        let mut progress = Progress {
            of_bytes,
            ..Progress::default()
        };
        let mut advance = |bytes| {
            progress.bytes += bytes;
            watch.keeping(path, progress);
            !watch.stopped()
        };
        let raw = &self.intake.store.raw;
        Ok(raw.keep(&mut source, path, clock::now(), &mut advance)?)
    }
}

/// Says why an input could not be read, with its causes.
pub(crate) fn unreadable(error: &EngineError) -> String {
    let mut what = format!("cannot {error}");
    let mut cause = error.source();
    while let Some(nearer) = cause {
        what = format!("{what}: {nearer}");
        cause = nearer.source();
    }
    what
}

/// Bytes in the raw store, and how they are to be read.
pub(crate) struct Bytes<'b> {
    /// What they are kept as.
    pub(crate) kept: &'b Kept,
    /// What they are called.
    pub(crate) name: &'b str,
    /// The format to read them as, instead of finding it from the content.
    pub(crate) format: Option<Format>,
    /// The tenant of records that name none.
    pub(crate) tenant: Option<&'b str>,
}

/// The one way of bytes into the lake, wherever they came from: read, understood, stored once.
pub(crate) struct Intake<'a> {
    store: &'a Store,
    import: ImportId,
    writer: Writer<'a>,
    /// Files whose records are accepted and not yet durable: the ledger hears of them after the commit.
    uncommitted: Vec<FileRead>,
    /// The earliest record of each tenant that waits to be committed: detection will want to see it.
    fresh: BTreeMap<String, Timestamp>,
}

impl<'a> Intake<'a> {
    /// Begins to take in, as the holder of the write lock.
    pub(crate) fn begin(store: &'a Store, lock: &'a WriteLock) -> Result<Self, EngineError> {
        store.raw.sweep()?;
        Ok(Self {
            store,
            import: store.ledger.begin_import(clock::now())?,
            writer: store.runtime.block_on(store.lake.writer(lock))?,
            uncommitted: Vec::new(),
            fresh: BTreeMap::new(),
        })
    }

    /// Reads bytes of the raw store and takes their records in.
    pub(crate) fn read(
        &mut self,
        bytes: &Bytes<'_>,
        watch: &mut dyn Watch,
    ) -> Result<(FileReport, Ended), EngineError> {
        let read = Rc::new(Cell::new(0));
        let mut source = Counted {
            inner: self.store.raw.read(&bytes.kept.sha256)?,
            read: Rc::clone(&read),
        };
        let options = Options {
            format: bytes.format,
            name: bytes.name.to_owned(),
            depth: evidence::Depth::Whole,
        };
        let mut reading = Reading {
            intake: self,
            bytes,
            read,
            report: FileReport {
                path: bytes.name.to_owned(),
                ..FileReport::default()
            },
            watch,
            failure: None,
            seen: 0,
        };
        let summary = evidence::read(&mut source, &options, &mut |found| reading.take(found));
        let (mut report, failure) = (reading.report, reading.failure);
        if let Some(failure) = failure {
            return Err(failure);
        }
        let summary = summary.map_err(|source| EngineError::Evidence {
            path: bytes.name.to_owned(),
            source,
        })?;
        report.format = summary.format;
        Ok((report, summary.ended))
    }

    /// Notes, with the next commit, what was read.
    pub(crate) fn read_to_its_end(&mut self, kept: &Kept, report: &FileReport, finished: bool) {
        self.uncommitted.push(FileRead {
            path: report.path.clone(),
            sha256: kept.sha256.clone(),
            size_bytes: kept.size_bytes,
            format: report.format.clone(),
            records: report.records,
            duplicates: report.duplicates,
            rejected: report.rejected,
            errors: report.error_count,
            finished,
        });
    }

    /// Commits what is left, and ends.
    pub(crate) fn end(mut self) -> Result<(), EngineError> {
        self.commit()?;
        Ok(self.store.ledger.end_import(self.import, clock::now())?)
    }

    fn note(&mut self, event: &Event<'_>) {
        // An undated record can bear on anything.
        let time = event.time.unwrap_or(Timestamp(i64::MIN / 2));
        match self.fresh.get_mut(event.tenant.as_str()) {
            Some(since) => *since = time.min(*since),
            None => {
                self.fresh.insert(event.tenant.as_str().to_owned(), time);
            }
        }
    }

    fn note_fresh(&self, fresh: &BTreeMap<String, Timestamp>) -> Result<(), EngineError> {
        for (tenant, since) in fresh {
            self.store.ledger.note_fresh(tenant, *since)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        // Before the rows are there: a notice too many costs a run of detection, one too few a finding.
        let fresh = std::mem::take(&mut self.fresh);
        self.note_fresh(&fresh)?;
        self.store.runtime.block_on(self.writer.commit())?;
        // And behind it: a detection that ran between the two saw none of them.
        self.note_fresh(&fresh)?;
        for file in self.uncommitted.drain(..) {
            info!(
                file.path = file.path,
                file.sha256 = file.sha256,
                size_bytes = file.size_bytes,
                "took in {} records of `{}`",
                file.records,
                file.path
            );
            self.store.ledger.note_file(self.import, &file)?;
        }
        Ok(())
    }
}

/// One file being read.
struct Reading<'i, 'a, 'w> {
    intake: &'i mut Intake<'a>,
    bytes: &'i Bytes<'i>,
    read: Rc<Cell<u64>>,
    report: FileReport,
    watch: &'w mut dyn Watch,
    failure: Option<EngineError>,
    seen: u64,
}

/// How many records go by between two looks at the stop flag and two words on progress.
const RECORDS_A_LOOK: u64 = 1024;

impl Reading<'_, '_, '_> {
    fn take(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let taken = match found {
            Found::Record(raw) => self.record(&raw),
            Found::Reject(reject) => self.reject(&reject),
            Found::Notice(notice) => {
                self.say(&notice);
                Ok(())
            }
        };
        match taken.and_then(|()| self.look()) {
            Ok(flow) => flow,
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }

    fn record(&mut self, raw: &Raw<'_>) -> Result<(), EngineError> {
        let context = Context {
            tenant: self.bytes.tenant,
            ..Context::default()
        };
        let understood = normalise::normalise(raw, &context);
        let origin = Origin {
            file: &self.bytes.kept.sha256,
            place: &raw.place,
        };
        let accepted = self.intake.writer.accept(&understood, &origin)?;
        for what in &understood.errors {
            self.error(Some(&raw.place), what.clone());
        }
        if understood.damaged {
            self.report.rejected += 1;
            return Ok(());
        }
        self.report.records += 1;
        match accepted {
            Accepted::New => {
                self.report.new += 1;
                self.intake.note(&understood.event);
            }
            Accepted::Duplicate | Accepted::Fuller => self.report.duplicates += 1,
            Accepted::Conflict => {
                self.report.duplicates += 1;
                let id = model::shown::shown(understood.event.id.as_str()).into_owned();
                self.error(
                    Some(&raw.place),
                    format!("another record with the id `{id}` and different content was read before: both are kept, this one in `conflicts`"),
                );
            }
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject<'_>) -> Result<(), EngineError> {
        let origin = Origin {
            file: &self.bytes.kept.sha256,
            place: &reject.place,
        };
        self.intake.writer.reject(reject, &origin)?;
        self.report.rejected += 1;
        self.error(Some(&reject.place), reject.reason.clone());
        Ok(())
    }

    /// Commits where enough has gathered, tells of progress, and asks whether to go on.
    fn look(&mut self) -> Result<ControlFlow<()>, EngineError> {
        if self.intake.writer.waiting() >= ROWS_A_COMMIT {
            self.intake.commit()?;
        }
        self.seen += 1;
        if !self.seen.is_multiple_of(RECORDS_A_LOOK) {
            return Ok(ControlFlow::Continue(()));
        }
        let progress = Progress {
            bytes: self.read.get(),
            of_bytes: self.bytes.kept.size_bytes,
            records: self.report.records,
        };
        self.watch.reading(&self.report.path, progress);
        Ok(if self.watch.stopped() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn say(&mut self, notice: &Notice) {
        match notice.kind {
            NoticeKind::Error => self.error(notice.place.as_ref(), notice.what.clone()),
            NoticeKind::Warning => {
                warn(&mut self.report, notice.place.as_ref(), notice.what.clone());
            }
        }
    }

    fn error(&mut self, place: Option<&Place>, what: String) {
        fault(&mut self.report, place, what);
    }
}

/// Says how the reading of a file ended, and returns whether the operator stopped it.
pub(crate) fn close(report: &mut FileReport, ended: &Ended, input: &Input) -> bool {
    match ended {
        Ended::Read => {
            if report.records + report.rejected == 0
                && report.error_count == 0
                && report.warning_count == 0
            {
                warn(report, None, "no records in it".to_owned());
            }
            false
        }
        Ended::Stopped => true,
        Ended::Empty => {
            fault(report, None, "the file is empty".to_owned());
            false
        }
        // A folder holds what it holds; a file that was named was meant as evidence.
        Ended::NotEvidence(reason) if matches!(input, Input::InFolder(_)) => {
            warn(report, None, format!("left out, not evidence: {reason}"));
            false
        }
        Ended::NotEvidence(reason) => {
            fault(report, None, format!("not evidence: {reason}"));
            false
        }
    }
}

pub(crate) fn fault(report: &mut FileReport, place: Option<&Place>, what: String) {
    report.error_count += 1;
    if report.errors.len() < LISTED {
        report.errors.push(Said {
            place: whereabouts(place),
            what,
        });
    }
}

pub(crate) fn warn(report: &mut FileReport, place: Option<&Place>, what: String) {
    report.warning_count += 1;
    if report.warnings.len() < LISTED {
        report.warnings.push(Said {
            place: whereabouts(place),
            what,
        });
    }
}

pub(crate) fn whereabouts(place: Option<&Place>) -> String {
    let Some(place) = place else {
        return "file".to_owned();
    };
    let inside = match &place.member {
        Some(member) => format!("{}, ", model::shown::shown(member)),
        None => String::new(),
    };
    format!("{inside}line {}, byte {}", place.line, place.offset)
}

/// A reader that counts, for the progress bar.
struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
