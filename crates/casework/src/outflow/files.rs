//! Files and sharing in SharePoint and OneDrive.
//!
//! Acts are gathered by file, operation and everything that makes a context; only when it has been
//! found out whose each context is are they the intruder's, the owner's or nobody's.

use super::FileAct;
use super::concern::is_by;
use super::file_operations::act;
use super::group::{Group, Held, Seen};
use super::listing::Listing;
use crate::attribution::{Attribution, Context, Person, Verdict};
use crate::interval::{Interval, SKEW};
use model::bags::body;
use model::recipients::recipients;
use model::{AddressClass, Event, Json, Outcome};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Acts on files, in any order. Each text is kept once: a file and a person stand in many records.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    texts: Vec<Arc<str>>,
    text_places: HashMap<Arc<str>, u32>,
    whos: Vec<Arc<Who>>,
    who_places: HashMap<Arc<Who>, u32>,
    groups: BTreeMap<Key, Held>,
}

/// What a file's records that belong together share, as places in the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    object: u32,
    operation: u32,
    who: u32,
}

/// Everything that makes a context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Who {
    pub(super) actor: Arc<str>,
    actor_key: Arc<str>,
    session: Arc<str>,
    token: Arc<str>,
    pub(super) app: Arc<str>,
    agent: Arc<str>,
    device: Arc<str>,
    pub(super) ip: Arc<str>,
    is_from_service: bool,
}

/// A group with whose it is.
#[derive(Debug)]
pub(super) struct Acts<'a> {
    pub(super) object: &'a str,
    pub(super) operation: &'a str,
    pub(super) who: &'a Who,
    pub(super) group: Group,
    pub(super) context: Option<&'a Context>,
    pub(super) verdict: Verdict,
    is_in_window: bool,
}

impl Files {
    /// Takes in an event; what is no act on a file, or failed, is passed over.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        let Some(act) = act(&event.action) else {
            return;
        };
        if event.outcome == Outcome::Failure {
            return;
        }
        let object = self.object(event);
        let operation = self.text(&event.action).0;
        let who = self.who(event);
        let key = Key {
            object,
            operation,
            who,
        };
        let seen = Seen {
            record: event.id.as_str().into(),
            time: event.time,
        };
        let addresses = match act {
            FileAct::Shared => shared_with(event),
            _ => BTreeSet::new(),
        };
        match self.groups.entry(key) {
            Entry::Vacant(place) if addresses.is_empty() => {
                place.insert(Held::One(seen));
            }
            Entry::Vacant(place) => {
                let group = Group::of(seen, addresses);
                place.insert(Held::Many(Box::new(group)));
            }
            Entry::Occupied(mut place) => place.get_mut().take(seen, addresses),
        }
    }

    /// Returns what was done by whom: everything of the intruder, and of the person whatever
    /// nobody is known to have done in the intruder's window.
    pub(super) fn close(mut self, person: &Person, attribution: &Attribution) -> Listing {
        let window = attribution.window.map(|window| window.widened(SKEW, SKEW));
        let acts = self.judged(attribution, window.as_ref());
        let shared_by_intruder: BTreeSet<&str> = acts
            .iter()
            .filter(|acts| acts.verdict == Verdict::Intruder && acts.is_sharing())
            .map(|acts| acts.object)
            .collect();
        let mut listing = Listing::default();
        for acts in acts {
            let uses_intruders_link =
                acts.operation.ends_with("LinkUsed") && shared_by_intruder.contains(acts.object);
            let is_by_person = is_by(person, &acts.who.actor, &acts.who.actor_key);
            let is_listed = match acts.verdict {
                Verdict::Intruder => true,
                Verdict::Unknown => uses_intruders_link || (is_by_person && acts.is_in_window),
                Verdict::Owner | Verdict::Service => false,
            };
            if is_listed {
                listing.list(acts);
            } else if is_by_person {
                listing.left_out += acts.group.times;
            }
        }
        listing
    }

    fn judged<'a>(
        &'a mut self,
        attribution: &'a Attribution,
        window: Option<&Interval>,
    ) -> Vec<Acts<'a>> {
        let groups = std::mem::take(&mut self.groups);
        let mut judged = Vec::with_capacity(groups.len());
        for (key, group) in groups {
            let Some(who) = self.whos.get(key.who as usize) else {
                continue;
            };
            let (object, operation) = (self.known(key.object), self.known(key.operation));
            for (share, group) in Group::from(group).shares(attribution, window) {
                judged.push(Acts {
                    object,
                    operation,
                    who,
                    group,
                    context: share.context,
                    verdict: verdict(operation, who, share.context),
                    is_in_window: share.is_in_window,
                });
            }
        }
        judged
    }

    fn known(&self, place: u32) -> &str {
        self.texts.get(place as usize).map_or("", |text| &**text)
    }

    fn object(&mut self, event: &Event<'_>) -> u32 {
        if !event.object.is_empty() {
            return self.text(&event.object).0;
        }
        let body = body(&event.rest);
        let parts: Vec<&str> = ["SiteUrl", "SourceRelativeUrl", "SourceFileName"]
            .iter()
            .filter_map(|key| body.text(key))
            .map(|part| part.trim_matches('/'))
            .filter(|part| !part.is_empty())
            .collect();
        self.text(&parts.join("/")).0
    }

    fn who(&mut self, event: &Event<'_>) -> u32 {
        let ip = event.address.map_or_else(String::new, |ip| ip.to_string());
        let who = Who {
            actor: self.text(&event.user).1,
            actor_key: self.text(&event.user_key.to_lowercase()).1,
            session: self.text(&event.session).1,
            token: self.text(&event.token).1,
            app: self.text(&event.app).1,
            agent: self.text(&event.agent).1,
            device: self.text(&event.device).1,
            ip: self.text(&ip).1,
            is_from_service: event
                .address
                .is_some_and(|address| address.class() == AddressClass::Microsoft),
        };
        if let Some(known) = self.who_places.get(&who) {
            return *known;
        }
        let (who, place) = (Arc::new(who), self.whos.len() as u32);
        self.whos.push(Arc::clone(&who));
        self.who_places.insert(who, place);
        place
    }

    fn text(&mut self, text: &str) -> (u32, Arc<str>) {
        if let Some((known, place)) = self.text_places.get_key_value(text) {
            return (*place, Arc::clone(known));
        }
        let (text, place) = (Arc::<str>::from(text), self.texts.len() as u32);
        self.texts.push(Arc::clone(&text));
        self.text_places.insert(Arc::clone(&text), place);
        (place, text)
    }
}

/// The preview that a service makes is nobody's look, unless it belongs to the intruder's session.
fn verdict(operation: &str, who: &Who, context: Option<&Context>) -> Verdict {
    let verdict = context.map_or(Verdict::Unknown, |context| context.verdict);
    let is_service_preview = who.is_from_service && operation == "FilePreviewed";
    if is_service_preview && verdict != Verdict::Intruder {
        Verdict::Service
    } else {
        verdict
    }
}

impl Acts<'_> {
    fn is_sharing(&self) -> bool {
        act(self.operation) == Some(FileAct::Shared)
    }
}

/// The addresses that a record of sharing names; groups and ids of links have none.
fn shared_with(event: &Event<'_>) -> BTreeSet<String> {
    let body = body(&event.rest);
    ["TargetUserOrGroupName", "UserSharedWith"]
        .iter()
        .filter_map(|key| body.get_any_case(key).and_then(Json::as_text))
        .flat_map(|name| recipients(&home_address(name)).addresses)
        .collect()
}

/// A guest's name in this tenant, `ann_home.example#ext#@corp.example`, says the address at home.
fn home_address(name: &str) -> String {
    let lower = name.to_lowercase();
    let Some((guest, _)) = lower.split_once("#ext#") else {
        return lower;
    };
    match guest.rsplit_once('_') {
        Some((local, domain)) => format!("{local}@{domain}"),
        None => String::new(),
    }
}
