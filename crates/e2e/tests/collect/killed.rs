//! `kill -9`, an interrupt, and a worker that takes over from another: nothing is lost and
//! nothing is there twice.

use crate::house::{Chance, Run};
use crate::trial::{Collected, FAMILIES, Trial, bulk, story};
use sim::Dials;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Rounds of the everyday test; the bench asks for fifty.
const ROUNDS: u64 = 8;

/// Limits of a world in which a lease of a killed worker runs out soon.
const HASTE: &str = "[limits]\nquota_factor = 1000\nlease = \"1s\"\nretry_pause = \"20ms\"\nbackoff = \"200ms\"\ntries = 6\npatience = \"40s\"\n";

fn rounds() -> u64 {
    let said = std::env::var("BREACHSCOPE_KILL_ROUNDS").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// Waits until what was started has ended, for so long at most; returns whether it has.
fn ends_within(child: &mut Child, longest: Duration) -> bool {
    let glance = Duration::from_millis(5);
    for _ in 0..longest.as_millis() / glance.as_millis() {
        if child.try_wait().expect("a run can be watched").is_some() {
            return true;
        }
        std::thread::sleep(glance);
    }
    false
}

fn kill(mut child: Child) {
    child.kill().expect("a run can be killed");
    child.wait().expect("a killed run ends");
}

#[test]
fn a_run_that_is_killed_again_and_again_is_completed_by_the_last() {
    let dials = Dials {
        latency_ms: (5, 40),
        ..Dials::default()
    };
    let trial = Trial::with_dials(story("aitm-invoice"), dials);
    trial.configure(HASTE);
    let mut moment = Chance(0x5EED);
    let mut killed = 0;
    for _ in 0..rounds() {
        let mut run = trial.start(&["--once"]);
        if !ends_within(&mut run, Duration::from_millis(100 + moment.below(2_500))) {
            killed += 1;
            kill(run);
            // Whatever moment it was, the lake opens as it is, before anything mends it.
            let opened = trial.house.run(&["lake", "status"]);
            assert_eq!(opened.code, 0, "{}", opened.stderr);
        }
    }
    assert!(killed > 1, "no run lived long enough to be killed");
    let last = trial.collect(&["--once"]);
    assert_eq!(last.code, 0, "{} {}", last.stderr, last.report);
    trial.holds_everything_once(&FAMILIES, "after many deaths");
    assert_eq!(trial.house.run(&["lake", "verify"]).code, 0);
}

#[test]
fn of_two_workers_one_takes_over_when_the_other_is_killed() {
    let trial = Trial::with_dials(
        bulk(4, 4_000),
        Dials {
            latency_ms: (30, 60),
            ..Dials::default()
        },
    );
    trial.configure(HASTE);
    let first = trial.start(&["--watch", "--source", "activity"]);
    std::thread::sleep(Duration::from_millis(700));
    let second = trial.start(&["--watch", "--source", "activity"]);
    std::thread::sleep(Duration::from_millis(700));
    kill(first);
    let whole = (0..300).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        trial.house.count("SELECT count(*) FROM unified") == 4_000
    });
    assert!(whole, "nobody took over: {}", trial.status());
    kill(second);
    trial.holds_everything_once(&["unified"], "two workers");
}

#[test]
fn two_runs_at_once_share_the_tenants() {
    let trial = Trial::with_dials(
        bulk(6, 1_800),
        Dials {
            latency_ms: (20, 40),
            ..Dials::default()
        },
    );
    trial.configure(HASTE);
    let words = ["--once", "--source", "activity"];
    let runs: Vec<Child> = (0..2)
        .map(|_| {
            let mut command = trial.command(&words);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("the binary starts")
        })
        .collect();
    for run in runs {
        let output = run.wait_with_output().expect("a run ends");
        let run = Collected::of(Run::of(output));
        assert_eq!(run.code, 0, "{} {}", run.stderr, run.report);
    }
    let rest = trial.collect(&words);
    assert_eq!(rest.brought(), 0, "{}", rest.report);
    trial.holds_everything_once(&["unified"], "two runs at once");
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_came_and_says_so() {
    let trial = Trial::with_dials(
        bulk(1, 3_000),
        Dials {
            latency_ms: (100, 200),
            ..Dials::default()
        },
    );
    for (number, words) in [["--once", "activity"], ["--watch", "activity"]]
        .iter()
        .enumerate()
    {
        for signal in ["-INT", "-TERM"] {
            let mut command = trial.command(&[words[0], "--source", words[1]]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let child = command.spawn().expect("the binary starts");
            std::thread::sleep(Duration::from_millis(1_200 + 300 * number as u64));
            let told = Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status();
            assert!(told.expect("kill starts").success());
            let output = child.wait_with_output().expect("a run ends");
            let run = Collected::of(Run::of(output));
            assert_eq!(run.code, 130, "{signal} {words:?}: {}", run.stderr);
            assert_eq!(run.report["interrupted"], true, "{}", run.report);
            let stored = trial.house.count("SELECT count(*) FROM unified");
            assert!(stored >= run.brought(), "{stored} {}", run.report);
        }
    }
    let stored = trial.house.count("SELECT count(*) FROM unified");
    assert!(stored > 0, "what came before an interrupt is kept");
    // The leases were let go: the next run begins at once.
    let last = trial.collect(&["--once", "--source", "activity"]);
    assert_eq!(last.code, 0, "{} {}", last.stderr, last.report);
    trial.holds_everything_once(&["unified"], "after interrupts");
}
