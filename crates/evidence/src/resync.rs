//! Where to go on behind a damaged record.
//!
//! The next record begins on a line that is indented no deeper than the damaged one, or,
//! where records share a line, behind `},` with a text that is a record of a known kind.
//! Nothing between may be lost in silence: whatever is skipped belongs to the reject.

use crate::session::{Halt, Session};
use crate::shape;
use crate::text::Text;
use model::Shape;
use model::json;

/// How far is looked for the next record before the rest of the file is given up line by line.
const MAX_SKIP: usize = 64 * 1024 * 1024;
/// How many places on one line are tried.
const MAX_TRIES: usize = 256;
/// How many bytes before the first record on the first line can be damage of its opening; more is
/// a text of another kind that only quotes a record.
const MAX_OPENING: usize = 8;

/// Returns how many bytes of the rest belong to the damaged record it begins with.
pub(crate) fn next_record(
    text: &mut Text<'_>,
    session: &mut Session<'_>,
    error_at: usize,
) -> Result<usize, Halt> {
    let mut searched = 0;
    loop {
        let line_at = next_line_with_value(text.rest(), text.column(), searched);
        let stop = line_at.unwrap_or(text.rest().len());
        if let Some(at) = next_on_line(&text.rest()[..stop], error_at) {
            return Ok(at);
        }
        if let Some(at) = line_at {
            return Ok(at);
        }
        if text.rest().len() >= MAX_SKIP {
            return Ok(text.rest().len());
        }
        // The last line may be whole only with what follows.
        searched = memchr::memrchr(b'\n', text.rest().as_bytes()).unwrap_or(0);
        text.fill()?;
        session.oddities(text)?;
        if text.ended() {
            let rest = text.rest();
            return Ok(next_line_with_value(rest, text.column(), searched)
                .or_else(|| next_on_line(rest, error_at))
                .unwrap_or(rest.len()));
        }
    }
}

/// Finds the first whole record of a known kind in a text whose beginning is damaged: the first
/// but for what opens it, the first on the second line, or one behind the end of another.
pub(crate) fn behind_damaged_beginning(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let on_first = memchr::memchr(b'{', &bytes[..bytes.len().min(MAX_OPENING)]);
    let on_second = memchr::memchr(b'\n', bytes).map(|end| {
        let blanks = bytes[end..].iter().take_while(|b| b.is_ascii_whitespace());
        end + blanks.count()
    });
    [on_first, on_second]
        .into_iter()
        .flatten()
        .find(|at| is_known_record(&rest[*at..]))
        .or_else(|| next_on_line(rest, 0))
}

/// Finds a line that begins a value and is indented no deeper than the rest began.
fn next_line_with_value(rest: &str, indent: usize, searched: usize) -> Option<usize> {
    let bytes = rest.as_bytes();
    memchr::memchr_iter(b'\n', &bytes[searched..])
        .map(|at| searched + at + 1)
        .find(|line| {
            let line = &bytes[*line..];
            let nuls = line.iter().take_while(|byte| **byte == 0).count();
            let blanks = line[nuls..]
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b','))
                .count();
            blanks <= indent && matches!(line.get(nuls + blanks), Some(b'{' | b'['))
        })
}

/// Finds a record of a known kind behind the damage on the same line.
fn next_on_line(line: &str, error_at: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    let from = error_at.min(bytes.len());
    let starts = memchr::memchr_iter(b'{', &bytes[from..])
        .map(|at| from + at)
        .filter(|at| {
            let before = bytes[..*at].trim_ascii_end();
            before.ends_with(b"},") || before.ends_with(b"}")
        });
    starts
        .take(MAX_TRIES)
        .find(|at| is_known_record(&line[*at..]))
}

/// Returns whether a text begins with a whole record of a known kind.
fn is_known_record(text: &str) -> bool {
    let parsed = json::parse_prefix(text).ok();
    let shape = parsed.and_then(|parsed| shape::of_object(&parsed.value));
    shape.is_some_and(|shape| shape != Shape::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deeper_line_is_part_of_the_damaged_record() {
        let rest = "{\n      \"a\": [\n        {\n        },\n      ]\n    },\n    {\n";
        let next = next_line_with_value(rest, 4, 0).expect("a next record");
        assert!(rest[next..].starts_with("    {\n"));
        assert_eq!(next_line_with_value(rest, 3, 0), None);
    }

    #[test]
    fn a_record_behind_damage_on_one_line_is_found_and_its_inside_is_not() {
        let line = r#"{"a":[{"x":1},{"y":2}] oops},{"CreationTime":"","Id":"2","Operation":"Send","RecordType":2}]"#;
        let next = next_on_line(line, 5).expect("a next record");
        assert!(line[next..].starts_with("{\"CreationTime"));
    }
}
