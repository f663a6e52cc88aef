//! A row of a CSV with the names of its columns.

use crate::cells::Cell;
use crate::envelope::Columns;
use crate::salvage;
use model::Salvage;
use model::json::Json;
use std::borrow::Cow;

/// The row: cells of a text under names.
pub(crate) struct Row<'a> {
    /// The names of the columns, cleaned.
    pub(crate) names: &'a [String],
    /// The cells, as many as the row has.
    pub(crate) cells: &'a [Cell],
    /// The text that the cells are cut from.
    pub(crate) text: &'a str,
}

impl<'a> Row<'a> {
    /// Returns the value of a column, if it is there and not empty.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let index = self
            .names
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))?;
        self.at(index).filter(|value| !value.trim().is_empty())
    }

    /// Returns the value at a position.
    pub(crate) fn at(&self, index: usize) -> Option<Cow<'a, str>> {
        self.cells.get(index).map(|cell| cell.text(self.text))
    }

    /// Returns the cells that hold something, by name.
    pub(crate) fn columns(&self) -> Columns<'a> {
        let named = self.names.iter().zip(self.cells);
        let filled = named.filter(|(_, cell)| !cell.raw(self.text).is_empty());
        filled
            .map(|(name, cell)| (Cow::Borrowed(name.as_str()), cell.text(self.text)))
            .collect()
    }

    /// Returns the row as a record of its own.
    pub(crate) fn object(&self) -> Json<'a> {
        Json::Object(
            self.columns()
                .into_iter()
                .map(|(name, text)| (name, Json::String(text)))
                .collect(),
        )
    }

    /// Returns what the columns tell of a record that is lost.
    pub(crate) fn salvage(&self) -> Salvage {
        salvage::from_lookup(|name| self.value(name).map(Cow::into_owned))
    }
}
