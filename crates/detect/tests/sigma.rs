//! Sigma's rules against our records: what is loaded, what is listed as unusable, what matches.

use detect::sigma::{Match, Rule, RuleSet, RuleTest};
use detect::{Detection, MemoryPile, Nowhere, Rules, Run, Settings};
use model::{Finding, Found, Json};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[test]
fn every_public_rule_is_loaded_and_the_impossible_ones_are_told() {
    let Some(files) = public_rules() else {
        return;
    };
    let many = files.len();
    let set = RuleSet::load(files);
    assert_eq!(set.unusable(), []);
    assert_eq!(set.rules().len(), many);
    let never = set.rules().into_iter().filter(|rule| rule.never.is_some());
    let never: Vec<&Rule> = never.collect();
    assert!(!never.is_empty() && never.len() <= many / 20, "{never:?}");
}

#[test]
fn public_rules_fire_on_real_records() {
    let (Some(files), Some(records)) = (public_rules(), shared("real")) else {
        return;
    };
    let mut set = RuleSet::load(files);
    let mut fired: BTreeMap<usize, usize> = BTreeMap::new();
    for path in inside(&records, &["jsonl", "json", "csv"]) {
        let mut numbers = Vec::new();
        each_record(
            &fs::read(&path).expect("a file"),
            &path.display().to_string(),
            |event, body| {
                numbers.clear();
                set.matching(event, body, &mut numbers);
                for number in &numbers {
                    *fired.entry(*number as usize).or_default() += 1;
                }
            },
        );
    }
    let rules = set.rules();
    let mut told = String::new();
    for (rule, many) in &fired {
        let _ = writeln!(told, "{many:6} {}", rules[*rule].title);
    }
    assert!(fired.len() >= 35, "{told}");
}

#[test]
fn every_rule_of_our_own_is_used_and_tells_everything() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/sigma");
    let set = RuleSet::load(texts(&place));
    assert_eq!(set.unusable(), []);
    let mut ids = BTreeSet::new();
    for rule in set.rules() {
        let title = &rule.title;
        assert!(ids.insert(&rule.id) && rule.id.len() == 36, "{title}");
        assert!(
            !rule.description.is_empty() && !rule.benign.is_empty(),
            "{title}"
        );
        assert!(
            !rule.attack.is_empty() && !rule.status.is_empty(),
            "{title}"
        );
    }
    assert!(ids.len() >= 30, "{}", ids.len());
}

/// A rule for the unified log with this detection.
fn unified(detection: &str) -> String {
    rule("m365", "audit", detection)
}

fn rule(product: &str, service: &str, detection: &str) -> String {
    format!(
        "title: A rule\nlogsource:\n    product: {product}\n    service: {service}\ndetection:\n    \
         selection:\n        {detection}\n    condition: selection\nlevel: medium\n"
    )
}

const RULE_MADE: &str = r#"{"CreationTime":"2026-03-01T08:00:00","Id":"0a000000-0000-4000-8000-000000000001","Operation":"New-InboxRule","OrganizationId":"0b000000-0000-4000-8000-000000000001","RecordType":1,"ResultStatus":"True","UserKey":"ann","UserType":2,"Version":1,"Workload":"Exchange","ClientIP":"203.0.113.7:4711","ObjectId":"ann\\Invoices","UserId":"Ann@corp.example","OrganizationName":"corp.example","OriginatingServer":"X (1.0)","Parameters":[{"Name":"Name","Value":"Invoices"},{"Name":"ForwardTo","Value":"drop@evil.example"},{"Name":"Enabled","Value":"True"},{"Name":"Comment","Value":""},{"Name":"Weight","Value":"50053"}],"SessionId":null}"#;

#[test]
fn every_modifier_means_what_sigma_says() {
    for (detection, is_match) in [
        ("Operation: new-inboxrule", true),
        ("Operation: New-Inbox*", true),
        ("Operation: New-InboxRul?", true),
        ("Operation|cased: new-inboxrule", false),
        ("Operation|contains: Inbox", true),
        ("Operation|contains|all: [New, Rule]", true),
        ("Operation|contains|all: [New, Mailbox]", false),
        ("Operation|startswith: new-", true),
        ("Operation|endswith: Rule", true),
        ("Operation|endswith: Rules", false),
        ("Operation|re: '^New-[A-Z][a-z]+Rule$'", true),
        ("Operation|re|i: '^new-inboxrule$'", true),
        ("Operation|neq: Set-Mailbox", true),
        ("Operation|exists: true", true),
        ("Nothing|exists: false", true),
        ("Nothing|exists: true", false),
        ("ClientIP|cidr: 203.0.113.0/24", true),
        ("ClientIP|cidr: 198.51.100.0/24", false),
        ("Parameters|contains: ForwardTo", true),
        ("Parameters.ForwardTo|endswith: '@evil.example'", true),
        ("Parameters.ForwardTo|endswith: '@corp.example'", false),
        ("Parameters.Weight|gt: 50000", true),
        ("Parameters.Weight|gte: 50053", true),
        ("Parameters.Weight|lt: 50053", false),
        ("Parameters.Weight|lte: 50053", true),
        ("Operation|fieldref: Operation", true),
        ("Operation|fieldref: Workload", false),
        ("UserId|fieldref|startswith: UserKey", true),
        ("Parameters.ForwardTo|base64: nothing", false),
        ("Parameters.ForwardTo|base64offset|contains: nothing", false),
        (
            "Parameters.ForwardTo|wide|base64offset|contains: nothing",
            false,
        ),
        ("Parameters|contains|windash: ' -x'", false),
    ] {
        let found = matches(&unified(detection), RULE_MADE);
        assert_eq!(!found.is_empty(), is_match, "{detection}: {found:?}");
    }
}

#[test]
fn numbers_texts_and_truths_meet_whatever_their_type() {
    for (detection, is_match) in [
        ("RecordType: 1", true),
        ("RecordType: '1'", true),
        ("RecordType: 2", false),
        ("Parameters.Weight: 50053", true),
        ("Parameters.Weight: '50053'", true),
        ("Parameters.Enabled: true", true),
        ("Parameters.Enabled: 'true'", true),
        ("Parameters.Enabled: false", false),
    ] {
        let found = matches(&unified(detection), RULE_MADE);
        assert_eq!(!found.is_empty(), is_match, "{detection}: {found:?}");
    }
}

#[test]
fn what_is_missing_is_null_and_what_is_empty_is_not() {
    for (detection, is_match) in [
        ("Nothing: null", true),
        ("Nothing: ''", false),
        ("Parameters.Comment: ''", true),
        ("Parameters.Comment: null", false),
        ("Parameters.Nothing: null", true),
        ("SessionId: null", true),
    ] {
        let found = matches(&unified(detection), RULE_MADE);
        assert_eq!(!found.is_empty(), is_match, "{detection}: {found:?}");
    }
}

/// Once `Name` and `Value` of two different parameters matched together.
#[test]
fn a_name_and_a_value_of_different_pairs_are_no_match() {
    let both = |name: &str, value: &str| {
        unified(&format!(
            "Parameters.Name: {name}\n        Parameters.Value: {value}"
        ))
    };
    assert_eq!(
        matches(&both("ForwardTo", "drop@evil.example"), RULE_MADE).len(),
        1
    );
    assert_eq!(matches(&both("ForwardTo", "Invoices"), RULE_MADE), []);
    assert_eq!(matches(&both("Name", "drop@evil.example"), RULE_MADE), []);
    let beside = format!(
        "{}\n        Operation: New-InboxRule",
        "Parameters.Name: ForwardTo"
    );
    let three = unified(&format!(
        "{beside}\n        Parameters.Value|contains: drop"
    ));
    assert_eq!(matches(&three, RULE_MADE).len(), 1);
}

#[test]
fn a_match_tells_the_fields_on_which_it_rests() {
    let text = unified("Operation: New-InboxRule\n        Parameters|contains: ForwardTo");
    let found = matches(&text, RULE_MADE);
    let fields: Vec<&str> = found[0]
        .fields
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(fields, ["Operation", "Parameters"]);
    assert!(
        found[0].fields[1].1.contains("drop@evil.example"),
        "{found:?}"
    );
}

#[test]
fn one_rule_matches_a_sign_in_in_every_dress() {
    let text = rule(
        "azure",
        "signinlogs",
        "ResultType: 50053\n        userAgent|contains: AXIOS",
    );
    for record in [
        r#"{"CreationTime":"2026-03-01T08:00:00","Id":"0a000000-0000-4000-8000-000000000002","Operation":"UserLoginFailed","OrganizationId":"0b000000-0000-4000-8000-000000000001","RecordType":15,"ResultStatus":"Success","UserKey":"k","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ClientIP":"203.0.113.7","ObjectId":"x","UserId":"ann@corp.example","AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"UserAgent","Value":"axios/1.7"}],"ErrorNumber":"50053","LogonError":"IdsLocked"}"#,
        r#"{"id":"0a000000-0000-4000-8000-000000000003","createdDateTime":"2026-03-01T08:00:00Z","userPrincipalName":"ann@corp.example","appId":"0c000000-0000-4000-8000-000000000001","ipAddress":"203.0.113.7","userAgent":"axios/1.7","isInteractive":true,"status":{"errorCode":50053,"failureReason":"locked"},"deviceDetail":{"deviceId":""},"location":{"countryOrRegion":"NL"}}"#,
        r#"{"time":"2026-03-01T08:00:00Z","resourceId":"/tenants/0b000000-0000-4000-8000-000000000001/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","resultType":"50053","tenantId":"0b000000-0000-4000-8000-000000000001","properties":{"id":"0a000000-0000-4000-8000-000000000004","createdDateTime":"2026-03-01T08:00:00Z","userPrincipalName":"ann@corp.example","ipAddress":"203.0.113.7","userAgent":"axios/1.7","status":{"errorCode":50053}}}"#,
    ] {
        assert_eq!(matches(&text, record).len(), 1, "{record}");
        let other = record.replace("50053", "50126");
        assert_eq!(matches(&text, &other), [], "{other}");
    }
}

const STRONG_AUTHENTICATION_OFF: &str = r#"{"CreationTime":"2026-03-01T08:00:00","Id":"0a000000-0000-4000-8000-000000000005","Operation":"Update user.","OrganizationId":"0b000000-0000-4000-8000-000000000001","RecordType":8,"ResultStatus":"Success","UserKey":"k","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ObjectId":"bob@corp.example","UserId":"ann@corp.example","AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"extendedAuditEventCategory","Value":"User"}],"ModifiedProperties":[{"Name":"Other","NewValue":"[\r\n  {\r\n    \"State\": 1\r\n  }\r\n]","OldValue":"[]"},{"Name":"StrongAuthenticationRequirement","NewValue":"[\r\n  {\r\n    \"State\": 0\r\n  }\r\n]","OldValue":"[]"}],"Target":[{"ID":"User_x","Type":2},{"ID":"User","Type":2}]}"#;

#[test]
fn a_change_is_found_by_its_name_and_value_together() {
    let asked = |name: &str, value: &str| {
        rule(
            "azure",
            "auditlogs",
            &format!(
                "Category: UserManagement\n        OperationName: Update user\n        \
                 TargetResources.ModifiedProperties.DisplayName: {name}\n        \
                 TargetResources.ModifiedProperties.NewValue|contains: '{value}'"
            ),
        )
    };
    let found =
        |name: &str, value: &str| matches(&asked(name, value), STRONG_AUTHENTICATION_OFF).len();
    assert_eq!(found("StrongAuthenticationRequirement", "State\":0"), 1);
    assert_eq!(found("StrongAuthenticationRequirement", "State\":1"), 0);
    assert_eq!(found("Other", "State\":1"), 1);
}

#[test]
fn a_rule_that_cannot_be_used_is_listed_with_why() {
    let select = |detection: &str| unified(detection);
    for (text, why) in [
        (
            rule("windows", "security", "EventID: 1"),
            "nothing that is collected here is `windows/security`",
        ),
        (select("UserId|expand: '%admins%'"), "`%admins%`"),
        (select("UserId|unheard: x"), "it cannot be read"),
        (select("UserId|re: '('"), "regex"),
        (
            select("UserId: x")
                .replace("condition: selection", "condition: selection | count() > 5"),
            "1:",
        ),
        (
            select("UserId: x").replace("condition: selection", "condition: other"),
            "other",
        ),
        (
            rule("azure", "auditlogs", "NoSuchField: x"),
            "no record of this log has a field `NoSuchField`",
        ),
        (
            rule("azure", "auditlogs", "properties.result: Sucess"),
            "only ever one of success",
        ),
        (
            rule(
                "azure",
                "auditlogs",
                "OperationName: Add user\n        ActivityDisplayName: Delete user",
            ),
            "two different operations",
        ),
        (": : :".to_owned(), "it cannot be read"),
    ] {
        let set = RuleSet::load([("x.yml".to_owned(), text.clone())]);
        let mut told: Vec<String> = set.unusable().iter().map(|one| one.why.clone()).collect();
        told.extend(
            set.rules()
                .into_iter()
                .map(|rule| rule.never.clone().unwrap_or_default()),
        );
        assert_eq!(told.len(), 1, "{text}");
        assert!(told[0].contains(why), "{why}: {told:?}");
    }
}

#[test]
fn a_rule_that_only_excludes_or_takes_either_is_believed() {
    for detection in [
        "OperationName|contains|all: [Add, user]",
        "OperationName|startswith: Add\n        ActivityDisplayName|endswith: user",
        "OperationName: Add user\n        properties.message: Add user",
        "OperationName: [Add user, Delete user]\n        Status: SUCCESS",
    ] {
        let set = RuleSet::load([("x.yml".to_owned(), rule("azure", "auditlogs", detection))]);
        assert_eq!(set.unusable(), [], "{detection}");
    }
}

#[test]
fn a_document_that_is_broken_hides_no_other() {
    let text = format!(
        "{}---\nnot: a rule\n---\n{}",
        unified("UserId: a"),
        unified("UserId: b").replace("A rule", "B")
    );
    let set = RuleSet::load([("x.yml".to_owned(), text)]);
    assert_eq!((set.rules().len(), set.unusable().len()), (2, 1));
    assert!(
        set.unusable()[0].why.contains("line"),
        "{:?}",
        set.unusable()
    );
}

#[test]
fn what_no_rule_wants_is_known_from_its_surface() {
    let text = unified("Operation: New-InboxRule\n        UserId|contains: ann");
    let mut set = RuleSet::load([("x.yml".to_owned(), text)]);
    let surface = |action, record_type| detect::Surface {
        tenant: "",
        time: None,
        action,
        actor: model::ActorKind::Person,
        workload: "Exchange",
        client: "",
        record_type,
    };
    assert!(set.want(&surface("New-InboxRule", 1)));
    assert!(!set.want(&surface("MailItemsAccessed", 50)));
    assert!(!RuleSet::default().want(&surface("New-InboxRule", 1)));
}

#[test]
fn the_same_rule_in_two_files_counts_once() {
    let text = unified("UserId: a").replace("title: A rule", "title: A rule\nid: one");
    let set = RuleSet::load([
        ("a.yml".to_owned(), text.clone()),
        ("b.yml".to_owned(), text),
    ]);
    assert_eq!((set.rules().len(), set.unusable().len()), (1, 1));
}

/// A failed sign-in of a person at a second.
fn failure(number: usize, user: &str, address: &str, second: usize) -> String {
    format!(
        r#"{{"CreationTime":"2026-03-01T08:{:02}:{:02}","Id":"0a000000-0000-4000-8000-{number:012}","Operation":"UserLoginFailed","OrganizationId":"0b000000-0000-4000-8000-000000000001","RecordType":15,"ResultStatus":"Success","UserKey":"k","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ClientIP":"{address}","ObjectId":"x","UserId":"{user}","AzureActiveDirectoryEventType":1,"ErrorNumber":"50126"}}"#,
        second / 60,
        second % 60
    )
}

fn correlation(kind: &str, rules: &str, condition: &str) -> String {
    let base = |name: &str, operation: &str| {
        unified(&format!("Operation: {operation}"))
            .replace("title: A rule", &format!("title: {name}\nname: {name}"))
    };
    format!(
        "{}---\n{}---\ntitle: Together\nid: together\nlevel: high\ncorrelation:\n    type: {kind}\n    \
         rules: {rules}\n    group-by: [ClientIP]\n    timespan: 10m\n    condition:\n        {condition}\n",
        base("failed", "UserLoginFailed"),
        base("ruled", "New-InboxRule")
    )
}

#[test]
fn so_many_matches_are_counted_once_each_in_whatever_order() {
    let text = correlation("event_count", "[failed]", "gte: 3");
    let mut records: Vec<String> = (0..3)
        .map(|at| failure(at, "Ann@corp.example", "203.0.113.7", at * 60))
        .collect();
    let found = together(&text, &records);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].user.as_str(), found[0].records.len()),
        ("ann@corp.example", 3)
    );
    records.reverse();
    records.extend(records.clone());
    assert_eq!(together(&text, &records), found);
    let copies = vec![records[0].clone(); 5];
    assert_eq!(together(&text, &copies), []);
    let apart: Vec<String> = (0..3)
        .map(|at| failure(at, "ann@corp.example", "203.0.113.7", at * 400))
        .collect();
    assert_eq!(together(&text, &apart), []);
}

#[test]
fn so_many_different_values_raise_a_finding_for_each_person() {
    let text = correlation("value_count", "[failed]", "gte: 3\n        field: UserId");
    let people = [
        "ann@corp.example",
        "bob@corp.example",
        "ANN@corp.example",
        "cem@corp.example",
    ];
    let records: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(at, user)| failure(at, user, "203.0.113.7", at))
        .collect();
    let mut users: Vec<String> = together(&text, &records)
        .into_iter()
        .map(|one| one.user)
        .collect();
    users.sort();
    assert_eq!(
        users,
        ["ann@corp.example", "bob@corp.example", "cem@corp.example"]
    );
    assert_eq!(together(&text, &records[..3]), []);
}

#[test]
fn one_after_the_other_is_not_the_other_way_round() {
    let made = RULE_MADE
        .replace("08:00:00", "08:05:00")
        .replace(":4711", "");
    let before = failure(1, "ann@corp.example", "203.0.113.7", 0);
    let after = failure(2, "ann@corp.example", "203.0.113.7", 540);
    let elsewhere = failure(3, "ann@corp.example", "198.51.100.7", 0);
    let ordered = correlation("temporal_ordered", "[failed, ruled]", "gte: 2");
    let anyhow = correlation("temporal", "[failed, ruled]", "gte: 2");
    let many = |text: &str, records: &[&String]| {
        let records: Vec<String> = records.iter().map(|one| (*one).clone()).collect();
        together(text, &records).len()
    };
    assert_eq!(many(&ordered, &[&before, &made]), 1);
    assert_eq!(many(&ordered, &[&after, &made]), 0);
    assert_eq!(many(&anyhow, &[&after, &made]), 1);
    assert_eq!(many(&anyhow, &[&elsewhere, &made]), 0);
}

#[test]
fn a_correlation_of_rules_that_are_not_there_is_listed() {
    let text = correlation("event_count", "[nobody]", "gte: 3");
    let set = RuleSet::load([("x.yml".to_owned(), text)]);
    assert!(
        set.unusable()[0].why.contains("`nobody`"),
        "{:?}",
        set.unusable()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_of_rules_panics(text in "[\\PC\\n]{0,200}", field in "\\PC{0,20}", value in "\\PC{0,20}") {
        let made = unified(&format!("'{}': '{}'", field.replace('\'', ""), value.replace('\'', "")));
        for text in [text, made] {
            let _ = RuleTest::load(&text);
        }
    }

    #[test]
    fn no_record_panics(value in "\\PC{0,60}", deep in "[\\[\\]{}\":,a0 ]{0,60}") {
        let mut quoted = String::new();
        model::json::write_string(&value, &mut quoted);
        let mut nested = String::new();
        model::json::write_string(&deep, &mut nested);
        let record = RULE_MADE
            .replace("\"True\"", &quoted)
            .replace("\"drop@evil.example\"", &nested);
        for detection in ["Parameters.ForwardTo.a: x", "Parameters|contains: x", "ResultStatus|re: '.*'", "'a.b.c': x"] {
            let _ = matches(&unified(detection), &record);
        }
    }
}

/// The findings of the correlation over records.
fn together(text: &str, records: &[String]) -> Vec<Finding> {
    let mut rules = RuleSet::load([("x.yml".to_owned(), text.to_owned())]);
    assert_eq!(rules.unusable(), []);
    let detections: Vec<Box<dyn Detection>> = vec![Box::new(rules.correlations())];
    let mut run = Run::new(detections, MemoryPile::default());
    each_record(
        records.join("\n").as_bytes(),
        "records.jsonl",
        |event, body| {
            run.take(event, body, None, &mut rules)
                .expect("memory does not fail");
        },
    );
    let answer = run
        .finish(&|_| Settings::default(), &Nowhere, &rules)
        .expect("memory does not fail");
    let mut found = answer.findings;
    found.retain(|one| one.detection == "sigma:together");
    found
}

/// What a rule matches in a record; the whole record and what of it is left must give the same.
fn matches(text: &str, record: &str) -> Vec<Match> {
    let mut test = match RuleTest::load(text) {
        Ok(test) => test,
        Err(why) => panic!("{why:?}"),
    };
    let mut found = Vec::new();
    each_record(record.as_bytes(), "record.jsonl", |event, rest| {
        found = test.matches(event, rest);
        if let Ok(whole) = model::json::parse(record) {
            let of_whole = test.matches(event, &whole.value);
            assert_eq!(of_whole.len(), found.len(), "{text}");
        }
    });
    found
}

fn each_record(bytes: &[u8], name: &str, mut visit: impl FnMut(&model::Event<'_>, &Json<'_>)) {
    let options = evidence::Options {
        depth: evidence::Depth::Glance,
        format: None,
        name: name.to_owned(),
    };
    let mut input = std::io::Cursor::new(bytes.to_vec());
    let read = evidence::read(&mut input, &options, &mut |found| {
        if let Found::Record(raw) = found {
            let context = normalise::Context::default();
            let normalised = normalise::normalise(&raw, &context);
            let rest = model::json::parse(&normalised.event.rest)
                .map_or(Json::Null, |parsed| parsed.value);
            visit(&normalised.event, &rest);
        }
        ControlFlow::Continue(())
    });
    assert!(read.is_ok(), "{name}");
}

fn public_rules() -> Option<Vec<(String, String)>> {
    shared("sigma").map(|place| texts(&place))
}

/// The data that is handed about beside the repository; a test that needs it says so without it.
#[expect(
    clippy::print_stderr,
    reason = "a test that tests nothing must not pass in silence"
)]
fn shared(name: &str) -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut places = above.map(|place| place.join("shared/data").join(name));
    let found = places.find(|place| place.is_dir()).or_else(|| {
        let named = std::env::var("SHARED_DATA").ok()?;
        Some(Path::new(&named).join(name))
    });
    if found.is_none() {
        eprintln!("skipped: there is no `shared/data/{name}` above; SHARED_DATA may name it");
    }
    found
}

fn texts(place: &Path) -> Vec<(String, String)> {
    inside(place, &["yml", "yaml"])
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable rule");
            (path.display().to_string(), text)
        })
        .collect()
}

fn inside(place: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for one in fs::read_dir(place).expect("a folder") {
        let path = one.expect("an entry").path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(inside(&path, ends));
        } else if !name.contains(".labels.")
            && ends.iter().any(|end| name.ends_with(&format!(".{end}")))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}
