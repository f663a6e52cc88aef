//! Dependencies come from the crate registry, under a licence of the list in `deny.toml`.

use super::Complaints;
use super::tree::Tree;
use std::iter::Peekable;
use std::str::SplitWhitespace;

pub(crate) fn check(tree: &Tree) -> Complaints {
    let Ok(deny) = std::fs::read_to_string(tree.root.join("deny.toml")) else {
        return vec!["deny.toml: cannot be read".to_string()];
    };
    let allowed = quoted_list(&deny, "allow");
    let registries = quoted_list(&deny, "allow-registry");
    let mut complaints = Vec::new();
    for package in &tree.metadata.packages {
        let name = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or("none");
        if !permits(licence, &allowed) {
            complaints.push(format!("{name}: licence `{licence}` is not in deny.toml"));
        }
        let Some(source) = &package.source else {
            continue;
        };
        let registry = source.strip_prefix("registry+");
        if !registry.is_some_and(|registry| registries.iter().any(|known| known == registry)) {
            complaints.push(format!(
                "{name}: comes from `{source}`, not from the crate registry"
            ));
        }
    }
    complaints
}

/// Returns the texts of the list `key = [...]`; the file is ours, so its spelling is known.
fn quoted_list(toml: &str, key: &str) -> Vec<String> {
    let start = format!("{key} = [");
    let Some(line) = toml.lines().position(|line| line.starts_with(&start)) else {
        return Vec::new();
    };
    let from: String = toml.lines().skip(line).collect::<Vec<_>>().join("\n");
    let list = from.split(']').next().unwrap_or_default();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_string)
        .collect()
}

/// Returns whether an SPDX expression can be met with the allowed licences alone.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed)
}

fn any_of(words: &mut Peekable<SplitWhitespace<'_>>, allowed: &[String]) -> bool {
    let mut permitted = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        permitted |= all_of(words, allowed);
    }
    permitted
}

fn all_of(words: &mut Peekable<SplitWhitespace<'_>>, allowed: &[String]) -> bool {
    let mut permitted = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        permitted &= one(words, allowed);
    }
    permitted
}

fn one(words: &mut Peekable<SplitWhitespace<'_>>, allowed: &[String]) -> bool {
    let Some(word) = words.next() else {
        return false;
    };
    if word == "(" {
        let permitted = any_of(words, allowed);
        words.next();
        return permitted;
    }
    let mut licence = word.to_string();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&licence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_by_any_side_of_or_and_all_sides_of_and() {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(String::from);
        let cases = [
            ("MIT", true),
            ("MIT/GPL-2.0", true),
            ("GPL-2.0 OR MIT", true),
            ("GPL-2.0 AND MIT", false),
            ("ISC AND (GPL-2.0 OR MIT)", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("Apache-2.0", false),
            ("none", false),
            ("", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(permits(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn the_list_of_a_key_is_not_that_of_a_longer_key() {
        let toml = "allow-registry = [\"r\"]\nallow = [\n  \"a\",\n  \"b\",\n]\n";
        assert_eq!(quoted_list(toml, "allow"), ["a", "b"]);
        assert_eq!(quoted_list(toml, "allow-registry"), ["r"]);
    }
}
