//! The book under every order of events: nothing is lost, nothing begins twice, no storm, and
//! never to the affected.

use crate::cards::text;
use model::{Severity, Timestamp};
use proptest::prelude::*;
use sinks::outbox::{Entry, EntryState, News, Outbox, Policy, Quiet, Route, Task};
use sinks::{Certainty, Outcome, is_same_mailbox};
use std::collections::BTreeMap;
use std::time::Duration;

const START: i64 = 1_773_446_400;

fn at(second: i64) -> Timestamp {
    Timestamp((START + second) * 1_000_000)
}

fn policy() -> Policy {
    let route = Route {
        name: text("all"),
        to: vec![text("teams"), text("mail")],
        ..Route::default()
    };
    let sinks = [
        (text("teams"), Vec::new()),
        (
            text("mail"),
            vec![text("soc@example.net"), text("alice@contoso.test")],
        ),
    ];
    Policy {
        routes: vec![route],
        sinks: BTreeMap::from(sinks),
        ..Policy::default()
    }
}

fn news(incident: &str, revision: u64) -> News {
    News {
        incident: text(incident),
        revision,
        tenant: text("contoso"),
        tags: vec![text("health")],
        severity: Severity::High,
        never_to: vec![text("SMTP:Alice@contoso.test")],
    }
}

fn fine() -> Outcome {
    Outcome::Delivered {
        certainty: Certainty::Accepted,
        receipt: text("status 202"),
    }
}

fn later() -> Outcome {
    Outcome::Retry {
        after: None,
        why: text("status 503"),
    }
}

fn deliver(outbox: &mut Outbox, policy: &Policy, now: Timestamp) -> Vec<Task> {
    let tasks = outbox.due(policy, now);
    for task in &tasks {
        outbox.heard(&task.key, &fine(), policy, now);
    }
    tasks
}

fn states(outbox: &Outbox) -> Vec<String> {
    let told = |entry: &Entry| {
        format!(
            "{} {} {} {}",
            entry.key.sink,
            entry.key.incident,
            entry.key.nth,
            entry.state.name()
        )
    };
    outbox.entries().map(told).collect()
}

#[test]
fn one_card_an_incident_and_updates_in_its_thread() {
    let (mut outbox, policy) = (Outbox::default(), policy());
    assert_eq!(outbox.tell(&news("I-1", 1), &policy, at(0)), 2);
    assert_eq!(outbox.tell(&news("I-1", 1), &policy, at(0)), 2);
    // News that come before the card left are told by it.
    outbox.tell(&news("I-1", 2), &policy, at(1));
    let tasks = deliver(&mut outbox, &policy, at(2));
    assert_eq!(
        tasks.iter().map(|task| task.update).collect::<Vec<_>>(),
        [0, 0]
    );
    assert!(deliver(&mut outbox, &policy, at(2)).is_empty());
    outbox.tell(&news("I-1", 3), &policy, at(10));
    outbox.tell(&news("I-1", 4), &policy, at(20));
    assert_eq!(outbox.next_at(), Some(at(302)));
    assert!(deliver(&mut outbox, &policy, at(301)).is_empty());
    let tasks = deliver(&mut outbox, &policy, at(302));
    assert_eq!(
        tasks.iter().map(|task| task.update).collect::<Vec<_>>(),
        [1, 1]
    );
    assert_eq!(outbox.next_at(), None);
    // What got worse does not wait.
    let worse = News {
        severity: Severity::Critical,
        ..news("I-1", 5)
    };
    outbox.tell(&worse, &policy, at(310));
    assert_eq!(deliver(&mut outbox, &policy, at(310)).len(), 2);
}

#[test]
fn news_while_a_card_is_under_way_are_an_update_or_told_by_the_next_try() {
    let (mut outbox, policy) = (Outbox::default(), policy());
    outbox.tell(&news("I-1", 1), &policy, at(0));
    let tasks = outbox.due(&policy, at(0));
    outbox.tell(&news("I-1", 2), &policy, at(1));
    assert!(outbox.due(&policy, at(1)).is_empty());
    assert_eq!(outbox.next_at(), None);
    outbox.heard(&tasks[0].key, &fine(), &policy, at(2));
    outbox.heard(&tasks[1].key, &later(), &policy, at(2));
    assert_eq!(
        states(&outbox),
        [
            "mail I-1 0 sent",
            "mail I-1 1 waiting",
            "teams I-1 0 waiting",
            "teams I-1 1 superseded"
        ]
    );
    outbox.tell(&news("I-1", 3), &policy, at(3));
    assert_eq!(outbox.entries().count(), 4);
}

#[test]
fn retries_grow_and_end_in_a_dead_letter_that_can_be_sent_again() {
    let mut policy = policy();
    policy.routes[0].to = vec![text("teams")];
    policy.tries = 4;
    let mut outbox = Outbox::default();
    outbox.tell(&news("I-1", 1), &policy, at(0));
    let mut moments = Vec::new();
    while let Some(moment) = outbox.next_at() {
        moments.push(moment);
        for task in outbox.due(&policy, moment) {
            outbox.heard(&task.key, &later(), &policy, moment);
        }
    }
    assert_eq!(moments.len(), 4);
    let dead: Vec<Entry> = outbox.dead().cloned().collect();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].why, "status 503");
    assert!(outbox.revive(&dead[0].key, at(9000)));
    assert!(!outbox.revive(&dead[0].key, at(9000)));
    let tasks = deliver(&mut outbox, &policy, at(9000));
    assert_eq!(tasks[0].update, 0);
    // What the other side asks for is waited for.
    outbox.tell(&news("I-2", 1), &policy, at(9100));
    let task = &outbox.due(&policy, at(9100))[0];
    let asked = Outcome::Retry {
        after: Some(Duration::from_secs(777)),
        why: String::new(),
    };
    outbox.heard(&task.key, &asked, &policy, at(9100));
    assert_eq!(outbox.next_at(), Some(at(9877)));
    // What is refused is not tried again.
    let task = &outbox.due(&policy, at(9877))[0];
    outbox.heard(
        &task.key,
        &Outcome::Refused {
            why: text("status 404: no_service"),
        },
        &policy,
        at(9877),
    );
    assert_eq!(outbox.next_at(), None);
    assert_eq!(outbox.dead().count(), 1);
}

#[test]
fn a_storm_becomes_one_summary() {
    let mut policy = policy();
    policy.routes[0].to = vec![text("teams")];
    policy.most_an_hour = 3;
    let mut outbox = Outbox::default();
    for nth in 0..10 {
        let severity = if nth == 9 {
            Severity::Critical
        } else {
            Severity::High
        };
        outbox.tell(
            &News {
                severity,
                ..news(&format!("I-{nth}"), 1)
            },
            &policy,
            at(nth),
        );
    }
    let tasks = deliver(&mut outbox, &policy, at(20));
    let told: Vec<&str> = tasks
        .iter()
        .filter(|task| !task.is_summary)
        .map(|task| task.key.incident.as_str())
        .collect();
    assert_eq!(told, ["I-9", "I-0", "I-1"]);
    let summaries: Vec<&Task> = tasks.iter().filter(|task| task.is_summary).collect();
    assert_eq!(summaries.len(), 1);
    assert_eq!(
        summaries[0].held,
        ["I-2", "I-3", "I-4", "I-5", "I-6", "I-7", "I-8"]
    );
    // Later ones wait for room or for the next summary; an update of what was summarised is its first card.
    outbox.tell(&news("I-10", 1), &policy, at(30));
    assert!(deliver(&mut outbox, &policy, at(30)).is_empty());
    let other = News {
        tenant: text("fabrikam"),
        ..news("I-11", 1)
    };
    outbox.tell(&other, &policy, at(31));
    assert_eq!(deliver(&mut outbox, &policy, at(31)).len(), 1);
    assert_eq!(outbox.next_at(), Some(at(3620)));
    assert_eq!(
        deliver(&mut outbox, &policy, at(3620))[0].key.incident,
        "I-10"
    );
    outbox.tell(&news("I-2", 2), &policy, at(3700));
    let tasks = deliver(&mut outbox, &policy, at(3700));
    assert_eq!(
        (tasks[0].key.incident.as_str(), tasks[0].update),
        ("I-2", 0)
    );
}

#[test]
fn quiet_hours_hold_back_all_but_what_is_critical() {
    let mut policy = policy();
    // 00:00 UTC is 01:00 there.
    policy.routes[0].quiet = Some(Quiet {
        from: 22 * 60,
        to: 7 * 60,
        ahead: 60,
    });
    let mut outbox = Outbox::default();
    outbox.tell(&news("I-1", 1), &policy, at(0));
    outbox.tell(
        &News {
            severity: Severity::Critical,
            ..news("I-2", 1)
        },
        &policy,
        at(0),
    );
    let tasks = deliver(&mut outbox, &policy, at(0));
    assert!(tasks.len() == 2 && tasks.iter().all(|task| task.key.incident == "I-2"));
    assert_eq!(outbox.next_at(), Some(at(6 * 3600)));
    // It got worse: now it does not wait.
    outbox.tell(
        &News {
            severity: Severity::Critical,
            ..news("I-1", 2)
        },
        &policy,
        at(60),
    );
    assert_eq!(deliver(&mut outbox, &policy, at(60)).len(), 2);
    // Another route that is awake leads there too.
    let awake = Route {
        name: text("awake"),
        to: vec![text("teams")],
        ..Route::default()
    };
    policy.routes.push(awake);
    outbox.tell(&news("I-3", 1), &policy, at(70));
    let tasks = deliver(&mut outbox, &policy, at(70));
    assert!(tasks.len() == 1 && tasks[0].key.sink == "teams");
}

#[test]
fn routes_choose_by_tenant_tag_and_severity_and_a_thread_goes_on() {
    let mut policy = policy();
    policy.routes = vec![
        Route {
            name: text("a"),
            to: vec![text("teams")],
            tenants: vec![text("contoso")],
            least: Severity::High,
            ..Route::default()
        },
        Route {
            name: text("b"),
            to: vec![text("mail")],
            tags: vec![text("bank"), text("health")],
            ..Route::default()
        },
    ];
    let mut outbox = Outbox::default();
    assert_eq!(outbox.tell(&news("I-1", 1), &policy, at(0)), 2);
    let low = |incident: &str, revision| News {
        severity: Severity::Low,
        ..news(incident, revision)
    };
    assert_eq!(outbox.tell(&low("I-2", 1), &policy, at(0)), 1);
    let other = News {
        tags: Vec::new(),
        tenant: text("fabrikam"),
        ..news("I-3", 1)
    };
    assert_eq!(outbox.tell(&other, &policy, at(0)), 0);
    deliver(&mut outbox, &policy, at(0));
    // It is less urgent now, but whoever heard of it hears that.
    assert_eq!(outbox.tell(&low("I-1", 2), &policy, at(900)), 2);
}

#[test]
fn a_card_for_the_affected_alone_is_withheld_and_says_why() {
    let mut policy = policy();
    policy.routes[0].to = vec![text("mail")];
    policy
        .sinks
        .insert(text("mail"), vec![text("Alice+soc@CONTOSO.test")]);
    let mut outbox = Outbox::default();
    outbox.tell(&news("I-1", 1), &policy, at(0));
    assert!(deliver(&mut outbox, &policy, at(0)).is_empty());
    let entry = outbox.entries().next().unwrap().clone();
    assert_eq!(entry.state, EntryState::Withheld);
    assert!(entry.why.contains("affected mailbox"));
    assert_eq!(outbox.next_at(), None);
    // It turns out that alice is not affected.
    outbox.tell(
        &News {
            never_to: Vec::new(),
            ..news("I-1", 2)
        },
        &policy,
        at(5),
    );
    assert_eq!(deliver(&mut outbox, &policy, at(5)).len(), 1);
}

#[test]
fn a_destination_that_is_gone_is_a_dead_letter() {
    let mut policy = policy();
    let mut outbox = Outbox::default();
    outbox.tell(&news("I-1", 1), &policy, at(0));
    policy.sinks.remove("teams");
    assert_eq!(deliver(&mut outbox, &policy, at(0)).len(), 1);
    assert_eq!(outbox.dead().count(), 1);
}

#[test]
fn what_was_kept_goes_on_after_a_restart() {
    let policy = policy();
    let mut outbox = Outbox::default();
    outbox.tell(&news("I-1", 1), &policy, at(0));
    let mut kept = BTreeMap::new();
    let mut keep = |outbox: &mut Outbox| {
        for entry in outbox.take_changes() {
            kept.insert(entry.key.clone(), entry);
        }
        assert!(outbox.take_changes().is_empty());
        Outbox::from_entries(kept.values().cloned())
    };
    keep(&mut outbox);
    // It went out, but nobody could write down that it did.
    assert_eq!(outbox.due(&policy, at(1)).len(), 2);
    let mut again = keep(&mut outbox);
    let tasks = again.due(&policy, at(2));
    assert_eq!(tasks.len(), 2);
    assert!(tasks.iter().all(|task| task.update == 0));
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    Tell {
        incident: u8,
        severity: u8,
        tenant: u8,
        victim: bool,
    },
    Send,
    Hear {
        outcome: u8,
    },
    Wait {
        seconds: u16,
    },
    Restart,
    Revive,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0u8..12, 0u8..5, 0u8..2, any::<bool>()).prop_map(|(incident, severity, tenant, victim)| Step::Tell { incident, severity, tenant, victim }),
        4 => Just(Step::Send),
        4 => (0u8..4).prop_map(|outcome| Step::Hear { outcome }),
        3 => (0u16..4000).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Restart),
        1 => Just(Step::Revive),
    ];
    prop::collection::vec(step, 1..120)
}

struct World {
    policy: Policy,
    outbox: Outbox,
    kept: BTreeMap<sinks::outbox::EntryKey, Entry>,
    now: i64,
    revision: u64,
    latest: BTreeMap<String, (u64, Vec<String>)>,
    under_way: Vec<Task>,
    /// Every card that arrived: when, where, whose, which, whether it is a summary.
    arrived: Vec<(i64, Task)>,
}

impl World {
    fn new() -> Self {
        let mut policy = policy();
        policy.most_an_hour = 3;
        policy.tries = 3;
        policy.routes[0].quiet = Some(Quiet {
            from: 60,
            to: 120,
            ahead: 0,
        });
        Self {
            policy,
            outbox: Outbox::default(),
            kept: BTreeMap::new(),
            now: 0,
            revision: 0,
            latest: BTreeMap::new(),
            under_way: Vec::new(),
            arrived: Vec::new(),
        }
    }

    fn keep(&mut self) {
        for entry in self.outbox.take_changes() {
            self.kept.insert(entry.key.clone(), entry);
        }
    }

    fn step(&mut self, step: &Step) {
        let now = at(self.now);
        match step {
            Step::Tell {
                incident,
                severity,
                tenant,
                victim,
            } => {
                self.revision += 1;
                // An incident stays with its tenant.
                let name = format!("I-{incident}-{tenant}");
                let never_to = if *victim {
                    vec![text("ALICE@contoso.test"), text("soc+x@example.net")]
                } else {
                    vec![text("alice@contoso.test")]
                };
                let news = News {
                    incident: name.clone(),
                    revision: self.revision,
                    tenant: format!("t{tenant}"),
                    tags: Vec::new(),
                    severity: Severity::ALL[*severity as usize],
                    never_to: never_to.clone(),
                };
                self.outbox.tell(&news, &self.policy, now);
                self.latest.insert(name, (self.revision, never_to));
            }
            Step::Send => {
                let tasks = self.outbox.due(&self.policy, now);
                for task in &tasks {
                    let to = self.policy.sinks[&task.key.sink].clone();
                    let left = to.iter().filter(|one| {
                        !task
                            .never_to
                            .iter()
                            .any(|never| is_same_mailbox(one, never))
                    });
                    assert!(
                        to.is_empty() || left.count() > 0,
                        "a card for nobody: {task:?}"
                    );
                    let incidents = if task.is_summary {
                        task.held.clone()
                    } else {
                        vec![task.key.incident.clone()]
                    };
                    assert!(!incidents.is_empty(), "an empty summary: {task:?}");
                    for incident in &incidents {
                        for never in &self.latest[incident].1 {
                            assert!(
                                task.never_to.iter().any(|one| is_same_mailbox(one, never)),
                                "{never} may get {task:?}"
                            );
                        }
                    }
                }
                self.under_way.extend(tasks);
            }
            Step::Hear { outcome } => {
                if self.under_way.is_empty() {
                    return;
                }
                let task = self.under_way.remove(0);
                let outcome = match outcome {
                    0 | 1 => fine(),
                    2 => later(),
                    _ => Outcome::Refused {
                        why: text("status 404"),
                    },
                };
                if matches!(outcome, Outcome::Delivered { .. }) {
                    self.arrived.push((self.now, task.clone()));
                }
                self.outbox.heard(&task.key, &outcome, &self.policy, now);
            }
            Step::Wait { seconds } => self.now += i64::from(*seconds),
            Step::Restart => {
                // What is under way is lost on the way there: the bad case for sending twice is
                // told by `what_was_kept_goes_on_after_a_restart`.
                self.keep();
                self.under_way.clear();
                self.outbox = Outbox::from_entries(self.kept.values().cloned());
            }
            Step::Revive => {
                let dead: Vec<_> = self.outbox.dead().map(|entry| entry.key.clone()).collect();
                for key in dead {
                    self.outbox.revive(&key, now);
                }
            }
        }
        self.keep();
    }

    fn judge(&self) {
        for incident in self.latest.keys() {
            for sink in ["teams", "mail"] {
                let first = self.arrived.iter().filter(|(_, task)| {
                    task.key.incident == *incident && task.key.sink == sink && task.update == 0
                });
                assert!(
                    first.count() <= 1,
                    "two first cards of {incident} at {sink}"
                );
                let told = self.outbox.entries().any(|entry| {
                    entry.key.incident == *incident
                        && entry.key.sink == sink
                        && entry.revision >= self.latest[incident].0
                        && entry.state != EntryState::Superseded
                });
                assert!(told, "the last word on {incident} is lost for {sink}");
            }
        }
        for (moment, task) in &self.arrived {
            let in_hour = |summary: bool| {
                let same = self.arrived.iter().filter(|(other, one)| {
                    (*moment - 3600 < *other && other <= moment)
                        && one.key.sink == task.key.sink
                        && one.tenant == task.tenant
                        && one.is_summary == summary
                });
                same.count()
            };
            assert!(in_hour(false) <= 3, "a storm at {moment}");
            assert!(
                in_hour(true) <= 1,
                "two summaries within an hour at {moment}"
            );
        }
        assert_eq!(
            self.kept.values().collect::<Vec<_>>(),
            self.outbox.entries().collect::<Vec<_>>()
        );
    }

    /// Lets everything go well from now on.
    fn settle(&mut self) {
        for _ in 0..2000 {
            while let Some(task) = self.under_way.pop() {
                self.arrived.push((self.now, task.clone()));
                self.outbox
                    .heard(&task.key, &fine(), &self.policy, at(self.now));
            }
            self.step(&Step::Send);
            if self.under_way.is_empty() {
                let Some(next) = self.outbox.next_at() else {
                    return;
                };
                let next = next.0 / 1_000_000 - START;
                assert!(next > self.now, "what is due is not handed out");
                self.now = next;
            }
        }
        panic!("it never ends: {:?}", states(&self.outbox));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn nothing_is_lost_nothing_begins_twice_and_no_storm(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        world.judge();
        world.settle();
        world.judge();
        let open = world.outbox.entries().filter(|entry| matches!(entry.state, EntryState::Waiting | EntryState::Held(_)));
        prop_assert_eq!(open.count(), 0);
    }

    #[test]
    fn the_same_input_gives_the_same_decisions(steps in steps()) {
        let (mut one, mut other) = (World::new(), World::new());
        for step in &steps {
            one.step(step);
            other.step(step);
        }
        prop_assert_eq!(one.kept, other.kept);
    }
}
