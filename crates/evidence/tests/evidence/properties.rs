//! What holds for every input: nothing panics, and no rendering loses a record.

use crate::seen::{Seen, read, read_from};
use evidence::Options;
use proptest::prelude::*;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// A reader that gives at most so many bytes at a time.
struct Trickle {
    inner: Cursor<Vec<u8>>,
    most: usize,
}

impl Read for Trickle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.most);
        self.inner.read(&mut into[..most])
    }
}

impl Seek for Trickle {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

fn trickled(bytes: Vec<u8>, most: usize) -> Seen {
    read_from(
        &mut Trickle {
            inner: Cursor::new(bytes),
            most,
        },
        &Options::default(),
    )
}

fn record(id: usize, text: &str, padding: usize) -> String {
    let value = serde_json::json!({
        "CreationTime": "2026-03-02T08:15:00",
        "Id": format!("p-{id}"),
        "Operation": text,
        "RecordType": 2,
        "UserId": "ann.berg@fjordline.example",
        "Folders": [{"Path": text, "FolderItems": [{"Subject": "x".repeat(padding)}]}],
    });
    value.to_string()
}

fn csv(records: &[String], delimiter: &str, line_end: &str) -> String {
    let header = ["CreationDate", "UserIds", "Operations", "AuditData"].join(delimiter);
    let row = |record: &String| {
        let cell = format!("\"{}\"", record.replace('"', "\"\""));
        [
            "2026-03-02T08:15:00",
            "ann.berg@fjordline.example",
            "Send",
            &cell,
        ]
        .join(delimiter)
    };
    let rows: Vec<String> = std::iter::once(header)
        .chain(records.iter().map(row))
        .collect();
    rows.join(line_end)
}

const RENDERINGS: usize = 5;

/// Reads six records of which one byte is another.
fn damaged(rendering: usize, at: usize, byte: u8) -> Seen {
    let records: Vec<String> = (0..6).map(|id| record(id, "Send", 100)).collect();
    let text = match rendering {
        0 => records.join("\n"),
        1 => format!("[{}]", records.join(",\n")),
        2 => format!("[{}]", records.join(",")),
        3 => format!("[\n  {}\n]", records.join(",\n  ")),
        _ => csv(&records, ",", "\r\n"),
    };
    // A damaged header is another matter: nobody can tell what its rows are.
    let header = "CreationDate,UserIds,Operations,AuditData\r\n".len();
    let from = if rendering == 4 { header } else { 0 };
    let mut bytes = text.into_bytes();
    let at = from + at % (bytes.len() - from);
    bytes[at] = byte;
    read(&bytes)
}

#[test]
fn a_damaged_first_byte_costs_no_more_than_the_first_record() {
    for rendering in 0..RENDERINGS {
        for byte in 0..=u8::MAX {
            let seen = damaged(rendering, 0, byte);
            let found = (seen.records.len(), seen.error_count());
            assert!(found.0 >= 5, "{rendering} {byte} {found:?}: {seen:?}");
            assert!(
                found.0 + found.1 >= 6,
                "{rendering} {byte} {found:?}: {seen:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes);
    }

    #[test]
    fn no_text_like_evidence_makes_it_panic(text in "[\\[\\]{}\":,;\\\\\n\r\t a-cIdAuditDatvlue0-9\u{0}\u{e9}]{0,200}") {
        read(text.as_bytes());
        read(format!("CreationDate,AuditData,Operations\n{text}").as_bytes());
        read(format!("{{\"value\":[{text}").as_bytes());
    }

    #[test]
    fn no_damage_makes_it_panic_or_lose_the_count(
        at in 0usize..3000,
        byte in any::<u8>(),
        rendering in 0..RENDERINGS,
    ) {
        let seen = damaged(rendering, at, byte);
        // Two rows whose line end is damaged are one.
        prop_assert!(seen.records.len() + seen.error_count() >= 5, "{:?} {:?}", seen.summary, seen.rejects);
    }

    #[test]
    fn every_rendering_gives_the_records_back_whatever_the_reader_gives(
        texts in proptest::collection::vec("\\PC{0,30}", 1..12),
        padding in 0usize..400,
        most in 1usize..5000,
        rendering in 0usize..8,
    ) {
        let records: Vec<String> = texts.iter().enumerate().map(|(id, text)| record(id, text, padding)).collect();
        let text = match rendering {
            0 => records.join("\n"),
            1 => records.join("\r\n") + "\r\n",
            2 => format!("[{}]", records.join(",")),
            3 => format!("{{\"value\": [\n{}\n]}}", records.join(",\n")),
            4 => records.concat(),
            5 => csv(&records, ",", "\r\n"),
            6 => csv(&records, ";", "\n"),
            _ => csv(&records, "\t", "\n"),
        };
        let seen = trickled(text.into_bytes(), most);
        let bodies: Vec<&str> = seen.records.iter().map(|record| record.body.as_str()).collect();
        let expected: Vec<String> = records
            .iter()
            .map(|record| {
                let mut out = String::new();
                model::json::parse(record).expect("JSON").value.write(&mut out);
                out
            })
            .collect();
        prop_assert_eq!(bodies, expected);
        prop_assert_eq!(seen.error_count(), 0);
    }
}

#[test]
fn a_file_longer_than_every_window_is_read_whole() {
    let records: Vec<String> = (0..3000).map(|id| record(id, "Send", id % 700)).collect();
    for text in [
        records.join("\n"),
        format!("[{}]", records.join(",")),
        format!("{{\"value\":[{}]}}", records.join(",")),
        csv(&records, ",", "\r\n"),
    ] {
        for most in [1009, 65_536] {
            let seen = trickled(text.clone().into_bytes(), most);
            assert_eq!(seen.records.len(), 3000);
            assert_eq!(seen.error_count(), 0);
            let last = seen.records.last().expect("a record");
            let from = last.place.offset as usize;
            assert!(text[from..from + last.place.length as usize].contains("p-2999"));
        }
    }
}
