//! `kill -9` in the middle of an import: the lake opens, holds nothing twice, and the
//! next run completes it.

use crate::house::{House, checkout, real_data, real_files};
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
    let mut moment = Moment(0x5EED);
    let mut killed = 0;
    // On a busy machine an import can end before its moment comes: that round counts for nothing.
    for _ in 0..rounds * 5 {
        if killed == rounds {
            break;
        }
        let house = House::new();
        let mut import = house.start_import(paths);
        killed += u32::from(kill_after(&mut import, moment.next(whole)));
        // Whatever moment it was: the lake opens as it is, before anything mends it.
        let opened = house.run(&["lake", "status"]);
        assert_eq!(opened.code, 0, "{}", opened.stderr);
        house.import(paths);
        check(&house);
    }
    killed
}

/// Counts how long a whole import takes, in glances.
fn glances_of(import: &mut Child) -> u64 {
    let mut glances = 1;
    while import
        .try_wait()
        .expect("an import can be watched")
        .is_none()
    {
        std::thread::sleep(GLANCE);
        glances += 1;
    }
    glances
}

/// Kills after so many glances; returns whether the import still ran.
fn kill_after(import: &mut Child, glances: u64) -> bool {
    for _ in 0..glances {
        if import
            .try_wait()
            .expect("an import can be watched")
            .is_some()
        {
            return false;
        }
        std::thread::sleep(GLANCE);
    }
    let running = import
        .try_wait()
        .expect("an import can be watched")
        .is_none();
    import.kill().expect("an import can be killed");
    import.wait().expect("a killed import ends");
    running
}

/// Moments spread over an import; its own timing makes each run of the test another one.
struct Moment(u64);

impl Moment {
    fn next(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
