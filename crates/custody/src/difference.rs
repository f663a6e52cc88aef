//! What differs between a pack and what was sealed.

use model::shown::shown;
use std::fmt;

/// The name that stands for what is no file: the zip around them.
const CONTAINER: &str = "the container";

/// The first thing in which a pack differs from what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file that differs, fit to be seen, or `the container`.
    pub file: String,
    /// In what way it differs.
    pub what: What,
    /// One sentence for whoever must act on it, fit to be seen.
    pub detail: String,
}

/// In what way something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Its bytes are others.
    Changed,
    /// It was sealed and is not there.
    Missing,
    /// It is there and was not sealed, or is there twice.
    Added,
    /// It lies in another place.
    Reordered,
    /// All files are as sealed, in another zip.
    Repacked,
    /// No signature holds for it.
    NotSigned,
    /// It is signed with another key than the trusted one.
    WrongKey,
    /// It cannot be read.
    Unreadable,
}

impl What {
    /// Returns the word for it, as in "the file was changed".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "was changed",
            Self::Missing => "is missing",
            Self::Added => "was added",
            Self::Reordered => "was moved",
            Self::Repacked => "was packed anew",
            Self::NotSigned => "is not signed",
            Self::WrongKey => "is another key",
            Self::Unreadable => "cannot be read",
        }
    }
}

impl Difference {
    /// The path and the detail may be hostile; neither stays so.
    pub(crate) fn of(file: &str, what: What, detail: impl AsRef<str>) -> Self {
        Self {
            file: shown(file).into_owned(),
            what,
            detail: shown(detail.as_ref()).into_owned(),
        }
    }

    pub(crate) fn container(what: What, detail: impl AsRef<str>) -> Self {
        Self::of(CONTAINER, what, detail)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, what, detail } = self;
        let what = what.words();
        if file == CONTAINER {
            write!(f, "{file} {what}: {detail}")
        } else {
            write!(f, "`{file}` {what}: {detail}")
        }
    }
}
