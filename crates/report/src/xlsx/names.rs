//! Names that Excel accepts for sheets: 31 characters, none of seven signs, none twice.

use crate::text::visible;
use std::collections::BTreeSet;

const MOST_UNITS: usize = 31;

/// The names given so far in one workbook.
#[derive(Debug, Default)]
pub(super) struct Names {
    // Excel does not tell `P1` from `p1`.
    taken: BTreeSet<String>,
}

impl Names {
    /// Returns whether a wish would be given as it is.
    pub(super) fn is_free(&self, wish: &str) -> bool {
        !self.taken.contains(&clean(wish, MOST_UNITS).to_lowercase())
    }

    /// Returns a name like the wish, with a number where it is taken.
    pub(super) fn free(&mut self, wish: &str) -> String {
        let mut name = clean(wish, MOST_UNITS);
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            let suffix = format!(" ({number})");
            name = clean(wish, MOST_UNITS - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }
}

fn clean(wish: &str, most_units: usize) -> String {
    let mut name = String::new();
    let mut units = 0;
    for character in visible(wish).chars() {
        units += character.len_utf16();
        if units > most_units {
            break;
        }
        let refused = matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
        name.push(if refused { '_' } else { character });
    }
    let name = name.trim();
    // Excel keeps the name `History` for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        return "Sheet".to_owned();
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_becomes_one_that_excel_opens() {
        let mut names = Names::default();
        assert_eq!(names.free("[a]:*?/\\'b"), "_a_______b");
        assert_eq!(names.free("P1"), "P1");
        assert_eq!(names.free("p1"), "p1 (2)");
        assert_eq!(names.free("P1"), "P1 (3)");
        assert_eq!(names.free(""), "Sheet");
        assert_eq!(names.free("History"), "Sheet (2)");
        let long = names.free(&"😀".repeat(40));
        assert_eq!(long.encode_utf16().count(), 30);
        let again = names.free(&"😀".repeat(40));
        assert!(again.encode_utf16().count() <= 31 && again.ends_with(" (2)"));
    }
}
