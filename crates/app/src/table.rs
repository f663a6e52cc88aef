//! Tables for eyes and cells for spreadsheets.

use model::shown::{shown, spreadsheet_safe};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table for eyes: columns line up, hostile characters are marked, long cells are cut.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
    /// The widest a cell may be.
    widest: usize,
}

impl Table {
    /// Makes an empty table.
    pub(crate) fn new(heads: &[(&str, Align)]) -> Self {
        let heads = heads
            .iter()
            .map(|(head, align)| ((*head).to_owned(), *align))
            .collect();
        Self {
            heads,
            rows: Vec::new(),
            widest: 60,
        }
    }

    /// Allows wider cells.
    pub(crate) fn widest(mut self, widest: usize) -> Self {
        self.widest = widest;
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        let cells = cells
            .into_iter()
            .map(|cell| cut(&shown(&cell), self.widest))
            .collect();
        self.rows.push(cells);
    }

    /// Returns the head line and the lines under it.
    pub(crate) fn lines(&self) -> (String, Vec<String>) {
        let widths: Vec<usize> = self
            .heads
            .iter()
            .enumerate()
            .map(|(column, (head, _))| {
                let widest = self
                    .rows
                    .iter()
                    .map(|row| width(row, column))
                    .max()
                    .unwrap_or(0);
                widest.max(head.width())
            })
            .collect();
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| self.line(row, &widths))
            .collect();
        (self.line(&heads, &widths), rows)
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (column, ((_, align), width)) in self.heads.iter().zip(widths).enumerate() {
            let cell = cells.get(column).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            if column > 0 {
                line.push_str("  ");
            }
            match align {
                Align::Left => line.extend([cell, &padding]),
                Align::Right => line.extend([&padding, cell]),
            }
        }
        line.trim_end().to_owned()
    }
}

fn width(row: &[String], column: usize) -> usize {
    row.get(column).map_or(0, |cell| cell.width())
}

fn cut(text: &str, widest: usize) -> String {
    if text.width() <= widest {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = 0;
    for character in text.chars() {
        width += character.width().unwrap_or(0);
        if width >= widest {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// Returns one CSV line (RFC 4180) whose cells no spreadsheet runs as formulas and whose
/// hidden characters are marks: a CSV is opened by eyes; JSON is what keeps the original.
pub(crate) fn csv_line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    cells.join(",")
}

/// Returns one CSV line of texts that are at hand.
pub(crate) fn csv(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    cells.join(",")
}

fn csv_cell(text: &str) -> String {
    let shown = shown(text);
    let safe = spreadsheet_safe(&shown);
    // Where the decimal sign is a comma, a spreadsheet parts cells at semicolons, and what
    // follows one would be a cell that nothing guards.
    if safe.contains(['"', ',', ';']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe.into_owned()
    }
}

/// Returns so many of something in words: `1 record`, `2,000 records`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    let what = if number == 1 { one } else { many };
    format!("{} {what}", thousands(number))
}

/// Returns a number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_line_up_and_hostile_text_is_marked() {
        let mut table = Table::new(&[("name", Align::Left), ("n", Align::Right)]);
        table.row(vec!["Éléments".to_owned(), "7".to_owned()]);
        table.row(vec!["a\x1b[2J".to_owned(), "1,234".to_owned()]);
        let (head, rows) = table.lines();
        assert_eq!(head, "name              n");
        assert_eq!(rows, ["Éléments          7", "a<U+001B>[2J  1,234"]);
    }

    #[test]
    fn a_long_cell_is_cut_where_it_can_be_seen() {
        let mut table = Table::new(&[("x", Align::Left)]).widest(5);
        table.row(vec!["abcdefgh".to_owned()]);
        assert_eq!(table.lines().1, ["abcd…"]);
    }

    #[test]
    fn a_csv_cell_is_text_for_every_reader() {
        let cells = [
            "=1+1".to_owned(),
            "a,\"b\"".to_owned(),
            "a\x1b[2J\u{202e}".to_owned(),
            "plain".to_owned(),
        ];
        assert_eq!(
            csv_line(&cells),
            "'=1+1,\"a,\"\"b\"\"\",a<U+001B>[2J<U+202E>,plain"
        );
    }

    #[test]
    fn a_semicolon_starts_no_cell_where_semicolons_part_them() {
        assert_eq!(csv_line(&["a;=1+1".to_owned()]), "\"a;=1+1\"");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(thousands),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
