//! What a file of a pack may be called.
//!
//! A pack is unpacked on any system by any tool, so a path must mean one file on all of
//! them: below the folder, spelled without what a system forbids, and not told from
//! another by letter case alone.

use crate::error::CustodyError;
use model::shown::{is_hidden, shown};
use std::collections::BTreeMap;

/// Where the list of files lies in a pack.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Where the manifest's signature lies.
pub(crate) const SIGNATURE: &str = "manifest.sig";
/// Where the list for `sha256sum -c` lies.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// Where the public key lies.
pub(crate) const PUBLIC_KEY: &str = "public_key.pem";
/// Where the instructions lie.
pub(crate) const GUIDE: &str = "VERIFY.md";

const OWN: [&str; 5] = [MANIFEST, SIGNATURE, SUMS, PUBLIC_KEY, GUIDE];

/// Common file systems end at 255 bytes a name; the whole must fit a path on Windows too.
const MOST_BYTES: usize = 240;

/// Returns what keeps the path from being a file of a pack, if anything.
pub(crate) fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.len() > MOST_BYTES {
        return Some("a path has 1 to 240 bytes");
    }
    if path.chars().any(is_hidden) {
        return Some("a path has no control or invisible characters");
    }
    if path.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        return Some("a path has no character that a system forbids");
    }
    path.split('/').find_map(part_fault)
}

fn part_fault(part: &str) -> Option<&'static str> {
    if part.is_empty() {
        return Some("a path is relative and has no empty part");
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Some("a part of a path does not end with a dot or a space, nor begin with a space");
    }
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    is_device(&stem).then_some("a part of a path is not the name of a device of Windows")
}

fn is_device(stem: &str) -> bool {
    let numbered = stem.len() == 4
        && (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.ends_with(|last: char| last.is_ascii_digit());
    numbered || matches!(stem, "con" | "prn" | "aux" | "nul")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

/// The names that are taken in a pack, letter case apart.
#[derive(Debug)]
pub(crate) struct Names {
    taken: BTreeMap<String, Kind>,
    previous: Option<String>,
}

impl Names {
    /// Returns the names of an empty pack: those of its own files.
    pub(crate) fn new() -> Self {
        let own = OWN.map(|name| (name.to_lowercase(), Kind::File));
        Self {
            taken: BTreeMap::from(own),
            previous: None,
        }
    }

    /// Takes a name, or says why it cannot be had.
    pub(crate) fn take(&mut self, path: &str) -> Result<(), CustodyError> {
        let refused = |reason| CustodyError::Path {
            path: shown(path).into_owned(),
            reason,
        };
        if let Some(reason) = fault(path) {
            return Err(refused(reason));
        }
        if let Some(previous) = self.previous.as_deref().filter(|previous| *previous > path) {
            return Err(CustodyError::Order {
                path: path.to_owned(),
                previous: previous.to_owned(),
            });
        }
        self.settle(path).map_err(refused)?;
        self.previous = Some(path.to_owned());
        Ok(())
    }

    fn settle(&mut self, path: &str) -> Result<(), &'static str> {
        let folded = path.to_lowercase();
        let folders = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        for folder in folders {
            match self.taken.get(folder) {
                Some(Kind::File) => return Err("a file has the name of its folder"),
                Some(Kind::Folder) => {}
                None => {
                    self.taken.insert(folder.to_owned(), Kind::Folder);
                }
            }
        }
        match self.taken.insert(folded, Kind::File) {
            None => Ok(()),
            Some(_) => Err("its name is taken, letter case apart"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_another_file_elsewhere_is_refused() {
        let refused = [
            "",
            "/etc/passwd",
            "../up.csv",
            "raw/../../up.csv",
            "raw//a",
            "raw/",
            "./a",
            "raw\\a",
            "c:a",
            "a\nb",
            "a\u{202e}b",
            "a\0",
            "nul",
            "raw/COM1.csv",
            "ends.",
            "ends ",
            " begins",
            "a|b",
        ];
        for path in refused {
            assert!(fault(path).is_some(), "{path:?}");
        }
        assert!(fault(&"a".repeat(241)).is_some());
    }

    #[test]
    fn plain_names_are_taken() {
        for path in [
            "messages.csv",
            "raw/ab/abcd.json.zst",
            "Éléments/größe.txt",
            "-n",
            ".hidden",
            "com.csv",
            "common.csv",
        ] {
            assert_eq!(fault(path), None, "{path}");
        }
    }

    fn taken(paths: &[&str]) -> Result<(), CustodyError> {
        let mut names = Names::new();
        paths.iter().try_for_each(|path| names.take(path))
    }

    #[test]
    fn a_name_is_had_once_whatever_its_letter_case() {
        assert!(taken(&["A.csv", "B.csv", "raw/a", "raw/b"]).is_ok());
        assert!(taken(&["A.csv", "a.csv"]).is_err());
        assert!(taken(&["a.csv", "a.csv"]).is_err());
        assert!(taken(&["raw", "raw/a"]).is_err());
        assert!(taken(&["RAW/a", "raw"]).is_err());
        assert!(taken(&["Manifest.JSON"]).is_err());
        assert!(taken(&["verify.md/a"]).is_err());
    }

    #[test]
    fn files_come_in_ascending_order() {
        assert!(matches!(
            taken(&["b", "a"]),
            Err(CustodyError::Order { .. })
        ));
    }
}
