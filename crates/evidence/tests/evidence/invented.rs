//! Every container, encoding and shape with records that we invented.

use crate::seen::{Seen, read, read_from};
use evidence::{Ended, Options, format_named};
use model::{DateOrder, Shape};
use std::io::{Cursor, Read, Write};

const KINDS: &str = include_str!("../fixtures/kinds.jsonl");

const SHAPES: &[(&str, Shape)] = &[
    ("k-unified", Shape::UnifiedAudit),
    ("k-lower", Shape::UnifiedAudit),
    ("k-office", Shape::OfficeActivity),
    ("k-cloudapp", Shape::CloudAppEvents),
    ("k-signin", Shape::SignInGraph),
    ("k-signintable", Shape::SignInTable),
    ("k-audit", Shape::DirectoryAuditGraph),
    ("k-audittable", Shape::DirectoryAuditTable),
    ("k-risk", Shape::RiskGraph),
    ("k-risktable", Shape::RiskTable),
    ("k-diagnostic", Shape::Diagnostic),
    ("k-activity", Shape::AzureActivityApi),
    ("k-activitytable", Shape::AzureActivityTable),
    ("k-devops", Shape::DevOpsAuditApi),
    ("k-trace", Shape::MessageTrace),
    ("k-tracegraph", Shape::MessageTraceGraph),
    ("k-email", Shape::EmailEvents),
    ("k-inventory", Shape::MailboxInventory),
    ("k-alert", Shape::Alert),
    ("k-other", Shape::Other),
];

/// Checks that a text gives every kind, each once, in order and without a word.
fn check(what: &str, bytes: &[u8]) {
    let seen = read(bytes);
    let found: Vec<(&str, Shape)> = seen
        .records
        .iter()
        .map(|record| (record.id.as_deref().unwrap_or(""), record.shape))
        .collect();
    assert_eq!(found, SHAPES, "{what}: {:?}", seen.summary);
    assert_eq!(
        seen.error_count(),
        0,
        "{what}: {:?} {:?}",
        seen.errors,
        seen.rejects
    );
}

/// The same records in every container of JSON.
fn shapes() -> Vec<(&'static str, String)> {
    let lines: Vec<&str> = KINDS.lines().collect();
    let pretty: Vec<String> = lines
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|value| serde_json::to_string_pretty(&value).expect("JSON"))
        .collect();
    let twice: Vec<String> = lines
        .iter()
        .map(|line| serde_json::to_string(line).expect("JSON"))
        .collect();
    let (first, second) = lines.split_at(7);
    vec![
        ("lines", KINDS.to_owned()),
        ("lines with CRLF", lines.join("\r\n")),
        ("blank lines", lines.join("\n\n  \n")),
        ("array", format!("[{}]", lines.join(","))),
        (
            "array, a line each",
            format!("[\n{}\n]\n", lines.join(",\n")),
        ),
        ("pretty array", format!("[\n{}\n]", pretty.join(",\n"))),
        (
            "value",
            format!(
                "{{\"@odata.context\":\"c\",\"value\":[{}]}}",
                lines.join(", ")
            ),
        ),
        ("records", format!("{{\"records\":[{}]}}", lines.join(","))),
        (
            "Records, pretty",
            format!("{{\n  \"Records\": [\n{}\n  ]\n}}", pretty.join(",\n")),
        ),
        ("events", format!("{{\"events\":[{}]}}", lines.join(","))),
        (
            "audit entries",
            format!(
                "{{\"decoratedAuditLogEntries\":[{}],\"hasMore\":false}}",
                lines.join(",")
            ),
        ),
        (
            "hunting results",
            format!(
                "{{\"schema\":[{{\"name\":\"x\"}}],\"results\":[{}]}}",
                lines.join(",")
            ),
        ),
        ("concatenated pretty", pretty.join("\n")),
        (
            "appended arrays",
            format!("[{}][{}]", first.join(","), second.join(",")),
        ),
        (
            "lines of arrays",
            format!("[{}]\n[{}]\n", first.join(","), second.join(",")),
        ),
        (
            "lines of pages",
            format!(
                "{{\"value\":[{}]}}\n{{\"value\":[{}]}}",
                first.join(","),
                second.join(",")
            ),
        ),
        ("encoded twice", twice.join("\n")),
        ("no separators", lines.concat()),
    ]
}

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        (
            "UTF-8 with mark",
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        ),
        ("UTF-16LE", [&[0xFF, 0xFE], &little[..]].concat()),
        ("UTF-16BE", [&[0xFE, 0xFF], &big[..]].concat()),
        ("UTF-16LE without mark", little),
        ("UTF-16BE without mark", big),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory");
        out.write_all(bytes).expect("memory");
    }
    out.finish().expect("memory").into_inner()
}

fn containers(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (first, second) = bytes.split_at(bytes.len() / 3);
    let packed = zip(&[("logs/records.txt", bytes)]);
    vec![
        ("plain", bytes.to_vec()),
        ("gzip", gzip(bytes)),
        ("gzip of two members", [gzip(first), gzip(second)].concat()),
        ("gzip in gzip", gzip(&gzip(bytes))),
        ("zip in zip", zip(&[("inner.zip", &packed)])),
        ("gzip in zip", zip(&[("records.gz", &gzip(bytes))])),
        ("zip in gzip", gzip(&packed)),
        ("zip", packed),
    ]
}

#[test]
fn every_container_encoding_and_shape_gives_the_same_records() {
    for (shape, text) in shapes() {
        for (encoding, bytes) in encodings(&text) {
            for (container, bytes) in containers(&bytes) {
                check(&format!("{shape}, {encoding}, {container}"), &bytes);
            }
        }
    }
}

#[test]
fn every_place_points_at_its_record_in_the_decoded_text() {
    for (shape, text) in shapes()
        .into_iter()
        .filter(|(shape, _)| *shape != "encoded twice")
    {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let bytes = zip(&[(
            "a.zip",
            &zip(&[(
                "deep/records.json",
                &gzip(&[&[0xFE, 0xFF], &wide[..]].concat()),
            )]),
        )]);
        for record in read(&bytes).records {
            let member = record.place.member.as_deref();
            assert_eq!(member, Some("a.zip!deep/records.json"));
            let mut decoded = String::new();
            let mut reader = evidence::decoded(Box::new(Cursor::new(bytes.clone())), member)
                .expect("the member");
            reader.read_to_string(&mut decoded).expect("text");
            let from = record.place.offset as usize;
            let slice = &decoded[from..from + record.place.length as usize];
            let mut again = String::new();
            model::json::parse(slice)
                .expect("a record")
                .value
                .write(&mut again);
            assert_eq!(again, record.body, "{shape}");
            assert_eq!(
                record.place.line,
                1 + decoded[..from].matches('\n').count() as u64,
                "{shape}"
            );
        }
    }
}

const RECORD: &str = r#"{"CreationTime":"2026-03-02T08:15:00","Id":"w-1","Operation":"Send","RecordType":2,"UserId":"ann.berg@fjordline.example"}"#;

#[test]
fn a_record_comes_out_of_every_envelope() {
    let text = serde_json::to_string(RECORD).expect("JSON");
    let twice = serde_json::to_string(&text).expect("JSON");
    for line in [
        format!(
            "{{\"RecordType\":\"ExchangeItem\",\"CreationDate\":\"2026-03-02\",\"AuditData\":{text}}}"
        ),
        format!("{{\"CreationDate\":\"2026-03-02\",\"AuditData\":{twice}}}"),
        format!("{{\"CreationDate\":\"2026-03-02\",\"auditdata\":{RECORD}}}"),
        format!(
            "{{\"id\":\"w-1\",\"createdDateTime\":\"2026-03-02T08:15:00Z\",\"auditLogRecordType\":\"x\",\"operation\":\"Send\",\"auditData\":{RECORD}}}"
        ),
        format!("{{\"o365audit\":{RECORD}}}"),
        format!("{{\"@timestamp\":\"2026-03-02T08:15:00Z\",\"o365audit\":{RECORD}}}"),
        format!("{{\"@timestamp\":\"2026-03-02T08:15:00Z\",\"o365\":{{\"audit\":{RECORD}}}}}"),
        format!("{{\"event\":{{\"original\":{text}}}}}"),
        format!("{{\"preview\":false,\"result\":{{\"_raw\":{text},\"_time\":\"2026-03-02\"}}}}"),
        format!("{{\"hits\":{{\"total\":1,\"hits\":[{{\"_id\":\"x\",\"_source\":{RECORD}}}]}}}}"),
        format!("{{\"Body\":\"{{\\\"x\\\":1}}\",\"message\":{text}}}"),
    ] {
        let seen = read(line.as_bytes());
        assert_eq!(
            seen.ids(),
            ["w-1"],
            "{line}\n{:?} {:?}",
            seen.summary,
            seen.rejects
        );
        assert_eq!(seen.records[0].shape, Shape::UnifiedAudit, "{line}");
        assert_eq!(seen.records[0].columns, 0, "{line}");
        assert_eq!(seen.error_count(), 0, "{line}");
    }
}

#[test]
fn columns_come_along_only_where_the_record_lacks_something() {
    let line = r#"{"CreationDate":"2026-03-02","UserIds":"ann","Operations":"Send","AuditData":"{\"Id\":\"c-1\"}"}"#;
    assert_eq!(read(line.as_bytes()).records[0].columns, 3);
}

#[test]
fn a_damaged_record_costs_itself_alone() {
    let good = |id: u32| RECORD.replace("w-1", &format!("g-{id}"));
    let cut = &RECORD[..60];
    for (what, text) in [
        (
            "a cut line",
            format!("{}\n{cut}\n{}\n{}\n", good(1), good(2), good(3)),
        ),
        (
            "a cut line inside a nested object",
            format!(
                "{}\n{{\"Id\":\"x\",\"a\":{{\"b\":[\n{}\n{}\n",
                good(1),
                good(2),
                good(3)
            ),
        ),
        (
            "an array of one line",
            format!("[{},{{\"Id\":oops}},{},{}]", good(1), good(2), good(3)),
        ),
        (
            "an array of lines",
            format!(
                "[\n  {},\n  {cut},\n  {},\n  {}\n]",
                good(1),
                good(2),
                good(3)
            ),
        ),
        (
            "a page",
            format!(
                "{{\"value\":[{},{{\"Id\":\"x\",}},{},{}]}}",
                good(1),
                good(2),
                good(3)
            ),
        ),
        (
            "a word between lines",
            format!("{}\nExport finished\n{}\n{}\n", good(1), good(2), good(3)),
        ),
        (
            "the end of a line whose beginning is lost",
            format!(
                "{}\n\",\"Operation\":\"Send\"}}\n{}\n{}\n",
                good(1),
                good(2),
                good(3)
            ),
        ),
    ] {
        let seen = read(text.as_bytes());
        assert_eq!(
            seen.ids(),
            ["g-1", "g-2", "g-3"],
            "{what}: {:?}",
            seen.rejects
        );
        assert_eq!(
            seen.error_count(),
            1,
            "{what}: {:?} {:?}",
            seen.rejects,
            seen.errors
        );
    }
}

#[test]
fn an_answer_of_columns_and_rows_is_a_table() {
    let seen = read(include_bytes!("../fixtures/query-answer.json"));
    assert_eq!(seen.ids(), ["q-1", "q-2"]);
    assert_eq!(seen.records[0].shape, Shape::OfficeActivity);
    assert_eq!(seen.errors.len(), 1, "{:?}", seen.errors);
    assert!(seen.errors[0].contains("PartialError"));
}

#[test]
fn a_portal_in_another_language_is_read_by_its_columns() {
    let seen = read(include_bytes!(
        "../fixtures/entra-portal-spanish-applications.csv"
    ));
    assert_eq!(seen.records[0].shape, Shape::SignInPortal);
    assert!(
        seen.records[0]
            .body
            .contains("\"Service principal ID\":\"sp-1\""),
        "{}",
        seen.records[0].body
    );
    assert_eq!((seen.error_count(), seen.warnings.len()), (0, 1));
}

#[test]
fn one_decisive_date_settles_the_order_for_the_whole_file() {
    let seen = read(include_bytes!("../fixtures/day-first.csv"));
    assert_eq!(seen.records.len(), 2);
    assert!(
        seen.records
            .iter()
            .all(|record| record.dates == DateOrder::DayFirst)
    );
    assert!(seen.records[1].body.contains("Semi;colon, and\\na line"));
}

#[test]
fn an_empty_page_and_a_header_alone_are_evidence_without_records() {
    for text in [
        "{\"value\":[]}",
        "[]",
        "CreationDate,UserIds,Operations,AuditData\r\n",
    ] {
        let seen = read(text.as_bytes());
        assert_eq!(seen.summary.ended, Ended::Read, "{text}");
        assert_eq!((seen.error_count(), seen.warnings.len()), (0, 1), "{text}");
    }
}

#[test]
fn records_of_unknown_kind_are_kept_beside_known_ones_and_refused_alone() {
    let unknown = "{\"colour\":\"red\"}";
    let seen = read(format!("{unknown}\n{RECORD}\n{unknown}\n").as_bytes());
    assert_eq!(seen.records.len(), 3);
    assert_eq!((seen.error_count(), seen.warnings.len()), (0, 1));
    assert!(
        matches!(read(unknown.as_bytes()).summary.ended, Ended::NotEvidence(reason) if reason.contains("colour"))
    );
}

#[test]
fn a_forced_format_takes_what_nothing_would_recognise() {
    let forced = |name: &str| Options {
        format: format_named(name),
        name: String::new(),
        depth: evidence::Depth::Whole,
    };
    let read = |text: &str, name: &str| {
        read_from(&mut Cursor::new(text.as_bytes().to_vec()), &forced(name))
    };
    let shape = |seen: &Seen| seen.records.first().map(|record| record.shape);
    assert_eq!(
        shape(&read("{\"colour\":\"red\"}", "alerts")),
        Some(Shape::Alert)
    );
    assert_eq!(
        shape(&read("a,b\n1,2\n", "message-trace")),
        Some(Shape::MessageTrace)
    );
    assert_eq!(
        shape(&read(&format!("{{\"value\":[{RECORD}]}}"), "ual-json")),
        Some(Shape::UnifiedAudit)
    );
}

#[test]
fn every_format_has_a_name_of_its_own_and_an_example_that_is_recognised() {
    for info in evidence::FORMATS {
        assert!(format_named(info.name).is_some());
        assert_eq!(
            evidence::FORMATS
                .iter()
                .filter(|other| other.name == info.name)
                .count(),
            1,
            "{}",
            info.name
        );
        let example = info.example.replace("...", "\"\"a\"\":1");
        let seen = read(example.as_bytes());
        assert_eq!(
            seen.records.len(),
            1,
            "{}: {:?} {:?}",
            info.name,
            seen.summary,
            seen.rejects
        );
        assert_eq!(seen.error_count(), 0, "{}", info.name);
    }
}

#[test]
fn archives_name_what_they_ignore_and_write_nothing() {
    let bytes = zip(&[
        ("readme.txt", b"hello".as_slice()),
        ("../../out.jsonl", RECORD.as_bytes()),
        ("__MACOSX/._out.jsonl", b"\0\0"),
        ("empty.csv", b""),
        ("ok.jsonl", RECORD.as_bytes()),
    ]);
    let seen = read(&bytes);
    assert_eq!(seen.records.len(), 2);
    assert_eq!(
        (seen.error_count(), seen.warnings.len()),
        (0, 4),
        "{:?}",
        seen.warnings
    );
}

#[test]
fn a_zip_that_lost_its_directory_still_gives_its_members() {
    let bytes = zip(&[
        ("a.jsonl", RECORD.as_bytes()),
        ("b.jsonl", RECORD.as_bytes()),
    ]);
    let seen = read(&bytes[..bytes.len() - 30]);
    assert_eq!(seen.records.len(), 2);
    assert_eq!(seen.error_count(), 1, "{:?}", seen.errors);
}

#[test]
fn archives_too_deep_are_named_and_not_opened() {
    let mut bytes = RECORD.as_bytes().to_vec();
    for _ in 0..6 {
        bytes = zip(&[("inner.zip", &bytes)]);
    }
    let seen = read(&bytes);
    assert!(
        matches!(seen.summary.ended, Ended::NotEvidence(_)),
        "{:?}",
        seen.summary
    );
}

#[test]
fn the_visitor_may_stop() {
    let mut records = 0;
    let summary = evidence::read(&mut Cursor::new(KINDS), &Options::default(), &mut |_| {
        records += 1;
        std::ops::ControlFlow::Break(())
    });
    assert_eq!(
        (records, summary.expect("readable").ended),
        (1, Ended::Stopped)
    );
}

#[test]
fn a_stream_cut_anywhere_gives_one_error_and_what_came_before() {
    let packed = gzip(KINDS.repeat(20).as_bytes());
    for length in (3..packed.len()).step_by(7) {
        let seen = read(&packed[..length]);
        assert_eq!(
            seen.error_count(),
            1,
            "{length}: {:?} {:?} {:?}",
            seen.summary,
            seen.errors,
            seen.rejects
        );
    }
}

#[test]
fn a_member_whose_bytes_changed_is_told() {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    out.start_file("a.jsonl", stored).expect("memory");
    out.write_all(RECORD.as_bytes()).expect("memory");
    let mut bytes = out.finish().expect("memory").into_inner();
    let at = bytes
        .windows(4)
        .position(|window| window == b"Send")
        .expect("the operation");
    bytes[at] = b'B';
    let seen = read(&bytes);
    assert_eq!(
        (seen.records.len(), seen.errors.len()),
        (1, 1),
        "{:?}",
        seen.errors
    );
}

#[test]
fn a_broken_row_costs_itself_even_beside_another() {
    let row = |id: u32| {
        format!(
            "2026-03-0{id}T08:15:00Z,ann,Send,\"{}\"\r\n",
            RECORD
                .replace("w-1", &format!("g-{id}"))
                .replace('"', "\"\"")
        )
    };
    let broken = |id: u32| {
        format!(
            "2026-03-0{id}T08:15:00Z,ann,Send,\"{}\"\r\n",
            RECORD.replace("w-1", &format!("b-{id}"))
        )
    };
    let text = [
        "CreationDate,UserIds,Operations,AuditData\r\n".to_owned(),
        row(1),
        broken(2),
        broken(3),
        row(4),
        row(5),
    ]
    .concat();
    let seen = read(text.as_bytes());
    assert_eq!(seen.ids(), ["g-1", "g-4", "g-5"], "{:?}", seen.rejects);
    assert_eq!(seen.rejects.len(), 2, "{:?}", seen.rejects);
    assert_eq!(seen.rejects[0].2.record_id.as_deref(), Some("b-2"));
    let unclosed = [
        "CreationDate,UserIds,Operations,AuditData\r\n".to_owned(),
        row(1),
        "2026-03-02,\"ann,Send,\r\n".to_owned(),
        row(3),
        row(4),
    ]
    .concat();
    let seen = read(unclosed.as_bytes());
    assert_eq!(seen.ids(), ["g-1", "g-3", "g-4"], "{:?}", seen.rejects);
    assert_eq!(seen.rejects.len(), 1, "{:?}", seen.rejects);
}

#[test]
fn a_row_with_a_comma_too_many_keeps_its_record_or_is_told() {
    let record = RECORD.replace('"', "\"\"");
    let moved = format!(
        "CreationDate,UserIds,Operations,AuditData\n2026-03-02,Berg, Ann,Send,\"{record}\"\n"
    );
    assert_eq!(read(moved.as_bytes()).ids(), ["w-1"]);
    let table = "Received,SenderAddress,RecipientAddress,Subject\n2026-03-02,a@x.example,b@x.example,Hello, Ole\n2026-03-03,a@x.example,b@x.example\n2026-03-04,a@x.example,b@x.example,Bye\n";
    let seen = read(table.as_bytes());
    assert_eq!(
        (seen.records.len(), seen.rejects.len()),
        (2, 1),
        "{:?}",
        seen.rejects
    );
}

#[test]
fn a_member_that_cannot_be_unpacked_from_its_first_byte_is_told() {
    let mut bytes = zip(&[("a.jsonl", RECORD.as_bytes())]);
    let data = 30 + "a.jsonl".len();
    bytes[data] = 0xFF;
    let seen = read(&bytes);
    assert_eq!(
        (seen.records.len(), seen.error_count()),
        (0, 1),
        "{:?}",
        seen.summary
    );
}

#[test]
fn a_member_packed_in_a_way_we_cannot_unpack_is_told() {
    let mut bytes = zip(&[("a.jsonl", RECORD.as_bytes())]);
    // Deflate64, which Windows takes for large files, in both headers.
    let directory = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .expect("a directory");
    bytes[8] = 9;
    bytes[directory + 10] = 9;
    let seen = read(&bytes);
    assert_eq!(
        (seen.records.len(), seen.error_count()),
        (0, 1),
        "{:?} {:?}",
        seen.summary,
        seen.errors
    );
}
