//! Diagnostic logs in a storage account, read over the protocol as Microsoft's own emulator of
//! it, Azurite, speaks it: its lists, its ranges, its headers, and its look at the token.

mod account;
mod service;

use crate::house::{House, Run};
use account::Account;
use serde_json::{Value, json};
use service::{Azurite, now};
use sim::{LogBlob, Running, Scope, ServeOptions, Service, World, WorldOptions};
use std::fmt::Write as _;
use std::time::UNIX_EPOCH;

/// The tables that the logs of the story end up in, whose records have the cloud's own ids.
const TABLES: [&str; 3] = ["signins", "directory_audits", "risk"];

/// The table of Azure's activity log: what is exported of it names no id.
const ACTIVITY: &str = "azure_activity";

/// A cloud that gives tokens, an account with its logs, and a house that collects from there.
struct Trial {
    azurite: Azurite,
    house: House,
    cloud: Running,
}

/// Returns the real moment in microseconds: the tokens must be good in it.
fn real_moment() -> i64 {
    let since = now().duration_since(UNIX_EPOCH);
    since.expect("a clock after 1970").as_micros() as i64
}

impl Trial {
    /// Nothing where Azurite is not installed.
    fn new(test: &str) -> Option<Self> {
        let azurite = Azurite::start(test)?;
        let options = WorldOptions {
            people: 8,
            ..WorldOptions::default()
        };
        let world = World::tell("aitm-invoice", &options).expect("the story is told");
        let options = ServeOptions {
            start: Some(real_moment()),
            speed: 1.0,
            ..ServeOptions::default()
        };
        let cloud = sim::start(world, options).expect("the cloud is served");
        let trial = Self {
            azurite,
            house: House::new(),
            cloud,
        };
        trial.configure();
        Some(trial)
    }

    fn configure(&self) {
        let tenant = &self.cloud.world().tenants[0];
        let secret = self.house.write("secret", &tenant.collector.secret);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let owner = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&secret, owner).expect("a file can be closed to others");
        }
        let base =
            |service: Service| format!("{} = {:?}\n", service.name(), self.cloud.base(service));
        let text = format!(
            "[limits]\nquota_factor = 1000\nretry_pause = \"20ms\"\npatience = \"40s\"\n\n\
             [clouds.sim]\nlike = \"commercial\"\n{login}{manage}\n\
             [[tenant]]\nid = {id:?}\ncloud = \"sim\"\nsources = [\"diagnostic-blobs\"]\n\
             storage = {storage:?}\n\
             collect = {{ client_id = {client:?}, secret = \"file:{secret}\" }}\n",
            login = base(Service::Login),
            manage = base(Service::Manage),
            id = tenant.id,
            storage = self.azurite.address(),
            client = tenant.collector.client_id,
            secret = secret.display(),
        );
        std::fs::create_dir_all(self.house.path("data")).expect("a folder can be made");
        self.house.write("data/config.toml", text);
    }

    /// Collects until everything that can be had was had, and returns the code and what was said.
    fn collect(&self) -> (i32, Value) {
        let roots = self.azurite.roots();
        let roots = roots.to_str().expect("a path of text");
        let words = ["--format", "json", "collect", "--once", "--roots", roots];
        let output = self
            .house
            .command(&words)
            .output()
            .expect("the binary starts");
        let run = Run::of(output);
        let report = run.json();
        eprintln!("{} {}", run.stderr, report);
        (run.code, report)
    }

    /// Collects and demands that so many records are new and that nothing is wrong.
    fn brings(&self, new: u64, story: &str) {
        let (code, report) = self.collect();
        assert_eq!(
            (code, &report["new"]),
            (0, &json!(new)),
            "{story}: {report}"
        );
        let feed = &report["tenants"][0]["feeds"][0];
        assert_eq!(feed["feed"], "diagnostic-blobs", "{report}");
        assert_eq!(feed["gaps"], json!([]), "{story}: {report}");
    }

    fn count(&self, table: &str) -> u64 {
        self.house.count(&format!("SELECT count(*) FROM {table}"))
    }

    fn records(&self) -> u64 {
        let tables = TABLES.iter().chain([&ACTIVITY]);
        tables.map(|table| self.count(table)).sum()
    }

    /// Demands that every log of the cloud is in its table, and nothing there twice.
    fn holds_everything_once(&self) {
        for table in TABLES {
            let query = format!("SELECT record_id FROM {table}");
            let run = self.house.run(&["--format", "jsonl", "sql", &query]);
            assert_eq!(run.code, 0, "{query}: {}", run.stderr);
            let ids: Vec<String> = run
                .lines()
                .iter()
                .map(|line| line["record_id"].as_str().expect("an id").to_owned())
                .collect();
            let judged = self
                .cloud
                .judge(&Scope::stream(table), ids.iter().map(String::as_str));
            assert!(judged.expected > 0, "there is no {table}");
            let wrong = [&judged.missing, &judged.duplicate, &judged.unknown];
            assert!(wrong.iter().all(|ids| ids.is_empty()), "{table}: {wrong:?}");
        }
        let activity = self.cloud.logs().into_iter();
        let activity = activity.filter(|blob| blob.container == "insights-activity-logs");
        let expected: usize = activity.map(|blob| blob.lines.len()).sum();
        assert!(expected > 0, "there is no {ACTIVITY}");
        assert_eq!(self.count(ACTIVITY), expected as u64, "{ACTIVITY}");
        for wrong in ["rejects", "conflicts"] {
            assert_eq!(self.count(wrong), 0, "{wrong}");
        }
    }
}

/// Writes a blob into the account.
fn write(account: &mut Account, blob: &LogBlob, text: &str) {
    account.make_container(&blob.container);
    account.make_blob(&blob.container, &blob.name);
    if !text.is_empty() {
        account.append(&blob.container, &blob.name, text);
    }
}

/// Returns the place of the longest blob of a container.
fn longest(blobs: &[LogBlob], container: &str) -> usize {
    let own = (0..blobs.len()).filter(|place| blobs[*place].container == container);
    let longest = own.max_by_key(|place| blobs[*place].lines.len());
    longest.expect("the story has such logs")
}

#[test]
fn logs_that_grow_in_an_account_are_collected_whole_and_once() {
    let Some(trial) = Trial::new("logs_that_grow_in_an_account_are_collected_whole_and_once")
    else {
        return;
    };
    let blobs = trial.cloud.logs();
    let all: usize = blobs.iter().map(|blob| blob.lines.len()).sum();
    let growing = longest(&blobs, "insights-logs-noninteractiveusersigninlogs");
    let old = longest(&blobs, "insights-logs-auditlogs");
    let mut account = trial.azurite.account();
    for (place, blob) in blobs.iter().enumerate() {
        let lines = &blob.lines;
        let text = match place {
            _ if place == growing => {
                let (last, whole) = lines[..lines.len() - 1].split_last().expect("three lines");
                whole.concat() + &last[..last.len() / 2]
            }
            _ if place == old => lines[..lines.len() - 1].concat(),
            _ => lines.concat(),
        };
        write(&mut account, blob, &text);
    }
    // What is not a diagnostic log is none of ours.
    account.make_container("backups");
    account.make_blob("backups", "PT1H.json");
    account.append("backups", "PT1H.json", &blobs[0].lines[0]);

    let (growing, old) = (&blobs[growing], &blobs[old]);
    let mut last = growing.lines.iter().rev();
    let (last, before) = (last.next().expect("a line"), last.next().expect("a line"));
    trial.brings(all as u64 - 3, "a half line is left where it is");
    assert_eq!(trial.records(), all as u64 - 3);
    trial.brings(0, "nothing was written");

    let (head, tail) = last.split_at(last.len() - 1);
    let more = before[before.len() / 2..].to_owned() + head;
    account.append(&growing.container, &growing.name, &more);
    trial.brings(1, "the half line has its end, another lacks its last byte");

    account.append(&growing.container, &growing.name, tail);
    let late = old.lines.last().expect("a line");
    account.append(&old.container, &old.name, late);
    trial.brings(2, "a late line in an old blob");
    trial.holds_everything_once();

    // At least once is what Azure promises: the same record comes again, in other clothes.
    let mut again: Value = serde_json::from_str(last).expect("a line is JSON");
    again["time"] = json!("2026-03-19T23:59:59.0000000Z");
    again["durationMs"] = json!("0");
    again["Level"] = json!("4");
    again["resourceId"] = json!(again["resourceId"].as_str().map(str::to_uppercase));
    account.append(&growing.container, &growing.name, &format!("{again}\r\n"));
    let (code, report) = trial.collect();
    assert_eq!(code, 0, "{report}");
    trial.holds_everything_once();
}

#[test]
fn a_blob_of_many_megabytes_and_a_list_of_many_pages_are_read_to_their_ends() {
    let Some(trial) =
        Trial::new("a_blob_of_many_megabytes_and_a_list_of_many_pages_are_read_to_their_ends")
    else {
        return;
    };
    let blobs = trial.cloud.logs();
    let blob = &blobs[longest(&blobs, "insights-logs-signinlogs")];
    let line: Value = serde_json::from_str(&blob.lines[0]).expect("a line is JSON");
    let mut account = trial.azurite.account();
    // Azurite lists five thousand a page; those without a byte cost nothing to read.
    account.make_container(&blob.container);
    for number in 0..5_000 {
        account.make_blob(&blob.container, &format!("a=&{number}/PT1H.json"));
    }
    account.make_blob(&blob.container, &blob.name);
    let (mut number, mut bytes) = (0, 0);
    while bytes < 9 << 20 {
        let mut text = String::new();
        while text.len() < 3 << 20 {
            let mut line = line.clone();
            line["properties"]["id"] = json!(format!("00000000-0000-4000-8000-{number:012x}"));
            let _ = write!(text, "{line}\r\n");
            number += 1;
        }
        bytes += text.len();
        account.append(&blob.container, &blob.name, &text);
    }
    trial.brings(number, "three parts of a blob");
    let query = "SELECT count(DISTINCT record_id) FROM signins";
    assert_eq!(trial.house.count(query), number);
    trial.brings(0, "nothing was written");
}

#[test]
fn an_account_that_refuses_the_token_is_told_and_read_once_it_takes_it() {
    let Some(trial) =
        Trial::new("an_account_that_refuses_the_token_is_told_and_read_once_it_takes_it")
    else {
        return;
    };
    let blobs = trial.cloud.logs();
    let mut account = trial.azurite.account();
    write(&mut account, &blobs[0], &blobs[0].lines.concat());
    // A day ago: what was given out then is over by now.
    trial.cloud.advance(-86_400);
    let (code, report) = trial.collect();
    assert_eq!(code, 5, "{report}");
    let trouble = &report["tenants"][0]["feeds"][0]["trouble"];
    let what = trouble["what"].as_str().unwrap_or_default();
    assert!(what.contains("AuthenticationFailed"), "{report}");
    trial.cloud.advance(86_400);
    trial.brings(blobs[0].lines.len() as u64, "the token is good");
}
