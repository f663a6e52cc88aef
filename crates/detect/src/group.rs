//! From hits to findings: what is alike and close in time is one.

use crate::about::About;
use crate::fact::Moment;
use crate::hit::{Hit, NAMED};
use crate::hits::{Hits, Said, Series, Shown, Small, Subject};
use crate::lists::apps;
use crate::walk::Used;
use crate::words::Words;
use crate::world::{HOUR, Tenants, seconds_between};
use model::{Address, AddressClass, Finding, Proof, Seed, Timestamp};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Hits of one detection for one user and key are one finding while no more than this lies between them.
const QUIET_SECONDS: i64 = HOUR;
/// A finding does not grow past this, however long it goes on.
const LONGEST_SECONDS: i64 = 24 * HOUR;
/// How many proofs a finding shows.
pub(crate) const SHOWN_PROOFS: usize = 40;

/// What hits are seen against.
#[derive(Clone, Copy, Debug)]
pub struct Background<'a> {
    /// The words of all records.
    pub words: &'a Words,
    /// What the detections say about themselves.
    pub abouts: &'a BTreeMap<String, &'static About>,
    /// What people used.
    pub used: &'a Used,
}

/// Makes findings of everything that was raised.
#[must_use]
pub fn findings(hits: Hits, background: &Background<'_>) -> Vec<Finding> {
    let words = background.words;
    let mut made: Vec<(Moment, Rc<Subject>, Finding)> = Vec::new();
    for (subject, series) in hits.into_series() {
        let subject = Rc::new(subject);
        for group in groups(&subject, series, words) {
            let first = group.hits[0].fact.moment;
            made.push((first, Rc::clone(&subject), group.finding(background)));
        }
    }
    made.sort_by(|(left, ours, _), (right, theirs, _)| {
        left.order(right, words)
            .then_with(|| ours.detection.cmp(&theirs.detection))
            .then_with(|| ours.user.cmp(&theirs.user))
            .then_with(|| ours.key.cmp(&theirs.key))
    });
    let mut findings: Vec<Finding> = made.into_iter().map(|(.., finding)| finding).collect();
    once(&mut findings);
    findings
}

/// Parts the hits about a subject where nothing happened for long.
fn groups(subject: &Rc<Subject>, series: Series, words: &Words) -> Vec<Group> {
    let mut hits = series.hits;
    hits.sort_by(|left, right| order(left, right, words));
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        match groups.last_mut() {
            Some(group) if group.reaches(&hit) => group.hits.push(hit),
            _ => groups.push(Group {
                subject: Rc::clone(subject),
                hits: vec![hit],
            }),
        }
    }
    groups
}

/// Returns whether what goes on from a first to a last moment goes on to another one.
pub(crate) fn is_one_run(first: Timestamp, last: Timestamp, now: Timestamp) -> bool {
    seconds_between(last, now) <= QUIET_SECONDS && seconds_between(first, now) <= LONGEST_SECONDS
}

/// Orders hits of one subject.
fn order(left: &Small, right: &Small, words: &Words) -> Ordering {
    left.fact
        .moment
        .order(&right.fact.moment, words)
        .then_with(|| left.severity.cmp(&right.severity))
        .then_with(|| left.said.why.cmp(&right.said.why))
}

/// Returns whether an exception of the operator's covers a hit.
pub(crate) fn is_excepted(hit: &Hit, words: &Words, tenants: &Tenants) -> bool {
    let exceptions = tenants
        .get(&hit.fact.tenant)
        .map(|tenant| tenant.settings.exceptions.as_slice())
        .unwrap_or_default();
    let app = if hit.app.is_empty() {
        words.text(hit.fact.app)
    } else {
        &hit.app
    };
    exceptions.iter().any(|one| one.covers(hit, app))
}

/// Findings of equal evidence are one: the graver one.
fn once(findings: &mut Vec<Finding>) {
    let mut known: BTreeMap<(String, String, Vec<String>), usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings.drain(..) {
        let evidence = (
            finding.detection.clone(),
            finding.user.clone(),
            finding.records.clone(),
        );
        match known.get(&evidence) {
            Some(at) if kept[*at].severity >= finding.severity => {}
            Some(at) => kept[*at] = finding,
            None => {
                known.insert(evidence, kept.len());
                kept.push(finding);
            }
        }
    }
    *findings = kept;
}

struct Group {
    subject: Rc<Subject>,
    hits: Vec<Small>,
}

impl Group {
    fn reaches(&self, hit: &Small) -> bool {
        let (Some(first), Some(last)) = (self.hits.first(), self.hits.last()) else {
            return false;
        };
        let time = |hit: &Small| hit.fact.moment.time;
        is_one_run(time(first), time(last), time(hit))
    }

    fn finding(self, background: &Background<'_>) -> Finding {
        let Background { words, abouts, .. } = *background;
        let facts = self.facts(words);
        let more: u64 = self.hits.iter().map(|hit| hit.more).sum();
        // The gravest speaks for all; of equals the first.
        let mut gravest = &self.hits[0];
        for hit in &self.hits {
            if hit.severity > gravest.severity {
                gravest = hit;
            }
        }
        let (subject, said) = (&self.subject, &gravest.said);
        let about = abouts.get(subject.detection.as_ref()).copied();
        let mut finding = Finding {
            detection: subject.detection.to_string(),
            title: title(subject, said, about),
            severity: gravest.severity,
            tenant: words.text(subject.tenant).to_owned(),
            user: subject.user.to_string(),
            time: facts[0].moment.time,
            last_time: facts[facts.len() - 1].moment.time,
            ips: sorted(facts.iter().map(|fact| words.text(fact.address))),
            mitre: techniques(said, about),
            why: said.why.to_string(),
            record_count: facts.len() as u64 + more,
            records: facts
                .iter()
                .take(NAMED)
                .map(|fact| fact.moment.record.text(words))
                .collect(),
            proofs: self.proofs(words),
            silent_if: said.silent_if.to_string(),
            sessions: sorted(facts.iter().map(|fact| words.text(fact.session))),
            apps: self.apps(&facts, words),
            ..Finding::default()
        };
        finding.seeds = seeds(&finding, &facts, background);
        finding.id = id(&finding, &subject.key);
        finding
    }

    fn facts(&self, words: &Words) -> Vec<Shown> {
        let mut facts: Vec<Shown> = Vec::with_capacity(self.hits.len());
        for hit in &self.hits {
            match hit.others.as_ref() {
                [] => facts.push(hit.fact),
                others => facts.extend_from_slice(others),
            }
        }
        facts.sort_by(|left, right| left.moment.order(&right.moment, words));
        facts.dedup_by_key(|fact| (fact.moment.tenant, fact.moment.family, fact.moment.record));
        facts
    }

    fn apps(&self, facts: &[Shown], words: &Words) -> Vec<String> {
        let named = self.hits.iter().map(|hit| hit.said.app.as_ref());
        sorted(named.chain(facts.iter().map(|fact| words.text(fact.app))))
    }

    fn proofs(&self, words: &Words) -> Vec<Proof> {
        let mut proofs = Vec::new();
        for hit in self.hits.iter().filter(|hit| hit.is_own) {
            if proofs.len() >= SHOWN_PROOFS {
                break;
            }
            let record = hit.fact.moment.record.text(words);
            for proof in &hit.said.proofs {
                let proof = Proof {
                    record: record.clone(),
                    ..proof.clone()
                };
                if proofs.len() < SHOWN_PROOFS && !proofs.contains(&proof) {
                    proofs.push(proof);
                }
            }
        }
        proofs
    }
}

/// Returns what an investigation can start from: addresses from outside and sessions that the person
/// had not used long before, and the application where the finding is about one.
fn seeds(finding: &Finding, facts: &[Shown], background: &Background<'_>) -> Vec<Seed> {
    let Background { words, used, .. } = *background;
    let mut found = BTreeSet::new();
    for fact in facts {
        let is_outside = Address::read(words.text(fact.address))
            .is_some_and(|address| address.class() == AddressClass::Public);
        for (kind, what, is_telling) in [
            ("ip", fact.address, is_outside),
            ("session", fact.session, !fact.session.is_none()),
        ] {
            if is_telling && !used.is_usual(fact.moment.tenant, fact.user, what, fact.moment.time) {
                found.insert((kind, words.text(what).to_owned()));
            }
        }
    }
    let is_of_app = ["APP-", "MIA-", "COR-04"]
        .iter()
        .any(|front| finding.detection.starts_with(front));
    if is_of_app {
        // The person uses Microsoft's own clients too: one of them is nobody's mark.
        let telling = finding.apps.iter().filter(|app| !apps::is_first_party(app));
        found.extend(telling.map(|app| ("app", app.clone())));
    }
    found
        .into_iter()
        .map(|(kind, value)| Seed { kind, value })
        .collect()
}

fn title(subject: &Subject, said: &Said, about: Option<&About>) -> String {
    match (said.title.is_empty(), about) {
        (true, Some(about)) => about.title.to_owned(),
        (true, None) => subject.detection.to_string(),
        (false, _) => said.title.to_string(),
    }
}

fn techniques(said: &Said, about: Option<&About>) -> Vec<String> {
    match (said.attack.is_empty(), about) {
        (true, Some(about)) => about.attack.iter().map(|one| (*one).to_owned()).collect(),
        _ => said.attack.to_vec(),
    }
}

fn sorted<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let texts: BTreeSet<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.into_iter().map(str::to_owned).collect()
}

fn id(finding: &Finding, key: &str) -> String {
    let mut sum = Sha256::new();
    for part in [
        finding.detection.as_str(),
        &finding.tenant,
        &finding.user,
        key,
        finding.records.first().map_or("", String::as_str),
    ] {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    hex(&sum.finalize())
}

/// Returns the first eight bytes of a digest in hexadecimal.
pub(crate) fn hex(digest: &[u8]) -> String {
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(first))
}
