//! `doctor` against the simulated cloud: the verdict, what is missing, what is off, the script.

use crate::house::{House, Run};
use serde_json::Value;
use sim::{Dials, Running, ServeOptions, Service, World, WorldOptions};
use std::fmt::Write as _;

const MICROS: u128 = 1_000_000;

/// Serves a world in which everything is as an office has it, but for what `change` does to it.
fn served(change: impl FnOnce(&mut World)) -> Running {
    let options = WorldOptions {
        people: 8,
        ..WorldOptions::default()
    };
    let mut world = World::tell("aitm-invoice", &options).expect("the story can be told");
    change(&mut world);
    #[allow(
        clippy::disallowed_methods,
        reason = "the product compares the services' clock with this machine's, which is not the test's to set"
    )]
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("it is after 1970");
    let options = ServeOptions {
        start: i64::try_from(u128::from(now.as_secs()) * MICROS).ok(),
        speed: 1.0,
        dials: Dials {
            subscribed: false,
            ..Dials::default()
        },
        ..ServeOptions::default()
    };
    sim::start(world, options).expect("the cloud can be served")
}

/// Returns a data folder whose configuration names the tenants of the cloud; `more` is said of each.
fn house_of(running: &Running, more: &str) -> House {
    let house = House::new();
    std::fs::create_dir_all(house.path("data")).expect("a folder can be made");
    let mut config = String::from("[clouds.sim]\nlike = \"commercial\"\n");
    for service in Service::ALL {
        if !matches!(service, Service::Elsewhere | Service::Admin) {
            let _ = writeln!(config, "{} = {:?}", service.name(), running.base(service));
        }
    }
    for (place, tenant) in running.world().tenants.iter().enumerate() {
        let secret = house.write(&format!("secret-{place}"), &tenant.collector.secret);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let owner = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&secret, owner).expect("a file can be closed to others");
        }
        let _ = write!(
            config,
            "\n[[tenant]]\nid = {:?}\nname = {:?}\ncloud = \"sim\"\n{more}\ncollect = {{ client_id = {:?}, secret = {:?} }}\n",
            tenant.id,
            tenant.name,
            tenant.collector.client_id,
            format!("file:{}", secret.display()),
        );
    }
    house.write("data/config.toml", config);
    house
}

/// Returns the findings of a check of the first tenant: state, subject and what was found.
fn found(report: &Value, check: &str) -> Vec<[String; 3]> {
    let checks = report["tenants"][0]["checks"].as_array();
    let own = checks.into_iter().flatten();
    own.filter(|one| one["check"] == check)
        .map(|one| {
            ["state", "subject", "what"].map(|key| one[key].as_str().unwrap_or_default().to_owned())
        })
        .collect()
}

fn doctor(house: &House) -> (Value, Run) {
    let run = house.run(&["--format", "json", "doctor"]);
    (run.json(), run)
}

#[test]
fn doctor_is_content_with_a_sound_tenant_once_it_is_collected() {
    let running = served(|_| ());
    // Collecting everything takes as long as the services' quotas want it to.
    let house = house_of(&running, "sources = ['activity/Audit.Exchange']");
    let (before, run) = doctor(&house);
    assert_eq!(run.code, 3, "{before:#}");
    assert_eq!(found(&before, "subscription")[0][0], "blind");
    assert!(found(&before, "feed").iter().all(|one| one[0] == "blind"));
    for check in [
        "secret",
        "permission",
        "clock",
        "unified-audit",
        "organisation-audit",
        "mailbox-audit",
        "bypass",
        "licence",
        "sign-in-log",
        "risk-log",
    ] {
        let found = found(&before, check);
        assert!(
            found.len() == 1 && found[0][0] == "ok",
            "{check}: {found:?}"
        );
    }
    let verdict = &before["tenants"][0]["verdict"];
    assert_eq!(
        verdict["sentence"],
        "If an account were breached today: 8 of 8 mailboxes provable (100.0 %), 0 folder-level only (0.0 %), 0 not provable (0.0 %)."
    );
    let collected = house.run(&["--format", "json", "collect"]);
    assert_eq!(
        collected.code, 0,
        "{}{}",
        collected.stdout, collected.stderr
    );
    let (after, run) = doctor(&house);
    assert_eq!(run.code, 0, "{after:#}");
    assert_eq!(after["tenants"][0]["well"], true);
}

#[test]
fn doctor_names_what_is_missing_and_what_is_off_and_writes_the_commands() {
    let running = served(|world| {
        let tenant = &mut world.tenants[0];
        for (_, permissions) in &mut tenant.collector.permissions {
            permissions.retain(|one| one != "AuditLog.Read.All");
        }
        let mut mailboxes = tenant
            .users
            .iter_mut()
            .filter_map(|user| user.mailbox.as_mut());
        let frozen = mailboxes.next().expect("somebody has a mailbox");
        frozen.audit.owner = vec!["HardDelete".to_owned()];
        frozen.audit.default_set.clear();
        let by_folder = mailboxes.next().expect("somebody else has one");
        by_folder.audit.delegate = vec!["FolderBind".to_owned(), "Send".to_owned()];
        let bypassed = mailboxes.next().expect("a third has one");
        bypassed.audit.bypass = true;
    });
    let house = house_of(&running, "");
    let script = house.path("fix.ps1");
    let run = house.run(&[
        "--format",
        "json",
        "doctor",
        "--fix-script",
        &script.to_string_lossy(),
    ]);
    let report = run.json();
    assert_eq!(run.code, 3, "{report:#}");
    let missing = found(&report, "permission");
    assert_eq!(missing[0][1], "graph AuditLog.Read.All", "{missing:?}");
    assert_eq!(found(&report, "sign-in-log")[0][0], "unknown");
    assert_eq!(found(&report, "message-trace")[0][0], "ok");
    assert_eq!(found(&report, "mailbox-audit")[0][0], "blind");
    assert_eq!(found(&report, "bypass")[0][0], "blind");
    let shares = &report["tenants"][0]["verdict"]["shares"];
    let many =
        ["provable", "folder_level", "not_provable"].map(|key| shares[key].as_u64().unwrap_or(99));
    assert_eq!(many, [5, 1, 2], "{report:#}");
    let script = std::fs::read_to_string(script).expect("the script is written");
    for command in [
        "Value -eq 'AuditLog.Read.All'",
        "-DefaultAuditSet Admin,Delegate,Owner",
        "-AuditBypassEnabled $false",
    ] {
        assert!(script.contains(command), "{command}: {script}");
    }
    let lines = house.run(&["--format", "csv", "doctor", "--mailboxes"]);
    assert_eq!(lines.stdout.lines().count(), 9, "{}", lines.stdout);
    assert!(
        lines.stdout.contains("folder-level only"),
        "{}",
        lines.stdout
    );
}

#[test]
fn doctor_finds_auditing_off_and_the_directory_role_missing() {
    let running = served(|world| world.tenants[0].settings.unified_audit = false);
    let house = house_of(&running, "");
    let (report, run) = doctor(&house);
    assert_eq!(run.code, 3, "{report:#}");
    assert_eq!(found(&report, "unified-audit")[0][0], "blind");
    assert_eq!(
        report["tenants"][0]["verdict"]["shares"]["not_provable"], 8,
        "{report:#}"
    );

    let running = served(|world| world.tenants[0].collector.directory_roles.clear());
    let house = house_of(&running, "");
    let (report, run) = doctor(&house);
    assert_eq!(run.code, 3, "{report:#}");
    let missing = found(&report, "permission");
    assert!(
        missing[0][2].contains("no role in the directory"),
        "{missing:?}"
    );
    assert_eq!(found(&report, "unified-audit")[0][0], "unknown");
    assert!(
        report["tenants"][0]["verdict"]["shares"].is_null(),
        "{report:#}"
    );
}

#[test]
fn doctor_ends_with_five_where_nobody_can_sign_in() {
    let running = served(|_| ());
    let house = house_of(&running, "");
    house.write("secret-0", "another secret");
    let (report, run) = doctor(&house);
    assert_eq!(run.code, 5, "{report:#}");
    assert!(
        found(&report, "token").iter().all(|one| one[0] == "blind"),
        "{report:#}"
    );
    std::fs::remove_file(house.path("secret-0")).expect("the secret can be taken away");
    let (report, run) = doctor(&house);
    assert_eq!(run.code, 5, "{report:#}");
    assert_eq!(found(&report, "secret")[0][0], "blind");
}
