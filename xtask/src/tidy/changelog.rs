//! A visible change brings a fragment: `changelog.d/<what>.<kind>.md`, a sentence or two
//! in the user's words.

use super::Complaints;
use super::tree::Tree;

const KINDS: &[&str] = &["added", "changed", "fixed", "removed", "security"];

pub(crate) fn check(tree: &Tree) -> Complaints {
    let Ok(folder) = std::fs::read_dir(tree.root.join("changelog.d")) else {
        return vec!["changelog.d: is missing".to_string()];
    };
    let mut complaints = Vec::new();
    for entry in folder.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "README.md" {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        if let Some(fault) = fault_of(&name, &text) {
            complaints.push(format!("changelog.d/{name}: {fault}"));
        }
    }
    complaints.sort();
    complaints
}

fn fault_of(name: &str, text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = name.split('.').collect();
    let [what, kind, "md"] = parts[..] else {
        return Some("is not named `<what>.<kind>.md`");
    };
    let plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if what.is_empty() || !what.chars().all(plain) {
        return Some("its name is not in lower case with dashes");
    }
    if !KINDS.contains(&kind) {
        return Some("its kind is not one of added, changed, fixed, removed, security");
    }
    let text = text.trim();
    if !text.starts_with(|first: char| first.is_uppercase() || first == '`') || !text.ends_with('.')
    {
        return Some("its text is not whole sentences");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_has_a_kind_and_whole_sentences() {
        assert_eq!(fault_of("import.added.md", "Reads exports.\n"), None);
        assert!(fault_of("import.md", "Reads exports.").is_some());
        assert!(fault_of("import.new.md", "Reads exports.").is_some());
        assert!(fault_of("Import it.added.md", "Reads exports.").is_some());
        assert!(fault_of("import.added.md", "reads exports").is_some());
        assert!(fault_of("import.added.md", "").is_some());
    }
}
