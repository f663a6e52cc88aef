//! The columns of a report's tables, and which of them are for paper.
//!
//! Paper shows what a reader decides by; what only leads back to the records is left to
//! the other formats, where a reader can sort and search.

use ::report::{Column, Kind};
use Place::{Annex, Everywhere};

/// Where a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In every format.
    Everywhere,
    /// In every format but on paper.
    Annex,
}

/// A column's heading, what its cells are, and where it is shown.
pub(super) type Head = (&'static str, Kind, Place);

/// Returns the columns as the document has them.
pub(super) fn of(heads: &[Head]) -> Vec<Column> {
    heads
        .iter()
        .map(|(name, kind, place)| {
            let column = Column::new(*name, *kind);
            match place {
                Everywhere => column,
                Annex => column.screen_only(),
            }
        })
        .collect()
}

pub(super) const MESSAGE: [Head; 14] = [
    ("Class", Kind::Class, Everywhere),
    ("First access", Kind::Time, Everywhere),
    ("Last access", Kind::Time, Annex),
    ("Times", Kind::Number, Annex),
    ("Subject", Kind::Text, Everywhere),
    ("From", Kind::Text, Everywhere),
    ("To", Kind::List, Annex),
    ("Received", Kind::Time, Annex),
    ("Folders", Kind::List, Everywhere),
    ("Why", Kind::Text, Annex),
    ("Tags", Kind::List, Annex),
    ("Message-ID", Kind::Id, Everywhere),
    ("Contexts", Kind::List, Annex),
    ("Records", Kind::List, Annex),
];

pub(super) const CONTEXT: [Head; 12] = [
    ("Verdict", Kind::Text, Everywhere),
    ("Confidence", Kind::Text, Annex),
    ("Because", Kind::Text, Everywhere),
    ("First record", Kind::Time, Everywhere),
    ("Last record", Kind::Time, Everywhere),
    ("Records", Kind::Number, Everywhere),
    ("Addresses", Kind::List, Everywhere),
    ("Client", Kind::Text, Everywhere),
    ("Session", Kind::Id, Annex),
    ("Application", Kind::Id, Annex),
    ("Device", Kind::Id, Annex),
    ("Context", Kind::Id, Everywhere),
];

pub(super) const UNDECIDED: [Head; 3] = [
    ("Context", Kind::Id, Everywhere),
    ("Messages that wait for it", Kind::Number, Everywhere),
    ("What is missing to decide", Kind::Text, Everywhere),
];

pub(super) const TIMELINE: [Head; 5] = [
    ("Time", Kind::Time, Everywhere),
    ("Kind", Kind::Text, Everywhere),
    ("What happened", Kind::Text, Everywhere),
    ("Whose", Kind::Text, Everywhere),
    ("Records", Kind::List, Everywhere),
];

pub(super) const GAP: [Head; 8] = [
    ("Gap", Kind::Id, Everywhere),
    ("From", Kind::Time, Everywhere),
    ("To", Kind::Time, Everywhere),
    ("Scope", Kind::Text, Everywhere),
    ("Effect", Kind::Text, Everywhere),
    ("Proof", Kind::Text, Everywhere),
    ("Blind", Kind::Text, Annex),
    ("What to do", Kind::Text, Annex),
];

pub(super) const RULE: [Head; 10] = [
    ("Kind", Kind::Text, Everywhere),
    ("Name", Kind::Text, Everywhere),
    ("Version", Kind::Number, Annex),
    ("Active from", Kind::Time, Everywhere),
    ("Active to", Kind::Time, Everywhere),
    ("Looks for", Kind::List, Everywhere),
    ("Does", Kind::List, Everywhere),
    ("Whose", Kind::Text, Everywhere),
    ("Made by", Kind::Text, Annex),
    ("Records", Kind::List, Annex),
];

pub(super) const FILE: [Head; 8] = [
    ("Act", Kind::Text, Everywhere),
    ("File", Kind::Text, Everywhere),
    ("Whose", Kind::Text, Everywhere),
    ("First", Kind::Time, Everywhere),
    ("Last", Kind::Time, Everywhere),
    ("Application", Kind::Id, Annex),
    ("Addresses", Kind::List, Annex),
    ("Records", Kind::List, Annex),
];

pub(super) const SENT: [Head; 6] = [
    ("Time", Kind::Time, Everywhere),
    ("Subject", Kind::Text, Everywhere),
    ("Recipients", Kind::List, Everywhere),
    ("Operation", Kind::Text, Everywhere),
    ("Copy kept", Kind::Text, Everywhere),
    ("Record", Kind::Id, Everywhere),
];

pub(super) const WARN: [Head; 4] = [
    ("Address", Kind::Text, Everywhere),
    ("Outside", Kind::Text, Everywhere),
    ("Why", Kind::List, Everywhere),
    ("Messages", Kind::Number, Everywhere),
];

pub(super) const SEARCH: [Head; 4] = [
    ("Time", Kind::Time, Everywhere),
    ("Operation", Kind::Text, Everywhere),
    ("Searched for", Kind::Text, Everywhere),
    ("Record", Kind::Id, Everywhere),
];

pub(super) const PERSON: [Head; 4] = [
    ("Address", Kind::Text, Everywhere),
    ("Outside", Kind::Text, Everywhere),
    ("Gravest class", Kind::Class, Everywhere),
    ("Messages", Kind::Number, Everywhere),
];

pub(super) const DOMAIN: [Head; 3] = [
    ("Domain", Kind::Text, Everywhere),
    ("Persons", Kind::Number, Everywhere),
    ("Mentions", Kind::Number, Everywhere),
];

pub(super) const DECISION: [Head; 6] = [
    ("Time", Kind::Time, Everywhere),
    ("Who", Kind::Text, Everywhere),
    ("Kind", Kind::Text, Everywhere),
    ("On", Kind::Id, Everywhere),
    ("What", Kind::Text, Everywhere),
    ("Why", Kind::Text, Everywhere),
];

pub(super) const EVICTION: [Head; 4] = [
    ("Time", Kind::Time, Everywhere),
    ("What", Kind::Text, Everywhere),
    ("Access possible until", Kind::Time, Everywhere),
    ("Record", Kind::Id, Everywhere),
];

pub(super) const PIVOT: [Head; 3] = [
    ("What the indicators show elsewhere", Kind::Text, Everywhere),
    ("To follow it", Kind::Id, Everywhere),
    ("Records", Kind::List, Everywhere),
];
