//! The instructions in a pack, for somebody who has none of our programs.
//!
//! Nothing of the case's own texts is repeated here: a title can hold hostile text.

use crate::key::Fingerprint;

/// Returns the instructions of a pack signed with the key of this fingerprint.
pub(crate) fn guide(fingerprint: &Fingerprint) -> String {
    TEXT.replace("{fingerprint}", &fingerprint.to_string())
}

const TEXT: &str = include_str!("guide.md");
