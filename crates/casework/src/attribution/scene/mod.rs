//! Everything the case is about, in texts: the person, the contexts, the sign-ins, the deeds.

mod draft;
mod index;
mod tokens;

pub(super) use draft::{Draft, Part, name_of};
pub(super) use index::{Index, under};
use tokens::Tokens;

use super::acts::Act;
use super::log::Log;
use super::names::{Names, digest};
use super::people::{Directory, is_guid, person_key};
use super::platform;
use super::seeds::Sought;
use super::strand::{Acting, Ended, Gates, Sample, Service, SignIns, Strand};
use super::{ContextId, Person};
use crate::brief::{Brief, Seed};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

/// A kind of sign-in of the person.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The public address.
    pub(super) ip: Option<IpAddr>,
    /// The session.
    pub(super) session: String,
    /// The application.
    pub(super) app: String,
    /// The device.
    pub(super) device: String,
    /// The agent.
    pub(super) agent: String,
    /// How it ended.
    pub(super) ended: Ended,
    /// When each was, in order.
    pub(super) times: Vec<Timestamp>,
    /// The first records.
    pub(super) records: Vec<String>,
    /// The same, with their times.
    pub(super) sample: Sample,
}

/// A token and the person's sign-in that issued it.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    /// The token.
    pub(super) token: String,
    /// The place of the sign-in among the entries.
    pub(super) entry: usize,
    /// The sign-in's record.
    pub(super) record: String,
}

/// Everything the case is about.
#[derive(Debug)]
pub(super) struct Scene<'c> {
    /// What is asked.
    pub(super) brief: &'c Brief,
    /// The person.
    pub(super) person: Person,
    /// The mailbox.
    pub(super) mailbox: Person,
    /// Who is who.
    pub(super) directory: Directory,
    /// The contexts, by id.
    pub(super) drafts: Vec<Draft>,
    /// The context of each record.
    pub(super) place_of: HashMap<u64, usize>,
    /// Where what shows.
    pub(super) index: Index,
    /// Where each token shows.
    tokens: Tokens,
    /// The deeds whose records are in a context, by its place.
    pub(super) acts_in: BTreeMap<usize, Vec<usize>>,
    /// The person's sign-ins.
    pub(super) entries: Vec<Entry>,
    /// Which sign-in issued a token that a context or a seed shows.
    pub(super) issued: Vec<Issue>,
    /// Others than the person, by the address they came from.
    pub(super) others: BTreeMap<IpAddr, BTreeSet<String>>,
    /// The deeds, by time.
    pub(super) acts: Vec<Act>,
    /// Object ids of applications that deeds name, and the application each belongs to.
    pub(super) app_of_object: BTreeMap<String, String>,
    /// The seeds' records.
    pub(super) sought: Sought,
    /// The last record of the tenant.
    pub(super) latest: Option<Timestamp>,
    /// Every strand of the tenant.
    pub(super) strands: Vec<Strand>,
    /// Every sign-in of the tenant.
    pub(super) gates: Gates,
    /// The texts.
    pub(super) names: Names,
    /// How many records each strand has.
    pub(super) strand_records: Vec<u64>,
    /// When each strand was first and last seen.
    pub(super) strand_times: Vec<Option<(Timestamp, Timestamp)>>,
}

impl<'c> Scene<'c> {
    /// Sets the scene out of what was heard.
    pub(super) fn new(log: Log, brief: &'c Brief) -> Self {
        let directory = log.people.directory(&log.names);
        let person = known_as(&directory, &brief.user);
        let mailbox = if brief.mailbox.is_empty() || person.names.contains(&brief.mailbox) {
            person.clone()
        } else {
            known_as(&directory, &brief.mailbox)
        };
        let mut acts = log.acts;
        acts.sort_by(|a, b| (a.time, &a.record, a.deed).cmp(&(b.time, &b.record, b.deed)));
        let mut scene = Self {
            brief,
            person,
            mailbox,
            directory,
            drafts: Vec::new(),
            place_of: HashMap::new(),
            index: Index::default(),
            tokens: Tokens::default(),
            acts_in: BTreeMap::new(),
            entries: Vec::new(),
            issued: Vec::new(),
            others: BTreeMap::new(),
            app_of_object: objects(&acts),
            acts,
            sought: log.sought,
            latest: log.latest,
            strand_records: vec![0; log.strands.list.len()],
            strand_times: vec![None; log.strands.list.len()],
            strands: log.strands.list,
            gates: log.gates,
            names: log.names,
        };
        scene.set_contexts(&log.strands.heard);
        scene.set_tokens();
        scene.set_entries();
        scene.set_others();
        scene.index = Index::of(&scene.drafts, &scene.entries, &scene.issued);
        for (at, act) in scene.acts.iter().enumerate() {
            if let Some(context) = scene.place_of.get(&digest(&act.record)) {
                scene.acts_in.entry(*context).or_default().push(at);
            }
        }
        scene
    }

    /// Returns whether an actor is the person.
    pub(super) fn is_person(&self, actor: &str, key: &str) -> bool {
        let is_key =
            |text: &str| person_key(text).is_some_and(|key| self.person.keys.contains(&key));
        self.person.names.contains(&actor.to_lowercase()) || is_key(actor) || is_key(key)
    }

    /// Returns whether a deed was done by the person.
    pub(super) fn is_persons(&self, act: &Act) -> bool {
        self.is_person(&act.actor, &act.actor_key)
    }

    /// Returns whether a deed was done to the person's account.
    pub(super) fn is_on_person(&self, act: &Act) -> bool {
        act.targets
            .iter()
            .any(|target| self.is_person(target, target))
    }

    /// Returns the applications a deed is about, object ids told by what other deeds say of them.
    pub(super) fn apps_of(&self, act: &Act) -> BTreeSet<String> {
        let by_object = act.ids.iter().filter_map(|id| self.app_of_object.get(id));
        act.apps.iter().chain(by_object).cloned().collect()
    }

    /// Returns whether a deed concerns the mailbox of the case.
    pub(super) fn is_on_mailbox(&self, act: &Act) -> bool {
        let owner = act.mailbox.split('\\').next().unwrap_or_default();
        self.mailbox.is_named(owner)
    }

    /// Returns who is meant by a name in a cmdlet: an address, an alias, a path in the directory.
    pub(super) fn named(&self, text: &str) -> Person {
        let last = text.rsplit('/').next().unwrap_or(text);
        let mut person = self.directory.person(last);
        if !last.contains('@') {
            // An alias is the local part of an address in the tenant's own domains.
            let domain = self.brief.user.split_once('@').map(|(_, domain)| domain);
            person
                .names
                .extend(domain.map(|domain| format!("{}@{domain}", last.to_lowercase())));
        }
        person
    }

    /// Returns the sign-ins that issued a token.
    pub(super) fn issues_of(&self, token: &str) -> &[Issue] {
        let from = self
            .issued
            .partition_point(|issue| issue.token.as_str() < token);
        let to = self
            .issued
            .partition_point(|issue| issue.token.as_str() <= token);
        &self.issued[from..to]
    }

    /// Returns whether an id is a device's that some record was written from.
    pub(super) fn is_device(&self, id: &str) -> bool {
        self.index.devices.contains_key(id) || self.index.entry_devices.contains_key(id)
    }

    /// Returns how many others than the person signed in from an address or used a mailbox from it.
    pub(super) fn others_on(&self, ip: IpAddr) -> usize {
        self.others.get(&ip).map_or(0, BTreeSet::len)
    }

    /// Returns the first records of the contexts that are meant.
    pub(super) fn records_where(&self, is_it: impl Fn(&Draft) -> bool) -> Vec<String> {
        let drafts = self.drafts.iter().filter(|draft| is_it(draft));
        drafts.flat_map(|draft| draft.sample.ids()).collect()
    }

    /// Returns the records of the deeds that are meant.
    pub(super) fn acts_where(&self, is_it: impl Fn(&Act) -> bool) -> Vec<String> {
        let acts = self.acts.iter().filter(|act| is_it(act));
        acts.map(|act| act.record.clone()).collect()
    }

    /// Returns the agent of a record of a context.
    pub(super) fn agent(&self, part: &Part) -> &str {
        let strand = self.strands.get(part.strand as usize);
        strand.map_or("", |strand| self.names.text(strand.way.agent))
    }

    fn set_contexts(&mut self, heard: &[super::strand::Heard]) {
        let mut groups: BTreeMap<ContextId, Draft> = BTreeMap::new();
        let mut group_of: Vec<Option<ContextId>> = Vec::with_capacity(self.strands.len());
        for strand in &self.strands {
            let draft = self.draft(strand);
            group_of.push(draft.as_ref().map(|draft| draft.id.clone()));
            let Some(draft) = draft else { continue };
            match groups.get_mut(&draft.id) {
                Some(known) => known.join(draft),
                None => {
                    groups.insert(draft.id.clone(), draft);
                }
            }
        }
        for one in heard {
            let at = one.strand as usize;
            self.strand_records[at] += 1;
            if let Some(time) = one.time() {
                let (first, last) = self.strand_times[at].unwrap_or((time, time));
                self.strand_times[at] = Some((first.min(time), last.max(time)));
            }
            let group = group_of[at].as_ref().and_then(|id| groups.get_mut(id));
            if let Some(draft) = group {
                draft.heard.push(Part {
                    time: one.time(),
                    record: one.record,
                    strand: one.strand,
                });
            }
        }
        self.drafts = groups.into_values().collect();
        for (at, draft) in self.drafts.iter_mut().enumerate() {
            draft
                .heard
                .sort_unstable_by_key(|part| (part.time, part.record));
            for part in &draft.heard {
                self.place_of.insert(part.record, at);
            }
        }
    }

    /// Returns the context that a strand belongs to, if the case is about it.
    fn draft(&self, strand: &Strand) -> Option<Draft> {
        let way = &strand.way;
        let text = |name| self.names.text(name);
        let (mailbox, actor, app) = (text(way.mailbox), text(way.actor), text(way.app));
        let is_own = way.acting == Acting::Person && self.is_person(actor, "");
        let in_mailbox = way.service == Service::Exchange
            && (self.mailbox.is_named(mailbox)
                || self.mailbox.mailbox_ids.contains(text(way.mailbox_id)));
        // An application's own acts on files count once it is known as the intruder's.
        let may_be_rogue = way.service == Service::Other
            && way.acting == Acting::Application
            && platform::can_be_indicator(app);
        if !(is_own || in_mailbox || may_be_rogue) {
            return None;
        }
        let mailbox = match way.service {
            Service::Other => String::new(),
            Service::Exchange if in_mailbox && !mailbox.contains('@') => self.brief.mailbox.clone(),
            Service::Exchange => mailbox.to_owned(),
        };
        let ips = strand.ips.iter().copied().chain(way.whence.public());
        let ips = ips.map(|ip| ip.to_string()).collect();
        let mut draft = Draft {
            id: ContextId::default(),
            service: way.service,
            mailbox,
            actor: actor.to_owned(),
            acting: way.acting,
            logon_type: way.logon_type,
            session: text(way.session).to_owned(),
            app: app.to_owned(),
            whence: way.whence,
            client: way.client,
            device: text(way.device).to_owned(),
            agents: [text(way.agent).to_owned()].into(),
            ips,
            sample: strand.sample.clone(),
            heard: Vec::new(),
            is_own,
            in_mailbox,
        };
        draft.id = name_of(&draft, "");
        Some(draft)
    }

    fn set_entries(&mut self) {
        let mut place_of_gate: BTreeMap<u32, usize> = BTreeMap::new();
        let mut entries: Vec<(u32, Entry)> = Vec::new();
        for (at, signed) in self.gates.list.iter().enumerate() {
            let user = self.names.text(signed.gate.user);
            if signed.gate.acting == Acting::Person && self.is_person(user, "") {
                entries.push((at as u32, self.entry(signed)));
            }
        }
        entries.sort_by(|(_, a), (_, b)| a.key().cmp(&b.key()));
        for (place, (gate, _)) in entries.iter().enumerate() {
            place_of_gate.insert(*gate, place);
        }
        self.entries = entries.into_iter().map(|(_, entry)| entry).collect();
        for (gate, time) in &self.gates.times {
            if let Some(place) = place_of_gate.get(gate) {
                self.entries[*place].times.push(*time);
            }
        }
        for entry in &mut self.entries {
            entry.times.sort_unstable();
        }
        self.issued = self.issues(&place_of_gate);
        self.gates.issued = Vec::new();
    }

    fn entry(&self, signed: &SignIns) -> Entry {
        let gate = &signed.gate;
        Entry {
            ip: gate.whence.public(),
            session: self.names.text(gate.session).to_owned(),
            app: self.names.text(gate.app).to_owned(),
            device: self.names.text(gate.device).to_owned(),
            agent: self.names.text(gate.agent).to_owned(),
            ended: gate.ended,
            times: Vec::new(),
            records: signed.sample.ids(),
            sample: signed.sample.clone(),
        }
    }

    /// Finds the sign-ins that issued the tokens the case shows.
    fn issues(&self, place_of_gate: &BTreeMap<u32, usize>) -> Vec<Issue> {
        let seeds = self.brief.seeds.iter().filter_map(|seed| match seed {
            Seed::Token(token) => Some(token.as_str()),
            _ => None,
        });
        let wanted: BTreeMap<u64, &str> = self
            .tokens_shown()
            .chain(seeds)
            .filter(|token| !token.is_empty())
            .map(|token| (digest(token), token))
            .collect();
        let mut found: Vec<Issue> = self
            .gates
            .issued
            .iter()
            .filter_map(|issued| {
                Some(Issue {
                    token: (*wanted.get(&issued.token)?).to_owned(),
                    entry: *place_of_gate.get(&issued.gate)?,
                    record: self.names.text(issued.record).to_owned(),
                })
            })
            .collect();
        found.sort_by(|a, b| (&a.token, &a.record).cmp(&(&b.token, &b.record)));
        found
    }

    /// Counts who else came from the addresses of the case.
    fn set_others(&mut self) {
        let drafts = self.drafts.iter().filter_map(|draft| draft.whence.public());
        let entries = self.entries.iter().filter_map(|entry| entry.ip);
        let acts = self.acts.iter().filter_map(|act| act.ip);
        let wanted: BTreeSet<IpAddr> = drafts.chain(entries).chain(acts).collect();
        let signed_in = self.gates.list.iter().filter_map(|signed| {
            let gate = &signed.gate;
            let is_person = gate.acting == Acting::Person && gate.ended == Ended::In;
            is_person.then_some((gate.whence, gate.user))
        });
        let in_mailboxes = self.strands.iter().filter_map(|strand| {
            let way = &strand.way;
            let is_person = way.acting == Acting::Person && way.service == Service::Exchange;
            is_person.then_some((way.whence, way.actor))
        });
        let mut others: BTreeMap<IpAddr, BTreeSet<String>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (whence, user) in signed_in.chain(in_mailboxes) {
            let Some(ip) = whence.public().filter(|ip| wanted.contains(ip)) else {
                continue;
            };
            let name = self.names.text(user);
            if seen.insert((ip, user)) && !name.is_empty() && !self.is_person(name, "") {
                let known = self.directory.person(name).names;
                let first = known.first().cloned().unwrap_or_else(|| name.to_owned());
                others.entry(ip).or_default().insert(first);
            }
        }
        self.others = others;
    }
}

impl Entry {
    fn key(&self) -> impl Ord + '_ {
        (
            (self.ip, &self.session, &self.app, &self.device),
            (&self.agent, self.ended, &self.records),
        )
    }
}

fn known_as(directory: &Directory, name: &str) -> Person {
    let mut person = directory.person(name);
    person.names.insert(name.to_lowercase());
    person
}

/// Operations whose target is the application and nobody else.
const ON_APP: [&str; 3] = [
    "consent to application",
    "add service principal",
    "add application",
];

/// Joins the object ids of applications to their application ids: a permission names the
/// one, a reading the other, and the record of a consent both.
fn objects(acts: &[Act]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for act in acts.iter().filter(|act| act.apps.len() == 1) {
        let Some(app) = act.apps.first() else {
            continue;
        };
        let action = act.action.to_ascii_lowercase();
        let is_on_app = ON_APP.iter().any(|begin| action.starts_with(begin));
        for target in &act.targets {
            let dressed = target
                .strip_prefix("serviceprincipal_")
                .or(target.strip_prefix("application_"));
            let id = dressed.or((is_on_app && is_guid(target)).then_some(target));
            if let Some(id) = id.filter(|id| id != app) {
                found.entry(id.to_owned()).or_insert_with(|| app.clone());
            }
        }
    }
    found
}
