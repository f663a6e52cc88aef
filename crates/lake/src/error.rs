//! Why the lake could not do what it was asked.
//!
//! The engines below are not named in these types: their errors are carried as causes only.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// The cause of a failure, as the engine below told it.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why the lake could not do what it was asked; each message fits after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file or folder of the lake cannot be used.
    #[error("use `{path}`")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A table's log cannot be read or written.
    #[error("read or write the log of the table `{table}`")]
    Log {
        /// The table.
        table: &'static str,
        /// What Delta said.
        #[source]
        source: Cause,
    },
    /// Rows cannot be written.
    #[error("write rows of the table `{table}`")]
    Rows {
        /// The table.
        table: &'static str,
        /// What Arrow or Parquet said.
        #[source]
        source: Cause,
    },
    /// The journal of a batch cannot be understood.
    #[error("understand the journal `{path}`")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Cause,
    },
    /// A query cannot be planned or run.
    #[error("run the query")]
    Query(#[source] Cause),
    /// A statement would change something, or reach outside the lake.
    #[error(
        "run `{what}`: the lake answers SELECT, EXPLAIN, SHOW and DESCRIBE only; records come in by `import`"
    )]
    ReadOnly {
        /// What it would do.
        what: String,
    },
    /// Files are gone that the query was to read, most likely to a compaction.
    #[error(
        "finish reading: files are gone, most likely to a compaction; ask again, and verify the lake if they stay away"
    )]
    Moved(#[source] Cause),
    /// The bytes of a file are not those that were written.
    #[error("trust `{path}`: its bytes have the digest {found}, and were written with {written}")]
    Changed {
        /// The file's path in the lake.
        path: String,
        /// The digest that it was written with.
        written: String,
        /// The digest that it has.
        found: String,
    },
    /// The lock given belongs to another lake.
    #[error("write to the lake with a lock of another lake")]
    WrongLock,
    /// This writer failed before; what it wrote is completed or removed when the lake is opened next.
    #[error("go on writing after a failure: open the lake again")]
    Unfinished,
    /// A test asked to stop here.
    #[cfg(test)]
    #[error("go on: a test stops here")]
    StoppedByTest,
}

impl LakeError {
    /// Returns a closure that says which file or folder an I/O error was about.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns a closure that says which table's log a failure was about.
    pub(crate) fn log<E: Into<Cause>>(table: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Log {
            table,
            source: source.into(),
        }
    }

    /// Returns a closure that says which table's rows a failure was about.
    pub(crate) fn rows<E: Into<Cause>>(table: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Rows {
            table,
            source: source.into(),
        }
    }

    /// Tells a query that lost its files to a compaction from one that is wrong.
    pub(crate) fn query<E: Into<Cause>>(source: E) -> Self {
        let source = source.into();
        if names_a_missing_file(source.as_ref()) {
            Self::Moved(source)
        } else {
            Self::Query(source)
        }
    }
}

fn names_a_missing_file(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let is_not_found = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
        // Reading a file's description, DataFusion keeps nothing but the text of the cause.
        if is_not_found
            || error
                .to_string()
                .contains("Object Store error: Object at location")
        {
            return true;
        }
        cause = error.source();
    }
    false
}
