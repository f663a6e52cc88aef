//! Azurite itself, on a free port of the loopback, with a certificate that only this test trusts:
//! it takes bearer tokens over TLS alone.

use crate::azurite::account::{Account, NAME};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::SystemTime;
use tempfile::TempDir;

/// What says where it listens.
const LISTENS: &str = "successfully listens on https://127.0.0.1:";

/// A running Azurite, gone with the test.
pub(crate) struct Azurite {
    child: Child,
    /// Held open: whoever writes into a pipe that is closed dies of it.
    _talk: BufReader<ChildStdout>,
    folder: TempDir,
    port: u16,
    trust: Arc<ClientConfig>,
}

impl Azurite {
    /// Starts it; nothing where it is not installed, and the test says so.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(script) = script() else {
            eprintln!(
                "skipped: {test} needs Azurite; `./x azurite` installs it, and node where that is missing"
            );
            return None;
        };
        let folder = TempDir::new().expect("a temporary folder can be made");
        let trust = certify(folder.path());
        let mut child = Command::new("node")
            .arg(script)
            .args(["--inMemoryPersistence", "--silent", "--disableTelemetry"])
            .args(["--blobHost", "127.0.0.1", "--blobPort", "0"])
            .args(["--oauth", "basic", "--cert"])
            .arg(folder.path().join("cert.pem"))
            .arg("--key")
            .arg(folder.path().join("key.pem"))
            .current_dir(folder.path())
            .env_remove("AZURITE_ACCOUNTS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut talk = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut said = String::new();
        let port = loop {
            let read = talk.read_line(&mut said).expect("Azurite speaks text");
            assert!(read > 0, "Azurite ended: {said}");
            let port = said.split(LISTENS).nth(1).map(str::trim);
            if let Some(port) = port {
                break port.parse().expect("a port");
            }
        };
        Some(Self {
            child,
            _talk: talk,
            folder,
            port,
            trust,
        })
    }

    /// Returns the address of its account, which is a part of the path.
    pub(crate) fn address(&self) -> String {
        format!("https://127.0.0.1:{}/{NAME}", self.port)
    }

    /// Returns the certificate that whoever asks it must trust.
    pub(crate) fn roots(&self) -> PathBuf {
        self.folder.path().join("roots.pem")
    }

    pub(crate) fn account(&self) -> Account {
        Account::open(self.port, &self.trust)
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the moment in which Azurite lives.
#[expect(
    clippy::disallowed_methods,
    reason = "a real service looks at the real date of a request and of a token"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// Returns what node is to run: where the task runner installed it, or where it would be.
fn script() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("BREACHSCOPE_AZURITE") {
        return Some(PathBuf::from(named));
    }
    let test = std::env::current_exe().ok()?;
    // target/<profile>/deps/<test>
    let target = test.ancestors().nth(3)?;
    let installed = target.join("tools/azurite/node_modules/azurite/dist/src/blob/main.js");
    let mut node = Command::new("node");
    node.arg("--version").stdout(Stdio::null());
    let has_node = node.status().is_ok_and(|status| status.success());
    (installed.is_file() && has_node).then_some(installed)
}

/// Writes the certificates, and returns what trusts them.
fn certify(folder: &Path) -> Arc<ClientConfig> {
    let mut parameters = CertificateParams::new(Vec::new()).expect("no names");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = parameters.self_signed(&key).expect("a certificate");
    let issuer = Issuer::new(parameters, key);
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let leaf_key = KeyPair::generate().expect("a key");
    let leaf = leaf.signed_by(&leaf_key, &issuer).expect("a certificate");
    for (name, text) in [
        ("roots.pem", authority.pem()),
        ("cert.pem", leaf.pem()),
        ("key.pem", leaf_key.serialize_pem()),
    ] {
        std::fs::write(folder.join(name), text).expect("a file can be written");
    }
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.der().to_vec()))
        .expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}
