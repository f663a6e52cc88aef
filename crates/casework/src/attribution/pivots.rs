//! What the intruder's indicators show elsewhere, found without being asked for.

use super::Pivot;
use super::acts::Deed;
use super::closure::{Closure, Mark, SHARED_BY, capped};
use super::scene::Scene;
use super::strand::{Acting, Ended, Sample, Service};
use crate::shell::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Returns what the intruder's indicators show elsewhere.
pub(super) fn pivots(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut found = BTreeSet::new();
    found.extend(addresses_of_apps(scene, closure));
    found.extend(consent_screens(scene, closure));
    found.extend(other_mailboxes(scene, closure));
    found.extend(other_users(scene, closure));
    found.extend(other_consents(scene, closure));
    found.extend(methods(scene, closure));
    found.into_iter().collect()
}

/// Exchange shows Microsoft's address where another service shows the application's own.
fn addresses_of_apps(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut seen: BTreeMap<(String, IpAddr), Sample> = BTreeMap::new();
    let text = |name| scene.names.text(name);
    for strand in scene
        .strands
        .iter()
        .filter(|strand| strand.way.service == Service::Other)
    {
        let app = text(strand.way.app);
        if let (Some(ip), true) = (strand.way.whence.public(), closure.has_app(app)) {
            seen.entry((app.to_owned(), ip))
                .or_default()
                .merge(&strand.sample);
        }
    }
    for signed in &scene.gates.list {
        let app = text(signed.gate.app);
        // Somebody signing in to the application shows where they are, not where it is.
        let is_apps = signed.gate.acting == Acting::Application && signed.gate.ended == Ended::In;
        if let (Some(ip), true) = (signed.gate.whence.public(), is_apps && closure.has_app(app)) {
            seen.entry((app.to_owned(), ip))
                .or_default()
                .merge(&signed.sample);
        }
    }
    let pivot = |((app, ip), sample): (&(String, IpAddr), &Sample)| Pivot {
        text: format!("the application {app} shows its own address {ip} outside Exchange"),
        follow: format!("--seed ip={ip}"),
        records: sample.ids(),
    };
    seen.iter().map(pivot).collect()
}

/// Where somebody stood when the application asked to be let in: the reads show Microsoft's
/// address, the sign-in to the application the address of whoever clicked, let in or not.
fn consent_screens(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut seen: BTreeMap<(String, IpAddr), (BTreeSet<String>, Sample)> = BTreeMap::new();
    for signed in &scene.gates.list {
        let gate = &signed.gate;
        let app = scene.names.text(gate.app);
        let Some(ip) = gate
            .whence
            .public()
            .filter(|_| gate.acting == Acting::Person)
        else {
            continue;
        };
        if closure.has_app(app) && !closure.found.contains_key(&Mark::Ip(ip)) {
            let (users, sample) = seen.entry((app.to_owned(), ip)).or_default();
            users.insert(scene.names.text(gate.user).to_owned());
            sample.merge(&signed.sample);
        }
    }
    seen.into_iter()
        .map(|((app, ip), (users, sample))| {
            let users: Vec<&str> = users.iter().map(String::as_str).collect();
            Pivot {
                text: format!(
                    "the sign-in to the application {app} came from {ip}, as {}",
                    users.join(", ")
                ),
                follow: format!("--seed ip={ip}"),
                records: sample.ids(),
            }
        })
        .collect()
}

/// Mailboxes of others that the same indicators touched.
fn other_mailboxes(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut seen: BTreeMap<(String, String), (u64, Sample)> = BTreeMap::new();
    let text = |name| scene.names.text(name);
    for (at, strand) in scene.strands.iter().enumerate() {
        let way = &strand.way;
        let mailbox = text(way.mailbox);
        let is_other = way.service == Service::Exchange
            && mailbox.contains('@')
            && !scene.mailbox.is_named(mailbox);
        if !is_other || way.acting == Acting::System {
            continue;
        }
        let marks = [
            Mark::App(text(way.app).to_owned()),
            Mark::Session(text(way.session).to_owned()),
            Mark::Token(text(way.token).to_owned()),
        ];
        // A seed may be an address that everybody shares; there it points at nobody.
        let by_ip = way
            .whence
            .public()
            .filter(|ip| scene.others_on(*ip) < SHARED_BY);
        let by_ip = by_ip.map(Mark::Ip);
        let mark = marks
            .into_iter()
            .chain(by_ip)
            .find(|mark| closure.found.contains_key(mark));
        let Some(mark) = mark else { continue };
        let seed = super::closure::Shown(&mark, scene).to_string();
        let (count, sample) = seen.entry((mailbox.to_owned(), seed)).or_default();
        *count += scene.strand_records[at];
        sample.merge(&strand.sample);
    }
    let pivot = |((mailbox, seed), (count, sample)): (&(String, String), &(u64, Sample))| Pivot {
        text: format!(
            "{seed} touched the mailbox {mailbox} too, in {}",
            crate::coverage::words::count(*count, "record")
        ),
        follow: format!("investigate {} --seed {}", quoted(mailbox), quoted(seed)),
        records: sample.ids(),
    };
    seen.iter().map(pivot).collect()
}

/// Others who signed in from an address of the intruder that is not everybody's.
fn other_users(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut seen: BTreeMap<(String, IpAddr), Sample> = BTreeMap::new();
    for signed in &scene.gates.list {
        let gate = &signed.gate;
        let is_person = gate.acting == Acting::Person && gate.ended == Ended::In;
        let Some(ip) = gate.whence.public().filter(|_| is_person) else {
            continue;
        };
        let user = scene.names.text(gate.user);
        let is_intruders =
            closure.found.contains_key(&Mark::Ip(ip)) && scene.others_on(ip) < SHARED_BY;
        if is_intruders && user.contains('@') && !scene.is_person(user, "") {
            seen.entry((user.to_owned(), ip))
                .or_default()
                .merge(&signed.sample);
        }
    }
    let pivot = |((user, ip), sample): (&(String, IpAddr), &Sample)| Pivot {
        text: format!("{user} signed in from the intruder's address {ip} too"),
        follow: format!("investigate {} --seed ip={ip}", quoted(user)),
        records: sample.ids(),
    };
    seen.iter().map(pivot).collect()
}

/// Others who gave something to an application of the intruder.
fn other_consents(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let mut seen: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for act in scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Consent && act.done)
    {
        if scene.is_persons(act) || !act.actor.contains('@') {
            continue;
        }
        for app in scene
            .apps_of(act)
            .into_iter()
            .filter(|app| closure.has_app(app))
        {
            seen.entry((act.actor.clone(), app))
                .or_default()
                .push(act.record.clone());
        }
    }
    let pivot = |((user, app), records): (&(String, String), &Vec<String>)| Pivot {
        text: format!("{user} consented to the intruder's application {app} too"),
        follow: format!(
            "investigate {} --seed {}",
            quoted(user),
            quoted(&format!("app={app}"))
        ),
        records: capped(records.clone()),
    };
    seen.iter().map(pivot).collect()
}

/// Methods of authentication and rights that the intruder left behind.
fn methods(scene: &Scene<'_>, closure: &Closure) -> Vec<Pivot> {
    let acts = closure.found.keys().filter_map(|mark| match mark {
        Mark::Act(at) => Some(&scene.acts[*at]),
        _ => None,
    });
    acts.filter(|act| act.deed == Deed::Method)
        .map(|act| Pivot {
            text: format!(
                "a method of authentication was changed in the intruder's session, by `{}`",
                act.action
            ),
            follow: String::new(),
            records: vec![act.record.clone()],
        })
        .collect()
}
