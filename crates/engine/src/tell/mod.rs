//! Tells people of incidents: fills the cards, lets the outbox decide who hears of what and when,
//! sends what is due and writes down what became of it.

mod card;
mod wire;

use crate::clock;
use crate::config::{Config, Notify};
use crate::detect::DetectRequest;
use crate::error::EngineError;
use crate::investigate::hex;
use crate::places::Databases;
use crate::store::Store;
use card::Facts;
use futures::future::join_all;
use ledger::StoredNotice;
use model::{Finding, Incident, Severity, Timestamp};
use sha2::{Digest, Sha256};
use sinks::outbox::{EntryKey, EntryState, News, Outbox, Task};
use sinks::{
    Card, Courier, Destination, Held, Limits, Outcome, Rendered, Templates, render, summary,
};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// How telling is done.
#[derive(Clone, Debug, Default)]
pub struct TellRequest {
    /// Certificates to trust beside the system's, PEM.
    pub roots: Option<Vec<u8>>,
    /// What makes the link by which an incident is reviewed; its plain page where there is none.
    pub review: Option<ReviewLinks>,
}

/// Makes the path of the page on which an incident is reviewed, signed so that it ends.
#[derive(Clone)]
pub struct ReviewLinks(Arc<PathOf>);

/// Makes the path of an incident's page, where it can.
type PathOf = dyn Fn(&str) -> Option<String> + Send + Sync;

impl ReviewLinks {
    /// Makes links by this.
    pub fn new(path: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(path))
    }
}

/// Where cards lead to.
struct Pages<'p> {
    public_url: &'p str,
    review: Option<&'p ReviewLinks>,
}

impl Pages<'_> {
    /// Returns a page of an incident; nothing where the pages have no address for others.
    fn of(&self, incident: &str, part: &str) -> Option<String> {
        let is_known = !self.public_url.is_empty();
        is_known.then(|| format!("{}/a/{incident}{part}", self.public_url))
    }

    /// Returns the page on which an incident is reviewed.
    fn review(&self, incident: &str) -> Option<String> {
        let signed = self.review.and_then(|links| (links.0)(incident));
        match signed.filter(|_| !self.public_url.is_empty()) {
            Some(path) => Some(format!("{}{path}", self.public_url)),
            None => self.of(incident, "/secure"),
        }
    }
}

impl fmt::Debug for ReviewLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewLinks")
    }
}

/// What became of the cards in one round.
#[derive(Clone, Debug, Default)]
pub struct TellReport {
    /// Cards that went out, in words.
    pub sent: Vec<String>,
    /// Cards that did not go out, and why; those that wait are tried again.
    pub failed: Vec<String>,
    /// When something is due next.
    pub next: Option<Timestamp>,
    /// Templates of the operator that could not be used; the built-in ones stood in.
    pub templates: Vec<String>,
}

/// One card of the book, for an operator to look at.
#[derive(Clone, Debug)]
pub struct NoticeLine {
    /// The destination.
    pub destination: String,
    /// The incident.
    pub incident: String,
    /// Which card of the incident it is, from 0.
    pub nth: u32,
    /// How it stands.
    pub state: &'static str,
    /// How urgent it is.
    pub severity: Severity,
    /// When it was put down.
    pub made: Timestamp,
    /// When it is due, while it waits.
    pub due: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
    /// What was said of it.
    pub why: String,
}

/// A card as it would go to one destination.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The destination.
    pub destination: String,
    /// What would be sent.
    pub text: String,
    /// What is wrong with the operator's templates.
    pub troubles: Vec<String>,
}

/// What came of a card that was sent to try a destination.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The destination.
    pub destination: String,
    /// Whether it is out of our hands.
    pub is_sent: bool,
    /// What was said.
    pub said: String,
}

impl Store {
    /// Tells people what they do not know as yet, and tries again what did not go out.
    pub fn tell(&mut self, request: &TellRequest) -> Result<TellReport, EngineError> {
        let config = Config::read(self.folder())?;
        let notify = &config.notify;
        let mut report = TellReport::default();
        if notify.policy.routes.is_empty() {
            return Ok(report);
        }
        let (templates, troubles) = templates(notify, self.folder())?;
        report.templates = troubles;
        let detected = self.detected(&DetectRequest::default())?;
        let now = clock::now();
        let oldest = now.plus_seconds(-(notify.max_age.as_secs() as i64));
        let incidents = &detected.incidents;
        let recent: Vec<&Incident> = incidents.iter().filter(|one| one.to >= oldest).collect();
        let facts = self.facts(&config, &recent, &detected.findings)?;
        let mut outbox = self.outbox()?;
        for incident in recent {
            let own = facts.findings_of(incident);
            let news = News {
                incident: incident.id.clone(),
                revision: self.ledger.revision_of(
                    &incident.id,
                    &digest(incident, &own, &facts.since(incident)),
                )?,
                tenant: incident.tenant.clone(),
                tags: facts.tags(&incident.tenant),
                severity: facts.severity(incident),
                never_to: facts.never_to(incident),
            };
            outbox.tell(&news, &notify.policy, now);
        }
        self.keep_changes(&mut outbox)?;
        let tasks = outbox.due(&notify.policy, now);
        // Written down before anything goes: what is cut off here is sent again, never forgotten.
        self.keep_changes(&mut outbox)?;
        let courier = Courier::new(Limits::default(), request.roots.as_deref())
            .map_err(|error| EngineError::Courier(Box::new(error)))?;
        let pages = Pages {
            public_url: &notify.public_url,
            review: request.review.as_ref(),
        };
        // Side by side: one that does not answer costs the others no time.
        let letters: Vec<_> = tasks
            .iter()
            .map(|task| letter(task, notify, &pages, &facts, incidents, &templates))
            .collect();
        let sending = letters.into_iter().map(|letter| async {
            match letter {
                Ok((destination, rendered)) => {
                    courier.send(&destination, &rendered, clock::now()).await
                }
                Err(outcome) => outcome,
            }
        });
        let outcomes = self.runtime.block_on(join_all(sending));
        for (task, outcome) in tasks.iter().zip(&outcomes) {
            let to = format!("{} to {}", task.key.incident, task.key.sink);
            match outcome {
                Outcome::Delivered { receipt, .. } => report.sent.push(format!("{to}: {receipt}")),
                Outcome::Retry { why, .. } | Outcome::Refused { why } => {
                    report.failed.push(format!("{to}: {why}"));
                }
            }
            outbox.heard(&task.key, outcome, &notify.policy, clock::now());
        }
        self.keep_changes(&mut outbox)?;
        report.next = outbox.next_at();
        Ok(report)
    }

    /// Returns every card of the book.
    pub fn notices(&self) -> Result<Vec<NoticeLine>, EngineError> {
        let outbox = self.outbox()?;
        Ok(outbox.entries().map(line).collect())
    }

    /// Lets a dead letter be sent again; whether there was one.
    pub fn revive_notice(
        &mut self,
        destination: &str,
        incident: &str,
    ) -> Result<bool, EngineError> {
        let mut outbox = self.outbox()?;
        let dead: Vec<EntryKey> = outbox
            .dead()
            .filter(|entry| entry.key.sink == destination && entry.key.incident == incident)
            .map(|entry| entry.key.clone())
            .collect();
        let now = clock::now();
        let revived = dead.iter().filter(|key| outbox.revive(key, now)).count();
        self.keep_changes(&mut outbox)?;
        Ok(revived > 0)
    }

    /// Returns the card of an incident as each destination would get it; an invented one where no
    /// incident is named.
    pub fn preview_card(
        &self,
        incident: Option<&str>,
        destination: Option<&str>,
    ) -> Result<Vec<Preview>, EngineError> {
        let config = Config::read(self.folder())?;
        let (templates, _) = templates(&config.notify, self.folder())?;
        let card = self.card_of(&config, incident)?;
        let mut previews = Vec::new();
        for (name, made) in chosen(&config.notify, destination)? {
            let rendered = render(&made, &card, &templates, &Limits::default());
            previews.push(Preview {
                destination: name,
                troubles: rendered.troubles.iter().map(ToString::to_string).collect(),
                text: rendered.preview(),
            });
        }
        Ok(previews)
    }

    /// Sends an invented card to destinations, to see whether it arrives.
    pub fn try_destinations(
        &self,
        destination: Option<&str>,
        request: &TellRequest,
    ) -> Result<Vec<Trial>, EngineError> {
        let config = Config::read(self.folder())?;
        let (templates, _) = templates(&config.notify, self.folder())?;
        let courier = Courier::new(Limits::default(), request.roots.as_deref())
            .map_err(|error| EngineError::Courier(Box::new(error)))?;
        let mut trials = Vec::new();
        for (name, made) in chosen(&config.notify, destination)? {
            let rendered = render(
                &made,
                &Card::example(clock::now()),
                &templates,
                &Limits::default(),
            );
            let sending = courier.send(&made, &rendered, clock::now());
            let outcome = self.runtime.block_on(sending);
            let (is_sent, said) = match outcome {
                Outcome::Delivered { receipt, .. } => (true, receipt),
                Outcome::Retry { why, .. } | Outcome::Refused { why } => (false, why),
            };
            trials.push(Trial {
                destination: name,
                is_sent,
                said,
            });
        }
        Ok(trials)
    }

    fn card_of(&self, config: &Config, incident: Option<&str>) -> Result<Card, EngineError> {
        let Some(name) = incident else {
            return Ok(Card::example(clock::now()));
        };
        let detected = self.detected(&DetectRequest::default())?;
        let found = detected
            .incidents
            .iter()
            .find(|one| one.id.eq_ignore_ascii_case(name));
        let found = found.ok_or_else(|| EngineError::NoSuchSubject {
            name: name.to_owned(),
        })?;
        let facts = self.facts(config, &[found], &detected.findings)?;
        let pages = Pages {
            public_url: &config.notify.public_url,
            review: None,
        };
        Ok(facts.card(found, &pages))
    }

    fn facts<'f>(
        &self,
        config: &Config,
        incidents: &[&Incident],
        findings: &'f [Finding],
    ) -> Result<Facts<'f>, EngineError> {
        let tenants = incidents.iter().map(|one| one.tenant.as_str()).collect();
        Ok(Facts {
            findings,
            status: self.collect_status(None)?,
            places: Databases::open(&config.places)?,
            tenants: config
                .tenants
                .iter()
                .map(|one| (one.id.clone(), (one.name.clone(), one.tags.clone())))
                .collect::<BTreeMap<_, _>>(),
            delegates: self.delegates(&tenants)?,
            secured: self.secured()?,
        })
    }

    fn outbox(&self) -> Result<Outbox, EngineError> {
        let stored = self.ledger.notices()?;
        let entries = stored
            .iter()
            .map(|notice| wire::read(notice).map_err(EngineError::Kept))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Outbox::from_entries(entries))
    }

    fn keep_changes(&mut self, outbox: &mut Outbox) -> Result<(), EngineError> {
        let changed = outbox.take_changes();
        if changed.is_empty() {
            return Ok(());
        }
        let stored = changed
            .iter()
            .map(|entry| wire::written(entry).map_err(EngineError::Kept))
            .collect::<Result<Vec<StoredNotice>, _>>()?;
        Ok(self.ledger.keep_notices(&stored)?)
    }
}

/// Writes one card; or says what came of it without being sent.
fn letter(
    task: &Task,
    notify: &Notify,
    pages: &Pages<'_>,
    facts: &Facts<'_>,
    incidents: &[Incident],
    templates: &Templates,
) -> Result<(Destination, Rendered), Outcome> {
    let refused = |why: &str| Outcome::Refused {
        why: why.to_owned(),
    };
    let destination = notify
        .destination(&task.key.sink)
        .ok_or_else(|| refused("there is no destination of that name any more"))?
        .map_err(|why| Outcome::Retry { after: None, why })?;
    let by_id = |id: &str| incidents.iter().find(|one| one.id == id);
    let mut card = if task.is_summary {
        let held: Vec<Held> = task
            .held
            .iter()
            .filter_map(|id| by_id(id))
            .map(card::held)
            .collect();
        let list = (!notify.public_url.is_empty()).then(|| format!("{}/", notify.public_url));
        let tenant = facts.tenant_name(&task.tenant);
        summary(
            &task.key.incident,
            &tenant,
            &task.tenant,
            &held,
            list,
            clock::now(),
        )
    } else {
        // Findings may have been withdrawn since: then there is nothing to tell any more.
        let incident = by_id(&task.key.incident);
        let incident = incident.ok_or_else(|| refused("the incident is none any more"))?;
        facts.card(incident, pages)
    };
    card.update = task.update;
    card.never_to.clone_from(&task.never_to);
    let rendered = render(&destination, &card, templates, &Limits::default());
    Ok((destination, rendered))
}

fn line(entry: &sinks::outbox::Entry) -> NoticeLine {
    NoticeLine {
        destination: entry.key.sink.clone(),
        incident: entry.key.incident.clone(),
        nth: entry.key.nth,
        state: entry.state.name(),
        severity: entry.severity,
        made: entry.made,
        due: if entry.state == EntryState::Waiting {
            entry.due
        } else {
            entry.made
        },
        tries: entry.tries,
        why: entry.why.clone(),
    }
}

/// Returns the destinations that are meant, each with its secrets.
fn chosen(notify: &Notify, only: Option<&str>) -> Result<Vec<(String, Destination)>, EngineError> {
    let mut made = Vec::new();
    for name in notify
        .names()
        .filter(|name| only.is_none_or(|only| only == *name))
    {
        let destination = notify.destination(name).transpose();
        let destination = destination.map_err(|what| EngineError::WrongDestination {
            name: name.to_owned(),
            what,
        })?;
        made.extend(destination.map(|destination| (name.to_owned(), destination)));
    }
    if made.is_empty() {
        return Err(EngineError::NoDestination {
            name: only.unwrap_or("any").to_owned(),
        });
    }
    Ok(made)
}

/// Reads the operator's templates; one that is wrong is told, and the built-in one stands in.
fn templates(
    notify: &Notify,
    folder: &std::path::Path,
) -> Result<(Templates, Vec<String>), EngineError> {
    let mut templates = Templates::new();
    let mut troubles = Vec::new();
    let Some(own) = &notify.templates else {
        return Ok((templates, troubles));
    };
    let own = folder.join(own);
    for (name, _, _) in sinks::TEMPLATES {
        let path = own.join(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(source) => {
                return Err(EngineError::Input {
                    path: path.display().to_string(),
                    source,
                });
            }
        };
        if let Err(trouble) = templates.set(name, &text) {
            troubles.push(trouble.to_string());
        }
    }
    Ok((templates, troubles))
}

/// Returns a text that differs where an incident is another than it was told as, or more was done
/// about it since.
fn digest(incident: &Incident, findings: &[&Finding], since: &[String]) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    add(incident.severity.name());
    add(&incident.title);
    for user in &incident.users {
        add(user);
    }
    for finding in findings {
        add(&finding.id);
        add(finding.severity.name());
    }
    for line in since {
        add(line);
    }
    hex(&hasher.finalize())
}
