//! Versions of the tables: what a case cites, so that its numbers run again on the same rows.

use crate::error::LakeError;
use crate::lake::Lake;
use crate::log;
use crate::tables::Table;
use deltalake::DeltaTable;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The version of each table that had a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions(pub BTreeMap<String, u64>);

impl Lake {
    /// Returns the versions that the tables have at this moment.
    pub async fn versions(&self) -> Result<Versions, LakeError> {
        let mut versions = BTreeMap::new();
        for table in Table::all() {
            let version = self
                .opened(table)
                .await?
                .and_then(|opened| opened.version());
            versions.extend(version.map(|version| (table.name().to_owned(), version)));
        }
        Ok(Versions(versions))
    }

    /// Returns the lake as it was at these versions, to be read only.
    #[must_use]
    pub fn at(&self, versions: &Versions) -> Self {
        Self {
            root: self.root.clone(),
            runtime: Arc::clone(&self.runtime),
            pinned: Some(versions.clone()),
        }
    }

    /// Opens a table at the version that is looked at; nothing where it had no row.
    pub(crate) async fn opened(&self, table: Table) -> Result<Option<DeltaTable>, LakeError> {
        match &self.pinned {
            None => log::open(&self.root, table).await,
            Some(pinned) => match pinned.0.get(table.name()) {
                None => Ok(None),
                Some(version) => log::open_at(&self.root, table, *version).await.map(Some),
            },
        }
    }

    /// Returns the files of a table that cited versions need.
    pub(crate) async fn cited_files(
        &self,
        table: Table,
        cited: &[Versions],
    ) -> Result<BTreeSet<String>, LakeError> {
        let versions: BTreeSet<u64> = cited
            .iter()
            .filter_map(|versions| versions.0.get(table.name()).copied())
            .collect();
        let mut names = BTreeSet::new();
        for version in versions {
            let opened = log::open_at(&self.root, table, version).await?;
            names.extend(log::live(&opened, table)?.into_iter().map(|file| file.name));
        }
        Ok(names)
    }
}
