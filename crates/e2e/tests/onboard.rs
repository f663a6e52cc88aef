//! Tenants come and go: what is written, what is refused, who signs in, whose customers there are.

use crate::house::House;
use serde_json::Value;
use sim::{Running, ServeOptions, Service, World, WorldOptions};
use std::fmt::Write as _;

const TENANT: &str = "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413";

fn json(house: &House, words: &[&str]) -> Value {
    let run = house.run(&[&["--format", "json"], words].concat());
    assert_eq!(run.code, 0, "{words:?}: {}", run.stderr);
    run.json()
}

fn many(list: &Value) -> &[Value] {
    list.as_array().expect("a list")
}

#[test]
fn a_tenant_is_added_shown_paused_and_removed() {
    let house = House::new();
    let add = [
        "tenant",
        "add",
        TENANT,
        "--name",
        "Contoso",
        "--client-id",
        "app",
        "--secret",
        "env:CONTOSO",
    ];
    let told = json(&house, &add);
    assert!(told["consent"].as_str().expect("a link").contains(TENANT));
    let permissions = many(&told["permissions"]);
    assert!(
        permissions
            .iter()
            .any(|one| one["permission"] == "ActivityFeed.Read" && one["why"] != "")
    );
    assert!(
        told["script"]
            .as_str()
            .expect("a script")
            .contains("admin-consent")
    );

    let again = house.run(&add);
    assert_eq!(again.code, 2, "it is there already");
    let list = json(&house, &["tenant", "list"]);
    assert_eq!(list[0]["name"], "Contoso");
    let feeds = many(&list[0]["feeds"]);
    assert!(feeds.iter().any(|feed| feed == "activity/Audit.Exchange"));
    let check = json(&house, &["config", "check"]);
    let secret = many(&check)
        .iter()
        .find(|one| one["key"] == "collect.secret");
    assert_eq!(secret.expect("said")["value"], "env:CONTOSO");

    assert!(house.run(&["tenant", "pause", "contoso"]).code == 0);
    assert!(json(&house, &["tenant", "list"])[0]["paused_since"].is_string());
    assert!(house.run(&["tenant", "pause", "contoso", "--resume"]).code == 0);
    assert!(house.run(&["tenant", "remove", TENANT]).code == 0);
    assert_eq!(json(&house, &["tenant", "list"]), Value::Array(Vec::new()));
}

#[test]
fn a_secret_itself_is_refused_and_stands_nowhere() {
    let house = House::new();
    let output = house.run(&[
        "tenant",
        "add",
        TENANT,
        "--client-id",
        "app",
        "--secret",
        "hunter2",
    ]);
    assert_eq!(output.code, 2);
    let said = &output.stderr;
    assert!(
        said.contains("env:NAME") && !said.contains("hunter2"),
        "{said}"
    );
    assert!(
        !house.path("data/tenants.d").exists(),
        "nothing was written"
    );
}

#[test]
fn a_table_of_tenants_adds_those_it_can_and_names_the_others() {
    let house = House::new();
    let text = "Tenant;Name;client_id;cert\n\
        5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413;\"One; Ltd\";app;file:/x.pem\n\
        not-a-guid;Two;app;file:/x.pem\n\
        6f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413;Three;app;file:/x.pem\n";
    let table = house.write("tenants.csv", text);
    let output = house.run(&["tenant", "import-csv", &table.to_string_lossy()]);
    assert_eq!(output.code, 3);
    assert!(output.stderr.contains("not-a-guid"));
    let list = json(&house, &["tenant", "list"]);
    let names: Vec<&Value> = many(&list).iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["One; Ltd", "Three"]);
}

fn cloud(tenants: usize) -> Running {
    let options = WorldOptions {
        tenants,
        ..WorldOptions::default()
    };
    let world = World::tell("quiet-month", &options).expect("a world");
    sim::start(world, ServeOptions::default()).expect("served")
}

fn configure(cloud: &Running, house: &House) {
    let mut text =
        String::from("[limits]\nquota_factor = 1000\n[clouds.sim]\nlike = \"commercial\"\n");
    for service in [
        Service::Login,
        Service::Manage,
        Service::Graph,
        Service::Exchange,
    ] {
        let base = cloud.base(service);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} = \"{base}\"", service.name());
    }
    std::fs::create_dir_all(house.path("data")).expect("made");
    house.write("data/config.toml", text);
}

#[test]
fn a_person_signs_in_with_a_code_and_what_was_granted_is_collected_with() {
    let house = House::new();
    let cloud = cloud(1);
    configure(&cloud, &house);
    let tenant = &cloud.world().tenants[0];
    let client = &tenant.collector.client_id;
    let said = json(
        &house,
        &[
            "tenant",
            "sign-in",
            &tenant.id,
            "--client-id",
            client,
            "--cloud",
            "sim",
        ],
    );
    let reference = said["refresh_token"]
        .as_str()
        .expect("a reference")
        .to_owned();
    let file = reference.strip_prefix("file:").expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "only its owner can read it");
    }
    let before = std::fs::read_to_string(file).expect("read");
    json(
        &house,
        &[
            "tenant",
            "add",
            &tenant.id,
            "--client-id",
            client,
            "--cloud",
            "sim",
            "--refresh-token",
            &reference,
        ],
    );
    let report = json(&house, &["collect", "--source", "directory-audits"]);
    assert!(report["new"].as_u64().expect("a number") > 0, "{report}");
    let after = std::fs::read_to_string(file).expect("read");
    assert_ne!(before, after, "the token that took its place is kept");
    assert!(report["tenants"][0]["feeds"][0]["trouble"].is_null());
}

#[test]
fn a_partners_customers_are_listed_and_configured() {
    let house = House::new();
    let cloud = cloud(3);
    configure(&cloud, &house);
    let partner = &cloud.world().tenants[0];
    let secret = house.write("secret", &partner.collector.secret);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("set");
    }
    let reference = format!("file:{}", secret.display());
    json(
        &house,
        &[
            "tenant",
            "add",
            &partner.id,
            "--name",
            "Partner",
            "--cloud",
            "sim",
            "--client-id",
            &partner.collector.client_id,
            "--secret",
            &reference,
        ],
    );
    let customers = json(&house, &["tenant", "customers", "Partner"]);

    let listed = many(&customers);
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|one| one["configured"] == false));
    let added = json(&house, &["tenant", "customers", "Partner", "--add"]);
    assert!(many(&added).iter().all(|one| one["configured"] == true));
    assert_eq!(many(&json(&house, &["tenant", "list"])).len(), 3);
}
