//! The records that a case cites, where they lie in the files they came in, and their text.

use crate::error::EngineError;
use crate::investigate::Investigation;
use crate::store::Store;
use lake::Cell;
use lake::raw_store::{Origin, Part};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

/// The tables that records are cited from.
const TABLES: [&str; 9] = [
    "unified",
    "signins",
    "directory_audits",
    "risk",
    "alerts",
    "messages",
    "other",
    "conflicts",
    "rejects",
];

/// Where one record lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    length: u64,
    table: &'static str,
    record: String,
}

/// The records that a case cites, by the file and the member of it that they came in.
#[derive(Debug, Default)]
pub(super) struct Cited {
    places: BTreeMap<(String, String), Vec<Place>>,
}

/// One raw record as a pack holds it.
#[derive(Serialize)]
struct WireRaw<'a> {
    record_id: &'a str,
    table: &'static str,
    source_sha256: &'a str,
    member: &'a str,
    offset: u64,
    length: u64,
    text: &'a str,
}

impl Store {
    /// Finds every record that a case cites.
    pub(super) fn cited_records(&self, found: &Investigation) -> Result<Cited, EngineError> {
        let wanted = wanted(found)?;
        let mut cited = Cited::default();
        for table in TABLES {
            let whose = if table == "rejects" {
                // What could not be read whole names no tenant.
                String::new()
            } else {
                let tenant = found.brief.tenant.replace('\'', "''");
                format!(" WHERE tenant = '{tenant}' OR tenant IS NULL")
            };
            let query =
                format!("SELECT record_id, file, member, \"offset\", length FROM {table}{whose}");
            self.rows(&query, &mut |row| {
                if let [Cell::Text(record), Cell::Text(file), member, offset, length] = row
                    && wanted.contains(record)
                {
                    let number = |cell: &Cell| cell.to_string().parse().unwrap_or(0);
                    let member = match member {
                        Cell::Text(member) => member.clone(),
                        _ => String::new(),
                    };
                    let place = Place {
                        offset: number(offset),
                        length: number(length),
                        table,
                        record: record.clone(),
                    };
                    cited
                        .places
                        .entry((file.clone(), member))
                        .or_default()
                        .push(place);
                }
            })?;
        }
        cited.places.values_mut().for_each(|places| places.sort());
        Ok(cited)
    }

    /// Writes the text of every cited record as it was received, one a line.
    pub(super) fn write_raw(&self, cited: &Cited, out: &mut dyn Write) -> Result<(), EngineError> {
        for ((file, member), places) in &cited.places {
            let unreadable = |source| EngineError::Input {
                path: file.clone(),
                source,
            };
            let of_member = (!member.is_empty()).then_some(member.as_str());
            let raw = Box::new(self.raw.read(file)?);
            let mut text =
                evidence::decoded(raw, of_member).map_err(|source| EngineError::Evidence {
                    path: file.clone(),
                    source,
                })?;
            let mut at = 0;
            let mut piece: Vec<u8> = Vec::new();
            let mut piece_at = 0;
            for place in places {
                // Records may share their bytes: a cell can hold several documents.
                let is_inside = place.offset >= piece_at
                    && place.offset + place.length <= piece_at + piece.len() as u64;
                if !is_inside {
                    if place.offset < at {
                        // What lies across the piece before is read from the beginning again.
                        let raw = Box::new(self.raw.read(file)?);
                        text = evidence::decoded(raw, of_member).map_err(|source| {
                            EngineError::Evidence {
                                path: file.clone(),
                                source,
                            }
                        })?;
                        at = 0;
                    }
                    let skipped = (&mut text).take(place.offset - at);
                    io::copy(&mut { skipped }, &mut io::sink()).map_err(unreadable)?;
                    piece.clear();
                    (&mut text)
                        .take(place.length)
                        .read_to_end(&mut piece)
                        .map_err(unreadable)?;
                    piece_at = place.offset;
                    at = place.offset + piece.len() as u64;
                }
                let from = (place.offset - piece_at) as usize;
                let to = (from + place.length as usize).min(piece.len());
                let bytes = piece.get(from..to).unwrap_or_default();
                write_line(out, file, member, place, &String::from_utf8_lossy(bytes))?;
            }
        }
        Ok(())
    }

    /// Writes the files that cited records came in, with their digests and origins.
    pub(super) fn write_sources(
        &self,
        cited: &Cited,
        out: &mut dyn Write,
    ) -> Result<(), EngineError> {
        let files: BTreeSet<&String> = cited.places.keys().map(|(file, _)| file).collect();
        let mut rows = vec![
            [
                "sha256",
                "size_bytes",
                "name",
                "asked",
                "request_id",
                "received",
            ]
            .map(str::to_owned)
            .to_vec(),
        ];
        for file in files {
            let kept = self.raw.describe(file)?;
            let of_file = cited.places.iter().filter(|((of, _), _)| of == file);
            let cited: BTreeSet<u64> = of_file
                .flat_map(|(_, places)| places.iter().map(|place| place.offset))
                .collect();
            // A file that was imported again is the same evidence: its first name stands, and when
            // this program was given it says nothing of what it holds.
            let is_collected = |origin: &&Origin| !origin.parts.is_empty();
            let given = kept.origins.iter().find(|origin| origin.parts.is_empty());
            let origins = kept.origins.iter().filter(is_collected).chain(given);
            for origin in origins {
                let row = |part: [&str; 3]| {
                    let mut row = vec![
                        file.clone(),
                        kept.size_bytes.to_string(),
                        origin.name.clone(),
                    ];
                    row.extend(part.map(str::to_owned));
                    row
                };
                // Of what was collected, the answers that hold a record that is cited.
                let holds = |part: &&Part| {
                    cited
                        .range(part.offset..part.offset + part.size_bytes)
                        .next()
                        .is_some()
                };
                let parts = origin.parts.iter().filter(holds);
                rows.extend(parts.map(|part| row([&part.asked, &part.request_id, &part.received])));
                if origin.parts.is_empty() {
                    rows.push(row([""; 3]));
                }
            }
        }
        super::sheets::write(&rows, out)
    }
}

fn write_line(
    out: &mut dyn Write,
    file: &str,
    member: &str,
    place: &Place,
    text: &str,
) -> Result<(), EngineError> {
    let line = WireRaw {
        record_id: &place.record,
        table: place.table,
        source_sha256: file,
        member,
        offset: place.offset,
        length: place.length,
        text,
    };
    serde_json::to_writer(&mut *out, &line)
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .map_err(EngineError::Spool)
}

/// Returns the ids of every record that stands behind a sentence of the case.
fn wanted(found: &Investigation) -> Result<BTreeSet<String>, EngineError> {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    found.messages.each(&mut |judged| {
        wanted.extend(judged.records.iter().cloned());
        ControlFlow::Continue(())
    })?;
    let attribution = &found.attribution;
    let of_contexts = attribution
        .contexts
        .iter()
        .flat_map(|context| context.reasons.iter().flat_map(|reason| &reason.records));
    let of_pivots = attribution.pivots.iter().flat_map(|pivot| &pivot.records);
    let of_evictions = attribution
        .evictions
        .iter()
        .map(|eviction| &eviction.record);
    let of_gaps = found.coverage.gaps.iter().flat_map(|gap| &gap.records);
    let of_rules = found.rules.versions.iter().flat_map(|rule| &rule.records);
    let of_files = found.outflow.files.iter().flat_map(|file| &file.records);
    let of_moments = found.timeline.iter().flat_map(|moment| &moment.records);
    let of_proposals = attribution
        .proposals
        .iter()
        .flat_map(|proposal| &proposal.records);
    let of_warnings = found
        .outflow
        .third_parties
        .iter()
        .flat_map(|party| &party.records);
    for context in &attribution.contexts {
        let steps = attribution.why(&context.id);
        wanted.extend(steps.into_iter().flat_map(|step| step.records));
    }
    wanted.extend(
        of_contexts
            .chain(of_pivots)
            .chain(of_evictions)
            .chain(of_gaps)
            .chain(of_rules)
            .chain(of_files)
            .chain(of_moments)
            .chain(of_proposals)
            .chain(of_warnings)
            .chain(found.outflow.sent.iter().map(|sent| &sent.record))
            .chain(found.outflow.searches.iter().map(|search| &search.record))
            .chain(found.outflow.discovery.iter().map(|one| &one.record))
            .cloned(),
    );
    Ok(wanted)
}
