//! A person's OneDrive, as far as sharing is concerned: files, and the links to them.

use crate::record::Micros;

/// A OneDrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drive {
    /// Its id.
    pub id: String,
    /// Its address, `https://contoso-my.sharepoint.example/personal/...`, without a slash at the end.
    pub url: String,
    /// Its files.
    pub items: Vec<DriveItem>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriveItem {
    /// `id` in Graph.
    pub id: String,
    /// `ListItemUniqueId` in the audit log.
    pub unique_id: String,
    /// Its name; it lies in `Documents`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Links by which others open it.
    pub links: Vec<SharingLink>,
}

/// A sharing link: a permission that is not bound to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharingLink {
    /// The permission's id, which is also `UniqueSharingId`.
    pub id: String,
    /// `view` or `edit`.
    pub kind: &'static str,
    /// `anonymous`: whoever has it; `organization`: whoever works here.
    pub scope: &'static str,
    /// When it was made.
    pub created: Micros,
    /// When it ends, if it does.
    pub expires: Option<Micros>,
}

impl SharingLink {
    /// Whether it opens the file at a moment.
    #[must_use]
    pub fn is_open(&self, now: Micros) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

impl Drive {
    /// Returns the address of a file, which audit records call `ObjectId`.
    #[must_use]
    pub fn url_of(&self, item: &DriveItem) -> String {
        format!("{}/Documents/{}", self.url, item.name)
    }
}
