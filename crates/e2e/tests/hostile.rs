//! Text that an intruder wrote: shown as marks, never obeyed by a terminal or a spreadsheet.

use crate::house::House;

const SUBJECT: &str = r"=HYPERLINK(1)\u202Efdp\u001b[2J\u0000\u007f\u009b2J";

/// A sent message whose subject is a formula, a terminal sequence and a reversed line.
fn record() -> String {
    format!(
        "{{\"CreationTime\":\"2026-03-10T09:40:00\",\"Id\":\"7d1d4a6e-0002-4000-8000-000000000002\",\"Operation\":\"Send\",\
         \"OrganizationId\":\"5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413\",\"RecordType\":2,\"ResultStatus\":\"Succeeded\",\"UserType\":0,\
         \"UserId\":\"nora.lindqvist@fabrikam-logistics.example\",\"Workload\":\"Exchange\",\"ClientIPAddress\":\"203.0.113.47\",\
         \"ClientInfoString\":\"Client=OWA;\\u001b]0;x\\u0007\",\"MailboxOwnerUPN\":\"nora.lindqvist@fabrikam-logistics.example\",\
         \"Item\":{{\"Id\":\"Unknown\",\"InternetMessageId\":\"<hostile.1@fabrikam-logistics.example>\",\"Subject\":\"{SUBJECT}\"}}}}\n"
    )
}

fn with_record() -> House {
    let house = House::new();
    let path = house.write("hostile.jsonl", record());
    let (report, code) = house.import(&[path]);
    assert_eq!((code, &report["new"]), (0, &1.into()), "{report}");
    house
}

fn has_hidden(text: &str) -> bool {
    text.chars()
        .any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}')
}

#[test]
fn a_terminal_sees_marks() {
    let house = with_record();
    for words in [
        &["messages"][..],
        &["show", "7d1d4a6e-0002-4000-8000-000000000002"],
        &["sql", "SELECT * FROM mail_items"],
    ] {
        let run = house.run(words);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!has_hidden(&run.stdout), "{words:?}: {:?}", run.stdout);
        assert!(
            run.stdout.contains("U+202E") || run.stdout.contains("\\u202"),
            "{words:?}: {:?}",
            run.stdout
        );
    }
}

#[test]
fn a_spreadsheet_sees_text() {
    let house = with_record();
    for words in [
        &["--format", "csv", "messages"][..],
        &["--format", "csv", "sql", "SELECT subject FROM mail_items"],
    ] {
        let run = house.run(words);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.stdout.contains("HYPERLINK"),
            "{words:?}: {}",
            run.stdout
        );
        assert!(
            !run.stdout.contains("\"=HYPERLINK") && !run.stdout.contains(",=HYPERLINK"),
            "{words:?}: {}",
            run.stdout
        );
        assert!(
            !run.stdout.lines().any(|line| line.starts_with('=')),
            "{words:?}: {}",
            run.stdout
        );
        assert!(!has_hidden(&run.stdout), "{words:?}: {:?}", run.stdout);
    }
}

#[test]
fn json_keeps_the_original() {
    let house = with_record();
    let lines = house.lines(&[]);
    let subject = lines[0]["subject"].as_str().unwrap_or_default();
    assert_eq!(
        subject, "=HYPERLINK(1)\u{202e}fdp\u{1b}[2J\0\u{7f}\u{9b}2J",
        "whoever reads the JSON has the original"
    );
    for words in [
        &["--format", "jsonl", "messages"][..],
        &["--format", "json", "messages"],
        &["--format", "jsonl", "sql", "SELECT subject FROM mail_items"],
        &[
            "--format",
            "json",
            "show",
            "7d1d4a6e-0002-4000-8000-000000000002",
        ],
    ] {
        let run = house.run(words);
        assert!(!has_hidden(&run.stdout), "{words:?}: {:?}", run.stdout);
    }
}
