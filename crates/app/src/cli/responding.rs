//! What can be typed of securing accounts.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Arguments of `respond`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is changed but by `apply` and `undo`. A plan is read from the tenant as it is, shown with each object
before and after, and named by its hash; whoever approves types that hash, and that plan is applied and no
other. Every act is written into a record that is chained and signed.

The tenant needs an application for changes that is not the one that reads:
  respond = { client_id = \"...\", cert = \"file:...\" }")]
pub(crate) struct RespondArgs {
    #[command(subcommand)]
    pub(crate) verb: RespondVerb,
    /// Who acts [default: the name of the system's user]
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) by: Option<String>,
    /// Certificates to trust beside the system's, PEM
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) roots: Option<PathBuf>,
}

/// What can be done about an intruder.
#[derive(Debug, Subcommand)]
pub(crate) enum RespondVerb {
    /// What would be done: each object before and after, why, and whether it can be taken back
    Plan {
        /// An incident, a case or a person
        subject: String,
        /// Whose account, where the incident concerns several
        #[arg(long, value_name = "USER")]
        user: Option<String>,
        /// Plan for what concerns the whole tenant: transport rules, connectors, settings
        #[arg(long, conflicts_with = "user")]
        of_tenant: bool,
        /// Plan an action too that is planned only where somebody asks for it
        #[arg(long, value_name = "ACTION", value_delimiter = ',')]
        with: Vec<String>,
        #[command(flatten)]
        ticks: Ticks,
        /// Write the plan into this file too
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// A plan that was made, with other ticks where that is asked: then it is another plan
    Show {
        /// The plan: the beginning of its hash, or a file
        plan: String,
        #[command(flatten)]
        ticks: Ticks,
    },
    /// Approve a plan as the second person
    Approve {
        /// The plan: the beginning of its hash, or a file
        plan: String,
        /// Its whole hash, as it was read
        #[arg(long, value_name = "HASH")]
        hash: String,
    },
    /// Apply a plan, that one and no other; goes on where it was cut off
    Apply {
        /// The plan: the beginning of its hash, or a file
        plan: String,
        /// Its whole hash, as it was read
        #[arg(long, value_name = "HASH")]
        hash: String,
        /// Write new passwords into this file, which nobody else can read, instead of on the terminal
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Take an execution back, as far as that can be
    Undo {
        /// The execution
        execution: String,
        /// Take back this step alone
        #[arg(long, value_name = "N")]
        step: Option<u32>,
    },
    /// Every execution, and how far each step of it is
    Status {
        /// This execution alone
        execution: Option<String>,
    },
    /// The record of acts
    Ledger {
        /// Check that no act was changed, taken out, put in or moved
        #[arg(long)]
        verify: bool,
    },
    /// Every action: what it needs, whether it can be taken back, what the person will notice
    Actions,
}

/// Which steps are to be done.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Ticks {
    /// Do this step too
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub(crate) tick: Vec<u32>,
    /// Leave this step out
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub(crate) untick: Vec<u32>,
}

impl Ticks {
    /// Returns each step that is named, and whether it is to be done.
    pub(crate) fn all(&self) -> Vec<(u32, bool)> {
        let set = self.tick.iter().map(|number| (*number, true));
        set.chain(self.untick.iter().map(|number| (*number, false)))
            .collect()
    }
}

/// Arguments of `notify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Destinations and routes stand in `config.toml`. A card never goes to the affected mailbox or to whoever may open it.")]
pub(crate) struct NotifyArgs {
    #[command(subcommand)]
    pub(crate) verb: NotifyVerb,
    /// Certificates to trust beside the system's, PEM
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) roots: Option<PathBuf>,
}

/// What can be done about telling people.
#[derive(Debug, Subcommand)]
pub(crate) enum NotifyVerb {
    /// Tell people what they do not know as yet, and try again what did not go out
    Send,
    /// Send an invented card, to see whether it arrives
    Test {
        /// This destination alone
        destination: Option<String>,
    },
    /// The card of an incident as each destination would get it; nothing is sent
    Preview {
        /// The incident; an invented one where none is named
        incident: Option<String>,
        /// This destination alone
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
    },
    /// Every card: sent, waiting, held back, given up
    Status,
    /// Send again a card that was given up
    Retry {
        /// The destination
        destination: String,
        /// The incident
        incident: String,
    },
}
