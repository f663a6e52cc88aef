//! The cloud's records in the orders in which services look for them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::record::{Micros, Record, Stream};
use crate::world::World;

/// Every record's place, by tenant and stream.
#[derive(Debug)]
pub(crate) struct Shelves {
    times: BTreeMap<(usize, Stream), Vec<usize>>,
    arrivals: BTreeMap<(usize, Stream), Vec<usize>>,
    names: BTreeMap<String, Vec<usize>>,
}

impl Shelves {
    pub(crate) fn new(world: &World) -> Self {
        let mut times: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        let mut names: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, record) in world.records.iter().enumerate() {
            let shelf = (record.tenant, record.stream);
            times.entry(shelf).or_default().push(place);
            names.entry(record.id.clone()).or_default().push(place);
        }
        let mut arrivals = times.clone();
        for shelf in times.values_mut() {
            shelf.sort_by_key(|place| (world.records[*place].time, *place));
        }
        for shelf in arrivals.values_mut() {
            shelf.sort_by_key(|place| (world.records[*place].available, *place));
        }
        Self {
            times,
            arrivals,
            names,
        }
    }

    /// Puts a record that came later in its places; `record` looks others up.
    pub(crate) fn add<'a>(&mut self, row: usize, record: impl Fn(usize) -> &'a Record) {
        let new = record(row);
        let shelf = (new.tenant, new.stream);
        let times = self.times.entry(shelf).or_default();
        let place = times.partition_point(|known| record(*known).time <= new.time);
        times.insert(place, row);
        let arrivals = self.arrivals.entry(shelf).or_default();
        let place = arrivals.partition_point(|known| record(*known).available <= new.available);
        arrivals.insert(place, row);
        self.names.entry(new.id.clone()).or_default().push(row);
    }

    /// Returns what happened in a span, whether or not it has arrived, oldest first.
    pub(crate) fn happened<'a>(
        &self,
        record: impl Fn(usize) -> &'a Record,
        (tenant, stream): (usize, Stream),
        span: Range<Micros>,
    ) -> &[usize] {
        let Some(shelf) = self.times.get(&(tenant, stream)) else {
            return &[];
        };
        let time = |place: &usize| record(*place).time;
        let from = shelf.partition_point(|place| time(place) < span.start);
        let to = shelf.partition_point(|place| time(place) < span.end);
        shelf.get(from..to).unwrap_or_default()
    }

    /// Returns a whole shelf, as it arrived.
    pub(crate) fn arrivals(&self, tenant: usize, stream: Stream) -> &[usize] {
        self.arrivals
            .get(&(tenant, stream))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the records of an id: those of several streams may share one.
    pub(crate) fn named(&self, id: &str) -> &[usize] {
        self.names.get(id).map_or(&[], Vec::as_slice)
    }
}
