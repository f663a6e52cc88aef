//! What can go wrong while a document is written.

use std::io;

/// Why a document was not written; each message fits after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The bytes could not be written.
    #[error("write the document")]
    Write(#[from] io::Error),
    /// The rows of a table could not be read.
    #[error("read the rows of the table `{table}`")]
    Rows {
        /// The table's name.
        table: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The workbook could not be put together.
    #[error("put the workbook together")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The pages could not be set.
    #[error("set the pages: {0}")]
    Typeset(String),
}
