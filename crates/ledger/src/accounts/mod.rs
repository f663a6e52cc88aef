//! Who may use the pages: accounts, what each may see, one-time links, sessions, tokens of
//! programs, who is known from an issuer, and what was done with them, one topic a file.
//!
//! No secret is here that opens anything by itself: a password is a slow digest, links,
//! sessions and tokens are digests of what their holders keep, and the seed of the codes is
//! sealed by whoever hands it in.

mod account;
mod events;
mod identities;
mod links;
mod sessions;
mod tokens;

pub use account::{Account, AccountIdentity};
pub use events::AccountEvent;
pub use identities::Recognised;
pub use links::StoredLink;
pub use sessions::StoredSession;
pub use tokens::StoredToken;

/// The tables of this folder.
pub(crate) const TABLES: &str = "
    -- Who may use the pages. An account without a password has not used its link yet.
    CREATE TABLE account (
        name     TEXT PRIMARY KEY,
        password TEXT NOT NULL,
        seed     TEXT NOT NULL,
        -- The moment of the last code, by its number: a code counts once.
        code     INTEGER NOT NULL DEFAULT 0,
        made     INTEGER NOT NULL,
        made_by  TEXT NOT NULL,
        ended    INTEGER
    ) STRICT;
    -- `*` is every tenant.
    CREATE TABLE account_role (
        account TEXT NOT NULL REFERENCES account (name),
        tenant  TEXT NOT NULL,
        role    TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'responder', 'admin')),
        PRIMARY KEY (account, tenant)
    ) STRICT, WITHOUT ROWID;
    -- One-time links; without an account it makes the first administrator.
    CREATE TABLE account_link (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        made    INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        used    INTEGER
    ) STRICT;
    CREATE TABLE session (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account (name),
        opened  INTEGER NOT NULL,
        used    INTEGER NOT NULL,
        proved  INTEGER NOT NULL,
        address TEXT NOT NULL,
        agent   TEXT NOT NULL
    ) STRICT;
    CREATE TABLE api_token (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account (name),
        name    TEXT NOT NULL,
        scopes  TEXT NOT NULL,
        made    INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        ended   INTEGER
    ) STRICT;
    -- Links to act that were used, each with what came of it.
    CREATE TABLE spent_link (
        nonce   TEXT PRIMARY KEY,
        at      INTEGER NOT NULL,
        account TEXT NOT NULL,
        outcome TEXT NOT NULL
    ) STRICT;
    -- What was done with accounts; only ever added to.
    CREATE TABLE account_event (
        id      INTEGER PRIMARY KEY,
        at      INTEGER NOT NULL,
        account TEXT NOT NULL,
        by      TEXT NOT NULL,
        address TEXT NOT NULL,
        what    TEXT NOT NULL
    ) STRICT;
";

/// The tables of those whom an issuer tells of.
pub(crate) const IDENTITY_TABLES: &str = "
    -- Who is known from an issuer: by its own word for the person, never by a name or an address.
    CREATE TABLE account_identity (
        issuer  TEXT NOT NULL,
        subject TEXT NOT NULL,
        account TEXT NOT NULL UNIQUE REFERENCES account (name),
        shown   TEXT NOT NULL,
        seen    INTEGER NOT NULL,
        PRIMARY KEY (issuer, subject)
    ) STRICT, WITHOUT ROWID;
    -- What browsers brought back from an issuer, for as long as it could be brought again.
    CREATE TABLE sign_in_used (
        state TEXT PRIMARY KEY,
        at    INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

#[cfg(test)]
pub(crate) mod trial;
