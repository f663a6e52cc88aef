//! From hits to findings: what is alike and close in time is one.

use crate::about::About;
use crate::fact::Fact;
use crate::hit::{Hit, NAMED};
use crate::walk::{self, Used};
use crate::words::Words;
use crate::world::{HOUR, Tenants, seconds_between};
use model::{Address, AddressClass, Finding, Proof, Seed};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Hits of one detection for one user and key are one finding while no more than this lies between them.
const QUIET_SECONDS: i64 = HOUR;
/// A finding does not grow past this, however long it goes on.
const LONGEST_SECONDS: i64 = 24 * HOUR;
/// How many proofs a finding shows.
const SHOWN_PROOFS: usize = 40;

/// What hits are seen against.
#[derive(Clone, Copy, Debug)]
pub struct Background<'a> {
    /// The words of all records.
    pub words: &'a Words,
    /// All tenants.
    pub tenants: &'a Tenants,
    /// What the detections say about themselves.
    pub abouts: &'a BTreeMap<String, &'static About>,
    /// What people used.
    pub used: &'a Used,
}

/// Makes findings of hits; what the operator's exceptions cover is left out.
#[must_use]
pub fn findings(mut hits: Vec<Hit>, background: &Background<'_>) -> Vec<Finding> {
    let Background { words, tenants, .. } = *background;
    hits.retain(|hit| !is_excepted(hit, words, tenants));
    hits.sort_by(|left, right| {
        walk::order(&left.fact, &right.fact, words)
            .then_with(|| left.detection.cmp(&right.detection))
            .then_with(|| left.user.cmp(&right.user))
            .then_with(|| left.key.cmp(&right.key))
            .then_with(|| left.severity.cmp(&right.severity))
            .then_with(|| left.why.cmp(&right.why))
    });
    let mut open: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let subject = (
            hit.detection.to_string(),
            words.text(hit.fact.tenant).to_owned(),
            hit.user.clone(),
            hit.key.clone(),
        );
        match open.get(&subject) {
            Some(at) if groups[*at].reaches(&hit) => groups[*at].hits.push(hit),
            _ => {
                open.insert(subject, groups.len());
                groups.push(Group { hits: vec![hit] });
            }
        }
    }
    let mut findings: Vec<Finding> = groups
        .into_iter()
        .map(|group| group.finding(background))
        .collect();
    once(&mut findings);
    findings
}

fn is_excepted(hit: &Hit, words: &Words, tenants: &Tenants) -> bool {
    let app = if hit.app.is_empty() {
        words.text(hit.fact.app)
    } else {
        &hit.app
    };
    let exceptions = tenants
        .get(&hit.fact.tenant)
        .map(|tenant| tenant.settings.exceptions.as_slice());
    exceptions
        .unwrap_or_default()
        .iter()
        .any(|one| one.covers(hit, app))
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
    hits: Vec<Hit>,
}

impl Group {
    fn reaches(&self, hit: &Hit) -> bool {
        let (Some(first), Some(last)) = (self.hits.first(), self.hits.last()) else {
            return false;
        };
        seconds_between(last.fact.time, hit.fact.time) <= QUIET_SECONDS
            && seconds_between(first.fact.time, hit.fact.time) <= LONGEST_SECONDS
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
        let about = abouts.get(gravest.detection.as_ref());
        let mut finding = Finding {
            detection: gravest.detection.to_string(),
            title: title(gravest, about.copied()),
            severity: gravest.severity,
            tenant: words.text(gravest.fact.tenant).to_owned(),
            user: gravest.user.clone(),
            time: facts[0].time,
            last_time: facts[facts.len() - 1].time,
            ips: sorted(facts.iter().map(|fact| words.text(fact.address))),
            mitre: techniques(gravest, about.copied()),
            why: gravest.why.clone(),
            record_count: facts.len() as u64 + more,
            records: facts
                .iter()
                .take(NAMED)
                .map(|fact| fact.record.text(words))
                .collect(),
            proofs: self.proofs(words),
            silent_if: gravest.silent_if.clone(),
            sessions: sorted(facts.iter().map(|fact| words.text(fact.session))),
            apps: self.apps(&facts, words),
            ..Finding::default()
        };
        finding.seeds = seeds(&finding, &facts, background);
        finding.id = id(&finding, &gravest.key);
        finding
    }

    fn facts(&self, words: &Words) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self
            .hits
            .iter()
            .flat_map(|hit| hit.facts.iter().copied())
            .collect();
        facts.sort_by(|left, right| walk::order(left, right, words));
        facts.dedup_by_key(|fact| (fact.tenant, fact.family, fact.record));
        facts
    }

    fn apps(&self, facts: &[Fact], words: &Words) -> Vec<String> {
        let named = self.hits.iter().map(|hit| hit.app.as_str());
        sorted(named.chain(facts.iter().map(|fact| words.text(fact.app))))
    }

    fn proofs(&self, words: &Words) -> Vec<Proof> {
        let mut proofs = Vec::new();
        for hit in &self.hits {
            let record = hit.fact.record.text(words);
            for proof in &hit.proofs {
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
fn seeds(finding: &Finding, facts: &[Fact], background: &Background<'_>) -> Vec<Seed> {
    let Background { words, used, .. } = *background;
    let mut found = BTreeSet::new();
    for fact in facts {
        let is_outside = Address::read(words.text(fact.address))
            .is_some_and(|address| address.class() == AddressClass::Public);
        for (kind, what, is_telling) in [
            ("ip", fact.address, is_outside),
            ("session", fact.session, !fact.session.is_none()),
        ] {
            if is_telling && !used.is_usual(fact, what) {
                found.insert((kind, words.text(what).to_owned()));
            }
        }
    }
    let is_of_app = ["APP-", "MIA-", "COR-04"]
        .iter()
        .any(|front| finding.detection.starts_with(front));
    if is_of_app {
        found.extend(finding.apps.iter().map(|app| ("app", app.clone())));
    }
    found
        .into_iter()
        .map(|(kind, value)| Seed { kind, value })
        .collect()
}

fn title(hit: &Hit, about: Option<&About>) -> String {
    match (hit.title.is_empty(), about) {
        (true, Some(about)) => about.title.to_owned(),
        (true, None) => hit.detection.to_string(),
        (false, _) => hit.title.clone(),
    }
}

fn techniques(hit: &Hit, about: Option<&About>) -> Vec<String> {
    match (hit.attack.is_empty(), about) {
        (true, Some(about)) => about.attack.iter().map(|one| (*one).to_owned()).collect(),
        _ => hit.attack.clone(),
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
