//! Records whose surface is looked at before anything else of them is read.
//!
//! Looking twice at a record that is wanted after all costs more than it spares. So the records
//! of an operation are only peeked at while enough of them are let go.

use crate::session::bare;
use crate::shape;
use model::json;
use model::raw::SURFACE;
use model::{Place, Raw, Shape};

/// How far into a record its operation is looked for.
const NEAR: usize = 512;
/// How many counts there are; operations that share one only cost time.
const COUNTS: usize = 1024;
/// After so many records of an operation its counts are halved: what was worth it may change.
const LONG_AGO: u16 = 1 << 12;
/// One in so many must be let go for a peek to be worth it.
const WORTH: u16 = 4;
/// One in so many records is peeked at where it seemed not to be worth it.
const TRIED_AGAIN: u16 = 64;

/// How often records of an operation were peeked at, and how often let go.
#[derive(Clone, Copy, Default)]
struct Count {
    peeked: u16,
    let_go: u16,
    skipped: u16,
}

/// What is worth a peek.
pub(crate) struct Passing {
    counts: Vec<Count>,
    /// The count of the operation that was peeked at last.
    at: usize,
}

impl Default for Passing {
    fn default() -> Self {
        Self {
            counts: vec![Count::default(); COUNTS],
            at: 0,
        }
    }
}

impl Passing {
    /// Returns the surface of the unified audit record that a text begins with and how long it is,
    /// if it is plain enough and a look at it is worth the while.
    pub(crate) fn surface<'t>(&mut self, text: &'t str) -> Option<(Raw<'t>, usize)> {
        self.at = place(operation(text)?);
        if !self.counts[self.at].is_worth_it() {
            return None;
        }
        let (body, end) = json::peek(text, &SURFACE)?;
        let surface = bare(Shape::UnifiedAudit, body, Place::default());
        shape::is_unified(&surface.body).then_some((surface, end))
    }

    /// Notes whether the record that was peeked at last was let go.
    pub(crate) fn note(&mut self, is_let_go: bool) {
        let count = &mut self.counts[self.at];
        if count.peeked == LONG_AGO {
            count.peeked /= 2;
            count.let_go /= 2;
        }
        count.peeked += 1;
        count.let_go += u16::from(is_let_go);
    }
}

impl Count {
    fn is_worth_it(&mut self) -> bool {
        if self.let_go * WORTH >= self.peeked.saturating_sub(WORTH) {
            return true;
        }
        self.skipped = (self.skipped + 1) % TRIED_AGAIN;
        self.skipped == 0
    }
}

/// Returns what may be the operation of the record that a text begins with: an escaped quote can
/// never form these bytes inside a string, but an object further inside may have such a key too.
/// It only decides what is tried first.
fn operation(text: &str) -> Option<&[u8]> {
    const KEY: &[u8] = b"\"Operation\":\"";
    let near = &text.as_bytes()[..text.len().min(NEAR)];
    let from = memchr::memmem::find(near, KEY)? + KEY.len();
    let length = memchr::memchr(b'"', &near[from..])?;
    Some(&near[from..from + length])
}

fn place(operation: &[u8]) -> usize {
    let sum = operation.chunks(8).fold(0_u64, |sum, chunk| {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        (sum ^ u64::from_le_bytes(eight))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29)
    });
    sum as usize % COUNTS
}
