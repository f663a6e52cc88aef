//! Content: the unified audit log in blobs, in the order in which its records arrive, with the
//! faults that lie on blobs and records.

use std::collections::BTreeMap;

use crate::faults::{Fault, Faults, Site, hash};
use crate::record::{ContentType, Micros, Record, Stream};
use crate::service::Service;
use crate::shelf::Shelves;
use crate::stamp::{self, DAY, MINUTE, SECOND};
use crate::world::World;

/// A blob is closed this long after its first record arrived, full or not.
const SPAN: Micros = 5 * MINUTE;

/// How long content can be fetched.
pub(crate) const LIFE: Micros = 7 * DAY;

/// A piece of content.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) id: String,
    pub(crate) created: Micros,
    /// When it can be listed: with a fault later than it says it was created.
    pub(crate) listable: Micros,
    pub(crate) fate: Fate,
    pub(crate) rows: Vec<usize>,
}

/// What a blob answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its records.
    Good,
    /// AF20051.
    Expired,
    /// AF20050.
    Missing,
}

/// Every blob of every tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Library {
    shelves: BTreeMap<(usize, ContentType), Vec<Blob>>,
    by_id: BTreeMap<(usize, String), (ContentType, Micros)>,
}

impl Library {
    /// Lays out the records of a world.
    pub(crate) fn new(
        world: &World,
        shelves: &Shelves,
        faults: &Faults,
        blob_records: usize,
    ) -> Self {
        let mut library = Self::default();
        for (tenant, name) in world.tenants.iter().enumerate() {
            for content in ContentType::ALL {
                let rows = shelves.arrivals(tenant, Stream::Unified(content));
                // What came later lies in blobs of its own, so that no other changes.
                let rows = rows.iter().filter(|row| **row < world.records.len());
                let rows: Vec<usize> = rows.copied().collect();
                let parts = parts(world, &rows, blob_records.max(1));
                let maker = Maker {
                    world,
                    faults,
                    tenant: &name.id,
                    content,
                };
                let blobs = maker.blobs(parts);
                for blob in &blobs {
                    let key = (tenant, blob.id.clone());
                    library.by_id.insert(key, (content, blob.created));
                }
                library.shelves.insert((tenant, content), blobs);
            }
        }
        library
    }

    /// Adds a record that came into being later: the nth, in a blob of its own.
    pub(crate) fn add(
        &mut self,
        (world, faults): (&World, &Faults),
        (number, row): (usize, usize),
        record: &Record,
    ) {
        let Stream::Unified(content) = record.stream else {
            return;
        };
        let maker = Maker {
            world,
            faults,
            tenant: &world.tenants[record.tenant].id,
            content,
        };
        let blob = maker.blob(900_000 + number, record.available, vec![row]);
        let key = (record.tenant, blob.id.clone());
        self.by_id.insert(key, (content, blob.created));
        let blobs = self.shelves.entry((record.tenant, content)).or_default();
        let place =
            blobs.partition_point(|known| (known.created, &known.id) < (blob.created, &blob.id));
        blobs.insert(place, blob);
    }

    /// Returns the blobs of a content type, by their creation.
    pub(crate) fn blobs(&self, tenant: usize, content: ContentType) -> &[Blob] {
        self.shelves
            .get(&(tenant, content))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the blobs of a content type that were created in a span.
    pub(crate) fn created(
        &self,
        tenant: usize,
        content: ContentType,
        from: Micros,
        to: Micros,
    ) -> &[Blob] {
        let blobs = self.blobs(tenant, content);
        let first = blobs.partition_point(|blob| blob.created < from);
        let last = blobs.partition_point(|blob| blob.created < to);
        blobs.get(first..last).unwrap_or_default()
    }

    /// Returns a blob by its id.
    pub(crate) fn find(&self, tenant: usize, id: &str) -> Option<(ContentType, &Blob)> {
        let (content, created) = self.by_id.get(&(tenant, id.to_owned()))?;
        let blobs = self.blobs(tenant, *content);
        let place = blobs.partition_point(|blob| (blob.created, blob.id.as_str()) < (*created, id));
        let blob = blobs.get(place).filter(|blob| blob.id == id)?;
        Some((*content, blob))
    }
}

/// Cuts what arrived into blobs.
fn parts(world: &World, rows: &[usize], blob_records: usize) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut begun = Micros::MIN;
    for row in rows {
        let available = world.records[*row].available;
        let open = parts
            .last_mut()
            .filter(|part| part.len() < blob_records && available - begun < SPAN);
        if let Some(part) = open {
            part.push(*row);
        } else {
            parts.push(vec![*row]);
            begun = available;
        }
    }
    parts
}

struct Maker<'a> {
    world: &'a World,
    faults: &'a Faults,
    tenant: &'a str,
    content: ContentType,
}

impl Maker<'_> {
    fn blobs(&self, parts: Vec<Vec<usize>>) -> Vec<Blob> {
        let mut blobs = Vec::new();
        let mut again: Vec<usize> = Vec::new();
        for (number, mut part) in parts.into_iter().enumerate() {
            let created = self.arrived(&part);
            let copies: Vec<usize> = part
                .iter()
                .copied()
                .filter(|row| self.doubled(*row))
                .collect();
            part.extend(std::mem::replace(&mut again, copies));
            self.reorder(&mut part);
            let blob = self.blob(number, created, part);
            blobs.extend(self.redelivered(number, &blob));
            blobs.push(blob);
        }
        blobs.sort_by(|left, right| (left.created, &left.id).cmp(&(right.created, &right.id)));
        blobs
    }

    fn blob(&self, number: usize, created: Micros, rows: Vec<usize>) -> Blob {
        let id = self.id(number, created);
        let site = self.site("content", &id);
        let late = self.faults.laid_on(Fault::Late, &site);
        let late = late.map_or(0, |rule| rule.seconds.unwrap_or(3600) as i64 * SECOND);
        let fate = if self.faults.laid_on(Fault::Expired, &site).is_some() {
            Fate::Expired
        } else if self.faults.laid_on(Fault::Missing, &site).is_some() {
            Fate::Missing
        } else {
            Fate::Good
        };
        Blob {
            id,
            created,
            listable: created + late,
            fate,
            rows,
        }
    }

    /// Old records come again, under another id.
    fn redelivered(&self, number: usize, blob: &Blob) -> Option<Blob> {
        let site = self.site("content", &blob.id);
        let rule = self.faults.laid_on(Fault::Redeliver, &site)?;
        let after = rule
            .seconds
            .map_or(5 * DAY, |seconds| seconds as i64 * SECOND);
        let created = blob.created + after;
        Some(Blob {
            id: self.id(500_000 + number, created),
            created,
            listable: created,
            fate: Fate::Good,
            rows: blob.rows.clone(),
        })
    }

    fn doubled(&self, row: usize) -> bool {
        let site = self.site("record", &self.world.records[row].id);
        self.faults.laid_on(Fault::Duplicate, &site).is_some()
    }

    fn reorder(&self, rows: &mut [usize]) {
        let site = self.site("blob", &rows.len().to_string());
        if self.faults.laid_on(Fault::Reorder, &site).is_some() {
            rows.sort_by_key(|row| hash(1, self.world.records[*row].id.as_bytes()));
        }
    }

    fn arrived(&self, rows: &[usize]) -> Micros {
        rows.last()
            .map_or(0, |row| self.world.records[*row].available)
    }

    fn site(&self, call: &'static str, name: &str) -> Site {
        Site::thing(Service::Manage, call, self.tenant, name)
    }

    /// `20260301120000000000012$20260301120000000000012$audit_exchange$Audit_Exchange$emea0012`.
    fn id(&self, number: usize, created: Micros) -> String {
        let name = self.content.name().replace('.', "_");
        let stamp = format!("{}{number:06}", stamp::digits(created));
        format!("{stamp}${stamp}${}${name}$emea0012", name.to_lowercase())
    }
}
