//! Where each word of a configuration comes from.

/// A value that counts, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What it is of.
    pub key: String,
    /// The value; of a secret, where it is to be found.
    pub value: String,
    /// The file that says it, or `built in`.
    pub from: String,
}

/// What counts where nothing is said.
pub(crate) const BUILT_IN: &str = "built in";
