//! What the machine itself refuses: room on the disk, the ledger, the lake. A clear message, and
//! nothing lost once it gives way.

use crate::house::Run;
use crate::trial::{Collected, Trial, bulk};
use rusqlite::Connection;
use std::process::Command;

const WORDS: [&str; 3] = ["--once", "--source", "activity"];

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_costs_nothing_once_there_is_room() {
    let trial = Trial::new(bulk(1, 3_000));
    let mut refused = 0;
    for blocks in [120, 200, 400] {
        let output = limited(&trial, blocks).output().expect("the shell starts");
        let run = Collected::of(Run::of(output));
        if run.code == 0 {
            continue;
        }
        refused += 1;
        assert_eq!(run.code, 1, "{blocks}: {}", run.stderr);
        assert!(run.stderr.contains("make room"), "{blocks}: {}", run.stderr);
        let opened = trial.house.run(&["lake", "status"]);
        assert_eq!(opened.code, 0, "{blocks}: {}", opened.stderr);
    }
    assert!(refused > 0, "no disk was full");
    let rest = trial.collect(&WORDS);
    assert_eq!(rest.code, 0, "{} {}", rest.stderr, rest.report);
    trial.holds_everything_once(&["unified"], "a full disk");
    assert_eq!(trial.house.run(&["lake", "verify"]).code, 0);
}

#[test]
fn a_ledger_that_somebody_else_holds_is_waited_for() {
    let trial = Trial::new(bulk(1, 1_000));
    assert_eq!(trial.house.run(&["lake", "status"]).code, 0);
    let ledger = Connection::open(trial.house.path("data/ledger.sqlite")).expect("the ledger");
    let mut run = trial.start(&WORDS);
    let glance = std::time::Duration::from_millis(50);
    // Held and let go again, the run comes through between; then held for two seconds.
    for held in [4, 2, 8, 40] {
        ledger.execute_batch("BEGIN IMMEDIATE").expect("held");
        for _ in 0..held {
            std::thread::sleep(glance);
        }
        assert!(
            run.try_wait()
                .expect("watched")
                .is_none_or(|end| end.success())
        );
        ledger.execute_batch("COMMIT").expect("let go");
        std::thread::sleep(glance);
    }
    assert!(run.wait().expect("a run ends").success());
    trial.holds_everything_once(&["unified"], "a ledger that was held");
}

#[test]
fn a_lake_that_somebody_else_writes_to_is_waited_for() {
    let trial = Trial::new(bulk(1, 1_000));
    let lines: Vec<String> = (0..60_000)
        .map(|number| crate::trial::record(number).to_string())
        .collect();
    let path = trial.house.write("many.jsonl", lines.join("\n"));
    let mut import = trial.house.start_import(&[path]);
    let run = trial.collect(&WORDS);
    assert_eq!(run.code, 0, "{} {}", run.stderr, run.report);
    assert!(import.wait().expect("an import ends").success());
    let own = trial.house.count("SELECT count(*) FROM unified");
    assert_eq!(own, 61_000);
    assert_eq!(run.brought(), 1_000, "{}", run.report);
}

/// Returns a run in which no file grows beyond so many blocks: what a full disk is like, without
/// the rights to make one.
#[cfg(unix)]
fn limited(trial: &Trial, blocks: u32) -> Command {
    let inner = trial.command(&WORDS);
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
        ))
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}
