//! `kill -9` in the middle of a run over the lake: the next one finds what it would have found.

use super::{answers, demo};
use crate::house::{Chance, House, real_data, real_files};
use crate::kill::{glances_of, kill_after};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// How many runs are killed on their way.
const ROUNDS: u32 = 5;

#[test]
fn a_killed_run_over_the_demo_leaves_nothing_half_done() {
    kill_at_random_moments(&demo());
}

#[test]
fn a_killed_run_over_real_records_leaves_nothing_half_done() {
    let Some(data) = real_data("killing a run over real records") else {
        return;
    };
    let paths = real_files(&data, "invictus-ual-auditdata-", ".jsonl");
    kill_at_random_moments(&paths);
}

fn kill_at_random_moments(paths: &[PathBuf]) {
    let untouched = House::new();
    untouched.import(paths);
    let whole = copy_of(&untouched);
    let expected = answers(&whole, &[]);
    let length = glances_of(&mut start(&copy_of(&untouched)));
    let mut moment = Chance(0x5EED);
    let mut killed = 0;
    // On a busy machine a run can end before its moment comes: that round counts for nothing.
    for _ in 0..ROUNDS * 5 {
        if killed == ROUNDS {
            break;
        }
        let house = copy_of(&untouched);
        killed += u32::from(kill_after(&mut start(&house), moment.below(length)));
        assert_eq!(
            answers(&house, &[]),
            expected,
            "after a run that was killed"
        );
        // A second death, with findings there already: another word in the configuration makes
        // everything be looked at again.
        house.write("data/config.toml", "# nothing new\n");
        kill_after(&mut start(&house), moment.below(length));
        assert_eq!(answers(&house, &[]), expected, "after a second one");
    }
    println!("{killed} of {ROUNDS} runs were killed on their way");
    assert_eq!(
        killed, ROUNDS,
        "too many runs ended before they could be killed"
    );
}

fn start(house: &House) -> Child {
    let mut command = house.command(&["--format", "jsonl", "detect"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the binary starts")
}

/// Returns a house with the same data: importing once a round would take longer than the rounds.
fn copy_of(house: &House) -> House {
    let copy = House::new();
    copy_folder(&house.path("data"), &copy.path("data"));
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder can be listed") {
        let entry = entry.expect("an entry can be read");
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).expect("a file can be copied");
        }
    }
}
