//! What can be typed: every command and option with its words, from which help, man pages and completions come.

mod collecting;
mod responding;
mod serving;

pub(crate) use collecting::{
    CollectArgs, CollectVerb, ConfigArgs, ConfigVerb, DemoArgs, DoctorArgs, SimArgs, SimServeArgs,
    SimVerb, TenantAddArgs, TenantArgs, TenantVerb,
};
pub(crate) use responding::{NotifyArgs, NotifyVerb, RespondArgs, RespondVerb};
pub(crate) use serving::ServeArgs;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use model::Severity;
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
Exit codes: 0 ok, 1 unexpected error, 2 usage, 3 partial (what failed is listed), 4 findings at or above
--fail-on, 5 no sign-in or no permission, 6 coverage incomplete (the answer is not defensible as it
stands), 7 throttled, 8 verification failed, 9 the plan or the state changed or an approval is missing,
130 interrupted.

Start with:
  breachscope import EXPORT.csv
  breachscope detect
  breachscope messages --mailbox ann@example.com
  breachscope investigate ann@example.com --seed app=APP-ID")]
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
    /// How to print the answer; `report` takes several, with commas
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        value_delimiter = ',',
        default_value = "table"
    )]
    pub(crate) format: Vec<FormatArg>,
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

/// How an answer is printed, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// For eyes
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, safe to open in a spreadsheet
    Csv,
    /// One page that needs nothing else (`report` only)
    Html,
    /// Pages to print and to sign (`report` only)
    Pdf,
    /// A workbook, a sheet a class (`report` only)
    Xlsx,
    /// Events for Timesketch, one a line (`report` only)
    Timesketch,
}

/// How an answer is printed on the terminal or into a pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For eyes.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated, safe to open in a spreadsheet.
    Csv,
}

impl FormatArg {
    /// Returns the format to print in; none for a document, which only `report` writes.
    pub(crate) fn printed(self) -> Option<Format> {
        match self {
            Self::Table => Some(Format::Table),
            Self::Json => Some(Format::Json),
            Self::Jsonl => Some(Format::Jsonl),
            Self::Csv => Some(Format::Csv),
            Self::Html | Self::Pdf | Self::Xlsx | Self::Timesketch => None,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it work: a simulated cloud plays a compromise; it is collected, detected, scoped and reported
    Demo(DemoArgs),
    /// Take evidence in: audit log exports, sign-ins, message traces, in any of their shapes
    Import(ImportArgs),
    /// Collect the logs of tenants from Microsoft's cloud, and lose nothing
    Collect(CollectArgs),
    /// Can it be collected, what is blind, the exact fix; how many mailboxes would be provable if breached today
    Doctor(DoctorArgs),
    /// The tenants that are collected: add, list, show, pause, remove
    Tenant(TenantArgs),
    /// What the configuration says, and where
    Config(ConfigArgs),
    /// What looks like a compromise: findings, joined into incidents
    Detect(DetectArgs),
    /// Indicators that others know: take them in, list them, let them expire
    Intel(IntelArgs),
    /// Which messages of a mailbox were touched, by whom, through what
    Messages(MessagesArgs),
    /// Put every message of a person's mailbox in one evidence class, with the records that prove it
    Investigate(InvestigateArgs),
    /// Look into a case, decide, note, pin and compare
    Case(CaseArgs),
    /// Tell people of incidents: send, test, preview, and what became of it
    Notify(NotifyArgs),
    /// Secure an account by a plan that is reviewed, applied step by step, and taken back where it can be
    Respond(RespondArgs),
    /// The pages and the API, with collecting and detecting beside them on request
    Serve(ServeArgs),
    /// Write a case as a document
    Report(ReportArgs),
    /// Seal a case into a pack that anybody can verify, or verify one
    Evidence(EvidenceArgs),
    /// One record: as it was received and as it was understood
    Show(ShowArgs),
    /// Query the tables with SQL
    Sql(SqlArgs),
    /// Look after the stored tables
    Lake(LakeArgs),
    /// A small Microsoft cloud to try things on: tenants, people, mail, an attack as a story, faults on dials
    Sim(SimArgs),
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

/// Arguments of `detect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without `--input` the lake is looked at: only what is new since the last run is read. What was found before and
still stands is printed with it. The table shows incidents, worst first; `--format jsonl` prints
a line a finding, with `--incidents` a line an incident.

What the operator knows better than the records (own domains, partners, networks, approved applications,
exceptions) is said in `config.toml` in the data folder.")]
pub(crate) struct DetectArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<DetectVerb>,
    #[command(flatten)]
    pub(crate) what: DetectWhat,
    /// Print incidents instead of findings, a line each
    #[arg(long)]
    pub(crate) incidents: bool,
    /// Print only what no run had found before
    #[arg(long, conflicts_with = "input")]
    pub(crate) new: bool,
    /// Look at everything in the lake again, whatever was found before
    #[arg(long, conflicts_with = "input")]
    pub(crate) anew: bool,
    /// Print only what is at least this urgent
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) least: Option<LevelArg>,
    /// End with exit code 4 where a finding is at least this urgent
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) fail_on: Option<LevelArg>,
}

/// What to look at, and by which rules.
#[derive(Clone, Debug, Args)]
pub(crate) struct DetectWhat {
    /// Look at these evidence files instead of the lake: files, folders, patterns, or `-`
    #[arg(long, value_name = "FILE", num_args = 1.., global = true)]
    pub(crate) input: Vec<String>,
    /// Sigma rules of your own, a file or a folder; may be given several times
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) rules: Vec<PathBuf>,
}

/// What else can be done with detections.
#[derive(Debug, Subcommand)]
pub(crate) enum DetectVerb {
    /// Why there is a finding: which record, which field, which value, which baseline
    Explain {
        /// The finding, by the beginning of its id
        finding: String,
    },
    /// Every detection, and every rule of `--rules` with why it cannot be used
    List,
    /// Try one Sigma rule on evidence files
    Test {
        /// The rule
        rule: PathBuf,
        /// Evidence files
        #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
        events: Vec<String>,
    },
}

/// How urgent something is, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelArg {
    /// Counts towards a score
    Info,
    /// Context
    Low,
    /// To be triaged
    Medium,
    /// To be looked at today
    High,
    /// To be acted on now
    Critical,
}

impl LevelArg {
    /// Returns the severity.
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        }
    }
}

/// Arguments of `intel`.
#[derive(Debug, Args)]
pub(crate) struct IntelArgs {
    #[command(subcommand)]
    pub(crate) verb: IntelVerb,
}

/// What can be done with indicators.
#[derive(Debug, Subcommand)]
pub(crate) enum IntelVerb {
    /// Take in addresses, ranges, domains, application ids, agents, message ids: a value a line, CSV, STIX 2.1, MISP
    Import {
        /// Files, folders, patterns, or `-`
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<String>,
    },
    /// Every indicator, and until when it counts
    List,
    /// Let indicators expire now, by value or by the file that they came from
    Expire {
        /// Values or files
        #[arg(value_name = "VALUE", required = true)]
        values: Vec<String>,
    },
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

/// Arguments of `investigate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A seed is something known to be the intruder's, as kind=value: ip=203.0.113.7, session=ID, token=ID, app=APP-ID,
device=ID, rule=NAME, record=RECORD-ID, signin=RECORD-ID. Without one, seeds are proposed from what the records
show. The same question opens the same case again, with everything decided in it.

Classes: E exfiltrated, P1 accessed (proved), P2 accessed (probable), S possibly synchronised, R possibly forwarded
or searched, U unresolved actor, B audit-blind, N no evidence with full coverage, O out of window.")]
pub(crate) struct InvestigateArgs {
    /// Whose mailbox: an address, or its local part when that is unique
    #[arg(value_name = "USER")]
    pub(crate) user: String,
    /// What is known to be the intruder's, as kind=value; may be given several times
    #[arg(long = "seed", value_name = "KIND=VALUE")]
    pub(crate) seeds: Vec<String>,
    /// Take the window to begin here instead of at the first evidence
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
    /// Take the window to end here instead of where access ended
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<String>,
}

/// Arguments of `case`.
#[derive(Debug, Args)]
pub(crate) struct CaseArgs {
    #[command(subcommand)]
    pub(crate) verb: CaseVerb,
}

/// What can be done with a case.
#[derive(Debug, Subcommand)]
pub(crate) enum CaseVerb {
    /// Every case, with its seeds
    List,
    /// A case worked again: statement, counts, contexts, gaps, notes, snapshots
    Show {
        /// The case
        case: String,
        /// As it was when this snapshot was taken
        #[arg(long, value_name = "SNAPSHOT")]
        snapshot: Option<String>,
    },
    /// Decide whose a context is; everything is computed again
    Verdict {
        /// The case
        case: String,
        /// The context
        context: String,
        /// INTRUDER, OWNER, SERVICE or UNKNOWN; `engine` takes the decision back
        verdict: String,
        /// Why: it is kept with the decision and printed in every report
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who decides [default: the name of the system's user]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// The shortest path of evidence from a seed to a context
    Why {
        /// The case
        case: String,
        /// The context
        context: String,
    },
    /// Add a note to the case, or to a context, record or message in it
    Note {
        /// The case
        case: String,
        /// The note
        text: String,
        /// What it is about
        #[arg(long, value_name = "OBJECT", default_value = "")]
        on: String,
        /// Who writes it [default: the name of the system's user]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Tag a context, record or message of the case
    Tag {
        /// The case
        case: String,
        /// What to tag
        object: String,
        /// The tag
        tag: String,
        /// Who tags it [default: the name of the system's user]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Pin the case as it is: the lake's version, the decisions, the engine's version
    Snapshot {
        /// The case
        case: String,
    },
    /// Which messages changed their class between two snapshots
    Diff {
        /// The case
        case: String,
        /// The earlier snapshot, by the beginning of its name
        before: String,
        /// The later one [default: the case as it is]
        after: Option<String>,
    },
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: html, pdf, xlsx, csv, json, timesketch; `--format html,pdf` writes both. The same case gives the same bytes.")]
pub(crate) struct ReportArgs {
    /// The case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// Folder to write into
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// For whom it is: decides which sections html, pdf and xlsx have; csv (every message), json
    /// (the whole case) and timesketch (the timeline) are for programs and the same for everybody
    #[arg(long, value_enum, default_value = "legal")]
    pub(crate) profile: ProfileArg,
    /// Hide subjects, file names and the words of rules and searches, and replace addresses and
    /// the names in them by digests, to hand it to others; read notes and reasons before you do:
    /// a person whom no record names stays in them
    #[arg(long)]
    pub(crate) redact: bool,
    /// The case as it was when this snapshot was taken
    #[arg(long, value_name = "SNAPSHOT")]
    pub(crate) snapshot: Option<String>,
}

/// For whom a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// Everything
    Legal,
    /// What happened and what to decide, on a few pages
    Exec,
    /// For the person whose mailbox it is
    User,
    /// What an insurer asks
    Insurer,
}

/// Arguments of `evidence`.
#[derive(Debug, Args)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    pub(crate) verb: EvidenceVerb,
}

/// What can be done with an evidence pack.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceVerb {
    /// Seal raw records, messages, contexts, verdicts and queries of a case into a signed pack
    Export {
        /// The case
        case: String,
        /// The pack to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The case as it was when this snapshot was taken
        #[arg(long, value_name = "SNAPSHOT")]
        snapshot: Option<String>,
    },
    /// Check every byte of a pack; needs neither the lake nor a network
    Verify {
        /// The pack
        pack: PathBuf,
        /// Fingerprint of the key that must have signed it
        #[arg(long, value_name = "FINGERPRINT")]
        key: Option<String>,
    },
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
