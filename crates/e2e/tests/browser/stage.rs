//! A story of the simulated cloud, collected and looked at, with its pages served: what the pages
//! do to the tenant is asked of the cloud, and what they keep is asked of the ledger.

use crate::house::House;
use crate::site::{Site, between};
use crate::trial::{Trial, story};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use sim::{ServeOptions, World};
use std::fmt::Write;

const MINUTE: i64 = 60_000_000;

/// A tenant with an intruder in it, and the pages.
pub(crate) struct Stage {
    pub(crate) trial: Trial,
    pub(crate) tenant: String,
    pub(crate) site: Site,
}

impl Stage {
    /// Tells a story up to where all that its intruder did stands in the logs.
    pub(crate) fn of(name: &str) -> Self {
        Self::told(name, |_| (), |_, _| ())
    }

    /// The same of another world, and with something more in the tenant and in the data folder before
    /// anybody detects.
    pub(crate) fn told(
        name: &str,
        change: impl FnOnce(&mut World),
        more: impl FnOnce(&Trial, &str),
    ) -> Self {
        let mut world = story(name);
        change(&mut world);
        let theirs = &world.truth().records;
        let records = world.records.iter();
        let last = records
            .filter(|record| theirs.contains(&record.id))
            .map(|record| record.available)
            .max();
        let tenant = world.tenants[0].id.clone();
        // Some of the stories' people hold directory roles.
        let role = "Privileged Authentication Administrator".to_owned();
        world.tenants[0].responder.directory_roles.push(role);
        let options = ServeOptions {
            start: last.map(|last| last + 10 * MINUTE),
            ..ServeOptions::default()
        };
        let trial = Trial::with(world, options);
        let collected = trial.collect(&["--once"]);
        assert!([0, 3].contains(&collected.code), "{}", collected.stderr);
        more(&trial, &tenant);
        let detected = trial.house.run(&["detect"]);
        assert_eq!(detected.code, 0, "{}", detected.stderr);
        let site = Site::serve(&trial.house);
        Self {
            trial,
            tenant,
            site,
        }
    }

    /// Returns the tenant's state, all of it.
    pub(crate) fn state(&self) -> String {
        let state = self.trial.cloud.live_state(&self.tenant);
        state.expect("the tenant")
    }

    /// Returns what of the tenant's state an undo brings back.
    pub(crate) fn reversible(&self) -> String {
        let state = self.trial.cloud.reversible_state(&self.tenant);
        state.expect("the tenant")
    }

    /// Returns whether the intruder can do anything.
    pub(crate) fn intruder_can(&self) -> bool {
        let report = self.trial.cloud.foothold_report(&self.tenant);
        let report = report.expect("the tenant");
        assert_eq!(report.damaged, Vec::<String>::new(), "damaged");
        let tries = self.trial.cloud.intruder_tries(&self.tenant);
        !report.can.is_empty() || tries.iter().any(|one| one.error == 0)
    }

    /// Returns the acts of the record of responding without what was refused, and demands that it is
    /// whole.
    pub(crate) fn acts(&self) -> Vec<Value> {
        let verified = self.trial.house.run(&["respond", "ledger", "--verify"]);
        assert_eq!(verified.code, 0, "{}", verified.stderr);
        let words = ["--format", "jsonl", "respond", "ledger"];
        let run = self.trial.house.run(&words);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let mut acts = run.lines();
        acts.retain(|act| act["act"]["act"] != "refused");
        acts
    }

    /// Returns the gravest incident of the tenant, and whom it concerns.
    pub(crate) fn gravest(&self) -> (String, String) {
        let words = ["--tenant", &self.tenant, "detect", "--incidents"];
        let incident = self.respond(&words);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&incident["incident"]), text(&incident["users"][0]))
    }

    /// Returns the name of every execution there is.
    pub(crate) fn executions(&self) -> Vec<String> {
        let words = ["--format", "json", "respond", "status"];
        let run = self.trial.house.run(&words);
        let all = run.json();
        let all = all.as_array().expect("executions").iter();
        all.map(|one| one["execution"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// Secures the account of the gravest incident from the command line, takes one step back, and
    /// returns where it is to be seen; with a card and an account for somebody new.
    pub(crate) fn places(&mut self) -> Places {
        let (incident, user) = self.gravest();
        let (incident, user) = (incident.as_str(), user.as_str());
        self.trial.cloud.advance(60);
        let plan = self.respond(&[
            "respond",
            "--by",
            "responder",
            "plan",
            incident,
            "--user",
            user,
        ]);
        let hash = plan["hash"].as_str().expect("a hash");
        let done = self.respond(&[
            "respond",
            "--by",
            "responder",
            "apply",
            hash,
            "--hash",
            hash,
        ]);
        let execution = done["execution"].as_str().expect("a name");
        let undone = [
            "respond",
            "--by",
            "responder",
            "undo",
            execution,
            "--step",
            "1",
        ];
        self.respond(&undone);
        let plan = format!("/a/{incident}/secure/{hash}");
        let (status, page) = self.site.browser.ask("GET", &plan, &[]);
        assert_eq!(status, 200, "{page}");
        let card = between(&page, "name=\"link\" value=\"", "\"");
        Places {
            plan,
            execution: format!("/x/{execution}"),
            card: format!("/s/{card}"),
            link: self.site.invite("nora", "responder"),
        }
    }

    /// Runs a command and returns the first thing that it answers.
    fn respond(&self, words: &[&str]) -> Value {
        let run = self
            .trial
            .house
            .run(&[&["--format", "jsonl"], words].concat());
        assert!([0, 3].contains(&run.code), "{words:?}: {}", run.stderr);
        let first = run.lines().into_iter().next();
        first.unwrap_or_else(|| panic!("{words:?} answered nothing"))
    }

    /// Demands that the administrator's session goes on: no link ended it.
    pub(crate) fn still_signed_in(&mut self) {
        let (status, page) = self.site.browser.ask("GET", "/me", &[]);
        assert_eq!(status, 200, "{page}");
    }

    /// Returns all that is kept, as text.
    pub(crate) fn kept(&self) -> String {
        kept(&self.trial.house)
    }
}

/// Addresses that no page of the first one leads to.
pub(crate) struct Places {
    /// A plan that was carried out.
    pub(crate) plan: String,
    /// What came of it.
    pub(crate) execution: String,
    /// Where the link of a card leads.
    pub(crate) card: String,
    /// A one-time link that nobody has used.
    pub(crate) link: String,
}

/// Returns every row of every table of the ledger, as text.
pub(crate) fn kept(house: &House) -> String {
    let path = house.path("data/ledger.sqlite");
    let ledger = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let ledger = ledger.expect("a ledger");
    let mut tables = ledger
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .expect("a query");
    let names = tables.query_map([], |row| row.get::<_, String>(0));
    let mut text = String::new();
    for name in names.expect("tables") {
        let name = name.expect("a name");
        let mut rows = ledger
            .prepare(&format!("SELECT * FROM \"{name}\""))
            .expect("a query");
        let many = rows.column_count();
        let mut rows = rows.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let values: Vec<_> = (0..many)
                .map(|at| row.get::<_, rusqlite::types::Value>(at).expect("a value"))
                .collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name} {values:?}");
        }
    }
    text
}
