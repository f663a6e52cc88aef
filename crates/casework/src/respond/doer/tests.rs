//! Invented acts of people, and whose a plan must hold them for.

use super::{Acted, Doer, Weighing, settled};
use crate::attribution::{Attribution, Marks, Person};
use crate::respond::footholds::{Foothold, FootholdKind as Kind, Sign};
use crate::respond::live::tests::foothold;
use crate::{Interval, Verdict};
use model::{Address, Timestamp};
use std::collections::BTreeSet;

const ANN: &str = "ann@corp.example";
const HOME: &str = "192.0.2.10";
const EVIL: &str = "203.0.113.66";
const APP: &str = "6f2a3d10-0000-4000-8000-0000000000aa";

fn minute(minute: i64) -> Timestamp {
    Timestamp(1_772_409_600_000_000).plus_seconds(minute * 60)
}

/// Ann works at home; the intruder came in as her at minute 10 and was out at minute 60.
fn taken() -> Attribution {
    Attribution {
        person: Person {
            names: [ANN.to_owned()].into(),
            ..Person::default()
        },
        window: Some(Interval::new(minute(10), minute(60))),
        marks: Marks {
            sessions: ["s-evil".to_owned()].into(),
            addresses: [EVIL.parse().expect("an address")].into(),
            acts: ["r-follows".to_owned()].into(),
            own_addresses: [HOME.parse().expect("an address")].into(),
            came_in: Some(minute(10)),
            ..Marks::default()
        },
        ..Attribution::default()
    }
}

/// The same where nobody came in from elsewhere: the session is one of Ann's own.
fn her_own() -> Attribution {
    let mut own = taken();
    own.marks.came_in = None;
    own.marks.addresses = BTreeSet::new();
    own
}

fn act(at: i64, address: &str) -> Acted {
    Acted {
        record: "r-1".to_owned(),
        time: Some(minute(at)),
        user: ANN.to_owned(),
        address: Address::read(address),
        is_found: true,
        ..Acted::default()
    }
}

fn role() -> Foothold {
    let role = foothold(Kind::Role, &[Sign::Name("global administrator".to_owned())]);
    Foothold {
        owner: "helper@corp.example".to_owned(),
        ..role
    }
}

fn rule() -> Foothold {
    Foothold {
        owner: ANN.to_owned(),
        ..foothold(Kind::InboxRule, &[Sign::Name(".".to_owned())])
    }
}

fn of(attribution: &Attribution, act: &Acted, foothold: &Foothold) -> Doer {
    let weighing = Weighing {
        attribution,
        is_said: false,
    };
    weighing.doer(act, foothold)
}

fn open(doer: &Doer) -> bool {
    matches!(doer, Doer::Open(why) if !why.is_empty())
}

#[test]
fn what_carries_the_intruders_session_or_address_is_theirs_found_or_not() {
    let taken = taken();
    let unfound = |act| Acted {
        is_found: false,
        ..act
    };
    assert_eq!(of(&taken, &unfound(act(20, EVIL)), &role()), Doer::Intruder);
    let in_session = Acted {
        session: "s-evil".to_owned(),
        ..unfound(act(20, ""))
    };
    assert_eq!(of(&taken, &in_session, &role()), Doer::Intruder);
    assert_eq!(of(&taken, &unfound(act(20, "")), &role()), Doer::Another);
    assert_eq!(of(&taken, &unfound(act(20, HOME)), &role()), Doer::Another);
    let follows = Acted {
        record: "r-follows".to_owned(),
        ..unfound(act(20, ""))
    };
    assert_eq!(of(&taken, &follows, &role()), Doer::Likely);
}

#[test]
fn an_account_that_was_taken_is_held_for_what_was_found_while_it_was() {
    let taken = taken();
    assert_eq!(of(&taken, &act(20, ""), &role()), Doer::Likely);
    for honest in [act(5, ""), act(61, ""), act(20, HOME)] {
        assert!(open(&of(&taken, &honest, &role())), "{honest:?}");
    }
}

#[test]
fn an_administrator_who_was_only_found_is_for_a_person_to_decide() {
    let own = her_own();
    for honest in [act(20, ""), act(20, HOME)] {
        assert!(open(&of(&own, &honest, &role())), "{honest:?}");
    }
    // The session of whoever acts is new every day, and shows nobody else.
    let in_session = Acted {
        session: "s-evil".to_owned(),
        ..act(20, HOME)
    };
    assert!(open(&of(&own, &in_session, &role())));
}

#[test]
fn what_somebody_gives_to_themselves_goes() {
    let own = her_own();
    let right = Foothold {
        owner: "manager".to_owned(),
        ..foothold(Kind::FullAccess, &[Sign::Trustee("ann".to_owned())])
    };
    assert_eq!(of(&own, &act(20, HOME), &right), Doer::Intruder);
    let to_another = Foothold {
        signs: [Sign::Trustee("helper".to_owned())].into(),
        ..right
    };
    assert!(open(&of(&own, &act(20, HOME), &to_another)));
    let own_role = Foothold {
        owner: ANN.to_owned(),
        ..role()
    };
    assert_eq!(of(&own, &act(20, HOME), &own_role), Doer::Intruder);
}

#[test]
fn who_lets_an_application_in_is_deceived_and_the_application_goes() {
    let own = her_own();
    let grant = foothold(Kind::Grant, &[Sign::App(APP.to_owned())]);
    assert_eq!(of(&own, &act(20, HOME), &grant), Doer::Intruder);
    let mut for_all = grant.clone();
    for_all.signs.insert(Sign::ForAll);
    assert!(open(&of(&own, &act(20, HOME), &for_all)));
    let mut it_read = her_own();
    it_read.contexts = vec![crate::rules::invented::context("c", Verdict::Intruder)];
    APP.clone_into(&mut it_read.contexts[0].app);
    assert_eq!(of(&it_read, &act(20, HOME), &for_all), Doer::Intruder);
    let by_another = Acted {
        user: "admin@corp.example".to_owned(),
        ..act(20, "")
    };
    assert!(open(&of(&own, &by_another, &grant)));
}

#[test]
fn ones_own_rule_that_was_found_goes_unless_it_was_made_at_home() {
    let own = her_own();
    assert_eq!(of(&own, &act(20, ""), &rule()), Doer::Likely);
    assert!(open(&of(&own, &act(20, HOME), &rule())));
    let of_another = Foothold {
        owner: "boss@corp.example".to_owned(),
        ..rule()
    };
    assert!(open(&of(&own, &act(20, ""), &of_another)));
}

#[test]
fn a_verdict_of_a_person_is_not_weighed_again() {
    let mut decided = her_own();
    decided.contexts = vec![crate::rules::invented::context("c", Verdict::Owner)];
    decided.of_record.note("r-1", 0);
    assert!(open(&of(&decided, &act(20, HOME), &rule())));
    decided.contexts[0].overridden = true;
    assert_eq!(of(&decided, &act(20, HOME), &rule()), Doer::Another);
    decided.contexts[0].verdict = Verdict::Intruder;
    assert_eq!(of(&decided, &act(20, HOME), &rule()), Doer::Intruder);
    decided.contexts[0].verdict = Verdict::Service;
    assert_eq!(of(&decided, &act(20, EVIL), &rule()), Doer::Another);
}

#[test]
fn of_two_records_of_one_act_the_one_that_names_a_place_is_right() {
    let at = |second: i64, record: &str| Foothold {
        time: Some(minute(20).plus_seconds(second)),
        records: vec![record.to_owned()],
        ..role()
    };
    let why = Doer::Open("from home".to_owned());
    let told = settled(&[
        (at(0, "audit"), Doer::Likely),
        (at(1, "directory"), why.clone()),
        (at(90, "later"), Doer::Likely),
        (at(0, "nobody"), Doer::Another),
    ]);
    let doubts: Vec<_> = told
        .iter()
        .map(|one| (one.records[0].as_str(), one.doubt.as_str()))
        .collect();
    assert_eq!(
        doubts,
        [
            ("audit", "from home"),
            ("directory", "from home"),
            ("later", "")
        ]
    );
    let sure = settled(&[(at(0, "audit"), Doer::Intruder), (at(1, "directory"), why)]);
    assert_eq!(sure[0].doubt, "");
}
