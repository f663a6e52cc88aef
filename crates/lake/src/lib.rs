//! The lake: every record once, in tables that any reader of Delta can open.
//!
//! The only room that names DataFusion and Delta; nothing of theirs is in its interface.
//! It stores what it is given and answers questions about it: what a record means is
//! decided by `normalise`, what to ask by `engine`.
//!
//! | folder or file | what it holds |
//! |---|---|
//! | `unified`, `signins`, ... | one Delta table a record family, parted by tenant |
//! | `mail_items` | a row for each message or folder that an event names |
//! | `conflicts` | events whose id was known with another body |
//! | `rejects` | what could not be read whole |
//! | `ids.log` | the index of ids of a large lake, which can be made again from the tables |
//! | `digests` | the SHA-256 of every file of the tables, see `digests` |
//! | `pending` | the journal of a batch on its way, see `batch` |
//! | `.lock` | who may write |

mod batch;
mod cells;
mod chunk;
mod columns;
mod compact;
mod contents;
mod datafile;
mod digests;
mod error;
mod files;
mod index;
mod lake;
mod lock;
mod log;
pub mod raw_store;
mod read;
mod record;
mod row;
mod session;
#[cfg(test)]
mod specimen;
mod sql;
mod status;
mod tables;
mod touched;
mod verify;
mod versions;
mod writer;

pub use cells::{Cell, Rows};
pub use compact::Compacted;
pub use error::LakeError;
pub use lake::Lake;
pub use lock::WriteLock;
pub use read::{DeliveryRecord, Detail, Marks, RejectedRecord};
pub use record::StoredRecord;
pub use status::{Status, TableStatus};
pub use touched::{MailFilter, NameOf, Touched};
pub use verify::Verified;
pub use versions::Versions;
pub use writer::{Accepted, Origin, Writer};
