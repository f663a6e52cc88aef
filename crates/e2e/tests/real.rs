//! Real exports in all their shapes: each file gives the records that its list says, and
//! the same records in other files and another order are kept once.

use crate::demo::file_of;
use crate::house::{House, Run, real_data, real_files};
use std::path::PathBuf;

/// Distinct records of the real tenant.
const DISTINCT: u64 = 3_867;

/// What `MANIFEST.csv` lists and is no evidence: the labels of a rule set.
const NOT_EVIDENCE: &[&str] = &["labels"];

#[test]
fn every_real_file_gives_the_records_of_its_list() {
    let Some(data) = real_data("the list of real files") else {
        return;
    };
    let list = manifest(
        &std::fs::read_to_string(data.join("real/MANIFEST.csv")).expect("the list can be read"),
    );
    let house = House::new();
    let paths: Vec<PathBuf> = list
        .iter()
        .map(|entry| data.join("real").join(&entry.file))
        .collect();
    let (report, _) = house.import(&paths);
    let mut complaints = Vec::new();
    for entry in &list {
        let found = file_of(&report, &entry.file);
        let read = found["records"].as_u64().unwrap_or(0) + found["rejected"].as_u64().unwrap_or(0);
        if NOT_EVIDENCE.contains(&entry.format.as_str()) {
            let reasons = found["errors"].as_array().map_or(0, Vec::len)
                + found["warnings"].as_array().map_or(0, Vec::len);
            if read != 0 || reasons == 0 {
                complaints.push(format!(
                    "{}: not named as not evidence: {found}",
                    entry.file
                ));
            }
        } else if read != entry.records {
            complaints.push(format!(
                "{}: {read} records, not {}: {found}",
                entry.file, entry.records
            ));
        }
    }
    println!(
        "{} of {} real files as listed",
        list.len() - complaints.len(),
        list.len()
    );
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn records_are_kept_once_in_whatever_order_their_files_come() {
    let Some(data) = real_data("the orders of import") else {
        return;
    };
    let tables = real_files(&data, "invictus-ual-splunkcsv-", ".csv");
    let lines = real_files(&data, "invictus-ual-auditdata-", ".jsonl");
    let mut interleaved: Vec<PathBuf> = tables
        .iter()
        .zip(&lines)
        .flat_map(|(one, other)| [other.clone(), one.clone()])
        .collect();
    interleaved.reverse();
    for order in [
        [tables.clone(), lines.clone()].concat(),
        [lines, tables].concat(),
        interleaved,
    ] {
        let house = House::new();
        let mut new = 0;
        for half in order.chunks(order.len() / 2) {
            new += house.import(half).0["new"].as_u64().unwrap_or(0);
        }
        assert_eq!(new, DISTINCT);
        holds_each_once(&house);
    }
}

#[test]
fn two_imports_at_once_keep_each_record_once() {
    let Some(data) = real_data("two imports at once") else {
        return;
    };
    let house = House::new();
    let start = |begin: &str, end: &str| house.start_import(&real_files(&data, begin, end));
    let mut imports = [
        start("invictus-ual-splunkcsv-", ".csv"),
        start("invictus-ual-auditdata-", ".jsonl"),
    ];
    for import in &mut imports {
        let code = import.wait().expect("an import ends").code();
        assert!(matches!(code, Some(0 | 3)), "an import ended with {code:?}");
    }
    holds_each_once(&house);
}

/// Asserts that the lake is sound and holds every record of the real tenant once.
pub(crate) fn holds_each_once(house: &House) {
    let verify = house.run(&["lake", "verify"]);
    assert_eq!(verify.code, 0, "{}{}", verify.stdout, verify.stderr);
    assert_eq!(count_distinct(house), (DISTINCT, DISTINCT));
}

/// Returns how many whole records there are and how many ids they have.
fn count_distinct(house: &House) -> (u64, u64) {
    let all = house.count("SELECT count(*) AS n FROM unified");
    let ids = house.count("SELECT count(DISTINCT record_id) AS n FROM unified");
    (all, ids)
}

#[test]
fn standard_input_folders_and_patterns_are_read() {
    let Some(data) = real_data("folders and patterns") else {
        return;
    };
    let house = House::new();
    let pattern = data.join("real/invictus-ual-splunkcsv-2021-0[34]-*.csv");
    let (report, _) = house.import(&[pattern]);
    assert_eq!(
        report["files"].as_array().map(Vec::len),
        Some(3),
        "{report}"
    );
    let mut command = house.command(&["--format", "json", "import", "-"]);
    let file = std::fs::File::open(data.join("real/plaso-m365audit.a.jsonl"))
        .expect("the file can be read");
    let piped = Run::of(command.stdin(file).output().expect("the binary starts"));
    assert_eq!(piped.json()["new"], 2, "{}", piped.stdout);
}

struct Entry {
    file: String,
    format: String,
    records: u64,
}

fn manifest(csv: &str) -> Vec<Entry> {
    let mut rows = csv.lines().map(cells);
    let header = rows.next().expect("the list has a header");
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| cell == name)
            .expect("the list has this column")
    };
    let (file, format, records) = (column("file"), column("format"), column("records"));
    rows.filter(|cells| cells.len() == header.len())
        .map(|cells| Entry {
            file: cells[file].clone(),
            format: cells[format].clone(),
            records: cells[records].parse().expect("records are counted"),
        })
        .collect()
}

/// Splits a line of CSV whose cells hold no line breaks.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.trim_end().chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells
                .last_mut()
                .expect("there is always a cell")
                .push(letter),
        }
    }
    cells
}
