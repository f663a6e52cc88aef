//! Sigma rules: a public set runs unmodified, and a rule that cannot be used is told with why.

use super::{demo, detect, lines, of};
use crate::house::{House, Run, real_data};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The public rules that fire on the real evidence, by file.
const FIRE: &[&str] = &[
    "azure_aad_secops_ca_policy_removedby_bad_actor",
    "azure_aad_secops_ca_policy_updatedby_bad_actor",
    "azure_account_lockout",
    "azure_ad_account_created_deleted",
    "azure_ad_only_single_factor_auth_required",
    "azure_ad_sign_ins_from_noncompliant_devices",
    "azure_ad_sign_ins_from_unknown_devices",
    "azure_ad_user_added_to_admin_role",
    "azure_ad_users_added_to_device_admin_roles",
    "azure_app_appid_uri_changes",
    "azure_app_credential_added",
    "azure_app_delegated_permissions_all_users",
    "azure_app_end_user_consent",
    "azure_app_owner_added",
    "azure_app_permissions_msft",
    "azure_app_privileged_permissions",
    "azure_application_deleted",
    "azure_creating_number_of_resources_detection",
    "azure_federation_modified",
    "azure_granting_permission_detection",
    "azure_identity_protection_anonymous_ip_address",
    "azure_keyvault_key_modified_or_deleted",
    "azure_keyvault_modified_or_deleted",
    "azure_keyvault_secrets_modified_or_deleted",
    "azure_login_to_disabled_account",
    "azure_network_firewall_policy_modified_or_deleted",
    "azure_network_security_modified_or_deleted",
    "azure_rare_operations",
    "azure_service_principal_created",
    "azure_service_principal_removed",
    "azure_subscription_permissions_elevation_via_activitylogs",
    "azure_user_account_mfa_disable",
    "azure_virtual_network_modified_or_deleted",
    "microsoft365_susp_email_forwarding_activity",
    "microsoft365_susp_inbox_rule_creation_or_update_activity",
];

/// The public rules that no record can match, by file, with a word of why.
const NEVER: &[(&str, &str)] = &[
    ("azure_app_role_added", "targetResources.type"),
    ("azure_guest_to_member", "two different operations"),
    ("azure_legacy_authentication_protocols", "ActivityDetails"),
    ("azure_tap_added", "Status"),
];

#[test]
fn every_rule_of_the_public_set_is_loaded_and_fires_where_it_can() {
    let Some(data) = real_data("the public Sigma rules") else {
        return;
    };
    let folder = data.join("sigma");
    let house = House::new();
    let (listed, unusable) = list(&house, &folder);
    assert_eq!(unusable, Vec::<Value>::new());
    let rules: Vec<&Value> = listed
        .iter()
        .filter(|one| path_of(one).starts_with(&folder))
        .collect();
    assert_eq!((rules.len(), files_below(&folder)), (145, 145));

    let words = ["--rules", &folder.to_string_lossy()];
    let findings = lines(&house, &words, &[data.join("real")]);
    let found: BTreeSet<&str> = findings
        .iter()
        .filter_map(|line| line["detection"].as_str())
        .collect();
    let fired = rules.iter().filter(|rule| {
        let id = rule["detection"].as_str().unwrap_or_default();
        found.contains(id)
    });
    let fired: BTreeSet<String> = fired.map(|rule| stem(rule)).collect();
    println!("{} of 145 rules fire: {fired:?}", fired.len());
    let silent: Vec<&&str> = FIRE.iter().filter(|file| !fired.contains(**file)).collect();
    assert!(silent.is_empty(), "{silent:?} used to fire");
}

#[test]
fn public_rules_that_can_never_match_are_told_with_why() {
    let Some(data) = real_data("rules that can never match") else {
        return;
    };
    let folder = data.join("sigma");
    let (listed, _) = list(&House::new(), &folder);
    for (file, why) in NEVER {
        let rule = listed.iter().find(|one| stem(one) == *file);
        let never = rule.and_then(|rule| rule["never"].as_str());
        let never = never.unwrap_or_else(|| panic!("{file} is not told"));
        assert!(never.contains(why), "{file}: {never}");
    }
    let words = ["detect", "list", "--rules", &folder.to_string_lossy()];
    let house = House::new();
    let table = house.run(&words).stdout;
    let csv = house
        .run(&[&["--format", "csv"], &words[..]].concat())
        .stdout;
    for (form, text) in [("table", table), ("csv", csv)] {
        assert!(
            text.contains(
                "no record can match it: it asks one record for two different operations"
            ),
            "{form}: {text}"
        );
    }
}

/// What is wrong with a rule, and how it is told.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "placeholder.yml",
        "detection:\n  selection:\n    UserId|expand: '%administrators%'\n  condition: selection\n",
        "`%administrators%`",
    ),
    (
        "modifier.yml",
        "detection:\n  selection:\n    Operation|sounds_like: Send\n  condition: selection\n",
        "sounds_like",
    ),
    (
        "condition.yml",
        "detection:\n  selection:\n    Operation: Send\n  condition: selection and nothing_of_the_kind\n",
        "nothing_of_the_kind",
    ),
    ("torn.yml", "detection: [unclosed\n", "YAML"),
];

#[test]
fn a_rule_that_cannot_be_used_is_told_with_why_and_costs_no_other() {
    let house = House::new();
    let folder = house.path("rules");
    std::fs::create_dir(&folder).expect("a folder can be made");
    for (file, rest, _) in WRONG {
        house.write(&format!("rules/{file}"), rule_of_mail(file, rest));
    }
    house.write("rules/other.yml", OF_ANOTHER_SYSTEM);
    house.write("rules/sound.yml", MAIL_READ);
    let (listed, unusable) = list(&house, &folder);
    let told = |file: &str| {
        let own = unusable.iter().find(|one| path_of(one).ends_with(file));
        own.and_then(|one| one["unusable"].as_str())
            .unwrap_or_else(|| panic!("{file} is not told: {unusable:?}"))
            .to_owned()
    };
    for (file, _, why) in WRONG {
        assert!(told(file).contains(why), "{file}: {}", told(file));
    }
    assert!(told("other.yml").contains("windows/process_creation"));
    assert_eq!(unusable.len(), WRONG.len() + 1);
    assert!(listed.iter().any(|one| path_of(one).ends_with("sound.yml")));

    let words = ["--format", "jsonl", "--rules", &folder.to_string_lossy()];
    let run = detect(&house, &words, &demo());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("5 rules cannot be used"),
        "{}",
        run.stderr
    );
    assert!(!of(&run.lines(), MAIL_READ_ID).is_empty());
}

#[test]
fn a_rule_over_other_rules_fires() {
    let house = House::new();
    let rules = house.write("much.yml", format!("{MAIL_READ}---\n{MUCH_MAIL_READ}"));
    let words = ["--rules", &rules.to_string_lossy()];
    let findings = lines(&house, &words, &demo());
    let much = of(&findings, MUCH_MAIL_READ_ID);
    assert!(!much.is_empty(), "{findings:#?}");
    for finding in much {
        assert_eq!(finding["severity"], "medium");
        assert_eq!(finding["user"], super::NORA, "only she reads that much");
        assert!(finding["records"].as_array().map_or(0, Vec::len) >= 5);
    }
    let same = lines(&house, &words, &demo());
    assert_eq!(same, findings);
    let lake = super::with_demo();
    let in_lake = lines(&lake, &words, &[]);
    assert_eq!(
        of(&in_lake, MUCH_MAIL_READ_ID),
        of(&findings, MUCH_MAIL_READ_ID)
    );
    // Without the rules their findings go.
    assert!(of(&lines(&lake, &[], &[]), MUCH_MAIL_READ_ID).is_empty());
}

#[test]
fn rules_that_are_not_there_are_refused() {
    let house = House::new();
    let nowhere = house.path("nowhere");
    let empty = house.path("empty");
    std::fs::create_dir(&empty).expect("a folder can be made");
    for folder in [nowhere, empty] {
        let words = ["--rules", &folder.to_string_lossy()];
        let run = detect(&house, &words, &demo());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(
            run.stderr.contains(words[1]) && run.stderr.contains("hint"),
            "{}",
            run.stderr
        );
    }
}

const MAIL_READ_ID: &str = "sigma:11111111-0000-4000-8000-000000000006";
const MUCH_MAIL_READ_ID: &str = "sigma:11111111-0000-4000-8000-000000000007";

/// A rule that matches each reading of mail.
pub(super) const MAIL_READ: &str = "title: Mail was read
id: 11111111-0000-4000-8000-000000000006
name: mail_read
logsource: {product: m365, service: audit}
detection:
  selection:
    Operation: MailItemsAccessed
    ClientInfoString|startswith: 'Client=OWA'
  condition: selection
level: informational
";

/// A rule over it.
const MUCH_MAIL_READ: &str = "title: One person reads much mail
id: 11111111-0000-4000-8000-000000000007
correlation:
  type: event_count
  rules: [mail_read]
  group-by: [UserId]
  timespan: 30m
  condition: {gte: 5}
level: medium
";

const OF_ANOTHER_SYSTEM: &str = "title: A shell is started
id: 11111111-0000-4000-8000-000000000008
logsource: {product: windows, category: process_creation}
detection:
  selection:
    Image|endswith: '\\cmd.exe'
  condition: selection
level: low
";

fn rule_of_mail(title: &str, rest: &str) -> String {
    format!("title: {title}\nlogsource: {{product: m365, service: audit}}\nlevel: high\n{rest}")
}

/// Returns what `detect list` says with these rules: what is run, and what cannot be used.
fn list(house: &House, rules: &Path) -> (Vec<Value>, Vec<Value>) {
    let words = ["--format", "json", "detect", "list", "--rules"];
    let mut command = house.command(&words);
    let run = Run::of(command.arg(rules).output().expect("the binary starts"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let answer = run.json();
    let all = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    (all("detections"), all("unusable"))
}

fn path_of(listed: &Value) -> PathBuf {
    PathBuf::from(listed["file"].as_str().unwrap_or_default())
}

fn stem(listed: &Value) -> String {
    let path = path_of(listed);
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder can be listed");
    entries
        .map(|entry| entry.expect("an entry can be read").path())
        .map(|path| match path.extension() {
            _ if path.is_dir() => files_below(&path),
            ending => usize::from(ending.is_some_and(|ending| ending == "yml")),
        })
        .sum()
}
