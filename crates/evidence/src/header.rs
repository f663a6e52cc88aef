//! The header of a CSV: its delimiter, its names, and what stands before it.

use crate::cells::{self, Cut};
use crate::envelope::AUDIT_DATA;
use crate::portal;
use crate::rules;
use crate::session::{Halt, Session};
use crate::text::Text;
use model::shown::shown;

/// What parts the cells. `❖` is what Microsoft Research's incident sets use.
const DELIMITERS: [char; 5] = [',', ';', '\t', '|', '❖'];
/// The longest header that is looked at.
const MAX_HEADER: usize = 256 * 1024;
/// The columns that say when a record happened, the best first.
const DATES: &[&str] = &[
    "CreationDate",
    "CreationTime",
    "createdDateTime",
    "TimeGenerated",
    "Timestamp",
    "Date (UTC)",
    "Received",
    "receivedDateTime",
    "origin_timestamp_utc",
    "activityDateTime",
    "EventTimestamp",
    "Time",
    "Date",
];

/// A header.
pub(crate) struct Header {
    /// The names, cleaned; a name that stands twice bears its number.
    pub(crate) names: Vec<String>,
    /// What parts the cells.
    pub(crate) delimiter: char,
    /// The column that says when.
    pub(crate) date: Option<usize>,
    /// The zone of the times, where a name says one that is not UTC.
    pub(crate) zone: Option<String>,
    /// Whether the names are not the file's own but those of its portal in English.
    pub(crate) by_position: bool,
}

impl Header {
    /// Returns where a column stands, whatever the case of its name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.names
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))
    }

    /// Returns the names fit to be shown.
    pub(crate) fn shown_names(&self) -> Vec<String> {
        self.names
            .iter()
            .map(|name| shown(name).into_owned())
            .collect()
    }
}

/// Consumes what stands before the header and finds it; with how long it is.
pub(crate) fn find(
    text: &mut Text<'_>,
    session: &mut Session<'_>,
) -> Result<Option<(Header, usize)>, Halt> {
    let mut told = None;
    while let Some(length) = preamble(text.rest()) {
        told = told.or_else(|| told_delimiter(&text.rest()[..length]));
        let nuls = text.rest().as_bytes()[..length].contains(&0);
        if nuls {
            let place = text.place(0..length);
            session.nuls(place)?;
        }
        text.consume(length);
        if text.rest().is_empty() {
            text.fill()?;
            session.oddities(text)?;
        }
    }
    let delimiter = told.unwrap_or_else(|| best_delimiter(text.rest()));
    let mut cells = Vec::new();
    let Cut::Whole(length) = cells::cut(text.rest(), delimiter, text.ended(), &mut cells) else {
        return Ok(None);
    };
    if length > MAX_HEADER {
        return Ok(None);
    }
    let names = cells
        .iter()
        .map(|cell| cell.text(text.rest()).into_owned())
        .collect();
    let header = clean(names, delimiter);
    let is_table = cells.len() > 1 || header.position(AUDIT_DATA).is_some();
    Ok(is_table.then_some((header, length)))
}

/// Returns the length of a line that stands before the header: blank, `#TYPE ...`, `sep=;`.
fn preamble(rest: &str) -> Option<usize> {
    let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
    let content = rest[..line].trim_matches(|c: char| c.is_whitespace() || c == '\0');
    // A remark quotes no record: what does is one whose first byte is damaged.
    let is_remark = content.starts_with('#') && !content.contains('{');
    let skipped = content.is_empty() || is_remark || told_delimiter(content).is_some();
    if skipped && line > 0 {
        return Some(line);
    }
    let nuls = rest.bytes().take_while(|byte| *byte == 0).count();
    (nuls > 0).then_some(nuls)
}

/// Reads the line by which Excel is told the delimiter.
fn told_delimiter(line: &str) -> Option<char> {
    let mut told = line.trim().trim_matches('"').strip_prefix("sep=")?.chars();
    let delimiter = told.next().or(Some('\t'))?;
    told.next().is_none().then_some(delimiter)
}

/// Returns the delimiter under which the most names are known, and then the most cells.
fn best_delimiter(rest: &str) -> char {
    let mut cells = Vec::new();
    let mut best = (0, 0, ',');
    for delimiter in DELIMITERS {
        cells::cut(rest, delimiter, true, &mut cells);
        let known = cells
            .iter()
            .filter(|cell| is_known(&cell.text(rest)))
            .count();
        if (known, cells.len()) > (best.0, best.1) {
            best = (known, cells.len(), delimiter);
        }
    }
    best.2
}

fn is_known(name: &str) -> bool {
    let name = clean_name(name).0;
    name.eq_ignore_ascii_case(AUDIT_DATA) || rules::is_known_name(&name)
}

fn clean(names: Vec<String>, delimiter: char) -> Header {
    let mut zone = None;
    let mut cleaned: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let (name, told) = clean_name(&name);
        zone = zone.or(told.filter(|zone| !zone.eq_ignore_ascii_case("UTC")));
        let earlier = cleaned
            .iter()
            .filter(|other| other.eq_ignore_ascii_case(&name))
            .count();
        cleaned.push(if earlier == 0 {
            name
        } else {
            format!("{name} ({})", earlier + 1)
        });
    }
    let english = portal::english_names(&cleaned);
    let by_position = english.is_some();
    let mut header = Header {
        names: english.unwrap_or(cleaned),
        delimiter,
        date: None,
        zone,
        by_position,
    };
    header.date = DATES.iter().find_map(|name| header.position(name));
    header
}

/// Trims a name, collapses its blanks and takes off the zone that Log Analytics puts behind it.
fn clean_name(name: &str) -> (String, Option<String>) {
    let name = name
        .trim_start_matches('\u{feff}')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match name
        .strip_suffix(']')
        .and_then(|name| name.rsplit_once(" ["))
    {
        Some((bare, zone)) => (bare.to_owned(), Some(zone.to_owned())),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_twins_are_numbered() {
        let names = [
            "TimeGenerated [UTC]",
            " Application ID ",
            "Autonomous system  number",
            "A",
            "a",
        ];
        let header = clean(names.map(str::to_owned).to_vec(), ',');
        assert_eq!(
            header.names,
            [
                "TimeGenerated",
                "Application ID",
                "Autonomous system number",
                "A",
                "a (2)"
            ]
        );
        assert_eq!(header.zone, None);
        assert_eq!(header.date, Some(0));
    }

    #[test]
    fn the_delimiter_is_the_one_under_which_names_are_known() {
        assert_eq!(
            best_delimiter("CreationDate;UserIds;Operations;AuditData\n"),
            ';'
        );
        assert_eq!(
            best_delimiter("Received\tSenderAddress\tRecipientAddress, first\n"),
            '\t'
        );
        assert_eq!(
            best_delimiter("SystemAlertId❖AlertName❖AlertSeverity\n"),
            '❖'
        );
    }
}
