//! Statements in their whole text, and timelines, from invented cases.

use super::{
    Acts, Beside, Counts, Log, Moment, Outside, Statement, Story, Undecided, state, timeline,
};
use crate::attribution::{
    Attribution, Confidence, ContextId, Eviction, Proposal, Reason, Stakes, Verdict,
};
use crate::brief::{Brief, Seed};
use crate::coverage::invented::{
    USER, attribution, bind, brief, cmdlet, context, day, event, interval,
};
use crate::coverage::{Coverage, Gap, GapId};
use crate::interval::{DAY, HOUR, Interval, MINUTE};
use crate::messages::Class;
use crate::outflow::{FileAct, FileTouched, Sent};
use crate::rules::{RuleKind, RuleVersion, Rules};
use model::{Address, Event, Timestamp};
use std::collections::BTreeSet;

const SNAPSHOT: &str = "5f3c9a";

fn counts(numbers: &[(Class, u64)]) -> Counts {
    let mut counts = Counts::default();
    for (class, number) in numbers {
        counts.0.insert(*class, *number);
    }
    counts
}

fn beside() -> Beside<'static> {
    static NONE: Stakes = Stakes::new();
    Beside {
        outside: Outside::default(),
        stakes: &NONE,
    }
}

fn seeded() -> Brief {
    Brief {
        seeds: vec![Seed::App("aaaa".to_owned())],
        ..brief()
    }
}

fn found() -> Attribution {
    attribution(
        Some(interval(day(10), day(20))),
        vec![context("c1", Verdict::Intruder)],
    )
}

fn gap(id: GapId, at: Option<Interval>, blind: bool) -> Gap {
    Gap {
        id,
        interval: at,
        scope: USER.to_owned(),
        effect: "nothing was recorded".to_owned(),
        proof: "a record says so".to_owned(),
        records: vec!["g".to_owned()],
        blind,
        fix: "collect it again".to_owned(),
    }
}

fn complete() -> Coverage {
    Coverage {
        covered: 10_000,
        gaps: vec![gap(GapId::G13, None, false)],
        ..Coverage::default()
    }
}

fn undecided(context: &str, messages: u64) -> Undecided {
    Undecided {
        context: ContextId(context.to_owned()),
        messages,
    }
}

fn said(
    brief: &Brief,
    attribution: &Attribution,
    coverage: &Coverage,
    counts: &Counts,
) -> Statement {
    state(
        brief,
        attribution,
        coverage,
        counts,
        &[],
        beside(),
        SNAPSHOT,
    )
}

#[test]
fn a_complete_case_is_stated_with_every_number() {
    let counts = counts(&[
        (Class::E, 2),
        (Class::P1, 59),
        (Class::P2, 3),
        (Class::S, 120),
        (Class::R, 4),
        (Class::N, 800),
        (Class::O, 40),
    ]);
    let statement = said(&seeded(), &found(), &complete(), &counts);
    insta::assert_snapshot!(statement.text, @"Between 2024-03-10 00:00:00 and 2024-03-20 00:00:00 UTC an unauthorised party had access to ann@example.com. Of 988 messages present in that period, 2 left the organisation, 62 were accessed by the party's client (3 of these with medium confidence only), 120 were in folders the party's Outlook synchronised, 4 may have been forwarded or searched, 0 accesses could not be attributed, 0 fall in periods the audit log could not cover, and for 800 the log was complete and shows no access. Coverage 100 %. Gaps: G13 ways that the log never covers. Evidence snapshot 5f3c9a.");
    assert_eq!(statement.next, "");
}

#[test]
fn one_of_each_is_said_in_the_singular_and_nothing_is_left_out() {
    let ones: Vec<(Class, u64)> = Class::ALL.into_iter().map(|class| (class, 1)).collect();
    let statement = said(&seeded(), &found(), &complete(), &counts(&ones));
    insta::assert_snapshot!(statement.text, @"Between 2024-03-10 00:00:00 and 2024-03-20 00:00:00 UTC an unauthorised party had access to ann@example.com. Of 8 messages present in that period, 1 left the organisation, 2 were accessed by the party's client (1 of these with medium confidence only), 1 was in a folder the party's Outlook synchronised, 1 may have been forwarded or searched, 1 access could not be attributed, 1 falls in a period the audit log could not cover, and for 1 the log was complete and shows no access. Coverage 100 %. Gaps: G13 ways that the log never covers. Evidence snapshot 5f3c9a.");
    let none = said(&seeded(), &found(), &complete(), &Counts::default());
    insta::assert_snapshot!(none.text, @"Between 2024-03-10 00:00:00 and 2024-03-20 00:00:00 UTC an unauthorised party had access to ann@example.com. Of 0 messages present in that period, 0 left the organisation, 0 were accessed by the party's client, 0 were in folders the party's Outlook synchronised, 0 may have been forwarded or searched, 0 accesses could not be attributed, 0 fall in periods the audit log could not cover, and for 0 the log was complete and shows no access. Coverage 100 %. Gaps: G13 ways that the log never covers. Evidence snapshot 5f3c9a.");
}

#[test]
fn blind_periods_stand_in_the_statement_and_in_the_next_decision() {
    let coverage = Coverage {
        covered: 8_973,
        gaps: vec![
            gap(GapId::G6, Some(interval(day(12), day(13))), true),
            gap(
                GapId::G6,
                Some(interval(day(12) + HOUR, day(13) + HOUR)),
                true,
            ),
            gap(GapId::G8, Some(interval(day(18), day(20))), false),
            gap(GapId::G9, None, true),
        ],
        ..Coverage::default()
    };
    let statement = said(&seeded(), &found(), &coverage, &counts(&[(Class::B, 7)]));
    insta::assert_snapshot!(statement.text, @"Between 2024-03-10 00:00:00 and 2024-03-20 00:00:00 UTC an unauthorised party had access to ann@example.com. Of 7 messages present in that period, 0 left the organisation, 0 were accessed by the party's client, 0 were in folders the party's Outlook synchronised, 0 may have been forwarded or searched, 0 accesses could not be attributed, 7 fall in periods the audit log could not cover, and for 0 the log was complete and shows no access. Coverage 89.73 %. Gaps: G6 logging throttled (blind, 1 d 1 h); G8 late records may still come; G9 holes of the collection (blind, the whole period). Evidence snapshot 5f3c9a.");
    insta::assert_snapshot!(statement.next, @"G9 (a record says so): collect it again");
}

#[test]
fn an_access_without_a_known_end_is_stated_so() {
    let open = interval(day(10), i64::MAX);
    let statement = said(
        &seeded(),
        &attribution(Some(open), Vec::new()),
        &complete(),
        &Counts::default(),
    );
    assert!(
        statement.text.starts_with("From 2024-03-10 00:00:00 UTC on an unauthorised party had access to ann@example.com; the records do not show its end."),
        "{}",
        statement.text
    );
}

#[test]
fn without_a_seed_nothing_is_claimed_and_the_strongest_one_is_proposed() {
    let mut nobody = attribution(None, Vec::new());
    nobody.proposals = vec![Proposal {
        confidence: Confidence::High,
        seed: Seed::Session("s-1".to_owned()),
        why: "twelve failed sign-ins and a success from one address".to_owned(),
        records: vec!["r".to_owned()],
    }];
    let open = [undecided("c7", 4), undecided("c2", 1)];
    let statement = state(
        &brief(),
        &nobody,
        &complete(),
        &counts(&[(Class::U, 5)]),
        &open,
        beside(),
        SNAPSHOT,
    );
    insta::assert_snapshot!(statement.text, @"No access to ann@example.com could be attributed to an unauthorised party: no seed was given that says what is known of the party. This does not say that there was none. Of 5 messages known, 5 accesses are undecided, in 2 contexts. Coverage 100 %. Gaps: G13 ways that the log never covers. Evidence snapshot 5f3c9a.");
    insta::assert_snapshot!(statement.next, @"no seed was given; the records suggest `--seed session=s-1` (high confidence): twelve failed sign-ins and a success from one address");
}

#[test]
fn a_window_that_the_analyst_sets_accuses_nobody() {
    let brief = Brief {
        since: Some(Timestamp(day(10))),
        until: Some(Timestamp(day(20))),
        ..brief()
    };
    let owner = attribution(brief.window(), vec![context("c1", Verdict::Owner)]);
    let statement = said(&brief, &owner, &complete(), &Counts::default());
    assert!(
        statement
            .text
            .starts_with("No access to ann@example.com could be attributed"),
        "{}",
        statement.text
    );
    assert!(
        statement.next.starts_with("no seed was given"),
        "{}",
        statement.next
    );
}

#[test]
fn a_seed_that_no_record_answers_comes_before_everything_else() {
    let mut nobody = attribution(None, Vec::new());
    nobody.unanswered = seeded().seeds;
    let statement = state(
        &seeded(),
        &nobody,
        &complete(),
        &counts(&[(Class::U, 9)]),
        &[undecided("c", 9)],
        beside(),
        SNAPSHOT,
    );
    insta::assert_snapshot!(statement.text, @"No access to ann@example.com could be attributed to an unauthorised party: no record answers to the seed that was given. This does not say that there was none. Of 9 messages known, 9 accesses are undecided, in 1 context. Coverage 100 %. Gaps: G13 ways that the log never covers. Evidence snapshot 5f3c9a.");
    insta::assert_snapshot!(statement.next, @"no record answers to the seed `app=aaaa`: check its spelling, or import the records that hold it");
}

#[test]
fn the_heaviest_undecided_context_is_named_and_a_message_counts_once() {
    let open = [
        undecided("c5", 0),
        undecided("c1", 20),
        undecided("c2", 20),
        undecided("c3", 1),
    ];
    let statement = state(
        &seeded(),
        &found(),
        &complete(),
        &counts(&[(Class::U, 37)]),
        &open,
        beside(),
        SNAPSHOT,
    );
    insta::assert_snapshot!(statement.next, @"3 contexts undecided, they hold 37 messages, c1 20 of them: `breachscope case verdict CASE c1 OWNER|INTRUDER --reason ...`");
}

#[test]
fn a_provisional_window_asks_for_another_run() {
    let mut coverage = complete();
    coverage
        .gaps
        .push(gap(GapId::G8, Some(interval(day(18), day(20))), false));
    let statement = said(&seeded(), &found(), &coverage, &Counts::default());
    assert_eq!(statement.next, "provisional: collect it again");
}

#[test]
fn no_statement_ever_says_read() {
    let ones: Vec<(Class, u64)> = Class::ALL.into_iter().map(|class| (class, 1)).collect();
    let every_gap = Coverage {
        gaps: GapId::ALL
            .into_iter()
            .map(|id| gap(id, None, true))
            .collect(),
        ..Coverage::default()
    };
    for attribution in [found(), attribution(None, Vec::new())] {
        let text = said(&seeded(), &attribution, &every_gap, &counts(&ones)).text;
        assert!(!text.contains("read"), "{text}");
    }
}

fn told(moments: &[Moment]) -> String {
    let lines = moments.iter().map(|moment| {
        format!(
            "{} {}: {} [{}] {}",
            moment.time,
            moment.kind,
            moment.text,
            moment.verdict,
            moment.records.join(" ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn rule() -> RuleVersion {
    RuleVersion {
        kind: RuleKind::Forwarding,
        name: String::new(),
        version: 1,
        active: interval(day(11), day(11) + 11_000_000),
        ended: true,
        conditions: Vec::new(),
        actions: Vec::new(),
        targets: ["out@example.net".to_owned()].into(),
        actor: USER.to_owned(),
        ip: String::new(),
        context: None,
        verdict: Verdict::Intruder,
        confidence: Confidence::High,
        because: "its context is the intruder's".to_owned(),
        complete: true,
        records: vec!["f1".to_owned(), "f2".to_owned()],
    }
}

fn sent(number: i64) -> Sent {
    Sent {
        time: Some(Timestamp(day(12) + number * MINUTE)),
        internet_message_id: format!("<{number}@example.com>"),
        subject: "New account".to_owned(),
        recipients: [format!("payer{number}@example.org")].into(),
        operation: "Send".to_owned(),
        context: ContextId("c1".to_owned()),
        record: format!("s{number:03}"),
        left_no_copy: number == 0,
    }
}

fn taken(object: &str) -> FileTouched {
    FileTouched {
        object: object.to_owned(),
        act: FileAct::Taken,
        operations: BTreeSet::new(),
        verdict: Verdict::Intruder,
        context: None,
        actor: USER.to_owned(),
        app: String::new(),
        ips: BTreeSet::new(),
        first: Some(Timestamp(day(13))),
        last: Some(Timestamp(day(13))),
        times: 1,
        records: vec![format!("file {object}")],
    }
}

/// A case with something of every kind.
fn eventful() -> Attribution {
    let session = |id: &str, first, last, ip: &str| {
        let mut context = context(id, Verdict::Intruder);
        context.session = "s-1".to_owned();
        context.first = Some(Timestamp(first));
        context.last = Some(Timestamp(last));
        context.ips.insert(ip.to_owned());
        context.reasons = vec![Reason {
            text: "its session is the seed's".to_owned(),
            records: vec![format!("of {id}")],
        }];
        context
    };
    let mut owner = context("c3", Verdict::Owner);
    owner.first = Some(Timestamp(day(1)));
    owner.last = Some(Timestamp(day(28)));
    let mut case = attribution(
        Some(interval(day(10), day(20))),
        vec![
            session("c1", day(10) + HOUR, day(14), "198.51.100.7"),
            session("c2", day(11), day(15), "198.51.100.8"),
            owner,
        ],
    );
    case.evictions = vec![Eviction {
        at: Timestamp(day(19)),
        what: "the password was reset".to_owned(),
        effective: Timestamp(day(19) + HOUR),
        record: "e".to_owned(),
    }];
    case
}

fn acts(attribution: &Attribution, events: &[Event<'_>]) -> Acts {
    let brief = Brief {
        seeds: vec![Seed::Session("s-1".to_owned())],
        ..brief()
    };
    let mut log = Log::new(&brief);
    for event in events {
        log.event(event);
    }
    log.close(attribution)
}

fn sign_in(id: &str, time: i64, session: &'static str) -> Event<'static> {
    Event {
        session: session.into(),
        address: Address::read("198.51.100.7"),
        workload: "AzureActiveDirectory".into(),
        ..event(id, time, "UserLoggedIn")
    }
}

fn events() -> Vec<Event<'static>> {
    let sync = Event {
        record_type: Some(2),
        session: "s-1".into(),
        ..bind("sync", day(10) + 2 * HOUR)
    };
    let consent = Event {
        rest: r#"{"Target":[{"ID":"ServicePrincipal","Type":2},{"ID":"Invoice Helper","Type":1}]}"#
            .to_owned(),
        object: "bbbb".into(),
        session: "s-1".into(),
        ..event("consent", day(16), "Consent to application")
    };
    let grant = Event {
        session: "s-1".into(),
        ..event("grant", day(16) + MINUTE, "Add delegated permission grant")
    };
    vec![
        sign_in("again", day(10) + 30 * MINUTE, "s-1"),
        sign_in("signed in", day(10), "s-1"),
        sign_in("owner", day(10), "s-2"),
        sync,
        consent,
        grant,
        cmdlet(
            "elsewhere",
            day(12),
            "Add-MailboxPermission",
            &[("Identity", "bob")],
        ),
    ]
}

#[test]
fn a_timeline_tells_the_moments_of_every_kind_in_order() {
    let case = eventful();
    let mut rules = Rules::default();
    rules.versions.push(rule());
    let coverage = Coverage {
        gaps: vec![gap(GapId::G6, Some(interval(day(9), day(11))), true)],
        ..Coverage::default()
    };
    let story = Story {
        brief: &brief(),
        attribution: &case,
        rules: &rules,
        coverage: &coverage,
        sent: &[sent(1), sent(0)],
        files: &[
            taken("https://example.com/a.docx"),
            taken("https://example.com/b.docx"),
        ],
        acts: &acts(&case, &events()),
    };
    insta::assert_snapshot!(told(&story.timeline()), @r#"
2024-03-10T00:00:00Z gap: the records go blind (G6): a record says so [] g
2024-03-10T00:00:00Z sign-in: `ann@example.com` signed in from 198.51.100.7 [INTRUDER] signed in
2024-03-10T01:00:00Z first access: first access to the mailbox by session `s-1` from 198.51.100.7, 198.51.100.8 [INTRUDER] of c1 of c2
2024-03-10T02:00:00Z sync: `ann@example.com` began to synchronise folders of the mailbox to a client [INTRUDER] sync
2024-03-11T00:00:00Z rule: mailbox forwarding without a name made by `ann@example.com`, sends mail to out@example.net [INTRUDER] f1 f2
2024-03-11T00:00:11Z rule: mailbox forwarding without a name ended [INTRUDER] f1 f2
2024-03-12T00:00:00Z sent: message `New account` sent to payer0@example.org, no copy kept [INTRUDER] s000
2024-03-12T00:01:00Z sent: message `New account` sent to payer1@example.org [INTRUDER] s001
2024-03-13T00:00:00Z file: 2 files taken: `https://example.com/a.docx`, `https://example.com/b.docx` [INTRUDER] file https://example.com/a.docx file https://example.com/b.docx
2024-03-15T00:00:00Z last access: last access to the mailbox by session `s-1`, 2 records in all [INTRUDER] of c1 of c2
2024-03-16T00:00:00Z consent: `ann@example.com` let the application `Invoice Helper` (`bbbb`) in [INTRUDER] consent grant
2024-03-19T00:00:00Z eviction: the password was reset; access may have gone on until 2024-03-19 01:00:00 UTC [] e
"#);
}

#[test]
fn a_rule_of_nobody_knows_whom_is_told_if_it_was_made_in_the_window() {
    let of = |verdict, from| RuleVersion {
        verdict,
        active: interval(from, day(28)),
        ended: false,
        ..rule()
    };
    let mut rules = Rules::default();
    rules.versions = vec![
        of(Verdict::Unknown, day(5)),
        of(Verdict::Unknown, day(12)),
        of(Verdict::Owner, day(13)),
        of(Verdict::Intruder, day(9)),
    ];
    let moments = timeline(&brief(), &found(), &rules, &complete(), &[], &[]);
    let times: Vec<i64> = moments.iter().map(|moment| moment.time.0).collect();
    assert_eq!(times, [day(9), day(12)]);
}

#[test]
fn a_changed_rule_is_told_by_its_change_and_not_by_the_end_of_what_was_before() {
    let of = |version, from, to| RuleVersion {
        version,
        active: interval(from, to),
        ..rule()
    };
    let mut rules = Rules::default();
    rules.versions = vec![of(1, day(11), day(12)), of(2, day(12), day(13))];
    let moments = timeline(&brief(), &found(), &rules, &complete(), &[], &[]);
    insta::assert_snapshot!(told(&moments), @r"
    2024-03-11T00:00:00Z rule: mailbox forwarding without a name made by `ann@example.com`, sends mail to out@example.net [INTRUDER] f1 f2
    2024-03-12T00:00:00Z rule: mailbox forwarding without a name changed by `ann@example.com`, sends mail to out@example.net [INTRUDER] f1 f2
    2024-03-13T00:00:00Z rule: mailbox forwarding without a name ended [INTRUDER] f1 f2
    ");
}

#[test]
fn many_messages_of_one_context_are_one_moment() {
    let messages: Vec<Sent> = (0..40).map(sent).collect();
    let moments = timeline(
        &brief(),
        &found(),
        &Rules::default(),
        &complete(),
        &messages,
        &[],
    );
    insta::assert_snapshot!(told(&moments), @"2024-03-12T00:00:00Z sent: 40 messages sent until 2024-03-12 00:39:00 UTC, to payer0@example.org, payer10@example.org, payer11@example.org, payer12@example.org, payer13@example.org and 35 more [INTRUDER] s000 s001 s002 s003 s004");
}

#[test]
fn a_long_timeline_keeps_what_tells_most_and_says_how_much_is_left_out() {
    let mut case = attribution(Some(interval(day(1), day(28))), Vec::new());
    case.contexts = (0..20)
        .map(|number| {
            let mut context = context(&format!("c{number:02}"), Verdict::Intruder);
            context.session = format!("s{number:02}");
            context.first = Some(Timestamp(day(1) + number * HOUR));
            context.last = Some(Timestamp(day(20) + number * HOUR));
            context
        })
        .collect();
    case.evictions = eventful().evictions;
    let moments = timeline(&brief(), &case, &Rules::default(), &complete(), &[], &[]);
    assert_eq!(moments.len(), 30);
    assert!(moments.is_sorted());
    let of = |kind: &str| moments.iter().filter(|moment| moment.kind == kind).count();
    assert_eq!(
        (of("eviction"), of("first access"), of("last access")),
        (1, 15, 14)
    );
    let last = &moments.last().expect("a moment").text;
    assert!(
        last.ends_with("; 11 further moments left out of this timeline"),
        "{last}"
    );
}

#[test]
fn acts_do_not_depend_on_the_order_of_events_or_on_repeats() {
    let case = eventful();
    let mut events = events();
    let once = acts(&case, &events).moments;
    events.reverse();
    events.extend(events.clone());
    assert_eq!(acts(&case, &events).moments, once);
}

#[test]
fn of_others_that_a_seed_points_at_one_sign_in_is_told() {
    let others = |id, time, session| Event {
        user: "bob@example.com".into(),
        ..sign_in(id, time, session)
    };
    let events = [others("b1", day(10), "s-1"), others("b2", day(11), "s-1")];
    let moments = acts(&eventful(), &events).moments;
    assert_eq!(moments.len(), 1);
    assert_eq!(moments[0].records, ["b1"]);
}

#[test]
fn a_timeline_of_nothing_is_empty() {
    let none = Attribution::default();
    let moments = timeline(
        &brief(),
        &none,
        &Rules::default(),
        &Coverage::default(),
        &[],
        &[],
    );
    assert_eq!(moments, []);
}

#[test]
fn a_gap_that_began_before_the_window_is_told_where_the_window_begins() {
    let coverage = Coverage {
        gaps: vec![
            gap(GapId::G2, Some(interval(i64::MIN, day(12))), true),
            gap(GapId::G7, Some(interval(day(20) + DAY, i64::MAX)), true),
        ],
        ..Coverage::default()
    };
    let moments = timeline(&brief(), &found(), &Rules::default(), &coverage, &[], &[]);
    assert_eq!(moments.len(), 1);
    assert_eq!(moments[0].time, Timestamp(day(10)));
}

#[test]
fn acts_outside_of_the_period_that_was_asked_for_are_not_said_of_it() {
    let brief = Brief {
        since: Some(Timestamp(day(10))),
        ..seeded()
    };
    let beside = Beside {
        outside: Outside {
            messages: 2,
            during: Some(interval(day(3), day(4))),
        },
        ..beside()
    };
    let numbers = counts(&[(Class::P1, 2)]);
    let text = state(
        &brief,
        &found(),
        &complete(),
        &numbers,
        &[],
        beside,
        SNAPSHOT,
    )
    .text;
    let said = "An end of that period was set by the analyst: for 2 of these messages the party's acts lie outside of it, between 2024-03-03 00:00:00 and 2024-03-04 00:00:00 UTC.";
    assert!(text.contains(said), "{text}");
}

#[test]
fn a_further_seed_is_asked_about_by_what_hangs_on_it_and_typed_safely() {
    let mut attribution = found();
    let proposal = |confidence, seed| Proposal {
        confidence,
        seed,
        why: "it read mail".to_owned(),
        records: Vec::new(),
    };
    attribution.proposals = vec![
        proposal(Confidence::High, Seed::App("nowhere".to_owned())),
        proposal(Confidence::Low, Seed::Session("home".to_owned())),
        proposal(Confidence::High, Seed::App("a; reboot".to_owned())),
    ];
    let open = |id: &str| context(id, Verdict::Unknown);
    let mut app = open("c2");
    app.app = "a; reboot".to_owned();
    let mut home = open("c3");
    home.session = "home".to_owned();
    attribution.contexts.extend([app, home]);
    let stakes: Stakes = [("c2", 5), ("c3", 300)]
        .map(|(id, messages)| (ContextId(id.to_owned()), messages))
        .into();
    attribution.order_proposals(&stakes);
    let order: Vec<String> = attribution
        .proposals
        .iter()
        .map(|one| one.seed.to_string())
        .collect();
    assert_eq!(order, ["app=a; reboot", "session=home", "app=nowhere"]);
    let beside = Beside {
        stakes: &stakes,
        ..beside()
    };
    let numbers = counts(&[(Class::P1, 2)]);
    let next = state(
        &seeded(),
        &attribution,
        &complete(),
        &numbers,
        &[],
        beside,
        SNAPSHOT,
    )
    .next;
    insta::assert_snapshot!(next, @"5 messages more may be the intruder's: the records suggest `--seed 'app=a; reboot'` as well (high confidence): it read mail; investigate with it too, or decide: `breachscope case verdict CASE c2 OWNER|INTRUDER --reason ...`");
}
