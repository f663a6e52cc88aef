//! `demo`: the simulated cloud plays a compromise, and the answer is what the story knows.

use crate::house::House;

#[test]
fn the_demo_names_every_message_that_the_intruder_touched_and_no_other() {
    let house = House::new();
    let run = house.run(&["demo"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    assert!(
        run.stdout.contains("0 missed, 0 named wrongly"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("the gravest is critical"),
        "{}",
        run.stdout
    );
    let report = std::fs::read_to_string(house.path("data/report.html")).expect("a report");
    assert!(report.contains("carla.okonjo@northquay.example"));
}

#[test]
fn the_same_demo_twice_says_the_same() {
    let house = House::new();
    let first = house.run(&["demo", "--story", "rogue-app"]);
    assert_eq!(first.code, 0, "{}", first.stdout);
    let second = house.run(&["demo", "--story", "rogue-app"]);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn a_month_without_an_intruder_holds_no_incident() {
    let house = House::new();
    let run = house.run(&["demo", "--story", "quiet-month"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("nothing was found"), "{}", run.stdout);
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let house = House::new();
    std::fs::create_dir_all(house.path("data")).expect("made");
    let kept = house.write("data/mine.txt", "mine");
    let run = house.run(&["demo"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(kept).expect("there"), "mine");
}
