//! What the tests of accounts begin with.

use super::{Account, StoredLink, StoredSession};
use crate::Ledger;
use model::Timestamp;

pub(crate) fn ledger() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger");
    (folder, ledger)
}

pub(crate) fn ann() -> Account {
    Account {
        name: "ann".to_owned(),
        password: "digest".to_owned(),
        seed: "sealed".to_owned(),
        roles: vec![("*".to_owned(), "admin".to_owned())],
        ..Account::default()
    }
}

pub(crate) fn link(account: &str, expires: i64) -> StoredLink {
    StoredLink {
        digest: format!("link of {account}"),
        account: account.to_owned(),
        made: Timestamp(0),
        expires: Timestamp(expires),
        used: None,
    }
}

pub(crate) fn open(ledger: &Ledger, digest: &str, opened: i64) {
    let session = StoredSession {
        digest: digest.to_owned(),
        account: "ann".to_owned(),
        opened: Timestamp(opened),
        used: Timestamp(opened),
        proved: Timestamp(opened),
        address: "127.0.0.1".to_owned(),
        agent: String::new(),
    };
    ledger.open_session(&session).expect("opened");
}
