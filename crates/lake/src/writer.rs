//! Taking records in: each once, a batch at a time, all tables together or none.

use crate::batch::{self, Fault, Journal, Order};
use crate::chunk::{Chunk, sorted};
use crate::datafile::{DataFile, Purpose, Sealed};
use crate::error::LakeError;
use crate::index::{self, Entry, Ids, Key, Seen};
use crate::log;
use crate::row::{EventRow, PlaceRow, RejectRow, Row, odd_spelling};
use crate::tables::Table;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use model::{Normalised, Place, Reject};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Where a record came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The SHA-256 of the source file in the raw store, in hexadecimal.
    pub file: &'a str,
    /// Where in it the record stands.
    pub place: &'a Place,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is new and kept.
    New,
    /// The lake has it.
    Duplicate,
    /// The lake has its id with another body: this one is kept among the conflicts.
    Conflict,
    /// The lake has a copy that lost columns on its way: this fuller one is kept beside it,
    /// in the same place as conflicts.
    Fuller,
}

/// Takes records in while it holds the write lock; what is not committed is as if it never came.
pub struct Writer<'a> {
    root: &'a Path,
    ids: Ids,
    batch: i64,
    fresh: Vec<Entry>,
    parts: BTreeMap<Table, BTreeMap<String, Part>>,
    sealed: BTreeMap<String, Vec<Sealed>>,
    files: usize,
    rows: usize,
    memory: usize,
    scratch: Scratch,
    state: State,
    fault: Fault,
}

/// Rows of one table and tenant that are not durable yet.
struct Part {
    chunk: Chunk,
    /// Full chunks, as long as they are few enough for a small file.
    held: Vec<RecordBatch>,
    held_bytes: usize,
    open: Option<DataFile>,
    /// What chunks and file take, as last counted.
    memory: usize,
}

impl Part {
    fn new(table: Table) -> Self {
        Self {
            chunk: Chunk::new(table),
            held: Vec::new(),
            held_bytes: 0,
            open: None,
            memory: 0,
        }
    }

    fn is_small(&self) -> bool {
        let held: usize = self.held.iter().map(RecordBatch::num_rows).sum();
        self.open.is_none()
            && held + self.chunk.rows() <= ROWS_A_SMALL_FILE
            && self.held_bytes + self.chunk.bytes() <= BYTES_A_SMALL_FILE
    }
}

/// Texts that are made for each record, kept to be used again.
#[derive(Default)]
struct Scratch {
    address: String,
    time: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    /// Taking in or committing failed on the way: what came of it is completed or removed by
    /// whoever opens the lake next.
    Failed,
}

/// How many rows, and how many bytes of them, are packed at a time: few enough to stay in a
/// processor's cache between being gathered and being packed.
const ROWS_A_CHUNK: usize = 2048;
const BYTES_A_CHUNK: usize = 1 << 20;

/// Up to how many rows, and bytes of them, wait to be sorted and written as one small file.
const ROWS_A_SMALL_FILE: usize = 16_384;
const BYTES_A_SMALL_FILE: usize = 8 << 20;

/// How much memory rows on their way may take before the largest file is ended.
const MEMORY: usize = 96 << 20;

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("batch", &self.batch)
            .field("waiting", &self.rows)
            .finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    /// Makes a writer of a lake in which nothing is pending.
    pub(crate) fn new(root: &'a Path, ids: Ids, last_batch: i64) -> Self {
        Self {
            root,
            ids,
            batch: last_batch + 1,
            fresh: Vec::new(),
            parts: BTreeMap::new(),
            sealed: BTreeMap::new(),
            files: 0,
            rows: 0,
            memory: 0,
            scratch: Scratch::default(),
            state: State::Sound,
            fault: Fault::default(),
        }
    }

    /// Takes a record in, unless the lake has it.
    pub fn accept(
        &mut self,
        found: &Normalised<'_>,
        origin: &Origin<'_>,
    ) -> Result<Accepted, LakeError> {
        self.must_be_sound()?;
        let event = &found.event;
        let entry = Entry {
            key: Key::of_record(event.tenant.as_str(), event.source, event.id.as_str()),
            body: index::short(event.fingerprint),
        };
        let (table, accepted) = match self.ids.enter(entry) {
            Seen::Same => return Ok(Accepted::Duplicate),
            Seen::Never => (Table::Events(event.family), Accepted::New),
            Seen::Differs => (Table::Conflicts, Accepted::Conflict),
            Seen::Poorer => (Table::Conflicts, Accepted::Fuller),
        };
        self.fresh.push(entry);
        // Set before and taken back after: a record half taken in must not be committed.
        self.state = State::Failed;
        self.store(table, found, origin)?;
        self.state = State::Sound;
        Ok(accepted)
    }

    /// Takes in what could not be read whole; returns whether it is new.
    pub fn reject(&mut self, reject: &Reject<'_>, origin: &Origin<'_>) -> Result<bool, LakeError> {
        self.must_be_sound()?;
        let place = place_row(origin);
        let entry = Entry {
            key: Key::of_reject(place.file, place.member, place.offset),
            body: 0,
        };
        if self.ids.enter(entry) != Seen::Never {
            return Ok(false);
        }
        self.fresh.push(entry);
        let row = RejectRow {
            reject,
            place,
            text: String::from_utf8_lossy(&reject.bytes),
        };
        let row = Row {
            event: None,
            item: None,
            delivery: None,
            reject: Some(&row),
        };
        self.state = State::Failed;
        self.push(Table::Rejects, "", &row)?;
        self.state = State::Sound;
        Ok(true)
    }

    /// Returns how many rows are not committed yet.
    pub fn waiting(&self) -> usize {
        self.rows
    }

    /// Makes everything taken in so far durable and visible, in all tables at once.
    pub async fn commit(&mut self) -> Result<(), LakeError> {
        self.must_be_sound()?;
        if self.fresh.is_empty() {
            return Ok(());
        }
        self.state = State::Failed;
        for (table, tenants) in std::mem::take(&mut self.parts) {
            for (tenant, part) in tenants {
                self.seal(table, &tenant, part)?;
            }
        }
        let journal = Journal::new(self.batch, std::mem::take(&mut self.sealed));
        let frame = index::framed(self.batch, &self.fresh);
        journal.happen(self.root, &frame, self.fault).await?;
        self.fresh.clear();
        self.batch += 1;
        (self.files, self.rows, self.memory) = (0, 0, 0);
        self.state = State::Sound;
        Ok(())
    }

    fn must_be_sound(&self) -> Result<(), LakeError> {
        if self.state == State::Sound {
            Ok(())
        } else {
            Err(LakeError::Unfinished)
        }
    }

    /// Puts an event into its table and what it names into the table of mail items.
    fn store(
        &mut self,
        table: Table,
        found: &Normalised<'_>,
        origin: &Origin<'_>,
    ) -> Result<(), LakeError> {
        let event = &found.event;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.address.clear();
        if let Some(address) = event.address {
            // Writing to a String cannot fail.
            let _ = write!(scratch.address, "{address}");
        }
        let time_text = odd_spelling(&event.time_text, event.time, &mut scratch.time);
        let event_row = EventRow {
            event,
            place: place_row(origin),
            address: &scratch.address,
            time_text,
        };
        let tenant = event.tenant.as_str();
        let row = Row {
            event: Some(&event_row),
            item: None,
            delivery: found.delivery.as_ref(),
            reject: None,
        };
        self.push(table, tenant, &row)?;
        for item in &found.items {
            let row = Row {
                event: Some(&event_row),
                item: Some(item),
                delivery: None,
                reject: None,
            };
            self.push(Table::MailItems, tenant, &row)?;
        }
        self.scratch = scratch;
        Ok(())
    }

    fn push(&mut self, table: Table, tenant: &str, row: &Row<'_>) -> Result<(), LakeError> {
        let tenants = self.parts.entry(table).or_default();
        if !tenants.contains_key(tenant) {
            tenants.insert(tenant.to_owned(), Part::new(table));
        }
        let Some(part) = tenants.get_mut(tenant) else {
            return Ok(());
        };
        let before = part.chunk.bytes();
        part.chunk.push(row);
        let grown = part.chunk.bytes() - before;
        part.memory += grown;
        self.memory += grown;
        self.rows += 1;
        if part.chunk.rows() >= ROWS_A_CHUNK || part.chunk.bytes() >= BYTES_A_CHUNK {
            self.pack(table, tenant)?;
        }
        if self.memory > MEMORY {
            self.relieve()
        } else {
            Ok(())
        }
    }

    /// Packs the full chunk of a part into its file, or holds it while a small file may do.
    fn pack(&mut self, table: Table, tenant: &str) -> Result<(), LakeError> {
        let Some(part) = self
            .parts
            .get_mut(&table)
            .and_then(|tenants| tenants.get_mut(tenant))
        else {
            return Ok(());
        };
        let (small, bytes) = (part.is_small(), part.chunk.bytes());
        let rows = part.chunk.take().map_err(LakeError::rows(table.name()))?;
        if small {
            part.held.push(rows);
            part.held_bytes += bytes;
            return Ok(());
        }
        if part.open.is_none() {
            let folder = made_folder(self.root, table)?;
            let name = batch::file_name(self.batch, self.files, Order::AsTheyCame);
            self.files += 1;
            let schema = table.file_schema();
            part.open = Some(DataFile::create(
                &folder,
                name,
                table,
                named(tenant),
                schema,
                Purpose::Stream,
            )?);
        }
        let Some(open) = &mut part.open else {
            return Ok(());
        };
        for rows in part.held.drain(..).chain([rows]) {
            open.write(&rows)?;
        }
        part.held_bytes = 0;
        self.memory -= part.memory;
        part.memory = open.memory();
        self.memory += part.memory;
        Ok(())
    }

    /// Ends the file that takes most memory, so that what comes next has room.
    fn relieve(&mut self) -> Result<(), LakeError> {
        let largest = self
            .parts
            .iter()
            .flat_map(|(table, tenants)| {
                tenants
                    .iter()
                    .map(move |(tenant, part)| (part.memory, *table, tenant))
            })
            .max();
        let Some((_, table, tenant)) = largest else {
            return Ok(());
        };
        let tenant = tenant.clone();
        let part = self
            .parts
            .get_mut(&table)
            .and_then(|tenants| tenants.remove(&tenant));
        part.map_or(Ok(()), |part| self.seal(table, &tenant, part))
    }

    /// Makes the rows of a part durable.
    fn seal(&mut self, table: Table, tenant: &str, mut part: Part) -> Result<(), LakeError> {
        self.memory -= part.memory;
        let folder = made_folder(self.root, table)?;
        let rows = part.chunk.take().map_err(LakeError::rows(table.name()))?;
        let sealed = if let Some(mut open) = part.open {
            open.write(&rows)?;
            open.seal(&folder)?
        } else {
            part.held.push(rows);
            let rows = concat_batches(&table.file_schema(), &part.held)
                .and_then(|rows| sorted(&rows, table))
                .map_err(LakeError::rows(table.name()))?;
            let name = batch::file_name(self.batch, self.files, Order::Sorted);
            self.files += 1;
            DataFile::write_small(&folder, name, table, named(tenant), &rows)?
        };
        self.sealed
            .entry(table.name().to_owned())
            .or_default()
            .push(sealed);
        Ok(())
    }
}

fn place_row<'r>(origin: &Origin<'r>) -> PlaceRow<'r> {
    let Place {
        member,
        offset,
        length,
        line,
    } = origin.place;
    PlaceRow {
        file: origin.file,
        member: member.as_deref().unwrap_or_default(),
        offset: *offset,
        length: *length,
        line: *line,
    }
}

/// Returns the tenant as the log knows it: Delta cannot tell an empty partition value from none.
fn named(tenant: &str) -> Option<String> {
    (!tenant.is_empty()).then(|| tenant.to_owned())
}

pub(crate) fn made_folder(root: &Path, table: Table) -> Result<std::path::PathBuf, LakeError> {
    let folder = log::folder(root, table);
    std::fs::create_dir_all(&folder).map_err(LakeError::file(&folder))?;
    Ok(folder)
}

#[cfg(test)]
mod tests;
