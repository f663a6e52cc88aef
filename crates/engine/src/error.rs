//! What can go wrong between the rooms, and what kind of trouble each is.

use evidence::EvidenceError;
use lake::LakeError;
use lake::raw_store::RawStoreError;
use ledger::LedgerError;
use std::io;
use std::path::PathBuf;

/// What kind of trouble an error is; `app` makes the exit code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something that should not happen.
    Unexpected,
    /// The operator asked for something that cannot be.
    Usage,
    /// Bytes or rows are not what they were.
    Verification,
    /// The operator stopped it; it can be taken up again.
    Interrupted,
    /// No sign-in, or no permission.
    Access,
    /// What was approved is not what is there, or nobody approved it.
    Approval,
}

/// What is wrong in a configuration, perhaps in several lines.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongConfig(pub(crate) String);

/// Why a verb could not be done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no data folder where one was to be read.
    #[error("find a data folder at `{path}`: {}", if *.there { "nothing in it is this program's" } else { "there is none" })]
    NoData {
        /// The folder.
        path: PathBuf,
        /// Whether there is a folder at all.
        there: bool,
    },
    /// No record is of the tenant.
    #[error("find records of the tenant `{tenant}`: there are records of {known}")]
    NoRecordsOfTenant {
        /// The tenant asked for.
        tenant: String,
        /// The tenants there are.
        known: String,
    },
    /// The data folder cannot be used.
    #[error("use the data folder `{path}`")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A path given by the operator names nothing.
    #[error("find `{path}`: no such file or folder, and no file matches it")]
    NoInput {
        /// The path.
        path: String,
    },
    /// A file or folder given by the operator cannot be opened.
    #[error("open `{path}`")]
    Input {
        /// The path.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A mailbox or user name fits nothing.
    #[error("find the {what} `{name}` in the lake")]
    NoSuchName {
        /// `mailbox` or `user`.
        what: &'static str,
        /// The name as given.
        name: String,
    },
    /// A local part fits more than one.
    #[error("tell which {what} `{name}` is: it could be {candidates}")]
    Ambiguous {
        /// `mailbox`, `user`, `person` or `session`.
        what: &'static str,
        /// The name as given.
        name: String,
        /// What it could be.
        candidates: String,
    },
    /// No record has this id.
    #[error("find a record with the id `{id}` in the lake")]
    NoSuchRecord {
        /// The id as given.
        id: String,
    },
    /// The operator's query is refused.
    #[error("run the query")]
    Query(#[source] LakeError),
    /// The lake failed.
    #[error("use the lake")]
    Lake(#[from] LakeError),
    /// The raw store failed.
    #[error("keep the raw bytes")]
    Raw(#[from] RawStoreError),
    /// The ledger failed.
    #[error("keep the ledger")]
    Ledger(#[from] LedgerError),
    /// Reading evidence failed.
    #[error("read the evidence in `{path}`")]
    Evidence {
        /// The file.
        path: String,
        /// What the reader said.
        #[source]
        source: EvidenceError,
    },
    /// A temporary file failed.
    #[error("use a temporary file")]
    Spool(#[source] io::Error),
    /// A file that was asked for cannot be written.
    #[error("write `{path}`")]
    Written {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A report cannot be made.
    #[error("make the report")]
    Report(#[from] report::ReportError),
    /// A pack cannot be sealed or read.
    #[error("seal or verify the evidence pack")]
    Custody(#[from] custody::CustodyError),
    /// A text is no fingerprint.
    #[error("understand the fingerprint `{text}`")]
    NoFingerprint {
        /// The text as given.
        text: String,
    },
    /// The key that packs are signed with cannot be used.
    #[error("use the signing key `{path}`")]
    Key {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The key that packs are signed with is none.
    #[error("use the signing key `{path}`: it is not 64 hexadecimal digits")]
    BadKey {
        /// The file.
        path: PathBuf,
    },
    /// The configuration makes no sense.
    #[error("understand the configuration `{path}`")]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        #[source]
        source: WrongConfig,
    },
    /// A database of places cannot be read.
    #[error("read the database of places `{path}`: {what}")]
    Places {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Nothing that was found has this id.
    #[error("find a finding with the id `{id}`")]
    NoSuchFinding {
        /// The id as given.
        id: String,
    },
    /// What detection remembers of a tenant cannot be used.
    #[error("use what detection remembers in `{path}`")]
    Memory {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// What the ledger keeps in a form of this program's cannot be read or written.
    #[error("read or write what is kept in the ledger")]
    Kept(#[source] serde_json::Error),
    /// Rules cannot be read.
    #[error("read the rules in `{path}`: {what}")]
    Rules {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// No case has this name.
    #[error("find the case `{id}`")]
    NoSuchCase {
        /// The name as given.
        id: String,
    },
    /// A case has no context, or no snapshot, of this name.
    #[error("find the {what} `{name}` in the case")]
    NotInCase {
        /// What is looked for, such as `context` or `snapshot`.
        what: &'static str,
        /// The name as given.
        name: String,
    },
    /// No tenant is configured.
    #[error("collect: no tenant is configured")]
    NoTenants,
    /// No tenant has this id or name.
    #[error("find the tenant `{name}` in the configuration")]
    NoSuchTenant {
        /// The name as given.
        name: String,
    },
    /// What was given is no tenant id.
    #[error("take `{id}` for a tenant's id: it is no GUID")]
    NoTenantId {
        /// What was given.
        id: String,
    },
    /// The tenant is configured already.
    #[error("add the tenant `{id}`: it is configured already")]
    TenantKnown {
        /// Its id.
        id: String,
    },
    /// The tenant stands in a file that this program did not write.
    #[error("remove the tenant `{id}`: it stands in no file of its own")]
    TenantElsewhere {
        /// Its id.
        id: String,
    },
    /// A table of tenants makes no sense.
    #[error("read the table of tenants: {what}")]
    TenantTable {
        /// What is wrong with it.
        what: String,
    },
    /// No feed has this name.
    #[error("find the source `{name}`")]
    NoSuchFeed {
        /// The name as given.
        name: String,
    },
    /// A period makes no sense.
    #[error("understand the period: {0}")]
    Period(String),
    /// A secret cannot be had.
    #[error("fetch the secret of the tenant `{tenant}`: {what}")]
    Secret {
        /// Whose.
        tenant: String,
        /// Why not.
        what: String,
    },
    /// Nobody could be signed in, or nothing was granted.
    #[error("sign in: {what}")]
    SignIn {
        /// Why not.
        what: String,
    },
    /// The issuer at which people sign in cannot be asked.
    #[error("ask the issuer")]
    Issuer(#[source] cloud::oidc::OpenIdError),
    /// What came back from the issuer does not count.
    #[error("sign in at the issuer")]
    NotBelieved(#[source] cloud::oidc::OpenIdError),
    /// The issuer does not say that the person proved itself anew.
    #[error(
        "sign in at the issuer anew: it does not say that the person did, or when (`auth_time`)"
    )]
    NotAnew,
    /// The way to the cloud cannot be made ready.
    #[error("prepare the way to the cloud")]
    Door(#[source] cloud::DoorError),
    /// The operator gave no application that may change this tenant.
    #[error("change the tenant `{tenant}`: no application for changes is configured")]
    NoResponder {
        /// Which tenant.
        tenant: String,
    },
    /// The operator said that nothing is ever changed.
    #[error("change a tenant: `[response] mode` is `off`")]
    ReadOnly,
    /// No incident has this id, and no person of a tenant this name.
    #[error("find the incident or person `{name}`")]
    NoSuchSubject {
        /// The name as given.
        name: String,
    },
    /// No plan, or more than one, has this name.
    #[error("find the plan `{name}`")]
    NoSuchPlan {
        /// The name as given.
        name: String,
    },
    /// What was given is no plan that can be used.
    #[error("use the plan `{name}`: {what}")]
    WrongPlan {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// There is no such action.
    #[error("find the action `{name}`")]
    NoAction {
        /// The name as given.
        name: String,
    },
    /// A plan is made from how a tenant stands, and this one cannot be asked.
    #[error("ask the tenant `{tenant}` how it stands: it is not in the configuration")]
    NotOnboarded {
        /// The tenant, as its records name it.
        tenant: String,
    },
    /// No execution has this name.
    #[error("find the execution `{name}`")]
    NoSuchExecution {
        /// The name as given.
        name: String,
    },
    /// The account is not what it was when the plan was made.
    #[error("apply the plan: {what}")]
    PlanChanged {
        /// What is another.
        what: String,
    },
    /// The plan was not approved as it has to be.
    #[error("apply the plan: {what}")]
    NotApproved {
        /// What is missing.
        what: String,
    },
    /// Somebody else is changing this account.
    #[error("change `{object}`: {holder} is at it")]
    Held {
        /// Which account.
        object: String,
        /// Who.
        holder: String,
    },
    /// What the cloud was asked for before anything is changed could not be had.
    #[error("read the account as it is: {what}")]
    Unread {
        /// What, and why not.
        what: String,
        /// Whether a permission is missing.
        access: bool,
    },
    /// There is no such destination of cards.
    #[error("find the destination `{name}`")]
    NoDestination {
        /// The name as given.
        name: String,
    },
    /// A destination of cards cannot be used.
    #[error("use the destination `{name}`: {what}")]
    WrongDestination {
        /// Its name.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// No card of this incident was given up.
    #[error("find a card of `{incident}` to `{destination}` that was given up")]
    NoDeadCard {
        /// The destination.
        destination: String,
        /// The incident.
        incident: String,
    },
    /// Nothing can be sent to anybody.
    #[error("prepare to tell people")]
    Courier(#[source] Box<sinks::CourierError>),
    /// Stopped while waiting or working, before anything was to be reported.
    #[error("finish: it was interrupted")]
    Interrupted,
}

impl EngineError {
    /// Returns what makes an error of writing a file.
    pub(crate) fn written(path: &std::path::Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Written {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns what kind of trouble it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoInput { .. }
            | Self::Input { .. }
            | Self::NoSuchName { .. }
            | Self::NoData { .. }
            | Self::NoRecordsOfTenant { .. }
            | Self::Ambiguous { .. }
            | Self::NoSuchRecord { .. }
            | Self::NoSuchCase { .. }
            | Self::NoFingerprint { .. }
            | Self::Written { .. }
            | Self::Config { .. }
            | Self::Places { .. }
            | Self::NoSuchFinding { .. }
            | Self::Rules { .. }
            | Self::NotInCase { .. }
            | Self::NoTenants
            | Self::NoSuchTenant { .. }
            | Self::NoTenantId { .. }
            | Self::TenantKnown { .. }
            | Self::TenantElsewhere { .. }
            | Self::TenantTable { .. }
            | Self::NoSuchFeed { .. }
            | Self::Period(_)
            | Self::NoSuchSubject { .. }
            | Self::NoSuchPlan { .. }
            | Self::WrongPlan { .. }
            | Self::NoAction { .. }
            | Self::NotOnboarded { .. }
            | Self::NoSuchExecution { .. }
            | Self::NoDestination { .. }
            | Self::WrongDestination { .. }
            | Self::NoDeadCard { .. }
            | Self::Courier(_)
            | Self::Door(_)
            | Self::Query(_) => ErrorKind::Usage,
            Self::Raw(RawStoreError::Changed { .. }) | Self::Lake(LakeError::Changed { .. }) => {
                ErrorKind::Verification
            }
            Self::Secret { .. }
            | Self::SignIn { .. }
            | Self::Issuer(_)
            | Self::NotBelieved(_)
            | Self::NotAnew
            | Self::NoResponder { .. }
            | Self::Unread { access: true, .. } => ErrorKind::Access,
            Self::PlanChanged { .. }
            | Self::NotApproved { .. }
            | Self::ReadOnly
            | Self::Held { .. } => ErrorKind::Approval,
            Self::Interrupted => ErrorKind::Interrupted,
            _ => ErrorKind::Unexpected,
        }
    }

    /// Returns what to do about what the machine itself refuses, whatever was being done.
    fn hint_of_the_machine(&self) -> Option<&'static str> {
        if !matches!(self, Self::Lake(_) | Self::Raw(_) | Self::Ledger(_)) {
            return None;
        }
        let mut next: Option<&dyn std::error::Error> = Some(self);
        while let Some(error) = next {
            // The stores tell it in words of their own: SQLite, Delta and the system alike.
            let said = error.to_string().to_lowercase();
            let says = |words: &&str| said.contains(words);
            if FULL.iter().any(says) {
                return Some(
                    "make room on the disk of the data folder, then run the same command again: nothing is lost or doubled",
                );
            }
            if said.contains("database is locked") {
                return Some(
                    "another program holds the ledger for long: end it or wait, then run the same command again",
                );
            }
            next = error.source();
        }
        None
    }

    /// Returns what the operator can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        if let Some(hint) = self.hint_of_the_machine() {
            return Some(hint.to_owned());
        }
        Some(match self {
            Self::Folder { .. } => "choose another folder with `--data DIR` or BREACHSCOPE_DATA".to_owned(),
            Self::NoInput { .. } => "quote a pattern so that the shell leaves it alone, or name a folder".to_owned(),
            Self::NoSuchName { what: "mailbox", .. } => {
                "list them with `breachscope sql 'SELECT DISTINCT mailbox FROM mail_items'`".to_owned()
            }
            Self::NoFingerprint { .. } => {
                "a fingerprint is the 64 hexadecimal digits that `evidence export` printed".to_owned()
            }
            Self::Written { .. } => "name a file in a folder that exists and can be written to".to_owned(),
            Self::Key { .. } | Self::BadKey { .. } => {
                "restore the key from a copy, or move it away: a new one is made, with another fingerprint".to_owned()
            }
            Self::NoSuchCase { .. } => "list them with `breachscope case list`".to_owned(),
            Self::Config { .. } => "every setting is told in the README under `config.toml`".to_owned(),
            Self::Places { .. } => {
                "name MaxMind databases (.mmdb) or ranges (.csv) under `[geo] databases`, or none".to_owned()
            }
            Self::NoSuchFinding { .. } => {
                "list them with `breachscope detect --format jsonl`; what was found in files is explained with the same `--input`".to_owned()
            }
            Self::Rules { .. } => "name a folder with Sigma rules in YAML, or one such file".to_owned(),
            Self::NotInCase { .. } => "list them with `breachscope case show CASE`".to_owned(),
            Self::Spool(_) => "make room in the folder for temporary files, or name another by TMPDIR".to_owned(),
            Self::NoSuchName { what: "person", .. } => {
                "give the whole address; list them with `breachscope sql 'SELECT DISTINCT tenant, user_name FROM unified'`".to_owned()
            }
            Self::NoSuchName { .. } => {
                "list them with `breachscope sql 'SELECT DISTINCT user_name FROM mail_items'`".to_owned()
            }
            Self::Ambiguous { what: "session", .. } => "give the whole id".to_owned(),
            Self::Ambiguous { name, .. } if name.contains('@') => {
                "say which tenant's with `--tenant TENANT`".to_owned()
            }
            Self::Ambiguous { .. } => {
                "give the whole address, and `--tenant TENANT` where several tenants have it".to_owned()
            }
            Self::NoData { .. } => {
                "look at `--data DIR` and BREACHSCOPE_DATA again; `breachscope import EXPORT` makes a new one".to_owned()
            }
            Self::NoRecordsOfTenant { .. } => {
                "take one of these for `--tenant`, or leave it out to look at all".to_owned()
            }
            Self::NoSuchRecord { .. } => {
                "ids are compared exactly; look near it with `breachscope sql \"SELECT record_id FROM unified WHERE record_id LIKE '...%'\"`"
                    .to_owned()
            }
            Self::Query(_) => "tables and columns are listed by `breachscope sql 'SHOW TABLES'` and `breachscope sql 'DESCRIBE unified'`".to_owned(),
            Self::Raw(RawStoreError::Changed { .. }) => {
                "restore the raw store from a copy; the tables still hold what was read from the original".to_owned()
            }
            Self::NoTenants => "add one with `breachscope tenant add ID --client-id APP-ID --cert file:PATH`".to_owned(),
            Self::NoSuchTenant { .. } => "list them with `breachscope tenant list`".to_owned(),
            Self::NoTenantId { .. } => {
                "the id stands in the Entra portal under `Overview`, and in https://login.microsoftonline.com/DOMAIN/.well-known/openid-configuration".to_owned()
            }
            Self::TenantKnown { .. } => "see what is known with `breachscope tenant show`".to_owned(),
            Self::TenantElsewhere { .. } => "take its `[[tenant]]` out of `config.toml`, or pause it".to_owned(),
            Self::TenantTable { .. } => {
                "write `tenant,name,client_id,secret` in the first line, then a tenant a line, the secret as `env:NAME`".to_owned()
            }
            Self::NoSuchFeed { .. } => "list them with `breachscope collect sources`".to_owned(),
            Self::Secret { .. } => "see where every value is said with `breachscope config check`".to_owned(),
            Self::NoResponder { .. } => {
                "add `respond = { client_id = \"...\", cert = \"file:...\" }` to the tenant: another application than the one that reads; `breachscope tenant show` prints what it needs".to_owned()
            }
            Self::ReadOnly => "a responder of this install changes nothing; set `mode = \"review\"` where one may".to_owned(),
            Self::NoSuchSubject { .. } => {
                "list incidents with `breachscope detect`, or give the person's whole address".to_owned()
            }
            Self::NoSuchPlan { .. } | Self::WrongPlan { .. } => "make one with `breachscope respond plan INCIDENT|USER`; it prints its name".to_owned(),
            Self::NoAction { .. } => "list them with `breachscope respond actions`".to_owned(),
            Self::NotOnboarded { tenant } => format!(
                "records alone do not tell what is left there now: add it with `breachscope tenant add {tenant} ...`, and with \
                 `respond = {{ ... }}` the application that may change it"
            ),
            Self::NoDeadCard { .. } => "see every card with `breachscope notify status`".to_owned(),
            Self::NoSuchExecution { .. } => "list them with `breachscope respond status`".to_owned(),
            Self::PlanChanged { .. } => "nothing was changed: make a new plan, review it and apply that".to_owned(),
            Self::NotApproved { .. } => "nothing was changed: review the plan with `breachscope respond show PLAN`".to_owned(),
            Self::NoDestination { .. } | Self::WrongDestination { .. } => {
                "destinations stand in `config.toml` as `[notify.destination.NAME]`; the README tells their settings".to_owned()
            }
            Self::Held { .. } => "wait until that is done, then make a new plan".to_owned(),
            Self::Unread { access: true, .. } => {
                "grant the application for changes what is named, then make the plan again".to_owned()
            }
            Self::Unread { .. } => "nothing was changed: try again when the service answers".to_owned(),
            Self::Interrupted => "run the same command again: it goes on without losing or doubling anything".to_owned(),
            _ => return None,
        })
    }
}

/// How a full disk is told, in lower case.
const FULL: [&str; 5] = [
    "no space left",
    "disk is full",
    "error writing to disk",
    "file too large",
    "quota exceeded",
];
