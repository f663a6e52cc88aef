//! `detect`: from what is in the lake, or straight from evidence files, to findings and incidents.
//!
//! Of a tenant whose records were seen before only what is new is read: what detections want of the
//! rest is remembered as facts (`memory`). All facts are walked through again, for a baseline or the
//! name of an application can rest on a record of any age, and what is found takes the place of what
//! was found before. So many runs find what one would have found, and a run that is cut off has
//! changed nothing. Where nothing is new, nothing is read. The memory is a copy of what the lake
//! says, and is made anew where the program, the rules or the indicators are others.

mod files;
mod intelligence;
mod listing;
mod memory;
mod spill;
mod wire;

pub use files::detect_files;
pub use intelligence::{IntelImport, IntelLine, IntelUnread};
pub use listing::{Listed, Matched, Trial, Unusable, listed, test_rule};
pub use wire::{WireFinding, WireIncident};

use crate::clock;
use crate::config::Config;
use crate::error::EngineError;
use crate::import::FileReport;
use crate::investigate::hex;
use crate::places::Databases;
use crate::store::Store;
use crate::watch::{Progress, Watch};
use ::detect::intel::Matcher;
use ::detect::run::NAMELESS;
use ::detect::sigma::RuleSet;
use ::detect::{Answer, Hit, Nowhere, Places, Rules, Run, Seen, Source, Surface};
use ledger::{Fresh, StoredFinding, StoredIndicator};
use memory::Memory;
use model::{Delivery, Event, Family, Finding, Incident, Json, Timestamp};
use sha2::{Digest, Sha256};
use spill::Spill;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// What to look at, and by which rules.
#[derive(Clone, Debug, Default)]
pub struct DetectRequest {
    /// The data folder: its configuration and its indicators count for files too.
    pub folder: PathBuf,
    /// Files, folders, patterns or `-` to look at instead of the lake.
    pub inputs: Vec<String>,
    /// Files and folders with Sigma rules of the operator's own.
    pub rules: Vec<PathBuf>,
    /// Whether everything in the lake is looked at again, whatever was found before.
    pub anew: bool,
    /// The only tenant to look at; for files, the tenant of records that name none.
    pub tenant: Option<String>,
}

/// What detection found.
#[derive(Debug, Default)]
pub struct Detected {
    /// What was found, in order of time; with a lake, everything that stands.
    pub findings: Vec<Finding>,
    /// What belongs together, worst first.
    pub incidents: Vec<Incident>,
    /// How many of the findings were not known before; none where there is no lake.
    pub new: Option<u64>,
    /// Which they are.
    pub new_ids: BTreeSet<String>,
    /// How many records this run read, copies counted.
    pub records: u64,
    /// How many of them a detection looked at, copies not counted.
    pub looked_at: u64,
    /// How many records of each table it read.
    pub by_table: BTreeMap<&'static str, u64>,
    /// Which sources the records came from, those of earlier runs too.
    pub sources: BTreeSet<Source>,
    /// Which detections saw nothing they could have judged, and why.
    pub blind: Vec<Blind>,
    /// Which databases of places were asked.
    pub places: String,
    /// What of the operator's rules cannot be used.
    pub unusable: Vec<Unusable>,
    /// What was read of each file, where files were read.
    pub files: Vec<FileReport>,
    /// Whether there was no record at all to look at.
    pub is_empty: bool,
    /// Whether the operator stopped it.
    pub interrupted: bool,
}

/// Returns a digest of texts.
fn digest(parts: &[&str]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    hex(&sum.finalize())
}

/// A detection that saw nothing it could have judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blind {
    /// The detection.
    pub id: &'static str,
    /// Which sources it lacked.
    pub lacks: Vec<&'static str>,
}

/// Everything that matches records besides the catalogue: Sigma rules, and known indicators.
pub(crate) struct Everything {
    sigma: RuleSet,
    intel: Matcher,
}

/// Numbers from here on are indicators'.
const OF_INTEL: u32 = 1 << 31;

impl Rules for Everything {
    fn want(&mut self, surface: &Surface<'_>) -> bool {
        !self.intel.is_empty() || self.sigma.want(surface)
    }

    fn matching(&mut self, event: &Event<'_>, body: &Json<'_>, found: &mut Vec<u32>) {
        self.sigma.matching(event, body, found);
        let before = found.len();
        self.intel.matching(event, body, found);
        found[before..].iter_mut().for_each(|one| *one |= OF_INTEL);
    }

    fn hit(&self, rule: u32, seen: &Seen<'_>) -> Hit {
        if rule & OF_INTEL == 0 {
            self.sigma.hit(rule, seen)
        } else {
            self.intel.hit(rule & !OF_INTEL, seen)
        }
    }
}

/// A tenant, and under which names its records stand in the lake.
struct Whose {
    tenant: String,
    names: Vec<String>,
}

impl Whose {
    fn alone(tenant: String) -> Self {
        Self {
            names: vec![tenant.clone()],
            tenant,
        }
    }
}

/// What a run needs besides the records.
struct Setting {
    config: Config,
    places: Databases,
    rules: Everything,
    unusable: Vec<Unusable>,
    /// A digest of all that decides what becomes a fact.
    gathering: String,
    /// Whether everything is looked at again.
    anew: bool,
    /// A digest of all that can change what is found besides the records.
    signature: String,
}

impl Setting {
    fn of(request: &DetectRequest, indicators: Vec<StoredIndicator>) -> Result<Self, EngineError> {
        let config = Config::read(&request.folder)?;
        let places = Databases::open(&config.places)?;
        let (sigma, unusable, texts) = listing::rules(&request.rules)?;
        // One that expires changes what is gathered as one that comes does.
        let now = clock::now();
        let counts = |one: &StoredIndicator| one.expires.is_none_or(|expires| now < expires);
        let indicators: Vec<StoredIndicator> = indicators.into_iter().filter(counts).collect();
        let known = format!("{indicators:?}");
        let catalogue: Vec<String> = ::detect::all()
            .iter()
            .map(|one| format!("{:?} {:?}", one.about(), one.wants()))
            .collect();
        let program = [env!("CARGO_PKG_VERSION").to_owned(), catalogue.join("\n")];
        let gathering = digest(&[&program[0], &program[1], &texts, &known]);
        let signature = digest(&[&gathering, &config.signature(), &places.about()]);
        Ok(Self {
            config,
            places,
            rules: Everything {
                sigma,
                intel: Matcher::new(intelligence::read_back(indicators)),
            },
            unusable,
            gathering,
            anew: request.anew,
            signature,
        })
    }

    /// Begins a run by the catalogue and by what correlates the operator's rules.
    fn run(&self, pile: Spill) -> Run<Spill> {
        let mut detections = ::detect::all();
        let correlations = self.rules.sigma.correlations();
        if !correlations.is_empty() {
            detections.push(Box::new(correlations));
        }
        Run::new(detections, pile)
    }

    fn finish(&self, run: Run<Spill>) -> Result<Answer, EngineError> {
        let settings = |tenant: &str| self.config.of_tenant(tenant);
        let places: &dyn Places = if self.places.is_empty() {
            &Nowhere
        } else {
            &self.places
        };
        run.finish(&settings, places, &self.rules)
            .map_err(EngineError::Spool)
    }
}

impl Store {
    /// Looks at what is new in the lake, and returns everything that stands.
    pub fn detect(
        &self,
        request: &DetectRequest,
        watch: &mut dyn Watch,
    ) -> Result<Detected, EngineError> {
        let mut setting = Setting::of(request, self.ledger.indicators()?)?;
        let messages = setting.rules.intel.messages();
        if !messages.is_empty() {
            let touching = self
                .runtime
                .block_on(self.lake.records_touching(&messages))?;
            setting.rules.intel.note_touching(touching);
        }
        let mut detected = Detected::default();
        let known = self.ledger.finding_ids()?;
        let fresh: BTreeMap<String, Fresh> = self
            .ledger
            .fresh()?
            .into_iter()
            .map(|one| (one.tenant.clone(), one))
            .collect();
        let asked = self.asked(request)?;
        detected.is_empty = asked.is_empty();
        for whose in asked {
            let fresh: Vec<&Fresh> = whose
                .names
                .iter()
                .filter_map(|one| fresh.get(one))
                .collect();
            let flow = self.detect_in(&whose, &fresh, &mut setting, &mut detected, watch)?;
            if flow.is_break() {
                detected.interrupted = true;
                break;
            }
        }
        self.gather_up(request, &mut detected)?;
        let ids = detected.findings.iter().map(|one| one.id.clone());
        detected.new_ids = ids.filter(|id| !known.contains(id)).collect();
        detected.new = Some(detected.new_ids.len() as u64);
        detected.blind = blind(&detected.sources, &setting);
        detected.places = setting.places.about();
        detected.unusable = setting.unusable;
        Ok(detected)
    }

    /// Returns everything that was found before, without looking at any record.
    pub fn detected(&self, request: &DetectRequest) -> Result<Detected, EngineError> {
        let mut detected = Detected::default();
        self.gather_up(request, &mut detected)?;
        Ok(detected)
    }

    /// Returns what was found of a person.
    pub(crate) fn findings_of(
        &self,
        tenant: &str,
        user: &str,
    ) -> Result<Vec<Finding>, EngineError> {
        let mut found = Vec::new();
        for stored in self.ledger.findings(Some(tenant))? {
            let finding = wire::found(&stored.body).map_err(EngineError::Kept)?;
            if finding.user == user {
                found.push(finding);
            }
        }
        Ok(found)
    }

    /// Returns whose records to look at: records that name no tenant belong to the only one there is.
    fn asked(&self, request: &DetectRequest) -> Result<Vec<Whose>, EngineError> {
        let all = self.runtime.block_on(self.lake.tenants())?;
        let (nameless, named): (Vec<String>, Vec<String>) = all
            .into_iter()
            .partition(|name| NAMELESS.contains(&name.as_str()));
        let mut asked: Vec<Whose> = match named.as_slice() {
            [only] => {
                let names = [only.clone()].into_iter().chain(nameless).collect();
                vec![Whose {
                    tenant: only.clone(),
                    names,
                }]
            }
            _ => named
                .into_iter()
                .chain(nameless)
                .map(Whose::alone)
                .collect(),
        };
        if let Some(tenant) = &request.tenant {
            let tenant = tenant.to_lowercase();
            asked.retain(|one| one.tenant == tenant);
        }
        Ok(asked)
    }

    fn gather_up(
        &self,
        request: &DetectRequest,
        detected: &mut Detected,
    ) -> Result<(), EngineError> {
        let tenant = request.tenant.as_ref().map(|tenant| tenant.to_lowercase());
        let mut findings = Vec::new();
        for stored in self.ledger.findings(tenant.as_deref())? {
            findings.push(wire::found(&stored.body).map_err(EngineError::Kept)?);
        }
        detected.settle(findings);
        Ok(())
    }

    fn detect_in(
        &self,
        whose: &Whose,
        fresh: &[&Fresh],
        setting: &mut Setting,
        detected: &mut Detected,
        watch: &mut dyn Watch,
    ) -> Result<ControlFlow<()>, EngineError> {
        let of_signature = format!("signature {}", whose.tenant);
        let signature = format!("{} {}", setting.signature, whose.names.join(" "));
        let of_sources = format!("sources {}", whose.tenant);
        let known = self.ledger.detection_note(&of_signature)?;
        if !setting.anew
            && known.as_ref() == Some(&signature)
            && fresh.is_empty()
            && let Some(names) = self.ledger.detection_note(&of_sources)?
        {
            let sources = names.lines().filter_map(Source::named);
            detected.sources.extend(sources);
            return Ok(ControlFlow::Continue(()));
        }
        let Some(answer) = self.read_tenant(whose, fresh, setting, watch)? else {
            return Ok(ControlFlow::Break(()));
        };
        self.keep(whose, fresh, &answer)?;
        let names: Vec<&str> = answer.sources.iter().map(|one| one.name()).collect();
        self.ledger
            .keep_detection_note(&of_sources, &names.join("\n"))?;
        self.ledger.keep_detection_note(&of_signature, &signature)?;
        detected.add(&answer);
        Ok(ControlFlow::Continue(()))
    }

    /// Reads what is new of a tenant, and looks at all that is known of it; nothing where the operator
    /// stopped it.
    fn read_tenant(
        &self,
        whose: &Whose,
        fresh: &[&Fresh],
        setting: &mut Setting,
        watch: &mut dyn Watch,
    ) -> Result<Option<Answer>, EngineError> {
        let gathering = format!("{} {}", setting.gathering, whose.names.join(" "));
        let mut memory = Memory::open(self.folder(), &whose.tenant, &gathering)?;
        let since = fresh.iter().map(|one| one.since).min();
        if setting.anew || since.is_some_and(|since| memory.begins_after(since)) {
            memory.forget();
        }
        let is_all_known = memory.is_there() && fresh.is_empty();
        let since = since.filter(|_| memory.is_there());
        let (known, pile) = memory.recall()?;
        let mut run = setting.run(pile);
        run.remember(known);
        let mut progress = Progress::default();
        let families: &[Family] = if is_all_known { &[] } else { &Family::ALL };
        for family in families.iter().copied() {
            let mut failure: Option<io::Error> = None;
            let flow = self.runtime.block_on(self.lake.records(
                &whose.names,
                family,
                since,
                &mut |event, delivery| {
                    progress.records += 1;
                    if progress.records.is_multiple_of(4096) {
                        watch.reading(family.table(), progress);
                        if watch.stopped() {
                            return ControlFlow::Break(());
                        }
                    }
                    match take(&mut run, event, delivery, &mut setting.rules) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(error) => {
                            failure = Some(error);
                            ControlFlow::Break(())
                        }
                    }
                },
            ))?;
            if let Some(failure) = failure {
                return Err(EngineError::Spool(failure));
            }
            if flow.is_break() {
                return Ok(None);
            }
        }
        let (known, pile) = run.known();
        memory.keep(&gathering, known, pile)?;
        setting.finish(run).map(Some)
    }

    fn keep(&self, whose: &Whose, fresh: &[&Fresh], answer: &Answer) -> Result<(), EngineError> {
        let mut stored = Vec::new();
        for finding in &answer.findings {
            stored.push(StoredFinding {
                id: finding.id.clone(),
                tenant: whose.tenant.clone(),
                time: finding.time,
                last_time: finding.last_time,
                body: wire::kept(finding).map_err(EngineError::Kept)?,
            });
        }
        let from_the_beginning = Timestamp(i64::MIN);
        Ok(self
            .ledger
            .keep_findings(&whose.names, from_the_beginning, &stored, fresh)?)
    }
}

/// Returns the finding that the ledger kept.
pub(crate) fn kept_finding(stored: &StoredFinding) -> Result<Finding, EngineError> {
    wire::found(&stored.body).map_err(EngineError::Kept)
}

/// Shows a record of the lake to the run: its body is what no column holds.
fn take(
    run: &mut Run<Spill>,
    event: &Event<'_>,
    delivery: Option<&Delivery<'_>>,
    rules: &mut Everything,
) -> io::Result<()> {
    let rest = model::json::parse(&event.rest).map_or(Json::Null, |parsed| parsed.value);
    run.take(event, &rest, delivery, rules)
}

impl Detected {
    fn add(&mut self, answer: &Answer) {
        for ((family, _), many) in &answer.seen {
            self.records += many;
            *self.by_table.entry(family.table()).or_default() += many;
        }
        self.looked_at += answer.looked_at;
        self.sources.extend(answer.sources.iter().copied());
    }

    /// Takes the findings and joins what belongs together.
    fn settle(&mut self, mut findings: Vec<Finding>) {
        self.incidents = ::detect::incident::incidents(&mut findings);
        self.findings = findings;
    }
}

/// Returns the detections that had no record of any of their sources, or lacked what they cannot
/// do without.
fn blind(sources: &BTreeSet<Source>, setting: &Setting) -> Vec<Blind> {
    let mut blind = Vec::new();
    for detection in ::detect::all() {
        let about = detection.about();
        let has_source =
            about.sources.is_empty() || about.sources.iter().any(|one| sources.contains(one));
        let mut lacks: Vec<&'static str> = Vec::new();
        if !has_source {
            lacks.extend(about.sources.iter().map(|one| one.name()));
        }
        for need in about.needs {
            let is_met = match need {
                Source::Places => !setting.places.is_empty(),
                Source::Intelligence => !setting.rules.intel.is_empty(),
                other => sources.contains(other),
            };
            if !is_met {
                lacks.push(need.name());
            }
        }
        if !lacks.is_empty() {
            blind.push(Blind {
                id: about.id,
                lacks,
            });
        }
    }
    blind
}
