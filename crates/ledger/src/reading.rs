//! A ledger that is only looked at.

use crate::{Ledger, LedgerError, using};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

impl Ledger {
    /// Opens a ledger that is there to be read: nothing can be written through it.
    pub fn open_to_read(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::Open {
            path: path.display().to_string(),
            source,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection
            .busy_timeout(Duration::from_secs(30))
            .map_err(failed)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(failed)?;
        Ok(Self { connection })
    }

    /// Returns a number that is another one as soon as somebody else has written.
    pub fn version(&self) -> Result<i64, LedgerError> {
        self.connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(using("see whether something changed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::trial::{ann, ledger};

    #[test]
    fn nothing_can_be_written_through_a_ledger_that_is_open_to_read() {
        let (folder, ledger) = ledger();
        let reading = Ledger::open_to_read(&folder.path().join("ledger.sqlite")).expect("opened");
        assert!(reading.add_account(&ann()).is_err());
        let before = reading.version().expect("asked");
        ledger.add_account(&ann()).expect("added");
        assert_ne!(reading.version().expect("asked"), before);
        assert_eq!(reading.accounts().expect("listed").len(), 1);
    }
}
