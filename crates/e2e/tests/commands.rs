//! Every command once, with its exit code and its streams.

use crate::house::{House, Run, checkout};
use std::process::Stdio;

fn with_demo() -> House {
    let house = House::new();
    let (_, code) = house.import(&[checkout().join("demo/export")]);
    assert_eq!(code, 0);
    house
}

#[test]
fn wrong_words_end_with_usage_and_say_so_on_standard_error() {
    let house = House::new();
    for words in [
        &["import"][..],
        &["messages", "--type", "read"],
        &["nonsense"],
        &["--format", "xml", "sql", "SELECT 1"],
    ] {
        let run = house.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}", run.stderr);
        assert!(
            run.stdout.is_empty() && !run.stderr.is_empty(),
            "{words:?}: {}",
            run.stdout
        );
    }
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let house = House::new();
    let run = house.run(&["--format", "json", "import", "no/such/file.csv"]);
    assert_ne!(run.code, 0);
    assert!(
        format!("{}{}", run.stdout, run.stderr).contains("no/such/file.csv"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn a_damaged_record_makes_the_answer_partial_and_is_listed() {
    let house = House::new();
    let good = "{\"CreationTime\":\"2026-03-10T09:31:07\",\"Id\":\"7d1d4a6e-0001-4000-8000-000000000001\",\"Operation\":\"UserLoggedIn\",\"OrganizationId\":\"5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413\",\"RecordType\":15,\"UserId\":\"a@fabrikam-logistics.example\",\"UserType\":0,\"Workload\":\"AzureActiveDirectory\"}";
    let path = house.write("cut.jsonl", format!("{good}\n{}", &good[..good.len() - 40]));
    let (report, code) = house.import(&[path]);
    assert_eq!(code, 3, "{report}");
    assert_eq!(
        (&report["new"], &report["rejected"]),
        (&1.into(), &1.into()),
        "{report}"
    );
    let place = report["files"][0]["errors"][0]["where"]
        .as_str()
        .unwrap_or_default();
    assert!(place.contains('2'), "the place names line 2: {report}");
}

#[test]
fn talk_goes_to_standard_error_and_quiet_silences_it() {
    let house = with_demo();
    let talking = house.run(&["--format", "jsonl", "messages", "--type", "send"]);
    assert_eq!(talking.lines().len(), 1, "{}", talking.stdout);
    assert!(
        talking.stderr.contains("UTC"),
        "the window is echoed: {}",
        talking.stderr
    );
    let quiet = house.run(&["--quiet", "--format", "jsonl", "messages", "--type", "send"]);
    assert_eq!(
        (quiet.stdout, quiet.stderr),
        (talking.stdout, String::new())
    );
}

#[test]
fn a_line_of_messages_has_every_word_of_its_contract() {
    let house = with_demo();
    let lines = house.lines(&["--type", "send"]);
    let line = lines[0].as_object().expect("a line is an object");
    for key in [
        "mailbox",
        "internet_message_id",
        "first_seen",
        "last_seen",
        "times",
        "folders",
        "subject",
        "types",
        "ips",
        "sessions",
        "apps",
        "records",
    ] {
        assert!(line.contains_key(key), "`{key}` is missing in {line:?}");
    }
    assert_eq!(line["subject"], "RE: Invoice 88213 - updated bank details");
    assert_eq!(line["mailbox"], "nora.lindqvist@fabrikam-logistics.example");
}

#[test]
fn the_table_says_first_how_many_and_what_is_not_covered() {
    let house = with_demo();
    let run = house.run(&["messages", "--mailbox", "nora.lindqvist", "--foreground"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let first = run.stdout.lines().next().unwrap_or_default();
    assert!(
        first.contains("message") && first.contains("record") && first.contains("mailbox"),
        "{first}"
    );
    assert!(run.stdout.contains("left out"), "{}", run.stdout);
}

#[test]
fn show_prints_the_record_as_received_and_as_understood() {
    let house = with_demo();
    let lines = house.lines(&["--type", "send"]);
    let id = lines[0]["records"][0]
        .as_str()
        .expect("a line names its records");
    let run = house.run(&["--format", "json", "show", id]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = &run.json()[0];
    assert_eq!(shown["original"]["Id"], id, "{shown}");
    assert!(shown["understood"].is_object(), "{shown}");
    assert_ne!(
        house
            .run(&["show", "11111111-2222-4333-8444-555555555555"])
            .code,
        0
    );
}

#[test]
fn sql_answers_in_every_format_and_changes_nothing() {
    let house = with_demo();
    let query = "SELECT count(*) AS n FROM unified";
    assert!(house.run(&["sql", query]).stdout.contains('n'));
    assert_eq!(
        house
            .run(&["--format", "csv", "sql", query])
            .stdout
            .lines()
            .next(),
        Some("n")
    );
    let records = house.count(query);
    assert!(records > 0);
    assert_ne!(house.run(&["sql", "DROP TABLE unified"]).code, 0);
    assert_ne!(house.run(&["sql", "SELECT nonsense FROM unified"]).code, 0);
    assert_eq!(house.count(query), records);
}

#[test]
fn the_lake_can_be_looked_at_compacted_and_verified() {
    let house = with_demo();
    let before = house.touched(&["--mailbox", "nora.lindqvist"]);
    for verb in ["status", "compact", "verify", "status"] {
        let run = house.run(&["lake", verb]);
        assert_eq!(run.code, 0, "lake {verb}: {}{}", run.stdout, run.stderr);
    }
    assert_eq!(house.touched(&["--mailbox", "nora.lindqvist"]), before);
}

#[test]
fn verify_finds_a_changed_byte_of_the_evidence() {
    let house = with_demo();
    let largest = files_below(&house.path("data/raw"))
        .into_iter()
        .max_by_key(|path| path.metadata().map_or(0, |file| file.len()));
    let path = largest.expect("the raw store holds files");
    let mut bytes = std::fs::read(&path).expect("a raw file can be read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    let mut permissions = path
        .metadata()
        .expect("a raw file has permissions")
        .permissions();
    #[allow(
        clippy::permissions_set_readonly_false,
        reason = "the file is the test's own"
    )]
    permissions.set_readonly(false);
    std::fs::set_permissions(&path, permissions).expect("a raw file can be opened for writing");
    std::fs::write(&path, bytes).expect("a raw file can be written");
    let run = house.run(&["lake", "verify"]);
    assert_eq!(run.code, 8, "{}{}", run.stdout, run.stderr);
}

#[test]
fn formats_completions_and_pages_are_printed() {
    let house = House::new();
    let formats = house.run(&["import", "--list-formats"]);
    assert_eq!(formats.code, 0);
    assert!(formats.stdout.lines().count() > 20, "{}", formats.stdout);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = house.run(&["completion", shell]);
        assert!(
            run.code == 0 && run.stdout.contains("breachscope"),
            "{shell}: {}",
            run.stderr
        );
    }
    assert!(house.run(&["man"]).stdout.contains(".TH"));
    assert_eq!(
        house
            .run(&["man", &house.path("man").to_string_lossy()])
            .code,
        0
    );
    assert!(files_below(&house.path("man")).len() >= 7);
    assert!(house.run(&["--help"]).stdout.contains("import"));
}

#[test]
fn the_data_folder_may_come_from_the_environment() {
    let house = with_demo();
    let mut command = house.command(&[
        "sql",
        "SELECT count(*) AS n FROM unified",
        "--format",
        "jsonl",
    ]);
    let other = House::new();
    command.env("BREACHSCOPE_DATA", other.path("data"));
    let chosen = Run::of(
        command
            .stderr(Stdio::null())
            .output()
            .expect("the binary starts"),
    );
    assert_ne!(
        chosen.lines()[0]["n"],
        0,
        "the option outranks the environment"
    );
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
