//! What can be typed about collecting: tenants, sources, the simulated cloud, what is blind.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Arguments of `collect`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Sources are feeds (activity/Audit.Exchange) or groups of them (activity, signins); every one with what it
needs: `breachscope collect sources`. What was collected before is not asked for again; what failed is asked
for until it can no longer be had, and then stands as a gap in `collect status` and in every answer that it
touches.")]
pub(crate) struct CollectArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<CollectVerb>,
    /// End once everything that can be had was had (the default)
    #[arg(long, conflicts_with = "watch")]
    pub(crate) once: bool,
    /// Go on until it is stopped
    #[arg(long)]
    pub(crate) watch: bool,
    /// Only these sources; may be given several times or with commas
    #[arg(long = "source", value_name = "SOURCE", value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
    /// How far back a source reaches that was never collected, such as 7d
    #[arg(long, value_name = "PERIOD")]
    pub(crate) since: Option<String>,
    /// Certificates to trust beside the system's, as PEM: of a proxy or a test server
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
    /// With `--watch`: answer `/healthz`, `/readyz` and `/metrics` here
    #[arg(long, value_name = "ADDRESS", requires = "watch")]
    pub(crate) health: Option<std::net::SocketAddr>,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is changed anywhere: settings are read, and a fix is words and commands. It ends with 0 where all is
well, with 3 where something is blind, wrong or could not be looked at, with 5 where no tenant could be signed
in to or none gave a permission.

  breachscope doctor --mailboxes --format csv    a line a mailbox: what could be proved, and why no more
  breachscope doctor --fix-script fix.ps1        the fixes as PowerShell, to be read before they are run")]
pub(crate) struct DoctorArgs {
    /// Ids or names of tenants; every one where none is named
    #[arg(value_name = "TENANT")]
    pub(crate) tenants: Vec<String>,
    /// Write the fixes as a script with the exact commands; it is never run
    #[arg(long, value_name = "FILE")]
    pub(crate) fix_script: Option<PathBuf>,
    /// Print each mailbox instead of each check
    #[arg(long)]
    pub(crate) mailboxes: bool,
    /// Certificates to trust beside the system's, as PEM: of a proxy or a test server
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
}

/// What can be asked about collecting.
#[derive(Debug, Subcommand)]
pub(crate) enum CollectVerb {
    /// By tenant and source: how far, how late, what is wrong, what is missing, when next
    Status,
    /// Every source: what it holds, what it needs, how late its records may be
    Sources,
}

/// Arguments of `tenant`.
#[derive(Debug, Args)]
pub(crate) struct TenantArgs {
    #[command(subcommand)]
    pub(crate) verb: TenantVerb,
}

/// What can be done with tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantVerb {
    /// Write a tenant's file; print the consent link, the permissions and why, and a script
    Add(Box<TenantAddArgs>),
    /// Every tenant
    List,
    /// One tenant: every value that counts, and where it is said
    Show {
        /// Its id or name
        #[arg(value_name = "TENANT")]
        name: String,
    },
    /// Collect it no more for now
    Pause {
        /// Its id or name
        #[arg(value_name = "TENANT")]
        name: String,
        /// Collect it again
        #[arg(long)]
        resume: bool,
    },
    /// Take it out of the configuration; its records stay
    Remove {
        /// Its id or name
        #[arg(value_name = "TENANT")]
        name: String,
    },
    /// Sign a person in who types a code in a browser, and keep the refresh token for `tenant add`
    SignIn {
        /// The tenant's id or domain
        #[arg(value_name = "ID")]
        id: String,
        /// The application that the person signs in to; it must allow public client flows
        #[arg(long, value_name = "APP-ID")]
        client_id: String,
        /// The cloud that it is in
        #[arg(long, value_name = "CLOUD")]
        cloud: Option<String>,
    },
    /// The customers who delegated their administration to a partner that is configured (GDAP)
    Customers {
        /// The partner's id or name
        #[arg(value_name = "PARTNER")]
        partner: String,
        /// Configure each that is not, with the partner's application and sign-in
        #[arg(long)]
        add: bool,
    },
    /// Add every tenant of a table with a column `tenant`, and name, tags, cloud, client_id, secret, cert
    ImportCsv {
        /// The table
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Arguments of `tenant add`.
#[derive(Debug, Args)]
#[command(after_help = "\
A proof is a reference, never the secret itself: env:NAME, file:PATH (readable by its owner alone), or
cmd:COMMAND, which prints it.")]
pub(crate) struct TenantAddArgs {
    /// The tenant's id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// A word to sort it by; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// The cloud that it is in: commercial, gcc, gcc-high, dod, china, or one of the configuration
    #[arg(long, value_name = "CLOUD")]
    pub(crate) cloud: Option<String>,
    /// The application that reads
    #[arg(long, value_name = "APP-ID")]
    pub(crate) client_id: Option<String>,
    /// Where its client secret is
    #[arg(long, value_name = "REFERENCE", group = "proof")]
    pub(crate) secret: Option<String>,
    /// Where its certificate with the key is, as PEM: better than a secret
    #[arg(long, value_name = "REFERENCE", group = "proof")]
    pub(crate) cert: Option<String>,
    /// Where the token of another identity provider is
    #[arg(long, value_name = "REFERENCE", group = "proof")]
    pub(crate) federated: Option<String>,
    /// Where a refresh token of a person or a partner's service account is
    #[arg(long, value_name = "REFERENCE", group = "proof")]
    pub(crate) refresh_token: Option<String>,
    /// Use the identity of the machine that this runs on
    #[arg(long, group = "proof")]
    pub(crate) managed_identity: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
No tenant, no account and no network are needed. Everything goes into the folder that `--data` names, which
must be empty or of an earlier demo; without it, into a folder of its own among the temporary ones.")]
pub(crate) struct DemoArgs {
    /// Which story happens: `breachscope sim stories` lists them
    #[arg(long, value_name = "STORY", default_value = "aitm-invoice")]
    pub(crate) story: String,
    /// Where its chance comes from: the same number is the same world
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Arguments of `sim`.
#[derive(Debug, Args)]
pub(crate) struct SimArgs {
    #[command(subcommand)]
    pub(crate) verb: SimVerb,
}

/// What the simulated cloud can do.
#[derive(Debug, Subcommand)]
pub(crate) enum SimVerb {
    /// Serve it until it is interrupted; then print what was served
    Serve(SimServeArgs),
    /// Every story that it can tell
    Stories,
}

/// Arguments of `sim serve`.
#[derive(Debug, Args)]
pub(crate) struct SimServeArgs {
    /// Which story happens
    #[arg(long, value_name = "STORY", default_value = "aitm-invoice")]
    pub(crate) story: String,
    /// Where its chance comes from: the same number is the same world
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many people a tenant has
    #[arg(long, value_name = "NUMBER")]
    pub(crate) people: Option<usize>,
    /// How many tenants there are
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) tenants: usize,
    /// How many days are told
    #[arg(long, value_name = "NUMBER")]
    pub(crate) days: Option<u32>,
    /// How fast its clock goes: 0 stands still, 3600 makes an hour a second
    #[arg(long, value_name = "FACTOR", default_value_t = 0.0)]
    pub(crate) speed: f64,
    /// What goes wrong, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) dials: Option<String>,
    /// Requests a minute that the activity API answers; 0 answers all
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) quota: u32,
    /// Speak TLS, with an authority of its own
    #[arg(long)]
    pub(crate) tls: bool,
    /// The first port; the services follow. 0 takes what is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Write a configuration, and the secrets it refers to, for `breachscope --data DIR`
    #[arg(long, value_name = "DIR")]
    pub(crate) write_config: Option<PathBuf>,
}

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) verb: ConfigVerb,
}

/// What can be asked about the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Read it, say what is wrong in it, and list every value of every tenant with where it is said
    Check,
}
