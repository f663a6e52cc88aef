//! What the operator named, as a list of things to read: files, folders, patterns, `-`.

use crate::error::EngineError;
use std::path::{Path, PathBuf};

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// A file the operator named, by itself or by a pattern.
    File(PathBuf),
    /// A file found in a folder the operator named.
    InFolder(PathBuf),
    /// Something in a folder that cannot be followed: told, and no reason to leave the rest.
    Broken {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Standard input.
    Stdin,
}

impl Input {
    /// Returns the name it is reported under.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) | Self::InFolder(path) | Self::Broken { path, .. } => {
                path.display().to_string()
            }
            Self::Stdin => "-".to_owned(),
        }
    }
}

/// Returns what the given words name, in the order given, folders walked in the order of names.
pub(crate) fn inputs(words: &[String]) -> Result<Vec<Input>, EngineError> {
    let mut found = Vec::new();
    for word in words {
        let path = Path::new(word);
        if word == "-" {
            found.push(Input::Stdin);
        } else if path.is_dir() {
            walk(path, &mut found);
        } else if path.exists() {
            found.push(Input::File(path.to_owned()));
        } else {
            matching(word, &mut found)?;
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<Input>) {
    for entry in walkdir::WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
    {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                found.push(Input::InFolder(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => found.push(Input::Broken {
                path: error.path().unwrap_or(folder).to_owned(),
                why: error.into_io_error().map_or_else(
                    || "a link leads back to its own folder".to_owned(),
                    |error| error.to_string(),
                ),
            }),
        }
    }
}

fn matching(pattern: &str, found: &mut Vec<Input>) -> Result<(), EngineError> {
    let nothing = || EngineError::NoInput {
        path: pattern.to_owned(),
    };
    let before = found.len();
    for path in glob::glob(pattern).map_err(|_| nothing())? {
        let path = path.map_err(|error| EngineError::Input {
            path: error.path().display().to_string(),
            source: error.into(),
        })?;
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(Input::File(path));
        }
    }
    if found.len() == before {
        Err(nothing())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(inputs: &[Input], below: &Path) -> Vec<String> {
        inputs
            .iter()
            .map(|input| input.name().replace(&format!("{}/", below.display()), ""))
            .collect()
    }

    #[test]
    fn folders_patterns_and_standard_input_become_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("sub")).expect("made");
        for name in ["b.csv", "a.csv", "c.json", "sub/d.json"] {
            fs::write(root.join(name), "x").expect("written");
        }
        let words = [root.display().to_string()];
        let found = inputs(&words).expect("found");
        assert_eq!(
            names(&found, root),
            ["a.csv", "b.csv", "c.json", "sub/d.json"]
        );
        assert!(
            found
                .iter()
                .all(|input| matches!(input, Input::InFolder(_)))
        );

        let words = [format!("{}/*.csv", root.display()), "-".to_owned()];
        assert_eq!(
            names(&inputs(&words).expect("found"), root),
            ["a.csv", "b.csv", "-"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_or_in_a_circle_costs_no_other_file() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("sub")).expect("made");
        fs::write(root.join("z.csv"), "x").expect("written");
        symlink(root.join("nowhere"), root.join("broken.csv")).expect("linked");
        symlink(root, root.join("sub/round")).expect("linked");
        let found = inputs(&[root.display().to_string()]).expect("found");
        assert_eq!(names(&found, root), ["broken.csv", "sub/round", "z.csv"]);
        let broken = |input: &&Input| matches!(input, Input::Broken { .. });
        assert_eq!(found.iter().filter(broken).count(), 2, "{found:?}");
    }

    #[test]
    fn a_word_that_names_nothing_is_an_error_not_an_empty_import() {
        let folder = tempfile::tempdir().expect("a folder");
        let words = [format!("{}/*.csv", folder.path().display())];
        assert!(matches!(inputs(&words), Err(EngineError::NoInput { .. })));
    }
}
