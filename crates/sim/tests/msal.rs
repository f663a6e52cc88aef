//! Microsoft's own library for Python is given tokens, over TLS: what it takes for Entra cannot be
//! far from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use sim::{ServeOptions, Service, World, WorldOptions};

const VERSION: &str = "msal==1.39.0";

#[test]
fn msal_is_given_tokens_over_tls() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("msal");
    let Some(python) = python(&folder) else {
        eprintln!("skipped: {VERSION} cannot be installed here");
        return;
    };
    let began: i64 = run(&python, &["key".as_ref(), folder.as_os_str()])
        .trim()
        .parse()
        .unwrap();
    let options = WorldOptions {
        seed: 1,
        people: 8,
        tenants: 1,
        began: began * 1_000_000,
        days: 1,
    };
    let world = World::tell("quiet-month", &options).unwrap();
    let options = ServeOptions {
        // The library lives in real time, and its assertions with it.
        start: Some(began * 1_000_000),
        speed: 1.0,
        tls: true,
        certificates: vec![std::fs::read(folder.join("certificate.der")).unwrap()],
        ..ServeOptions::default()
    };
    let cloud = sim::start(world, options).unwrap();
    let authority = folder.join("authority.pem");
    std::fs::write(&authority, cloud.authority_pem().unwrap()).unwrap();
    let tenant = &cloud.world().tenants[0];
    let told = run(
        &python,
        &[
            "tokens".as_ref(),
            cloud.base(Service::Login).as_ref(),
            cloud.base(Service::Graph).as_ref(),
            tenant.id.as_ref(),
            tenant.collector.client_id.as_ref(),
            tenant.collector.secret.as_ref(),
            authority.as_os_str(),
            folder.as_os_str(),
        ],
    );
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        told,
        json!({
            "secret": "token",
            "cached": "token",
            "wrong secret": [7_000_215],
            "certificate": "token",
            "old certificate": "token",
            "strange certificate": [700_027],
            "organization": true,
            "device code": "token",
            "refresh": "token",
        })
    );
}

/// Returns a Python that has the library, in an environment of its own.
fn python(folder: &Path) -> Option<PathBuf> {
    let environment = folder.join(VERSION);
    let python = environment.join("bin").join("python");
    let has = |python: &Path| {
        let tried = Command::new(python)
            .args(["-c", "import msal, cryptography"])
            .output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    if has(&python) {
        return Some(python);
    }
    std::fs::create_dir_all(folder).ok()?;
    let made = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&environment)
        .output();
    made.ok().filter(|made| made.status.success())?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        VERSION,
    ];
    Command::new(&python).args(pip).output().ok()?;
    has(&python).then_some(python)
}

fn run(python: &Path, arguments: &[&std::ffi::OsStr]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/msal.py");
    let output = Command::new(python)
        // Isolated, so that the script, which bears the library's name, does not find itself.
        .arg("-I")
        .arg(script)
        .args(arguments)
        // The environment's own authorities and proxies would win over what the script says.
        .env_remove("REQUESTS_CA_BUNDLE")
        .env_remove("CURL_CA_BUNDLE")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .expect("the Python that was found runs");
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{trouble}");
    String::from_utf8(output.stdout).expect("the script prints ASCII")
}
