//! What can be typed: every command and option with its words, from which help, man pages and completions come.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Answers after a business email compromise: which messages were reached, by whom, and how it is known.
#[derive(Debug, Parser)]
#[command(
    name = "breachscope",
    version,
    about,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = "\
Exit codes: 0 ok, 1 unexpected error, 2 usage, 3 partial (what failed is listed), 8 verification failed, 130 interrupted.

Start with:
  breachscope import EXPORT.csv
  breachscope messages --mailbox ann@example.com")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Folder that holds the lake, the raw store and the ledger [default: the platform's data folder]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "BREACHSCOPE_DATA",
        hide_env_values = true
    )]
    pub(crate) data: Option<PathBuf>,
    /// Tenant id: on import, of records that name none; elsewhere, the only tenant to look at
    #[arg(long, global = true, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// How to print the answer
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Say nothing but the answer and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// No colours
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// More of the log on stderr; twice for debug
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For eyes
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, safe to open in a spreadsheet
    Csv,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take evidence in: audit log exports, sign-ins, message traces, in any of their shapes
    Import(ImportArgs),
    /// Which messages of a mailbox were touched, by whom, through what
    Messages(MessagesArgs),
    /// One record: as it was received and as it was understood
    Show(ShowArgs),
    /// Query the tables with SQL
    Sql(SqlArgs),
    /// Look after the stored tables
    Lake(LakeArgs),
    /// Print the completion script of a shell
    Completion(CompletionArgs),
    /// Write the man pages
    Man(ManArgs),
}

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
The format is found from the content, never from the name. Gzip and zip are unpacked on the way, every
encoding that exports come in is read. Records are kept once, however often and in whatever order their files
are imported. Interrupted, run the same command again.")]
pub(crate) struct ImportArgs {
    /// Files, folders, patterns, or `-` for standard input
    #[arg(value_name = "PATH", required_unless_present = "list_formats")]
    pub(crate) paths: Vec<String>,
    /// Read everything as this format instead of finding it from the content
    #[arg(long = "as", value_name = "FORMAT")]
    pub(crate) read_as: Option<String>,
    /// List the formats that can be read, each with an example
    #[arg(long)]
    pub(crate) list_formats: bool,
}

/// Arguments of `messages`.
#[derive(Debug, Args)]
#[command(after_help = "\
A mailbox or user may be given by its local part when that is unique. Times are UTC: 2026-03-01,
2026-03-01T12:00, or back from now as -7d, -12h. `--until` is not included.")]
pub(crate) struct MessagesArgs {
    /// The mailbox that was touched
    #[arg(long, value_name = "MAILBOX")]
    pub(crate) mailbox: Option<String>,
    /// Who touched it
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// From which address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) ip: Option<String>,
    /// In which session
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// Through which client application (its id; never the resource it called)
    #[arg(long, value_name = "APP-ID")]
    pub(crate) app: Option<String>,
    /// Not before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<String>,
    /// How it was touched; may be given several times or with commas
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = ["bind", "sync", "send", "delete", "move", "update", "create"])]
    pub(crate) types: Vec<String>,
    /// Leave out the background reads of Microsoft's services
    #[arg(long)]
    pub(crate) foreground: bool,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The record's id
    #[arg(value_name = "RECORD-ID")]
    pub(crate) id: String,
}

/// Arguments of `sql`.
#[derive(Debug, Args)]
#[command(after_help = "\
Tables are listed by `breachscope sql 'SHOW TABLES'`, columns by `breachscope sql 'DESCRIBE unified'`.
Only queries are taken: nothing can be changed by SQL.")]
pub(crate) struct SqlArgs {
    /// The query
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,
}

/// Arguments of `lake`.
#[derive(Debug, Args)]
pub(crate) struct LakeArgs {
    #[command(subcommand)]
    pub(crate) verb: LakeVerb,
}

/// What can be done with the stored tables.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum LakeVerb {
    /// What the tables hold and how large they are
    Status,
    /// Merge small files, sort them, remove what is not needed any more
    Compact,
    /// Check tables, index and raw bytes against each other
    Verify,
}

/// Arguments of `completion`.
#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Folder to write the pages into; without it the main page is printed
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}
