//! The real tenant, asked as an investigator asks: a seed, a mailbox, every message in a class.
//!
//! The ground truth knows the records of each attack step. What a step's seed leads to must
//! hold the step's messages, and nothing that only the platform's own services read.

use crate::house::{House, real_data, real_files, texts};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Classes that say that a message left or was accessed.
const EXPOSED: [&str; 3] = ["E", "P1", "P2"];

/// The domain of the real tenant, behind the names that the ground truth shortens.
const DOMAIN: &str = "dutchmasterz.onmicrosoft.com";

/// The real tenant, imported, with its ground truth.
struct Tenant {
    house: House,
    truth: Value,
}

/// What an investigation answered.
struct Answer {
    document: Value,
}

impl Tenant {
    fn of(test: &str) -> Option<Self> {
        let data = real_data(test)?;
        let house = House::new();
        house.import(&real_files(&data, "invictus-ual-splunkcsv-", ".csv"));
        let text = std::fs::read_to_string(data.join("groundtruth.json"))
            .expect("the ground truth can be read");
        let truth: Value = serde_json::from_str(&text).expect("the ground truth is JSON");
        Some(Self {
            house,
            truth: truth["invictus"].clone(),
        })
    }

    fn investigate(&self, user: &str, seeds: &[String]) -> Answer {
        let mut words = vec!["--format", "json", "investigate", user];
        for seed in seeds {
            words.extend(["--seed", seed]);
        }
        let run = self.house.run(&words);
        // Real logs have holes; an answer that says so is an answer.
        assert!([0, 6].contains(&run.code), "{words:?}: {}", run.stderr);
        Answer {
            document: run.json(),
        }
    }

    fn question(&self, id: &str) -> BTreeSet<String> {
        let questions = self.truth["questions"].as_array().into_iter().flatten();
        let mut found = questions.filter(|question| question["id"] == id);
        let question = found.next().expect("the question is in the ground truth");
        texts(&question["internet_message_ids"])
    }

    fn step(&self, id: &str) -> Value {
        let mut steps = self.truth["steps"].as_array().into_iter().flatten();
        let step = steps.find(|step| step["id"] == id);
        step.expect("the step is in the ground truth").clone()
    }

    /// Returns the groups of reads of a mailbox, background or not.
    fn reads<'a>(&'a self, mailbox: &'a str, background: bool) -> impl Iterator<Item = &'a Value> {
        let groups = self.truth["mail_access"]["dev"]["bind_groups"].as_array();
        groups.into_iter().flatten().filter(move |group| {
            group["background"] == background
                && group["mailbox"]
                    .as_str()
                    .is_some_and(|of| of.eq_ignore_ascii_case(mailbox))
        })
    }

    /// Returns the messages of a mailbox that nobody but the platform's services touched.
    fn only_background(&self, mailbox: &str) -> BTreeSet<String> {
        let messages = |background| {
            self.reads(mailbox, background)
                .flat_map(|group| texts(&group["internet_message_ids"]))
                .collect::<BTreeSet<String>>()
        };
        let mut only: BTreeSet<String> = messages(true)
            .difference(&messages(false))
            .cloned()
            .collect();
        for line in self.touched(mailbox) {
            let is_read = texts(&line["types"]).iter().all(|touch| touch == "bind");
            if !is_read {
                only.remove(line["internet_message_id"].as_str().unwrap_or_default());
            }
        }
        only
    }

    /// Returns the records of every synchronised folder.
    fn records_of_syncs(&self) -> BTreeSet<String> {
        let groups = self.truth["mail_access"]["dev"]["sync_groups"].as_array();
        let records = groups.into_iter().flatten();
        records
            .flat_map(|group| texts(&group["record_ids"]))
            .collect()
    }

    /// Returns every line of `messages` about a mailbox.
    fn touched(&self, mailbox: &str) -> Vec<Value> {
        self.house.lines(&["--mailbox", mailbox])
    }
}

#[test]
fn every_step_on_a_mailbox_is_found_from_the_seeds_that_are_proposed() {
    let Some(tenant) =
        Tenant::of("every_step_on_a_mailbox_is_found_from_the_seeds_that_are_proposed")
    else {
        return;
    };
    let app = "app=ea0056b2-87ac-4765-ba13-e2768da6fba7";
    let right = "record=398a9c0f-dfd3-49d5-a6a4-08d900d08a0a";
    for (user, seed) in [("gradya", app), ("a.thulile", app), ("henriettam", right)] {
        let answer = tenant.investigate(user, &[]);
        let proposed = texts_of(&answer.document["proposed_seeds"], "seed");
        assert!(proposed.contains(seed), "{user}: {proposed:?}");
    }
}

#[test]
fn what_would_prove_most_comes_first_and_what_is_left_open_is_asked() {
    let Some(tenant) =
        Tenant::of("what_would_prove_most_comes_first_and_what_is_left_open_is_asked")
    else {
        return;
    };
    let app = "395a1045-4185-43f1-ba4f-2b889bf7416b";
    let open = tenant.investigate("joey", &[]);
    let first = &open.document["proposed_seeds"][0]["seed"];
    assert_eq!(first, &format!("app={app}"), "{}", open.document["next"]);
    let seeded = tenant.investigate("joey", &[format!("app={app}")]);
    let next = seeded.document["next"].as_str().unwrap_or_default();
    assert!(
        next.contains("c-1a1fba315c") && next.contains("842cef72"),
        "{next}"
    );
}

#[test]
fn a_device_is_known_by_what_its_registration_says_of_it() {
    let Some(tenant) = Tenant::of("a_device_is_known_by_what_its_registration_says_of_it") else {
        return;
    };
    for device in ["9b91730c-871d-42c3-85c5-08a056c7b1a3", "MSEDGEWIN10"] {
        let answer = tenant.investigate("joey", &[format!("device={device}")]);
        let next = answer.document["next"].as_str().unwrap_or_default();
        assert!(!next.contains("no record answers"), "{device}: {next}");
        assert_eq!(answer.document["window"]["from"], "2021-05-16T09:58:25Z");
    }
}

fn texts_of(list: &Value, key: &str) -> BTreeSet<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item[key].as_str())
        .map(str::to_owned)
        .collect()
}

impl Answer {
    fn in_classes(&self, classes: &[&str]) -> BTreeSet<String> {
        let is_in = |message: &&Value| {
            message["class"]
                .as_str()
                .is_some_and(|class| classes.contains(&class))
        };
        self.messages()
            .filter(is_in)
            .filter_map(|message| message["internet_message_id"].as_str())
            .map(str::to_owned)
            .collect()
    }

    fn messages(&self) -> impl Iterator<Item = &Value> {
        self.document["messages"].as_array().into_iter().flatten()
    }

    /// Returns the exposed messages that have no record but these.
    fn proved_by_nothing_but<'a>(
        &'a self,
        records: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a Value> {
        self.messages().filter(|message| {
            EXPOSED.iter().any(|class| message["class"] == *class)
                && texts(&message["records"]).is_subset(records)
        })
    }

    fn with_verdict<'a>(&'a self, verdict: &'a str) -> impl Iterator<Item = &'a Value> {
        let contexts = self.document["contexts"].as_array().into_iter().flatten();
        contexts.filter(move |context| context["verdict"] == verdict)
    }

    /// Asserts that every context that no person made says why it was left out.
    fn leaves_the_services_out_with_reasons(&self) {
        let services: Vec<&Value> = self.with_verdict("SERVICE").collect();
        assert!(!services.is_empty(), "no service was told apart");
        for service in services {
            assert!(!texts(&service["reasons"]).is_empty(), "{service}");
        }
    }
}

#[test]
fn a_rogue_application_has_its_messages_and_no_other() {
    let Some(tenant) = Tenant::of("the rogue application") else {
        return;
    };
    let user = format!("joey@{DOMAIN}");
    let answer = tenant.investigate(
        &user,
        &["app=395a1045-4185-43f1-ba4f-2b889bf7416b".to_owned()],
    );
    let expected = tenant.question("Q-DEV-2");
    assert_eq!(answer.in_classes(&["P1"]), expected);
    assert_eq!(answer.in_classes(&EXPOSED), expected);
    assert_eq!(answer.document["counts"]["P1"], expected.len());
    answer.leaves_the_services_out_with_reasons();
    println!("{} messages in P1 and no other exposed", expected.len());
}

#[test]
fn a_sprayed_session_has_its_messages_by_session_and_by_sign_in() {
    let Some(tenant) = Tenant::of("the sprayed session") else {
        return;
    };
    let user = format!("a.thulile@{DOMAIN}");
    let expected = tenant.question("Q-DEV-5");
    let background = tenant.only_background(&user);
    assert!(!background.is_empty(), "the mailbox has background reads");
    let session = tenant
        .reads(&user, false)
        .filter_map(|group| group["session_id"].as_str())
        .find(|session| session.starts_with("544f69ef"))
        .expect("the ground truth spells the session out");
    let step = tenant.step("SPRAY-1S");
    let sign_ins = step["records"].as_array().into_iter().flatten();
    let seeds = sign_ins
        .filter(|record| record["operation"] == "UserLoggedIn")
        .filter_map(|record| record["id"].as_str())
        .map(|id| format!("signin={id}"))
        .chain([format!("session={session}")]);
    let mut asked = 0;
    for seed in seeds {
        let answer = tenant.investigate(&user, std::slice::from_ref(&seed));
        let exposed = answer.in_classes(&EXPOSED);
        let missing: Vec<&String> = expected.difference(&exposed).collect();
        let too_much: Vec<&String> = background.intersection(&exposed).collect();
        assert!(missing.is_empty(), "{seed} misses {missing:?}");
        assert!(too_much.is_empty(), "{seed} takes {too_much:?}");
        answer.leaves_the_services_out_with_reasons();
        asked += 1;
    }
    println!("{asked} seeds lead to the {} messages", expected.len());
}

#[test]
fn every_step_that_touched_a_mailbox_is_scoped_by_its_own_records() {
    let Some(tenant) = Tenant::of("the steps of the attack") else {
        return;
    };
    let steps = tenant.truth["steps"].as_array().into_iter().flatten();
    let (mut scoped, mut complaints) = (0, Vec::new());
    for step in steps {
        for (mailbox, records) in mailboxes_of(step, &tenant) {
            complaints.extend(complaints_about(step, &mailbox, &records, &tenant));
            scoped += 1;
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(scoped >= 6, "only {scoped} mailboxes were touched");
    println!("{scoped} mailboxes of the attack's steps are scoped");
}

/// Returns the step's records that touch messages or folders, by mailbox.
fn mailboxes_of(step: &Value, tenant: &Tenant) -> BTreeMap<String, BTreeSet<String>> {
    let mut mailboxes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let records = step["records"].as_array().into_iter().flatten();
    for record in records {
        let touches = ["MailItemsAccessed", "Send", "SendAs"]
            .iter()
            .any(|operation| record["operation"] == *operation);
        let id = record["id"].as_str().unwrap_or_default();
        if touches && let Some(mailbox) = tenant.mailbox_of(id) {
            mailboxes.entry(mailbox).or_default().insert(id.to_owned());
        }
    }
    mailboxes
}

impl Tenant {
    /// Returns the mailbox of a record, as the ground truth groups it.
    fn mailbox_of(&self, record: &str) -> Option<String> {
        let access = &self.truth["mail_access"]["dev"];
        let sent = self.truth["mail_sent"]["dev"].as_array();
        let groups = ["bind_groups", "sync_groups"]
            .into_iter()
            .flat_map(|kind| access[kind].as_array().into_iter().flatten());
        let mut own = groups
            .chain(sent.into_iter().flatten())
            .filter(|group| group["id"] == record || texts(&group["record_ids"]).contains(record));
        own.next()
            .and_then(|group| group["mailbox"].as_str())
            .map(str::to_lowercase)
    }
}

fn complaints_about(
    step: &Value,
    mailbox: &str,
    records: &BTreeSet<String>,
    tenant: &Tenant,
) -> Vec<String> {
    let seeds: Vec<String> = records.iter().map(|id| format!("record={id}")).collect();
    let answer = tenant.investigate(mailbox, &seeds);
    let exposed = answer.in_classes(&EXPOSED);
    let lines = tenant.touched(mailbox);
    let is_own = |line: &&Value| !texts(&line["records"]).is_disjoint(records);
    let of_step: BTreeSet<String> = ids(lines.iter().filter(is_own));
    // A folder that was synchronised proves no single message.
    let synchronised = tenant.records_of_syncs();
    let by_folder: Vec<String> = answer
        .proved_by_nothing_but(&synchronised)
        .map(ToString::to_string)
        .collect();
    let background = tenant.only_background(mailbox);
    [
        ("misses", of_step.difference(&exposed).cloned().collect()),
        (
            "takes from the services",
            background.intersection(&exposed).cloned().collect(),
        ),
        ("proves by a synchronised folder", by_folder),
    ]
    .into_iter()
    .filter(|(_, messages)| !messages.is_empty())
    .map(|(what, messages)| format!("{} in {mailbox} {what} {messages:?}", step["id"]))
    .collect()
}

#[test]
fn a_synchronised_mailbox_has_possible_messages_and_none_proved_by_the_folder() {
    let Some(tenant) = Tenant::of("the synchronised mailbox") else {
        return;
    };
    let step = tenant.step("SYNC-1");
    let records: BTreeSet<String> = step["records"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|record| record["id"].as_str())
        .map(str::to_owned)
        .collect();
    let seeds: Vec<String> = records.iter().map(|id| format!("record={id}")).collect();
    let answer = tenant.investigate(&format!("joey@{DOMAIN}"), &seeds);
    for message in answer.messages() {
        let proofs = texts(&message["records"]);
        let is_proved_by_folders =
            EXPOSED.iter().any(|class| message["class"] == *class) && proofs.is_subset(&records);
        assert!(!is_proved_by_folders, "{message}");
    }
    let synchronised: BTreeSet<String> = answer
        .messages()
        .filter(|message| message["class"] == "S")
        .flat_map(|message| texts(&message["records"]))
        .collect();
    assert!(
        !synchronised.is_disjoint(&records),
        "the step's records put no message into S"
    );
    println!("{} messages in S", answer.in_classes(&["S"]).len());
}

fn ids<'a>(lines: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    lines
        .filter_map(|line| line["internet_message_id"].as_str())
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect()
}
