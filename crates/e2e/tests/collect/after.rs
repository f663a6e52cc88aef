//! What happens by itself: an intruder who is seen again after the account was secured, and an
//! account that is secured without a person where the operator wants that. Both look at the clock,
//! so the story happens today.

use crate::bars::now_micros;
use crate::trial::Trial;
use serde_json::Value;
use sim::{Record, ServeOptions, World, WorldOptions};
use std::process::Stdio;
use std::time::Duration;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const STORY: &str = "aitm-invoice";

/// Tells the story so that the last that its intruder did can be listed today, just now.
fn today() -> World {
    let options = WorldOptions {
        people: 8,
        ..WorldOptions::default()
    };
    let then = World::tell(STORY, &options).expect("the story is told");
    let last = last_of(&then) - options.began;
    let began = (now_micros() - last - 10 * MINUTE).div_euclid(DAY) * DAY;
    let world = World::tell(STORY, &WorldOptions { began, ..options });
    world.expect("the story is told")
}

/// Returns when the last record of the intruder can be listed.
fn last_of(world: &World) -> i64 {
    let theirs = world.records.iter();
    let theirs = theirs.filter(|record| world.truth().records.contains(&record.id));
    let last = theirs.map(|record| record.available).max();
    last.expect("an intruder leaves records")
}

/// Returns a record of the intruder as it would be if they did the same again, with this in it.
fn again(
    world: &World,
    operation: &str,
    number: u32,
    time: i64,
    change: &[(&str, &str)],
) -> Record {
    let theirs = world.records.iter();
    let known = theirs
        .filter(|record| world.truth().records.contains(&record.id))
        .find_map(|record| {
            let body: Value = serde_json::from_str(&record.body).ok()?;
            (body["Operation"] == operation).then_some((record, body))
        });
    let (record, mut body) = known.unwrap_or_else(|| panic!("the intruder did {operation}"));
    let id = format!("{number:08x}-000a-4000-8000-00000000000a");
    body["Id"] = id.clone().into();
    body["CreationTime"] = sim::written("%Y-%m-%dT%H:%M:%S", time).into();
    for (field, value) in change {
        body[*field] = (*value).into();
    }
    Record {
        id,
        time,
        available: time + MINUTE,
        body: body.to_string(),
        ..record.clone()
    }
}

fn trial(world: World) -> Trial {
    let trial = Trial::with(
        world,
        ServeOptions {
            start: Some(now_micros()),
            ..ServeOptions::default()
        },
    );
    let collected = trial.collect(&["--once"]);
    assert!([0, 3].contains(&collected.code), "{}", collected.stderr);
    let detected = trial.house.run(&["detect"]);
    assert_eq!(detected.code, 0, "{}", detected.stderr);
    trial
}

fn json(trial: &Trial, words: &[&str]) -> Value {
    let run = trial.house.run(&[&["--format", "json"], words].concat());
    assert_eq!(run.code, 0, "{words:?}: {}", run.stderr);
    run.json()
}

#[test]
fn an_intruder_who_is_seen_again_is_told_and_who_only_tries_is_not() {
    let mut world = today();
    let victim = world
        .truth()
        .victims
        .iter()
        .next()
        .expect("a victim")
        .clone();
    // Half an hour from now: later than whatever this test does before.
    let later = now_micros() + 30 * MINUTE;
    let tried = [("Operation", "UserLoginFailed"), ("ResultStatus", "Failed")];
    let fails = again(&world, "UserLoggedIn", 1, later, &tried);
    let reads = again(&world, "MailItemsAccessed", 2, later + MINUTE, &[]);
    let (failed, read) = (fails.id.clone(), reads.id.clone());
    world.records.extend([fails, reads]);
    let trial = trial(world);
    let plan = json(&trial, &["respond", "--by", "one", "plan", &victim]);
    let hash = plan["hash"].as_str().expect("a hash");
    let words = [
        "respond",
        "--by",
        "one",
        "apply",
        &hash[..12],
        "--hash",
        hash,
    ];
    let applied = json(&trial, &words);
    let seen = |status: &Value| -> Vec<String> {
        let signs = status[0]["seen_again"].as_array().expect("signs").iter();
        signs
            .map(|sign| sign["record"].as_str().expect("a record").to_owned())
            .collect()
    };
    let status = json(&trial, &["respond", "status"]);
    assert_eq!(status[0]["execution"], applied[0]["execution"]);
    assert_eq!(
        seen(&status),
        Vec::<String>::new(),
        "nobody came back as yet"
    );

    trial.cloud.advance(3 * 3600);
    let collected = trial.collect(&["--once"]);
    assert!([0, 3].contains(&collected.code), "{}", collected.stderr);
    let status = json(&trial, &["respond", "status"]);
    assert_eq!(seen(&status), [read.as_str()], "{failed} was in vain");
    let ledger = trial.house.run(&["respond", "ledger", "--verify"]);
    assert_eq!(ledger.code, 0, "{}", ledger.stderr);
    assert!(ledger.stdout.contains("seen again"), "{}", ledger.stdout);
    let incident = plan["case"].as_str().expect("an incident");
    let card = trial
        .house
        .run(&["--format", "jsonl", "detect", "--incidents"]);
    assert!(card.stdout.contains(incident), "{}", card.stdout);
}

#[test]
fn an_account_is_secured_without_a_person_only_where_that_is_wanted() {
    let trial = trial(today());
    let tenant = trial.cloud.world().tenants[0].id.clone();
    let before = trial.cloud.reversible_state(&tenant).expect("the tenant");
    let path = trial.house.path("data/config.toml");
    let config = std::fs::read_to_string(&path).expect("a configuration");
    let serve = |patience: Duration, is_enough: &dyn Fn(&Value) -> bool| -> Value {
        let mut command = trial.house.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = command.spawn().expect("the binary starts");
        let until = now_micros() + i64::try_from(patience.as_micros()).expect("a span");
        let mut status = json(&trial, &["respond", "status"]);
        while !is_enough(&status) && now_micros() < until {
            status = json(&trial, &["respond", "status"]);
        }
        server.kill().expect("a server can be killed");
        server.wait().expect("a killed server ends");
        status
    };
    // Where nothing is said of it, nothing is done without a person.
    let status = serve(Duration::from_secs(8), &|status| status[0].is_object());
    assert_eq!(status, serde_json::json!([]));
    assert_eq!(
        trial.cloud.reversible_state(&tenant).as_ref(),
        Some(&before)
    );

    let wanted = format!(
        "[response]\nautomatic = {{ tenants = [\"{tenant}\"], detections = [\"INB-04\"] }}\n{config}"
    );
    std::fs::write(&path, wanted).expect("written");
    let is_done = |status: &Value| {
        let steps = status[0]["steps"].as_array();
        steps.is_some_and(|steps| {
            !steps.is_empty() && steps.iter().all(|one| one["state"] != "waiting")
        })
    };
    let status = serve(Duration::from_secs(90), &is_done);
    assert!(is_done(&status), "{status}");
    assert_eq!(status[0]["by"], "automatic");
    let steps = status[0]["steps"].as_array().expect("steps");
    let actions: Vec<&str> = steps
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    assert!(actions.contains(&"block-sign-in"), "{status}");
    assert!(
        !actions.contains(&"reset-password"),
        "a person does that: {status}"
    );
    assert!(steps.iter().all(|one| one["state"] == "done"), "{status}");
    let tries = trial.cloud.intruder_tries(&tenant);
    assert!(
        !tries.is_empty() && tries.iter().all(|one| one.error != 0),
        "{tries:?}"
    );

    let execution = status[0]["execution"].as_str().expect("a name");
    let undone = trial
        .house
        .run(&["respond", "--by", "one", "undo", execution]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    assert_eq!(
        trial.cloud.reversible_state(&tenant).as_ref(),
        Some(&before)
    );
    let ledger = trial.house.run(&["respond", "ledger", "--verify"]);
    assert_eq!(ledger.code, 0, "{}", ledger.stderr);
}
