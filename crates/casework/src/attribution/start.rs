//! Where the closure begins: the seeds and the analyst's own verdicts, found in the scene.

use super::acts::{Act, Deed};
use super::closure::{Mark, Start, Trace};
use super::platform;
use super::presence::Presence;
use super::scene::Scene;
use super::seeds::Caught;
use super::{Confidence, Verdict};
use crate::brief::Seed;
use model::{Address, AddressClass, Timestamp};
use std::collections::BTreeSet;

/// What the closure begins with, when the evidence for it was written, and what was not found.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// The start.
    pub(super) start: Start,
    /// The moments of the records that seeds name.
    pub(super) times: Vec<Timestamp>,
    /// Seeds that nothing answers to.
    pub(super) unanswered: Vec<Seed>,
}

/// Finds the seeds and overrides of the brief in the scene.
pub(super) fn begin(scene: &Scene<'_>) -> Begun {
    let mut begun = Begun::default();
    for seed in &scene.brief.seeds {
        if !begun.answer(scene, seed) {
            begun.unanswered.push(seed.clone());
        }
    }
    for (at, draft) in scene.drafts.iter().enumerate() {
        let Some(ruled) = scene.brief.overrides.get(&draft.id) else {
            continue;
        };
        match ruled.verdict {
            Verdict::Intruder => {
                let origin = format!("verdict of {}", ruled.by);
                let trace = Trace::seed(
                    Confidence::High,
                    origin,
                    ruled.reason.clone(),
                    draft.sample.ids(),
                );
                begun.start.marks.push((Mark::Context(at), trace));
            }
            Verdict::Owner | Verdict::Service | Verdict::Unknown => {
                begun.start.cut.insert(at);
            }
        }
    }
    begun
}

impl Begun {
    fn answer(&mut self, scene: &Scene<'_>, seed: &Seed) -> bool {
        match seed {
            Seed::Ip(address) => self.ip(scene, seed, *address),
            Seed::Session(session) => {
                let mut records = scene.records_where(|draft| draft.session == *session);
                let entries = scene
                    .entries
                    .iter()
                    .filter(|entry| entry.session == *session);
                records.extend(entries.flat_map(|entry| entry.records.clone()));
                records.extend(scene.acts_where(|act| act.session == *session));
                self.known(seed, Mark::Session(session.clone()), records)
            }
            Seed::Token(token) => {
                let shown = scene.contexts_with(token).into_values();
                let mut records: Vec<String> = shown.flat_map(|sample| sample.ids()).collect();
                let issued = scene.issued.iter().filter(|issue| issue.token == *token);
                records.extend(issued.map(|issue| issue.record.clone()));
                records.extend(scene.acts_where(|act| act.token == *token));
                self.known(seed, Mark::Token(token.clone()), records)
            }
            Seed::Device(device) => self.device(scene, seed, device),
            Seed::App(app) => self.app(scene, seed, app),
            Seed::Rule(name) => self.rule(scene, seed, name),
            Seed::Record(id) | Seed::Signin(id) => match scene.sought.found.get(id) {
                Some(caught) => {
                    self.record(scene, seed, id, caught);
                    true
                }
                None => false,
            },
        }
    }

    fn known(&mut self, seed: &Seed, mark: Mark, records: Vec<String>) -> bool {
        if records.is_empty() {
            return false;
        }
        self.mark(seed, mark, Confidence::High, None, records);
        true
    }

    fn mark(
        &mut self,
        seed: &Seed,
        mark: Mark,
        confidence: Confidence,
        since: Option<Timestamp>,
        records: Vec<String>,
    ) {
        let records = super::closure::capped(records);
        let by = if matches!(seed, Seed::Record(_) | Seed::Signin(_) | Seed::Rule(_)) {
            "the record that the seed names shows it"
        } else {
            "given as a seed"
        };
        let by = by.to_owned();
        let mut trace = Trace::seed(confidence, seed.to_string(), by, records);
        trace.since = since;
        self.start.marks.push((mark, trace));
    }

    fn ip(&mut self, scene: &Scene<'_>, seed: &Seed, address: Address) -> bool {
        let ip = address.ip;
        let is_here = |draft: &super::scene::Draft| draft.whence.public() == Some(ip);
        let mut records = scene.records_where(is_here);
        let entries = scene.entries.iter().filter(|entry| entry.ip == Some(ip));
        records.extend(entries.flat_map(|entry| entry.records.clone()));
        records.extend(scene.acts_where(|act| act.ip == Some(ip) && scene.is_persons(act)));
        // Contexts do not tell Microsoft's or private addresses apart: such a seed says nothing.
        if records.is_empty() || address.class() != AddressClass::Public {
            return false;
        }
        let others = scene.others_on(ip);
        let by = format!("given as a seed; {others} other users share the address");
        let records = super::closure::capped(records);
        let trace = Trace::seed(Confidence::Medium, seed.to_string(), by, records);
        self.start.marks.push((Mark::Ip(ip), trace));
        self.start.forced.insert(ip);
        true
    }

    /// A device is known by the id that sign-ins carry, and by the object id and the name under which
    /// it was registered for the person.
    fn device(&mut self, scene: &Scene<'_>, seed: &Seed, device: &str) -> bool {
        let mut records = scene.records_where(|draft| draft.device == device);
        let entries = scene.entries.iter().filter(|entry| entry.device == device);
        records.extend(entries.flat_map(|entry| entry.records.clone()));
        let is_known = self.known(seed, Mark::Device(device.to_owned()), records);
        let registered = registrations(scene, device);
        for at in &registered {
            let act = &scene.acts[*at];
            self.times.extend(act.time);
            let records = vec![act.record.clone()];
            self.mark(seed, Mark::Act(*at), Confidence::High, None, records);
        }
        is_known || !registered.is_empty()
    }

    fn app(&mut self, scene: &Scene<'_>, seed: &Seed, app: &str) -> bool {
        let granted = granted(scene, app);
        let mut records = scene.records_where(|draft| draft.app == app);
        records.extend(granted.iter().map(|act| act.record.clone()));
        if records.is_empty() || !platform::can_be_indicator(app) {
            return false;
        }
        let since = granted.first().and_then(|act| act.time);
        let evidence = granted.first().map(|act| vec![act.record.clone()]);
        let mark = Mark::App(app.to_owned());
        self.mark(
            seed,
            mark,
            Confidence::High,
            since,
            evidence.unwrap_or(records),
        );
        true
    }

    fn rule(&mut self, scene: &Scene<'_>, seed: &Seed, name: &str) -> bool {
        let wanted = name.trim().to_lowercase();
        let is_named = |act: &Act| {
            let names = act.rules.iter().chain(&act.targets).chain([&act.mailbox]);
            names
                .map(|text| text.trim().to_lowercase())
                .any(|text| text == wanted)
        };
        let mut is_found = false;
        for (at, act) in scene.acts.iter().enumerate() {
            let concerns = scene.is_persons(act) || scene.is_on_mailbox(act);
            if act.deed != Deed::Rule || !act.done || !concerns || !is_named(act) {
                continue;
            }
            is_found = true;
            let caught = Caught {
                time: act.time,
                digest: super::names::digest(&act.record),
                is_sign_in: false,
                session: act.session.clone(),
                token: act.token.clone(),
                device: String::new(),
                app: String::new(),
                ip: act.ip,
                agent: String::new(),
            };
            self.record(scene, seed, &act.record, &caught);
            let records = vec![act.record.clone()];
            self.mark(seed, Mark::Act(at), Confidence::High, None, records);
        }
        is_found
    }

    fn record(&mut self, scene: &Scene<'_>, seed: &Seed, id: &str, caught: &Caught) {
        let records = || vec![id.to_owned()];
        let mut mark = |to, confidence, since| self.mark(seed, to, confidence, since, records());
        // A delegated application carries the session of whoever consented, which is the victim's.
        let may_be_victims = !caught.is_sign_in && platform::can_be_indicator(&caught.app);
        if !caught.session.is_empty() && !may_be_victims {
            mark(
                Mark::Session(caught.session.clone()),
                Confidence::High,
                None,
            );
        }
        if !caught.token.is_empty() {
            mark(Mark::Token(caught.token.clone()), Confidence::High, None);
        }
        if !caught.device.is_empty() {
            mark(
                Mark::Device(caught.device.clone()),
                Confidence::Medium,
                None,
            );
        }
        if platform::can_be_indicator(&caught.app) {
            // Somebody signed in to an application may be its rightful user; what acted is the act's own.
            let confidence = if caught.is_sign_in {
                Confidence::Medium
            } else {
                Confidence::High
            };
            let since = granted(scene, &caught.app).first().and_then(|act| act.time);
            mark(Mark::App(caught.app.clone()), confidence, since);
        }
        if let Some(ip) = caught.ip {
            mark(Mark::Ip(ip), Confidence::Medium, None);
        }
        // A record with a token shows the token, and of its context no more than that.
        let shows_context = !caught.is_sign_in && caught.token.is_empty();
        let place = scene.place_of.get(&caught.digest);
        if let Some(at) = place.filter(|_| shows_context) {
            mark(Mark::Context(*at), Confidence::High, None);
        }
        let act = scene
            .acts
            .iter()
            .position(|act| act.record == id && act.done);
        if let Some(at) = act {
            mark(Mark::Act(at), Confidence::High, None);
        }
        self.times.extend(caught.time);
        if let (true, Some(ip), Some(time)) = (caught.session.is_empty(), caught.ip, caught.time)
            && !caught.agent.is_empty()
        {
            let presence =
                Presence::of_moment((ip, &caught.agent), time, seed.to_string(), id.to_owned());
            self.start.presences.push(presence);
        }
    }
}

/// Returns the places of the deeds by which a device of that id or name was registered for the person.
fn registrations(scene: &Scene<'_>, device: &str) -> Vec<usize> {
    let registers = |act: &Act| act.deed == Deed::Device && act.done;
    let is_called = |act: &Act| act.ids.contains(device) || act.targets.contains(device);
    let called = scene
        .acts
        .iter()
        .filter(|act| registers(act) && is_called(act));
    // One record names the device by name and object id, another the person and the object id.
    let objects: BTreeSet<&str> = called
        .flat_map(|act| &act.targets)
        .filter_map(|target| target.strip_prefix("device_"))
        .collect();
    let is_it =
        |act: &Act| is_called(act) || objects.iter().any(|object| act.ids.contains(*object));
    let concerns = |act: &Act| scene.is_persons(act) || scene.is_on_person(act);
    let acts = scene.acts.iter().enumerate();
    acts.filter(|(_, act)| registers(act) && is_it(act) && concerns(act))
        .map(|(at, _)| at)
        .collect()
}

/// Returns the deeds that gave an application something, the one that counts for the person
/// first: their own consent, else anybody's, else how the application came to be.
pub(super) fn granted<'s>(scene: &'s Scene<'_>, app: &str) -> Vec<&'s Act> {
    let about = |act: &&Act| {
        act.done
            && matches!(act.deed, Deed::Consent | Deed::Credential)
            && scene.apps_of(act).contains(app)
    };
    let mut found: Vec<&Act> = scene.acts.iter().filter(about).collect();
    let rank = |act: &Act| match act.deed {
        Deed::Consent if scene.is_persons(act) || scene.is_on_person(act) => 0,
        Deed::Consent => 1,
        _ => 2,
    };
    found.sort_by_key(|act| rank(act));
    found
}
