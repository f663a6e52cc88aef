//! What holds of every story.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::record::{Record, Stream};
use crate::story::{StoryError, WorldOptions, stories};
use crate::story_time::{bare, zulu};
use crate::world::World;

/// A world as small as the stories allow.
fn tell(story: &str) -> World {
    World::tell(story, &small(1)).expect("the story is told")
}

fn small(tenants: usize) -> WorldOptions {
    WorldOptions {
        people: 8,
        days: 15,
        tenants,
        ..WorldOptions::default()
    }
}

fn body(record: &Record) -> Value {
    serde_json::from_str(&record.body).expect("a body is JSON")
}

fn unified(world: &World) -> impl Iterator<Item = (&Record, Value)> {
    let records = world.records.iter();
    records
        .filter(|record| matches!(record.stream, Stream::Unified(_)))
        .map(|record| (record, body(record)))
}

#[test]
fn the_same_arguments_tell_the_same_world() {
    let options = small(2);
    let first = World::tell("rogue-app", &options).expect("the story is told");
    let again = World::tell("rogue-app", &options).expect("the story is told");
    assert_eq!(first.records, again.records);
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    let other = World::tell("rogue-app", &WorldOptions { seed: 2, ..options });
    assert_ne!(other.expect("the story is told").records, first.records);
}

#[test]
fn the_story_changes_nothing_in_the_other_tenants() {
    let options = small(2);
    let of_second = |story| {
        let world = World::tell(story, &options).expect("the story is told");
        let mut records = world.records;
        records.retain(|record| record.tenant == 1);
        records
    };
    assert_eq!(of_second("quiet-month"), of_second("admin-takeover"));
}

#[test]
fn an_unknown_story_is_named() {
    let told = World::tell("no-such-story", &WorldOptions::default());
    assert!(matches!(told, Err(StoryError::Unknown(name)) if name == "no-such-story"));
    let short = WorldOptions {
        days: 3,
        ..WorldOptions::default()
    };
    let told = World::tell("aitm-invoice", &short);
    assert!(matches!(told, Err(StoryError::Step { .. })));
}

#[test]
fn every_id_is_one_records_own() {
    let options = small(3);
    let world = World::tell("password-spray", &options).expect("the story is told");
    let mut seen = BTreeSet::new();
    for record in &world.records {
        // A sign-in and its record in the audit log share an id; nothing else does.
        let service = match record.stream {
            Stream::Unified(_) => "unified",
            Stream::SignIn(_) => "sign-in",
            _ => "other",
        };
        assert!(seen.insert((service, &record.id)), "{}", record.body);
    }
}

#[test]
fn every_record_is_well_formed_and_arrives_after_it_happened() {
    for (story, _) in stories() {
        let world = tell(&story);
        let arrivals: Vec<_> = world
            .records
            .iter()
            .map(|record| record.available)
            .collect();
        assert!(arrivals.is_sorted(), "{story}");
        for record in &world.records {
            assert!(record.available >= record.time, "{}", record.body);
            let body = body(record);
            let (id, time, written) = match record.stream {
                Stream::Unified(_) => ("Id", "CreationTime", bare(record.time)),
                Stream::SignIn(_) => ("id", "createdDateTime", zulu(record.time)),
                Stream::DirectoryAudit => ("id", "activityDateTime", bare(record.time)),
                Stream::Risk => ("id", "detectedDateTime", bare(record.time)),
                Stream::Trace => ("id", "receivedDateTime", bare(record.time)),
                Stream::AzureActivity => ("eventDataId", "eventTimestamp", bare(record.time)),
                Stream::DevOps => ("id", "timestamp", bare(record.time)),
            };
            let found = body[time].as_str().unwrap_or_default();
            assert!(found.starts_with(&written), "{}", record.body);
            assert!(
                record.id.starts_with(body[id].as_str().unwrap_or("?")),
                "{}",
                record.body
            );
        }
    }
}

#[test]
fn the_audit_log_keeps_its_common_schema() {
    for (story, _) in stories() {
        let world = tell(&story);
        for (record, body) in unified(&world) {
            for name in [
                "Id",
                "CreationTime",
                "Operation",
                "OrganizationId",
                "UserKey",
                "Workload",
                "UserId",
            ] {
                assert!(body[name].is_string(), "{name}: {}", record.body);
            }
            for name in ["RecordType", "UserType", "Version"] {
                assert!(body[name].is_u64(), "{name}: {}", record.body);
            }
            assert_eq!(body["OrganizationId"], world.tenants[record.tenant].id);
        }
    }
}

#[test]
fn addresses_are_for_documentation_or_microsofts() {
    let ours = [
        "192.0.2.",
        "198.51.100.",
        "203.0.113.",
        "2001:db8:",
        "20.190.160.",
        "2603:10a6:",
        "[2001:db8:",
    ];
    for (story, _) in stories() {
        for record in &tell(&story).records {
            let body = body(record);
            for name in [
                "ClientIP",
                "ClientIPAddress",
                "ActorIpAddress",
                "ipAddress",
                "fromIP",
                "toIP",
            ] {
                let address = body[name].as_str().unwrap_or_default();
                let known =
                    address.is_empty() || ours.iter().any(|start| address.starts_with(start));
                assert!(known, "{}", record.body);
            }
        }
    }
}

/// Each story and operations of the audit log that it must hold, with how often at least.
const PROMISED: &[(&str, &[(&str, usize)])] = &[
    (
        "quiet-month",
        &[
            ("MailItemsAccessed", 300),
            ("UserLoggedIn", 200),
            ("Send", 100),
            ("FileAccessed", 100),
            ("Set-Mailbox", 15),
            ("TeamsSessionStarted", 50),
            ("MoveToDeletedItems", 10),
            ("Add member to group.", 1),
            ("UserLoginFailed", 1),
        ],
    ),
    (
        "aitm-invoice",
        &[
            ("New-InboxRule", 1),
            ("Remove-InboxRule", 1),
            ("SoftDelete", 1),
            ("HardDelete", 1),
            ("FileDownloaded", 3),
            ("Reset user password.", 1),
        ],
    ),
    (
        "password-spray",
        &[
            ("UserLoginFailed", 40),
            ("Update user.", 1),
            ("AlertTriggered", 1),
        ],
    ),
    (
        "rogue-app",
        &[
            ("Consent to application.", 2),
            ("Add service principal.", 1),
            ("Add delegated permission grant.", 2),
        ],
    ),
    (
        "open-link",
        &[
            ("AnonymousLinkCreated", 2),
            ("SharingSet", 2),
            ("Update user.", 1),
        ],
    ),
    (
        "outlook-sync",
        &[
            ("Add device.", 1),
            ("Add registered owner to device.", 1),
            ("UpdateInboxRules", 1),
        ],
    ),
    (
        "insider-delegation",
        &[
            ("Add-MailboxPermission", 1),
            ("Add-RecipientPermission", 1),
            ("SendAs", 1),
            ("Add member to role.", 1),
        ],
    ),
    (
        "admin-takeover",
        &[
            ("New-TransportRule", 1),
            ("New-InboundConnector", 1),
            ("New-OutboundConnector", 1),
            ("Set-AdminAuditLogConfig", 2),
            ("Set-MailboxAuditBypassAssociation", 1),
            ("Add app role assignment to service principal.", 2),
            (
                "Update application – Certificates and secrets management ",
                1,
            ),
        ],
    ),
];

#[test]
fn every_story_keeps_its_promises() {
    let told: Vec<_> = stories().into_iter().map(|(name, _)| name).collect();
    assert_eq!(told.len(), PROMISED.len());
    for (story, promised) in PROMISED {
        let world = tell(story);
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for (_, body) in unified(&world) {
            let operation = body["Operation"].as_str().unwrap_or_default();
            *counted.entry(operation.to_owned()).or_default() += 1;
        }
        for (operation, times) in *promised {
            let found = counted.get(*operation).copied().unwrap_or_default();
            assert!(found >= *times, "{story}: {found} of {operation}");
        }
    }
}

#[test]
fn what_the_intruder_did_is_in_the_records() {
    for (story, _) in stories() {
        let world = tell(&story);
        let truth = world.truth();
        assert_eq!(truth.records.is_empty(), story == "quiet-month");
        let ids: BTreeSet<_> = world.records.iter().map(|record| &record.id).collect();
        assert!(truth.records.iter().all(|id| ids.contains(id)), "{story}");
        let shown: BTreeSet<(String, String)> = unified(&world)
            .filter(|(record, _)| truth.records.contains(&record.id))
            .flat_map(|(_, body)| opened(&body))
            .collect();
        let known: BTreeSet<(String, String)> = truth
            .read
            .iter()
            .map(|touched| (touched.mailbox.clone(), touched.message.clone()))
            .collect();
        assert_eq!(shown, known, "{story}");
    }
}

fn opened(body: &Value) -> Vec<(String, String)> {
    let mailbox = body["MailboxOwnerUPN"].as_str().unwrap_or_default();
    let folders = body["Folders"].as_array().into_iter().flatten();
    folders
        .flat_map(|folder| folder["FolderItems"].as_array().into_iter().flatten())
        .filter_map(|item| item["InternetMessageId"].as_str())
        .map(|message| (mailbox.to_owned(), message.to_owned()))
        .collect()
}

#[test]
fn a_sign_in_stands_in_both_logs_and_its_session_in_the_mailbox() {
    let world = tell("aitm-invoice");
    let session = world
        .truth()
        .sessions
        .first()
        .expect("the intruder had a session");
    let in_graph = world.records.iter().filter(|record| {
        matches!(record.stream, Stream::SignIn(_)) && body(record)["sessionId"] == **session
    });
    assert_eq!(in_graph.count(), 3);
    let operations: BTreeSet<String> = unified(&world)
        .filter(|(record, _)| record.body.contains(session.as_str()))
        .filter_map(|(_, body)| body["Operation"].as_str().map(str::to_owned))
        .collect();
    for operation in ["UserLoggedIn", "MailItemsAccessed", "New-InboxRule", "Send"] {
        assert!(operations.contains(operation), "{operation}");
    }
}

#[test]
fn tenants_stand_as_the_story_left_them() {
    let spray = tell("password-spray");
    let forwards = |world: &World| {
        let users = world.tenants[0].users.iter();
        let mailboxes = users.filter_map(|user| user.mailbox.as_ref());
        mailboxes
            .filter_map(|mailbox| mailbox.forwarding.smtp_address.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(forwards(&spray), ["archive.copies@mailbox-keep.example"]);

    let app = tell("rogue-app");
    let rogue = app
        .truth()
        .apps
        .first()
        .expect("the intruder had an application");
    let rogue = app.tenants[0].app(rogue).expect("it is in the tenant");
    let grants = app.tenants[0]
        .grants
        .iter()
        .filter(|grant| grant.client_id == rogue.id);
    assert_eq!(grants.count(), 2);

    let aitm = tell("aitm-invoice");
    let (victim, rule) = aitm
        .truth()
        .rules
        .first()
        .expect("the intruder made a rule");
    let victim = aitm.tenants[0].user(victim).expect("the victim is there");
    let mailbox = victim.mailbox.as_ref().expect("the victim has a mailbox");
    assert!(mailbox.rules.iter().all(|left| left.name != *rule));
    let hidden = mailbox
        .folders
        .iter()
        .position(|folder| folder.path == "\\RSS Feeds");
    let hidden = hidden.expect("the folder is there");
    assert!(
        mailbox
            .messages
            .iter()
            .any(|message| message.folder == hidden)
    );

    let taken = tell("admin-takeover");
    let administrators = &taken.tenants[0].roles[0];
    assert_eq!(
        (administrators.name, administrators.members.len()),
        ("Global Administrator", 2)
    );
    assert_eq!(taken.tenants[0].transport_rules.len(), 1);
}
