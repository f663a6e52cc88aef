//! What a feed says of itself to be written down: its tickets, its changes, its cursor when it moved.

use crate::feed::{Change, Ticket};
use model::Gap;

/// The running notes of one feed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notebook {
    last_ticket: u64,
    changes: Vec<Change>,
    cursor: Option<String>,
}

impl Notebook {
    /// Returns notes that go on from a cursor.
    pub(crate) fn from(cursor: Option<String>) -> Self {
        Self {
            cursor,
            ..Self::default()
        }
    }

    /// Returns a ticket never given before.
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    /// Notes a change.
    pub(crate) fn note(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Notes a gap.
    pub(crate) fn gap(&mut self, gap: Gap) {
        if gap.from < gap.to {
            self.changes.push(Change::Gap(gap));
        }
    }

    /// Takes everything noted, the cursor last, when it is another one than before.
    pub(crate) fn take(&mut self, cursor: String) -> Vec<Change> {
        let mut changes = std::mem::take(&mut self.changes);
        if self.cursor.as_ref() != Some(&cursor) {
            changes.push(Change::Cursor(cursor.clone()));
            self.cursor = Some(cursor);
        }
        changes
    }
}
