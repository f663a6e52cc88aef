//! Investigating a person: from every record of the tenant to every message of the mailbox in one class.
//!
//! The rows are read in three passes: the events, which tell who was there; the deliveries
//! and the mail items, which are dealt into piles by message; and the piles, one after the
//! other. Nothing of a message is in memory before its pile is at hand.

mod clusters;
mod judged;
mod listed;
mod missed;
mod packed;
mod passes;
mod suggested;
mod whom;
mod wire;

pub use judged::Messages;
pub(crate) use wire::end;
pub use wire::{WireCase, WireEntry, WireMessage, told};

use crate::config::Config;
use crate::error::EngineError;
use crate::store::Store;
use crate::watch::{Unwatched, Watch};
use casework::attribution::{Attribution, Stakes};
use casework::messages::{Scope, Syncs, judge, undecided};
use casework::outflow::Outflow;
use casework::statement::{Beside, Counts, Moment, Outside, Statement, Story, Undecided};
use casework::{
    Brief, Class, ContextId, Coverage, Gap, GapId, Interval, Judged, Override, Rules, Seed, Verdict,
};
use ledger::{CaseEntry, CaseFile, EntryKind};
use model::Timestamp;
use passes::{Passes, Pulse, Unnamed};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What to investigate.
#[derive(Clone, Debug, Default)]
pub struct InvestigateRequest {
    /// The tenant, where the lake holds several.
    pub tenant: Option<String>,
    /// The person, by address or by a local part that is unique.
    pub user: String,
    /// What is known to be the intruder's.
    pub seeds: Vec<Seed>,
    /// The beginning of the window, where the analyst sets it.
    pub since: Option<Timestamp>,
    /// Its end.
    pub until: Option<Timestamp>,
}

/// What an investigation found.
#[derive(Debug)]
pub struct Investigation {
    /// The case that it opened or worked again.
    pub case: String,
    /// What was asked.
    pub brief: Brief,
    /// Who was there.
    pub attribution: Attribution,
    /// What the logs could not see.
    pub coverage: Coverage,
    /// Which rules were active.
    pub rules: Rules,
    /// What else left.
    pub outflow: Outflow,
    /// What was synchronised.
    pub syncs: Syncs,
    /// How many messages are in each class.
    pub counts: Counts,
    /// Contexts that nobody has decided about, and the messages that wait for it.
    pub undecided: Vec<Undecided>,
    /// The statement and the next decision.
    pub statement: Statement,
    /// The moments worth telling.
    pub timeline: Vec<Moment>,
    /// Every message with its class.
    pub messages: Messages,
    /// What analysts decided and wrote.
    pub entries: Vec<CaseEntry>,
    /// The digest of everything that the answer depends on.
    pub snapshot: String,
    /// How many records it was computed from.
    pub records: u64,
    /// When the last record of the tenant was written.
    pub last_record: Option<Timestamp>,
    /// How many messages hang on each undecided context.
    pub(crate) stakes: Stakes,
}

impl Investigation {
    /// Returns the window as it is told, open ends named.
    #[must_use]
    pub fn window_told(&self) -> String {
        self.attribution.window.map_or_else(
            || "none: no context is the intruder's".to_owned(),
            |window| format!("{} to {}", told(window.from), told(window.to)),
        )
    }
}

impl Store {
    /// Investigates a person: opens the case, or works it again.
    pub fn investigate(
        &mut self,
        request: &InvestigateRequest,
        watch: &mut dyn Watch,
    ) -> Result<Investigation, EngineError> {
        let case = self.open_case(request)?;
        let entries = self.ledger.entries(&case.id)?;
        let mut found = self.work_on(&self.lake, &case, entries, None, watch)?;
        if found.brief.seeds.is_empty() {
            self.propose_from_findings(&mut found)?;
        }
        Ok(found)
    }

    /// Works a case again, with everything that analysts decided since.
    pub fn work_case(&self, id: &str) -> Result<Investigation, EngineError> {
        self.work(&self.case_file(id)?)
    }

    /// Works a case on the lake as it is.
    pub(crate) fn work(&self, case: &CaseFile) -> Result<Investigation, EngineError> {
        let entries = self.ledger.entries(&case.id)?;
        self.work_on(&self.lake, case, entries, None, &mut Unwatched)
    }

    /// Works a case on a lake as it was, with the entries that it had.
    pub(crate) fn work_on(
        &self,
        lake: &lake::Lake,
        case: &CaseFile,
        entries: Vec<CaseEntry>,
        as_of: Option<Timestamp>,
        watch: &mut dyn Watch,
    ) -> Result<Investigation, EngineError> {
        let brief = self.brief(case, &entries, as_of)?;
        let passes = Passes {
            runtime: &self.runtime,
            lake,
            brief: &brief,
            pulse: Pulse::new(watch),
        };
        let heard = passes.events(self.ledger.completeness()?.unfinished_files)?;
        let mut attribution = heard.attribution.close(&brief);
        let mut rules = heard.rules.close(&brief, &attribution);
        let mut outflow = heard.outflow.close(&brief, &attribution, &rules);
        let mut coverage = heard.coverage;
        let gathered = passes.rows(&attribution, &mut rules, &mut coverage)?;
        let records = heard.digest.with(gathered.digest);
        let mut coverage = coverage.close(&brief, &attribution);
        name_unnamed(&mut coverage, &gathered.unnamed);
        let syncs = gathered.syncs.close(&attribution);
        let crawls = gathered.crawls.close(&attribution);
        let mut messages = Messages::new();
        let mut tally = Tally::default();
        {
            let scope = Scope::new(&brief, &attribution, &coverage, &rules, &syncs)
                .with_crawls(&crawls)
                .with_outflow(&outflow);
            gathered.clusters.each(&mut |cluster| {
                let open = undecided(cluster, &scope);
                judge(cluster, &scope).iter().try_for_each(|judged| {
                    tally.add(judged, &open, &attribution);
                    messages.add(judged)
                })
            })?;
        }
        messages.settle()?;
        messages.each_of(&[Class::E], &mut |judged| {
            outflow.hear_sent(judged);
            std::ops::ControlFlow::Continue(())
        })?;
        let undecided = tally.undecided();
        attribution.order_proposals(&tally.stakes);
        let snapshot = snapshot(&brief, &records.0);
        let statement = casework::statement::state(
            &brief,
            &attribution,
            &coverage,
            &tally.counts,
            &undecided,
            Beside {
                outside: tally.outside,
                stakes: &tally.stakes,
            },
            &snapshot,
        );
        let acts = heard.acts.close(&attribution);
        let timeline = Story {
            brief: &brief,
            attribution: &attribution,
            rules: &rules,
            coverage: &coverage,
            sent: &outflow.sent,
            files: &outflow.files,
            acts: &acts,
        }
        .timeline();
        Ok(Investigation {
            case: case.id.clone(),
            counts: tally.counts,
            brief,
            attribution,
            coverage,
            rules,
            outflow,
            syncs,
            undecided,
            statement,
            timeline,
            messages,
            entries,
            snapshot,
            records: heard.records,
            last_record: heard.last_record,
            stakes: tally.stakes,
        })
    }

    /// Says who was there, for a case that need not be kept; no message is looked at.
    pub(crate) fn attributed(&self, case: &CaseFile) -> Result<Attribution, EngineError> {
        let entries = self.ledger.entries(&case.id)?;
        let brief = self.brief(case, &entries, None)?;
        let mut unwatched = Unwatched;
        let passes = Passes {
            runtime: &self.runtime,
            lake: &self.lake,
            brief: &brief,
            pulse: Pulse::new(&mut unwatched),
        };
        let heard = passes.events(self.ledger.completeness()?.unfinished_files)?;
        Ok(heard.attribution.close(&brief))
    }

    fn brief(
        &self,
        case: &CaseFile,
        entries: &[CaseEntry],
        as_of: Option<Timestamp>,
    ) -> Result<Brief, EngineError> {
        Ok(Brief {
            tenant: case.tenant.clone(),
            user: case.user.clone(),
            mailbox: case.mailbox.clone(),
            // A seed was understood when the case was opened.
            seeds: case
                .seeds
                .iter()
                .filter_map(|seed| seed.parse().ok())
                .collect(),
            since: case.since,
            until: case.until,
            overrides: overrides(entries),
            own_apps: Config::read(self.folder())?.own_apps,
            collected: self.ledger.last_import(as_of)?,
            missed: missed::of_tenant(&self.ledger, &case.tenant, as_of)?,
        })
    }
}

/// Returns the verdicts that hold: the last word on each context.
fn overrides(entries: &[CaseEntry]) -> BTreeMap<ContextId, Override> {
    let mut overrides = BTreeMap::new();
    for entry in entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Verdict)
    {
        let context = ContextId(entry.object.clone());
        match Verdict::of_name(&entry.value) {
            Some(verdict) => {
                let decided = Override {
                    verdict,
                    reason: entry.reason.clone(),
                    by: entry.by.clone(),
                };
                overrides.insert(context, decided);
            }
            None => {
                overrides.remove(&context);
            }
        }
    }
    overrides
}

/// Says which folders hold items that were touched and that no record names.
fn name_unnamed(coverage: &mut Coverage, unnamed: &[Unnamed]) {
    for touch in unnamed {
        coverage.gaps.push(Gap {
            id: GapId::G11,
            interval: touch.time.map(|time| Interval::new(time, time)),
            scope: format!("folder `{}`", touch.folder),
            effect: "items without a Message-ID were accessed in this folder and cannot be listed"
                .to_owned(),
            proof: format!("record {} names the folder and no item", touch.record),
            records: vec![touch.record.clone()],
            blind: false,
            fix: String::new(),
        });
    }
    coverage.gaps.sort();
}

/// Counts classes, and the messages that wait for a verdict on a context.
#[derive(Default)]
struct Tally {
    counts: Counts,
    outside: Outside,
    stakes: Stakes,
    waiting: BTreeMap<ContextId, u64>,
}

impl Tally {
    fn add(&mut self, judged: &Judged, open: &BTreeSet<ContextId>, attribution: &Attribution) {
        self.counts.add(judged.class);
        for context in open {
            *self.stakes.entry(context.clone()).or_default() += 1;
        }
        self.outside.add(judged, attribution.window);
        if judged.class != Class::U {
            return;
        }
        for id in &judged.contexts {
            let is_open = attribution
                .context(id)
                .is_some_and(|context| context.verdict == Verdict::Unknown);
            if is_open {
                *self.waiting.entry(id.clone()).or_default() += 1;
            }
        }
    }

    fn undecided(&self) -> Vec<Undecided> {
        let mut undecided: Vec<Undecided> = self
            .waiting
            .iter()
            .map(|(context, messages)| Undecided {
                context: context.clone(),
                messages: *messages,
            })
            .collect();
        undecided.sort_by(|one, other| {
            (other.messages, &one.context).cmp(&(one.messages, &other.context))
        });
        undecided
    }
}

/// Returns the digest of everything that the answer depends on: what was asked, what was
/// decided, which records there were, and the version of this program.
///
/// When the records were taken in, and when and by whom a verdict was given, changes no number:
/// whoever asks the same of the same records gets the same digest.
fn snapshot(brief: &Brief, records: &[u64; 4]) -> String {
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(env!("CARGO_PKG_VERSION"));
    for text in [&brief.tenant, &brief.user, &brief.mailbox] {
        part(text);
    }
    for seed in &brief.seeds {
        part(&seed.to_string());
    }
    for app in &brief.own_apps {
        part(app);
    }
    for missed in &brief.missed {
        part(&format!("{missed:?}"));
    }
    for end in [brief.since, brief.until] {
        part(&end.map(|time| time.to_string()).unwrap_or_default());
    }
    for (context, ruled) in &brief.overrides {
        [&context.0, ruled.verdict.name(), &ruled.reason]
            .into_iter()
            .for_each(&mut part);
    }
    for word in records {
        part(&word.to_string());
    }
    hex(&hasher.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
