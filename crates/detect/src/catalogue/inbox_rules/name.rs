//! Names that nobody gives a rule which they mean to find again.

/// How little a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Throwaway {
    /// Short or of few letters: `HR`, `News`. Some people name their rules like that.
    Short,
    /// Empty, punctuation, one character repeated, letters at random.
    Meaningless,
}

/// Returns how little a name says; none for one that says something.
pub(super) fn throwaway(name: &str) -> Option<Throwaway> {
    let name = name.trim();
    let letters: Vec<char> = name
        .chars()
        .filter(|one| one.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let is_repeated = name.chars().all(|one| name.starts_with(one));
    if letters.is_empty() || is_repeated || is_random(name) {
        return Some(Throwaway::Meaningless);
    }
    // A sign of Chinese, Japanese or Korean is a word; of Latin letters three are none.
    let is_latin = letters.iter().all(char::is_ascii);
    let is_short = is_latin && (letters.len() <= 3 || entropy(&letters) < 2.0);
    is_short.then_some(Throwaway::Short)
}

/// Up to five letters and digits mixed, or letters without a vowel: `x7k`, `sdf`. `Q3` and `2024`
/// mean something.
fn is_random(name: &str) -> bool {
    let is_word = name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_word {
        return false;
    }
    let turns = name
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    let has_vowel = name.bytes().any(|byte| b"aeiouyAEIOUY".contains(&byte));
    let is_lower = name.bytes().all(|byte| byte.is_ascii_lowercase());
    turns >= 2 || (is_lower && !has_vowel && name.len() >= 3)
}

/// Shannon's entropy, in bits a character.
fn entropy(letters: &[char]) -> f64 {
    let many = letters.len() as f64;
    let mut sorted = letters.to_vec();
    sorted.sort_unstable();
    sorted
        .chunk_by(|left, right| left == right)
        .map(|equal| {
            let share = equal.len() as f64 / many;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_nothing_are_told_from_short_ones() {
        for name in ["", " ", ".", "...", ",", "aaaa", "sdf", "x7k2", "-_-"] {
            assert_eq!(throwaway(name), Some(Throwaway::Meaningless), "{name}");
        }
        for name in ["HR", "PO", "Test", "abc"] {
            assert_eq!(throwaway(name), Some(Throwaway::Short), "{name}");
        }
        for name in [
            "Invoices 2026",
            "Newsletters",
            "rule2",
            "請求書",
            "Q3 planning",
        ] {
            assert_eq!(throwaway(name), None, "{name}");
        }
    }
}
