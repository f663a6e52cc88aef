//! Introduces the rooms to one another: one verb a file.
//!
//! The engine is the only room that knows them all. It opens files, reads the clock (in
//! [`clock`] alone) and drives the asynchronous lake from plain functions; what a record
//! is, how it is stored and how it is shown is decided elsewhere.

mod case;
pub mod clock;
mod collect;
mod config;
mod detect;
mod doctor;
mod documents;
mod error;
mod import;
mod inputs;
mod investigate;
mod messages;
mod pack;
pub mod pages;
mod places;
mod respond;
mod sessions;
mod show;
mod sign_in;
mod store;
mod tell;
mod watch;

pub use crate::detect::{
    Blind, DetectRequest, Detected, IntelImport, IntelLine, IntelUnread, Listed, Matched, Trial,
    Unusable, WireFinding, WireIncident, detect_files, listed, test_rule,
};
pub use ::sources::{FeedKind, catalogue as feed_kinds};
pub use case::{CaseChange, CaseSummary, Entry};
pub use casework;
pub use cloud::{Limits, Tally};
pub use collect::{
    Added, Brought, CollectReport, CollectRequest, CollectWatch, Customer, FeedReport, FeedStatus,
    NewTenant, Permission, StatusReport, TenantLine, TenantReport, Told,
};
pub use config::Origin;
pub use doctor::{
    About, DoctorReport, DoctorRequest, Finding, KeptCheck, KeptHealth, MailboxVerdict, Provable,
    Shares, Shell, State, Step, TenantHealth, Verdict, fix_script, percent,
};
pub use documents::{Profile, Redaction, Report, ReportFormat};
pub use error::{EngineError, ErrorKind, WrongConfig};
pub use evidence::{FORMATS, Format, FormatInfo, format_named};
pub use import::{FileReport, ImportReport, ImportRequest, Said};
pub use inputs::Input;
pub use investigate::{
    InvestigateRequest, Investigation, Messages, WireCase, WireEntry, WireMessage, told,
};
pub use lake::raw_store::Part;
pub use lake::{Cell, Compacted, Rows, Status, TableStatus, Verified};
pub use ledger::{CaseEntry, CaseFile, CaseSnapshot, EntryKind};
pub use messages::{Answer, Line, MessagesRequest, Subject, Summary};
pub use pack::{Difference, PackProgress, SealedPack, VerifiedPack, verify_evidence};
pub use respond::{
    ActRecord, Actor, ApplyRequest, ComeBack, ExecutionReport, PlanReport, PlanRequest, Reach,
    RespondWatch, StepReport, WireBecause, WireMissing, WireObject, WirePlan, WireRequest,
    WireStep,
};
pub use show::Shown;
pub use sign_in::SignIn;
pub use store::Store;
pub use tell::{
    NoticeLine, Preview, ReviewLinks, TellReport, TellRequest, Trial as DestinationTrial,
};
pub use watch::{Progress, Unwatched, Watch};
