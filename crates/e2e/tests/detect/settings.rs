//! What the operator knows better than the records: `config.toml` in the data folder.

use super::{NORA, demo, detect, lines, of};
use crate::house::{House, Run};
use serde_json::Value;

/// Who owns which addresses of the demo: the intruder's are a hosting company's.
const NETWORKS: &str = "198.51.100.0,198.51.100.255,64500,Harbour Access
203.0.113.0,203.0.113.255,14061,DigitalOcean LLC
2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64501,Example Six
";

fn with_config(text: &str) -> House {
    let house = House::new();
    std::fs::create_dir(house.path("data")).expect("a data folder can be made");
    house.write("data/config.toml", text);
    house
}

fn blind(run: &Run) -> Vec<&str> {
    let lines = run.stderr.lines();
    lines
        .filter(|line| line.contains("for want of places and networks"))
        .collect()
}

#[test]
fn a_database_of_networks_makes_detections_of_places_speak() {
    let silent = detect(&House::new(), &["--format", "jsonl"], &demo());
    assert!(!blind(&silent).is_empty(), "{}", silent.stderr);
    assert!(of(&silent.lines(), "SIG-04").is_empty());

    let house = with_config("[geo]\ndatabases = [\"networks.csv\"]\n");
    house.write("data/networks.csv", NETWORKS);
    let run = detect(&house, &["--format", "jsonl"], &demo());
    assert_eq!(blind(&run), Vec::<&str>::new());
    let findings = run.lines();
    let found = of(&findings, "SIG-04");
    assert!(!found.is_empty(), "{findings:#?}");
    for finding in found {
        let why = finding["why"].as_str().unwrap_or_default();
        assert!(
            why.contains("AS14061") && why.contains("203.0.113.47"),
            "{finding}"
        );
    }
    let run = detect(&house, &["--format", "json"], &demo());
    let places = run.json()["summary"]["places"].to_string();
    assert!(places.contains("networks.csv"), "{places}");
    // The lake knows the same, and another database makes it look again.
    house.import(&demo());
    assert!(!of(&lines(&house, &[], &[]), "SIG-04").is_empty());
    house.write("data/config.toml", "");
    assert!(of(&lines(&house, &[], &[]), "SIG-04").is_empty());
}

#[test]
fn a_wrong_configuration_is_refused_with_its_place_or_its_words() {
    for (text, told) in [
        (
            "\n[geo]\ndatabase = [\"networks.csv\"]\n",
            &["line 3", "database"][..],
        ),
        (
            "[detect]\ndomains = \"one.example\"\n",
            &["line 2", "domains"],
        ),
        ("[detect\n", &["line 1"]),
        (
            "[detect]\nnetworks = [\"203.0.113.0\"]\n",
            &["203.0.113.0", "networks"],
        ),
        (
            "[[detect.exceptions]]\ndetection = \"INB-02\"\nuntil = \"2099-12-31\"\n",
            &["exception", "user"],
        ),
        ("[geo]\ndatabases = [\"none.csv\"]\n", &["none.csv"]),
    ] {
        let house = with_config(text);
        let run = detect(&house, &[], &demo());
        assert_eq!(run.code, 2, "{text}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{text}: {}", run.stdout);
        for word in told.iter().chain(&["hint"]) {
            assert!(run.stderr.contains(word), "{text}: {}", run.stderr);
        }
    }
}

#[test]
fn a_wrong_line_of_a_database_is_told() {
    let house = with_config("[geo]\ndatabases = [\"networks.csv\"]\n");
    house.write("data/networks.csv", format!("{NETWORKS}somewhere,else\n"));
    let run = detect(&house, &[], &demo());
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("networks.csv") && run.stderr.contains("line 4"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_exception_silences_what_it_names_and_nothing_else() {
    let plain = lines(&House::new(), &[], &demo());
    let exception = |user: &str, until: &str| {
        let house = with_config(&format!(
            "[[detect.exceptions]]\ndetection = \"INB-02\"\nuser = \"{user}\"\nuntil = \"{until}\"\n"
        ));
        lines(&house, &[], &demo())
    };
    let silenced = exception(NORA, "2099-12-31");
    assert!(of(&silenced, "INB-02").is_empty());
    // Neither another detection of the same record nor anything else goes with it.
    let others = |all: &[Value]| {
        let names = all.iter().filter_map(|one| one["detection"].as_str());
        let names = names.filter(|name| *name != "INB-02");
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(others(&silenced), others(&plain));
    // Somebody else's exception, and one that had ended when it happened, silence nothing.
    assert_eq!(
        exception("daniel.okafor@fabrikam-logistics.example", "2099-12-31"),
        plain
    );
    assert_eq!(exception(NORA, "2026-03-01"), plain);
}

#[test]
fn an_exception_that_comes_later_takes_its_finding_out_of_the_lake() {
    let house = super::with_demo();
    assert_eq!(of(&lines(&house, &[], &[]), "SND-03").len(), 1);
    house.write(
        "data/config.toml",
        format!("[[detect.exceptions]]\ndetection = \"SND-03\"\nuser = \"{NORA}\"\nuntil = \"2099-12-31\"\n"),
    );
    assert!(of(&lines(&house, &[], &[]), "SND-03").is_empty());
    house.write("data/config.toml", "");
    assert_eq!(of(&lines(&house, &[], &[]), "SND-03").len(), 1);
}
