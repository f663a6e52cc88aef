//! What a configuration says, and what is refused in it.

use super::*;
use std::time::Duration;

fn read(files: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    Config::read(folder.path()).map_err(|error| match error {
        EngineError::Config { path, source } => format!("{}: {source}", path.display()),
        other => other.to_string(),
    })
}

#[test]
fn a_tenants_own_words_are_added_to_those_for_all() {
    let config = read(&[(
        FILE,
        r#"
        [geo]
        databases = ["/asn.mmdb"]
        [investigate]
        own_apps = ["5a1d0d0e-0000-4000-8000-000000000001"]
        [detect]
        domains = ["Corp.example"]
        networks = ["203.0.113.0/24"]
        [[tenant]]
        id = "T1"
        [tenant.detect]
        partners = ["friend.example"]
        [[tenant.detect.exceptions]]
        detection = "FWD-01"
        user = "Ann@corp.example"
        until = "2026-12-31"
        "#,
    )])
    .expect("understood");
    assert_eq!(config.places, [PathBuf::from("/asn.mmdb")]);
    assert_eq!(config.own_apps, ["5a1d0d0e-0000-4000-8000-000000000001"]);
    let own = config.of_tenant("t1");
    assert!(own.domains.contains("corp.example"));
    assert!(own.partners.contains("friend.example"));
    assert_eq!(own.exceptions[0].user, "ann@corp.example");
    assert!(config.of_tenant("t2").partners.is_empty());
    assert!(
        config.tenants.is_empty(),
        "a tenant without credentials is not collected"
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_its_words() {
    for (text, told) in [
        ("[detect]\ndomain = [\"x\"]", "domain"),
        ("[detect]\nnetworks = [\"203.0.113.0\"]", "203.0.113.0"),
        ("[detect]\nnetworks = [\"203.0.113.0/33\"]", "no network"),
        (
            "[[detect.exceptions]]\ndetection = \"FWD-01\"\nuntil = \"2026-12-31\"",
            "hide",
        ),
        ("[[detect.exceptions]]\nuser = \"a@b.example\"", "until"),
        (
            "[[detect.exceptions]]\nuser = \"a@b.example\"\nuntil = \"soon\"",
            "soon",
        ),
        ("[[tenant]]\nname = \"x\"", "no `id`"),
        ("[[tenant]]\nid = \"a\"\n[[tenant]]\nid = \"A\"", "twice"),
        ("[[tenant]]\nid = \"a\"\ncolour = \"red\"", "colour"),
        (
            "[[tenant]]\nid = \"a\"\ncollect = { client_id = \"c\", secret = \"hunter2\" }",
            "env:NAME",
        ),
        (
            "[[tenant]]\nid = \"a\"\ncollect = { client_id = \"c\" }",
            "`secret`, `cert`",
        ),
        (
            "[[tenant]]\nid = \"a\"\ncloud = \"moon\"\ncollect = { client_id = \"c\", secret = \"env:X\" }",
            "moon",
        ),
        (
            "[clouds.test]\nlike = \"commercial\"\nlogin = \"http://192.0.2.1\"\n[[tenant]]\nid = \"a\"\ncloud = \"test\"\ncollect = { client_id = \"c\", secret = \"env:X\" }",
            "plain HTTP is for this machine alone",
        ),
        (
            "[defaults]\nsince = \"soon\"\n[[tenant]]\nid = \"a\"\ncollect = { client_id = \"c\", secret = \"env:X\" }",
            "soon",
        ),
    ] {
        let why = read(&[(FILE, text)]).expect_err(text);
        assert!(why.contains(told), "{why}");
        assert!(!why.contains("hunter2"), "a literal secret is not repeated");
    }
}

#[test]
fn a_file_a_tenant_says_the_same_as_one_file_for_all() {
    let config = read(&[
        (
            FILE,
            "[defaults]\nsince = \"2d\"\ncontent = [\"Audit.Exchange\"]\n[clouds.test]\nlike = \"commercial\"\nlogin = \"http://127.0.0.1:1\"\n",
        ),
        (
            "tenants.d/b.toml",
            "[[tenant]]\nid = \"b\"\nname = \"B\"\ncloud = \"test\"\ncollect = { client_id = \"c\", secret = \"env:X\" }",
        ),
        (
            "tenants.d/a.toml",
            "[[tenant]]\nid = \"a\"\nsince = \"1d\"\ncollect = { client_id = \"c\", managed_identity = true }",
        ),
    ])
    .expect("understood");
    let ids: Vec<&str> = config.tenants.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(config.tenants[0].since, Some(Duration::from_hours(24)));
    assert_eq!(config.tenants[1].since, Some(Duration::from_hours(48)));
    assert_eq!(config.tenants[1].content, ["Audit.Exchange"]);
    assert_eq!(config.tenants[1].endpoints.login(), "http://127.0.0.1:1");
    let origins = &config.tenants[1].origins;
    let of = |key: &str| {
        origins
            .iter()
            .find(|origin| origin.key == key)
            .map(|origin| (origin.value.as_str(), origin.from.as_str()))
    };
    assert!(of("since").expect("told").1.ends_with(FILE));
    assert!(of("name").expect("told").1.ends_with("b.toml"));
    assert_eq!(of("poll"), Some(("1m", "built in")));
    assert_eq!(of("collect.secret").expect("told").0, "env:X");
}

#[test]
fn a_file_of_a_tenant_says_nothing_of_all() {
    let why =
        read(&[("tenants.d/a.toml", "[detect]\ndomains = [\"x.example\"]")]).expect_err("refused");
    assert!(why.contains("config.toml"), "{why}");
}

#[test]
fn limits_are_what_is_built_in_but_for_what_is_said() {
    let config = read(&[(
        FILE,
        "[limits]\nin_flight = 3\nbackoff = \"200ms\"\nlease = \"2s\"\npatience = \"1m\"",
    )])
    .expect("understood");
    let expected = Limits {
        door: cloud::Limits {
            in_flight: 3,
            backoff: Duration::from_millis(200),
            ..cloud::Limits::default()
        },
        patience: Duration::from_mins(1),
        first_pause: Duration::from_secs(15),
        lease: Duration::from_secs(2),
    };
    assert_eq!(config.limits, expected);
    for (text, told) in [
        ("[limits]\nin_flight = 0", "in_flight"),
        ("[limits]\ntries = 0", "tries"),
        ("[limits]\nbackoff = \"0s\"", "backoff"),
        ("[limits]\nlease = \"soon\"", "soon"),
        ("[limits]\nhurry = true", "hurry"),
    ] {
        let refused = read(&[(FILE, text)]).expect_err(text);
        assert!(refused.contains(told), "{text}: {refused}");
    }
    let elsewhere = read(&[("tenants.d/a.toml", "[limits]\ntries = 1")]);
    assert!(elsewhere.is_err(), "limits are said once, for all");
}

const OIDC: &str = r#"
[notify]
public_url = "https://ir.example.net"
[serve.oidc]
issuer = "https://login.microsoftonline.com/5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413/v2.0"
client_id = "b0a9c3b2-6a55-4b0e-9d0c-3a8f1a6c2d11"
client_secret = "env:OIDC"
[[serve.oidc.role]]
value = "Responders"
role = "responder"
tags = ["managed"]
[[serve.oidc.role]]
value = "Readers"
role = "viewer"
tenants = ["Contoso", "99999999-9999-4999-8999-999999999999"]
[[serve.oidc.role]]
value = "Admins"
role = "admin"
tenants = ["*"]
[defaults]
collect = { client_id = "c", secret = "env:S" }
[[tenant]]
id = "t1"
name = "Contoso"
tags = ["managed", "eu"]
[[tenant]]
id = "t2"
name = "Fabrikam"
tags = ["managed"]
[[tenant]]
id = "t3"
name = "Other"
"#;

#[test]
fn what_an_issuer_tells_gives_roles_by_tenant_and_tag_the_greatest_of_them() {
    let config = read(&[(FILE, OIDC)]).expect("understood");
    let oidc = config.oidc.expect("an issuer");
    assert_eq!(oidc.public_url, "https://ir.example.net");
    let roles = |values: &[&str]| {
        let values: Vec<String> = values.iter().map(|one| (*one).to_owned()).collect();
        let roles = oidc.roles(&values, &config.tenants);
        let words: Vec<String> = roles
            .iter()
            .map(|(tenant, role)| format!("{tenant} {role}"))
            .collect();
        words.join(", ")
    };
    assert_eq!(roles(&["Responders"]), "t1 responder, t2 responder");
    assert_eq!(
        roles(&["Readers", "Responders"]),
        "99999999-9999-4999-8999-999999999999 viewer, t1 responder, t2 responder"
    );
    assert_eq!(roles(&["Admins"]), "* admin");
    for nobody in [
        &[][..],
        &["responders"],
        &["managed"],
        &["*"],
        &["Responders "],
    ] {
        assert_eq!(roles(nobody), "", "{nobody:?}");
    }
}

#[test]
fn an_issuer_that_could_not_be_used_or_would_let_in_anybody_is_refused() {
    for (from, to, told) in [
        (
            "https://ir.example.net",
            "http://ir.example.net",
            "public_url",
        ),
        ("public_url = \"https://ir.example.net\"", "", "public_url"),
        ("https://login", "http://login", "plain HTTP"),
        (
            "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413/",
            "organizations/",
            "`tenants`",
        ),
        (
            "client_id = \"b0a9c3b2-6a55-4b0e-9d0c-3a8f1a6c2d11\"",
            "",
            "client_id",
        ),
        ("env:OIDC", "s3cret", "where the secret is"),
        ("role = \"viewer\"", "role = \"owner\"", "owner"),
        ("\"Contoso\", ", "\"Contosso\", ", "Contosso"),
        ("tags = [\"managed\"]\n[[serve", "[[serve", "nowhere"),
        ("value = \"Admins\"", "value = \"\"", "no `value`"),
        ("client_secret", "client_password", "client_password"),
    ] {
        assert!(OIDC.contains(from), "{from}");
        let failed = read(&[(FILE, &OIDC.replacen(from, to, 1))]).expect_err(to);
        assert!(failed.contains(told), "{failed}");
    }
    let nobody = OIDC.replace("[[serve.oidc.role]]", "[[notify.route]]");
    assert!(read(&[(FILE, &nobody)]).is_err());
}
