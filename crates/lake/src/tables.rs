//! The tables of the lake: which there are and what columns each has.

use crate::columns::{self, Column};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use model::Family;
use std::sync::Arc;

/// A table of the lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    /// The events of one record family.
    Events(Family),
    /// A row for each message or folder that an event names.
    MailItems,
    /// Events whose id was known already with another body.
    Conflicts,
    /// What could not be read whole.
    Rejects,
}

impl Table {
    /// Returns every table, in the order in which outputs list them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Family::ALL.into_iter().map(Self::Events).chain([
            Self::MailItems,
            Self::Conflicts,
            Self::Rejects,
        ])
    }

    /// Returns the tables that hold records, one a row.
    pub(crate) fn of_records() -> impl Iterator<Item = Self> {
        Self::all().filter(|table| *table != Self::MailItems)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|table| table.name() == name)
    }

    /// Returns the name, which is its folder's too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Events(family) => family.table(),
            Self::MailItems => "mail_items",
            Self::Conflicts => "conflicts",
            Self::Rejects => "rejects",
        }
    }

    /// Returns the columns in their order.
    pub(crate) fn columns(self) -> Vec<&'static Column> {
        let event = columns::EVENT.iter();
        match self {
            Self::Events(Family::Message) => event.chain(columns::DELIVERY).collect(),
            Self::Events(_) | Self::Conflicts => event.collect(),
            Self::MailItems => event
                .filter(|column| columns::REPEATED.contains(&column.name))
                .chain(columns::ITEM)
                .collect(),
            Self::Rejects => columns::REJECT.iter().collect(),
        }
    }

    /// Returns whether rows lie apart by tenant.
    pub(crate) fn is_partitioned(self) -> bool {
        self != Self::Rejects
    }

    /// Returns the columns that rows are sorted by inside a file: what people pivot on, then
    /// what makes neighbours alike.
    pub(crate) fn sorted_by(self) -> &'static [&'static str] {
        match self {
            Self::Events(_) | Self::Conflicts => &["user_name", "time"],
            Self::MailItems => &["mailbox", "time"],
            Self::Rejects => &["file", "member", "offset"],
        }
    }

    /// Returns the whole schema, partition columns included.
    pub(crate) fn schema(self) -> SchemaRef {
        schema_of(self.columns().into_iter())
    }

    /// Returns the schema of its files.
    pub(crate) fn file_schema(self) -> SchemaRef {
        schema_of(
            self.columns()
                .into_iter()
                .filter(|column| !column.is_partition()),
        )
    }
}

fn schema_of(columns: impl Iterator<Item = &'static Column>) -> SchemaRef {
    Arc::new(Schema::new(columns.map(Column::field).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_has_a_name_and_distinct_columns() {
        for table in Table::all() {
            assert_eq!(Table::named(table.name()), Some(table));
            let columns = table.columns();
            let names: BTreeSet<_> = columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), columns.len(), "{}", table.name());
            assert!(
                table.sorted_by().iter().all(|name| names.contains(name)),
                "{}",
                table.name()
            );
        }
    }

    #[test]
    fn every_repeated_column_is_one_of_the_event() {
        let event: BTreeSet<_> = columns::EVENT.iter().map(|column| column.name).collect();
        assert!(columns::REPEATED.iter().all(|name| event.contains(name)));
    }
}
