//! One row of a CSV, cut into cells without copying them.
//!
//! A quoted cell may hold line ends and doubled quotes. A quote that is neither doubled
//! nor followed by a delimiter or a line end breaks the row, and only the row.

use std::borrow::Cow;
use std::ops::Range;

/// A cell, still quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    range: Range<usize>,
    doubled: bool,
}

impl Cell {
    /// Returns the text of the cell in its row's text, quotes undone.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let inside = &text[self.range.clone()];
        if self.doubled {
            Cow::Owned(undoubled(inside))
        } else {
            Cow::Borrowed(inside)
        }
    }

    /// Returns the text of the cell as it stands, doubled quotes and all.
    pub(crate) fn raw<'t>(&self, text: &'t str) -> &'t str {
        &text[self.range.clone()]
    }
}

/// What came of cutting a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A whole row of so many bytes, its line end included.
    Whole(usize),
    /// The text ends inside the row.
    Unfinished,
    /// The quoting breaks at this byte.
    Broken(usize),
}

/// Cuts the row that a text begins with into cells.
pub(crate) fn cut(text: &str, delimiter: char, ended: bool, cells: &mut Vec<Cell>) -> Cut {
    let mut buffer = [0; 4];
    let delimiter = delimiter.encode_utf8(&mut buffer).as_bytes();
    cells.clear();
    let mut at = 0;
    loop {
        let cell = match next_cell(text, at, delimiter, ended) {
            Ok(cell) => cell,
            Err(cut) => return cut,
        };
        cells.push(cell.cell);
        match cell.end {
            End::Delimiter(next) => at = next,
            End::Line(next) => return Cut::Whole(next),
        }
    }
}

/// Returns a text whose quotes stand in pairs with one quote for each pair.
fn undoubled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = next_quote(&text.as_bytes()[from..]) {
        let quote = from + found;
        out.push_str(&text[from..=quote]);
        from = quote + 2;
    }
    out.push_str(&text[from..]);
    out
}

/// Finds a quote. JSON in a cell has one every few bytes, and there the call of a vectored
/// search costs more than it saves: eight bytes at a time in place are twice as fast.
#[inline]
fn next_quote(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const QUOTES: u64 = ONES * b'"' as u64;
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        // A byte of `same` is zero where the text has a quote; the lowest such bit is exact.
        let same = u64::from_le_bytes(*chunk) ^ QUOTES;
        let zeros = same.wrapping_sub(ONES) & !same & (ONES << 7);
        if zeros != 0 {
            return Some(at + (zeros.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes[at..]
        .iter()
        .position(|byte| *byte == b'"')
        .map(|found| at + found)
}

struct Found {
    cell: Cell,
    end: End,
}

enum End {
    Delimiter(usize),
    Line(usize),
}

fn next_cell(text: &str, at: usize, delimiter: &[u8], ended: bool) -> Result<Found, Cut> {
    let bytes = text.as_bytes();
    let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    if bytes.get(at + blanks) == Some(&b'"') {
        return quoted_cell(bytes, at + blanks + 1, delimiter, ended);
    }
    let mut to = at;
    loop {
        let Some(found) = memchr::memchr2(delimiter[0], b'\n', &bytes[to..]) else {
            if !ended {
                return Err(Cut::Unfinished);
            }
            let cell = Cell {
                range: at..bytes.len(),
                doubled: false,
            };
            return Ok(Found {
                cell,
                end: End::Line(bytes.len()),
            });
        };
        to += found;
        if bytes[to] == b'\n' {
            let end = if to > at && bytes[to - 1] == b'\r' {
                to - 1
            } else {
                to
            };
            return Ok(Found {
                cell: Cell {
                    range: at..end,
                    doubled: false,
                },
                end: End::Line(to + 1),
            });
        }
        if bytes[to..].starts_with(delimiter) {
            let end = End::Delimiter(to + delimiter.len());
            return Ok(Found {
                cell: Cell {
                    range: at..to,
                    doubled: false,
                },
                end,
            });
        }
        to += 1;
    }
}

/// Cuts a quoted cell; `from` stands behind its opening quote.
fn quoted_cell(bytes: &[u8], from: usize, delimiter: &[u8], ended: bool) -> Result<Found, Cut> {
    let mut doubled = false;
    let mut to = from;
    loop {
        let Some(found) = next_quote(&bytes[to..]) else {
            return Err(if ended {
                Cut::Broken(bytes.len())
            } else {
                Cut::Unfinished
            });
        };
        to += found;
        if bytes.get(to + 1) == Some(&b'"') {
            doubled = true;
            to += 2;
            continue;
        }
        break;
    }
    let cell = Cell {
        range: from..to,
        doubled,
    };
    let blanks = bytes[to + 1..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\r'))
        .count();
    let behind = &bytes[to + 1 + blanks..];
    match behind.first() {
        None if ended => Ok(Found {
            cell,
            end: End::Line(bytes.len()),
        }),
        None => Err(Cut::Unfinished),
        Some(b'\n') => Ok(Found {
            cell,
            end: End::Line(to + blanks + 2),
        }),
        Some(_) if behind.starts_with(delimiter) => Ok(Found {
            cell,
            end: End::Delimiter(to + 1 + blanks + delimiter.len()),
        }),
        Some(_) if delimiter.starts_with(behind) && !ended => Err(Cut::Unfinished),
        Some(_) => Err(Cut::Broken(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, delimiter: char, expected: &[&str]) {
        let mut cells = Vec::new();
        assert!(
            matches!(cut(text, delimiter, true, &mut cells), Cut::Whole(_)),
            "{text}"
        );
        let found: Vec<Cow<'_, str>> = cells.iter().map(|cell| cell.text(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn cells_keep_line_ends_and_doubled_quotes() {
        check(
            "a,\"b\r\nc\",\"d \"\"e\"\"\"\r\nnext",
            ',',
            &["a", "b\r\nc", "d \"e\""],
        );
        check("a;b;", ';', &["a", "b", ""]);
        check("a❖\"b❖c\"❖d\n", '❖', &["a", "b❖c", "d"]);
        check("say \"hi\",x", ',', &["say \"hi\"", "x"]);
        check("a, \"b,c\"", ',', &["a", "b,c"]);
    }

    #[test]
    fn a_quote_inside_that_is_not_doubled_breaks_the_row() {
        let mut cells = Vec::new();
        assert_eq!(
            cut("a,\"{\"b\":1}\",c\n", ',', true, &mut cells),
            Cut::Broken(4)
        );
        assert_eq!(cut("a,\"b", ',', true, &mut cells), Cut::Broken(4));
        assert_eq!(cut("a,\"b", ',', false, &mut cells), Cut::Unfinished);
        assert_eq!(cut("a,\"b\"", ',', false, &mut cells), Cut::Unfinished);
    }
}
