//! Texts in the pieces that a line may break between.
//!
//! An identifier has no space to break at; without these it would be printed over what
//! stands beside it. Pieces put together are the text, so that a copied one is whole.

use super::glyphs::{Face, Glyphs};

/// A text, word by word where a word had to be cut: a group of one piece is running text,
/// a group of several is a word in its parts, each of which the template keeps whole.
pub(super) type Pieces = Vec<Vec<String>>;

/// Outside tables no place for a text is narrower than this, in sizes of its letters.
const NARROWEST_PLACE: f64 = 9.0;
/// The longest part of a cut word, and the shortest that ends after a joint, such as the
/// `@` of an address.
const LONGEST_PART: usize = 12;
const SHORTEST_PART: usize = 5;
/// What is left of a word is not parted for less than this.
const SHORTEST_REST: usize = 3;

/// Cuts the words that might not fit on a line outside tables.
pub(super) fn pieces(text: &str, glyphs: &Glyphs) -> Pieces {
    pieces_within(text, NARROWEST_PLACE, glyphs, Face::Words)
}

/// Cuts the words that are wider than the room, in sizes of their letters.
pub(super) fn pieces_within(text: &str, room: f64, glyphs: &Glyphs, face: Face) -> Pieces {
    let mut pieces = Pieces::new();
    let mut running = String::new();
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        if glyphs.width(bare, face) <= room {
            running.push_str(word);
            continue;
        }
        if !running.is_empty() {
            pieces.push(vec![std::mem::take(&mut running)]);
        }
        pieces.push(parts(bare, room, glyphs, face));
        running.push_str(&word[bare.len()..]);
    }
    if !running.is_empty() || pieces.is_empty() {
        pieces.push(vec![running]);
    }
    pieces
}

/// Cuts a word: letters of fixed width fill their lines, others are rather cut at joints.
fn parts(word: &str, room: f64, glyphs: &Glyphs, face: Face) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut used, mut length, mut is_after_joint) = (0.0, 0, false);
    let mut left = word.chars().count();
    for character in word.chars() {
        let advance = glyphs.advance(character, face);
        let is_full = used + advance > room && length > 0;
        let is_long = length >= LONGEST_PART || (is_after_joint && length >= SHORTEST_PART);
        let is_begin = !is_joint(character) && !is_mark(character);
        let may_part = face == Face::Words && left >= SHORTEST_REST && is_begin;
        if is_full || (is_long && may_part) {
            parts.push(String::new());
            (used, length) = (0.0, 0);
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
        used += advance;
        length += 1;
        left -= 1;
        is_after_joint = is_joint(character);
    }
    parts
}

fn is_joint(character: char) -> bool {
    matches!(
        character,
        '@' | '.' | '-' | '_' | '/' | '\\' | ':' | '=' | '&'
    )
}

/// A combining mark belongs to the letter before it.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x064B..=0x065F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 6] = [
        "",
        "a b c",
        "  leading and trailing  ",
        "395a1045-4185-43f1-ba4f-2b889bf7416b",
        "ééééééééééééé\u{301}",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
    ];

    fn glyphs() -> Glyphs {
        Glyphs::of(&super::super::world::fonts())
    }

    #[test]
    fn pieces_put_together_are_the_text_and_none_is_wider_than_the_room() {
        let glyphs = glyphs();
        for text in TEXTS {
            for face in [Face::Words, Face::Fixed] {
                let pieces = pieces_within(text, 4.0, &glyphs, face);
                assert_eq!(pieces.concat().concat(), text);
                let parts = pieces.iter().flatten();
                for word in parts.flat_map(|part| part.split(' ')) {
                    assert!(glyphs.width(word, face) <= 4.0, "{word}");
                }
            }
        }
    }

    #[test]
    fn words_are_cut_at_joints_and_identifiers_where_the_line_is_full() {
        let glyphs = glyphs();
        let address = pieces("to nora.lindqvist@a-company.example, once", &glyphs);
        let parts = ["nora.", "lindqvist@", "a-company.", "example,"];
        assert_eq!(address[0], ["to "]);
        assert_eq!(address[1], parts);
        assert_eq!(address[2], [" once"]);
        let whole = pieces("Outlook was synchronised;", &glyphs);
        assert_eq!(whole, [["Outlook was synchronised;"]]);
        let full = pieces_within("0123456789abcdef", 3.1, &glyphs, Face::Fixed);
        assert_eq!(full, [["01234", "56789", "abcde", "f"]]);
    }

    #[test]
    fn a_mark_stays_with_its_letter() {
        let word = "e\u{301}".repeat(40);
        let cut = pieces_within(&word, 6.0, &glyphs(), Face::Words);
        assert!(cut[0].len() > 2);
        assert!(cut[0].iter().all(|part| !part.starts_with('\u{301}')));
    }
}
