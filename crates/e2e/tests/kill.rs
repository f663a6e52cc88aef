//! `kill -9` in the middle of an import: the lake opens, holds nothing twice, and the
//! next run completes it.

use crate::house::{Chance, House, checkout, real_data, real_files};
use crate::real::holds_each_once;
use std::path::PathBuf;
use std::process::Child;
use std::time::Duration;

/// Rounds of the everyday test; the bench asks for fifty.
const ROUNDS: u32 = 10;
/// How finely the length of an import is felt for.
const GLANCE: Duration = Duration::from_millis(4);

#[test]
fn a_killed_import_of_real_records_is_completed_by_the_next_run() {
    let Some(data) = real_data("killing a real import") else {
        return;
    };
    let paths = real_files(&data, "invictus-ual-splunkcsv-", ".csv");
    let rounds = std::env::var("BREACHSCOPE_KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ROUNDS);
    let killed = kill_at_random_moments(&paths, rounds, holds_each_once);
    println!("{killed} of {rounds} imports were killed on their way and completed by the next run");
    assert_eq!(
        killed, rounds,
        "too many imports ended before they could be killed"
    );
}

#[test]
fn a_killed_import_of_the_demo_is_completed_by_the_next_run() {
    kill_at_random_moments(&[checkout().join("demo/export")], 3, |house| {
        assert_eq!(house.run(&["lake", "verify"]).code, 0);
        let (again, _) = house.import(&[checkout().join("demo/export")]);
        assert_eq!(again["new"], 0, "{again}");
    });
}

/// Returns how many of the rounds were killed while the import still ran.
fn kill_at_random_moments(paths: &[PathBuf], rounds: u32, check: impl Fn(&House)) -> u32 {
    let whole = (0..3)
        .map(|_| glances_of(&mut House::new().start_import(paths)))
        .min()
        .unwrap_or(1);
    // Its own timing makes each run of the test another one.
    let mut moment = Chance(0x5EED);
    let mut killed = 0;
    // On a busy machine an import can end before its moment comes: that round counts for nothing.
    for _ in 0..rounds * 5 {
        if killed == rounds {
            break;
        }
        let house = House::new();
        let mut import = house.start_import(paths);
        killed += u32::from(kill_after(&mut import, moment.below(whole)));
        // Whatever moment it was: the lake opens as it is, before anything mends it. Only
        // before the first folder was made there is none.
        let opened = house.run(&["lake", "status"]);
        let was_begun = house.path("data").exists();
        assert!(opened.code == 0 || !was_begun, "{}", opened.stderr);
        house.import(paths);
        check(&house);
    }
    killed
}

/// Counts how long a whole run takes, in glances.
pub(crate) fn glances_of(running: &mut Child) -> u64 {
    let mut glances = 1;
    while !has_ended(running) {
        std::thread::sleep(GLANCE);
        glances += 1;
    }
    glances
}

/// Kills after so many glances; returns whether the run was still under way.
pub(crate) fn kill_after(running: &mut Child, glances: u64) -> bool {
    for _ in 0..glances {
        if has_ended(running) {
            return false;
        }
        std::thread::sleep(GLANCE);
    }
    let is_killed = !has_ended(running);
    running.kill().expect("a run can be killed");
    running.wait().expect("a killed run ends");
    is_killed
}

fn has_ended(running: &mut Child) -> bool {
    let status = running.try_wait().expect("a run can be watched");
    status.is_some()
}
