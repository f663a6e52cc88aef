//! Seeds that the records suggest, the strongest first, each with why.

use super::acts::{Act, Deed};
use super::closure::capped;
use super::platform;
use super::scene::{Entry, Scene};
use super::strand::Ended;
use super::{Confidence, Proposal};
use crate::brief::Seed;
use crate::interval::{DAY, HOUR, MINUTE};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// How long before a success guesses belong to it.
const GUESSING: i64 = 2 * HOUR;

/// How many wrong passwords on how many users make a spray.
const SPRAY: (usize, usize) = (5, 3);

/// How many wrong passwords on one user make a brute force.
const BRUTE_FORCE: usize = 10;

/// How soon after a device's registration a first Outlook belongs to it.
const AFTER_REGISTRATION: i64 = 30 * MINUTE;

/// Returns the seeds that the records suggest, the strongest first.
pub(super) fn proposals(scene: &Scene<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    found.extend(guessed(scene));
    found.extend(consents(scene));
    found.extend(rules(scene));
    found.extend(risks(scene));
    found.extend(split_sessions(scene));
    found.extend(first_sync(scene));
    found.extend(self_granted(scene));
    found.extend(let_in(scene));
    found.extend(strangers(scene));
    found.extend(strange_apps(scene));
    let mut seen = BTreeSet::new();
    found.retain(|proposal| seen.insert(proposal.seed.clone()));
    // Stable: within one confidence the order above is the order of strength.
    found.sort_by_key(|proposal| std::cmp::Reverse(proposal.confidence));
    found
}

/// A success right after many wrong guesses from the same address: one for each address, the first.
fn guessed(scene: &Scene<'_>) -> Vec<Proposal> {
    let ins = scene
        .entries
        .iter()
        .filter(|entry| entry.ended == Ended::In);
    let ips: BTreeSet<IpAddr> = ins.clone().filter_map(|entry| entry.ip).collect();
    let guesses = guesses(scene, &ips);
    let mut found: BTreeMap<IpAddr, (Timestamp, Proposal)> = BTreeMap::new();
    for entry in ins {
        let Some((ip, all)) = entry.ip.and_then(|ip| Some((ip, guesses.get(&ip)?))) else {
            continue;
        };
        let first = entry.times.iter().find_map(|time| {
            let before = within(all, *time);
            Some((*time, told(scene, before)?, before))
        });
        let Some((time, why, before)) = first else {
            continue;
        };
        if found.get(&ip).is_none_or(|(known, _)| time < *known) {
            let proposal = Proposal {
                confidence: Confidence::High,
                seed: seed_of(entry, time, ip),
                why,
                records: shown(entry, time, before),
            };
            found.insert(ip, (time, proposal));
        }
    }
    found.into_values().map(|(_, proposal)| proposal).collect()
}

/// One wrong guess.
struct Guess<'s> {
    time: Timestamp,
    user: &'s str,
    records: &'s super::strand::Sample,
}

fn guesses<'s>(scene: &'s Scene<'_>, ips: &BTreeSet<IpAddr>) -> BTreeMap<IpAddr, Vec<Guess<'s>>> {
    let mut found: BTreeMap<IpAddr, Vec<Guess<'s>>> = BTreeMap::new();
    for (gate, time) in &scene.gates.times {
        let signed = &scene.gates.list[*gate as usize];
        let ip = signed.gate.whence.public().filter(|ip| ips.contains(ip));
        if let (Some(ip), Ended::WrongPassword) = (ip, signed.gate.ended) {
            found.entry(ip).or_default().push(Guess {
                time: *time,
                user: scene.names.text(signed.gate.user),
                records: &signed.sample,
            });
        }
    }
    for guesses in found.values_mut() {
        guesses.sort_by(|a, b| (a.time, a.user, a.records).cmp(&(b.time, b.user, b.records)));
    }
    found
}

/// Returns the guesses in the two hours before a moment.
fn within<'g, 's>(guesses: &'g [Guess<'s>], time: Timestamp) -> &'g [Guess<'s>] {
    let earliest = Timestamp(time.0.saturating_sub(GUESSING));
    let from = guesses.partition_point(|guess| guess.time < earliest);
    let to = guesses.partition_point(|guess| guess.time <= time);
    &guesses[from..to]
}

fn told(scene: &Scene<'_>, guesses: &[Guess<'_>]) -> Option<String> {
    let all = guesses.len();
    if all < SPRAY.0 {
        return None;
    }
    let users: BTreeSet<&str> = guesses.iter().map(|guess| guess.user).collect();
    if users.len() >= SPRAY.1 {
        return Some(format!(
            "a sign-in succeeded after {all} wrong passwords on {} users from the same address within two hours",
            users.len()
        ));
    }
    let own = guesses
        .iter()
        .filter(|guess| scene.is_person(guess.user, ""))
        .count();
    (own >= BRUTE_FORCE).then(|| {
        format!("a sign-in succeeded after {own} wrong passwords on this user from the same address within two hours")
    })
}

/// Returns the sign-in's own record, where it is among the first of its kind; else its session.
fn seed_of(entry: &Entry, time: Timestamp, ip: IpAddr) -> Seed {
    match entry.sample.at(time) {
        Some(record) => Seed::Signin(record),
        None if !entry.session.is_empty() => Seed::Session(entry.session.clone()),
        None => Seed::Ip(model::Address { ip, port: None }),
    }
}

/// Returns the record of the success and of some guesses before it.
fn shown(entry: &Entry, time: Timestamp, guesses: &[Guess<'_>]) -> Vec<String> {
    let mut records: BTreeSet<String> = entry.sample.at(time).into_iter().collect();
    for guess in guesses {
        if records.len() >= super::Reason::RECORDS {
            break;
        }
        records.extend(guess.records.at(guess.time));
    }
    records.into_iter().collect()
}

/// Permissions that consent phishing asks for, in lower case.
const WANTED: [&str; 4] = ["mail.", "files.", "offline_access", "full_access_as_app"];

/// A consent to mail or files by the person, or for the whole tenant, and whether the application
/// then read.
fn consents(scene: &Scene<'_>) -> Vec<Proposal> {
    let mut apps: BTreeMap<String, Vec<&Act>> = BTreeMap::new();
    for act in scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Consent && act.done)
    {
        let scopes = act.scopes.to_ascii_lowercase();
        let wants = WANTED.iter().any(|scope| scopes.contains(scope));
        if wants {
            for app in scene.apps_of(act) {
                apps.entry(app).or_default().push(act);
            }
        }
    }
    let mut found = Vec::new();
    for (app, acts) in apps {
        let is_own = |act: &&&Act| scene.is_persons(act) || scene.is_on_person(act);
        let own: Vec<&Act> = acts.iter().filter(is_own).copied().collect();
        let is_tenants = own.is_empty();
        let acts = if is_tenants { acts } else { own };
        let since = acts.iter().filter_map(|act| act.time).min();
        let reads = scene.drafts.iter().filter(|draft| {
            let is_here = draft.in_mailbox || !is_tenants;
            draft.app == app && is_here && draft.last() >= since
        });
        let reads: Vec<String> = reads.flat_map(|draft| draft.sample.ids()).collect();
        if reads.is_empty() || !platform::can_be_indicator(&app) {
            continue;
        }
        let mut records: Vec<String> = acts.iter().map(|act| act.record.clone()).take(2).collect();
        records.extend(reads.into_iter().take(3));
        let (confidence, why) = if is_tenants {
            let why = "somebody consented for others to mail or files, and the application then acted in this mailbox";
            (Confidence::Medium, why)
        } else {
            let why =
                "the account consented to mail or files for an application that then read them";
            (Confidence::High, why)
        };
        found.push(Proposal {
            confidence,
            seed: Seed::App(app),
            why: why.to_owned(),
            records: capped(records),
        });
    }
    found
}

/// Rules that send mail outside, or hide or delete it.
fn rules(scene: &Scene<'_>) -> Vec<Proposal> {
    let own_domains: BTreeSet<&str> = scene
        .person
        .names
        .iter()
        .chain(&scene.mailbox.names)
        .filter_map(|name| Some(name.split_once('@')?.1))
        .collect();
    let is_outside = |address: &String| {
        address
            .split_once('@')
            .is_some_and(|(_, domain)| !own_domains.contains(domain))
    };
    let mut found = Vec::new();
    for act in scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Rule && act.done)
    {
        if !(scene.is_persons(act) || scene.is_on_mailbox(act)) {
            continue;
        }
        let outside: Vec<&String> = act
            .forwards
            .iter()
            .filter(|address| is_outside(address))
            .collect();
        let (confidence, why) = if let Some(target) = outside.first() {
            (
                Confidence::High,
                format!("`{}` sends mail outside, to {target}", act.action),
            )
        } else if act.hides {
            (
                Confidence::Medium,
                format!("`{}` made a rule that hides or deletes mail", act.action),
            )
        } else {
            continue;
        };
        found.push(Proposal {
            confidence,
            seed: Seed::Record(act.record.clone()),
            why,
            records: vec![act.record.clone()],
        });
    }
    found
}

/// Risks that Microsoft saw.
fn risks(scene: &Scene<'_>) -> Vec<Proposal> {
    let acts = scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Risk && scene.is_persons(act));
    acts.filter_map(|act| {
        let seed = match act.ip {
            _ if act.is_sign_in => Seed::Signin(act.record.clone()),
            Some(ip) => Seed::Ip(model::Address { ip, port: None }),
            None if !act.session.is_empty() => Seed::Session(act.session.clone()),
            None => return None,
        };
        Some(Proposal {
            confidence: Confidence::Medium,
            seed,
            why: format!("Microsoft saw a risk: {}", act.action),
            records: vec![act.record.clone()],
        })
    })
    .collect()
}

/// One session on two addresses, soon after one another.
fn split_sessions(scene: &Scene<'_>) -> Vec<Proposal> {
    /// Closer in time than a person changes networks and country, further than a renewal.
    const APART: i64 = DAY;
    let mut seen: BTreeMap<&str, BTreeMap<IpAddr, (Timestamp, Vec<String>)>> = BTreeMap::new();
    let drafts = scene.drafts.iter().filter(|draft| draft.is_own);
    let from_drafts = drafts.filter_map(|draft| {
        Some((
            draft.session.as_str(),
            draft.whence.public()?,
            draft.first()?,
            draft.sample.ids(),
        ))
    });
    let ins = scene
        .entries
        .iter()
        .filter(|entry| entry.ended == Ended::In);
    let from_entries = ins.filter_map(|entry| {
        Some((
            entry.session.as_str(),
            entry.ip?,
            *entry.times.first()?,
            entry.records.clone(),
        ))
    });
    for (session, ip, time, records) in from_drafts.chain(from_entries) {
        if session.is_empty() {
            continue;
        }
        let known = seen
            .entry(session)
            .or_default()
            .entry(ip)
            .or_insert((time, records.clone()));
        if (time, &records) < (known.0, &known.1) {
            *known = (time, records);
        }
    }
    let mut found = Vec::new();
    for (session, ips) in seen {
        let mut times: Vec<(Timestamp, IpAddr)> =
            ips.iter().map(|(ip, (time, _))| (*time, *ip)).collect();
        times.sort_unstable();
        let jump = times.windows(2).find(|pair| is_far(pair[0].1, pair[1].1));
        let Some([(first, one), (second, other)]) = jump else {
            continue;
        };
        let apart = second.0.saturating_sub(first.0);
        let confidence = if apart <= APART {
            Confidence::Medium
        } else {
            Confidence::Low
        };
        let shows = |ip: &IpAddr| {
            ips.get(ip)
                .map(|(_, records)| records.clone())
                .unwrap_or_default()
        };
        let records = [shows(one), shows(other)].concat();
        found.push(Proposal {
            confidence,
            seed: Seed::Session(session.to_owned()),
            why: format!(
                "one session was on {one} and then on {other}: roaming, or a stolen token"
            ),
            records: capped(records),
        });
    }
    found
}

/// Returns whether two addresses are of networks that have nothing in common.
fn is_far(one: IpAddr, other: IpAddr) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => one.octets()[..2] != other.octets()[..2],
        (IpAddr::V6(one), IpAddr::V6(other)) => one.segments()[..2] != other.segments()[..2],
        // A machine with both kinds of address uses one or the other as it likes.
        _ => false,
    }
}

/// The first desktop Outlook ever, minutes after a device was registered.
fn first_sync(scene: &Scene<'_>) -> Vec<Proposal> {
    let outlooks = scene
        .drafts
        .iter()
        .filter(|draft| draft.in_mailbox && draft.client == "Outlook");
    let first = outlooks
        .filter_map(|draft| Some((draft.first()?, draft)))
        .min_by_key(|(first, draft)| (*first, draft.id.clone()));
    let Some((time, draft)) = first else {
        return Vec::new();
    };
    let registered = scene.acts.iter().find(|act| {
        let is_just_before = act
            .time
            .is_some_and(|at| at <= time && at.0.saturating_add(AFTER_REGISTRATION) >= time.0);
        act.deed == Deed::Device && act.done && is_just_before && scene.is_on_person(act)
    });
    let Some(act) = registered.filter(|_| !draft.session.is_empty()) else {
        return Vec::new();
    };
    let mut records = draft.sample.ids();
    records.truncate(4);
    records.push(act.record.clone());
    vec![Proposal {
        confidence: Confidence::Medium,
        seed: Seed::Session(draft.session.clone()),
        why: "the first desktop Outlook ever seen in the mailbox, minutes after a device was registered".to_owned(),
        records: capped(records),
    }]
}

/// Full access to another mailbox that the account gave itself.
fn self_granted(scene: &Scene<'_>) -> Vec<Proposal> {
    let acts = scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Permission && act.done);
    acts.filter(|act| scene.is_persons(act) && !scene.is_on_mailbox(act))
        .filter(|act| {
            act.grantees
                .iter()
                .any(|grantee| scene.person.is_named(grantee))
        })
        .map(|act| Proposal {
            confidence: Confidence::Medium,
            seed: Seed::Record(act.record.clone()),
            why: format!(
                "the account gave itself a right in another mailbox, `{}`",
                act.mailbox
            ),
            records: vec![act.record.clone()],
        })
        .collect()
}

/// A right in the mailbox that somebody else gave themselves.
fn let_in(scene: &Scene<'_>) -> Vec<Proposal> {
    let acts = scene
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Permission && act.done);
    acts.filter(|act| scene.is_on_mailbox(act) && !scene.is_persons(act))
        .filter(|act| {
            let is_actor = |grantee: &String| scene.named(grantee).is_named(&act.actor);
            act.actor.contains('@') && act.grantees.iter().any(is_actor)
        })
        .map(|act| Proposal {
            confidence: Confidence::Medium,
            seed: Seed::Record(act.record.clone()),
            why: format!("`{}` gave themselves a right in this mailbox", act.actor),
            records: vec![act.record.clone()],
        })
        .collect()
}

/// Somebody of another organisation in the mailbox: one seed for each session or address.
fn strangers(scene: &Scene<'_>) -> Vec<Proposal> {
    let domain = |name: &str| {
        name.split_once('@')
            .map(|(_, domain)| domain.to_lowercase())
    };
    let known: BTreeSet<String> = scene
        .person
        .names
        .iter()
        .chain(&scene.mailbox.names)
        .filter_map(|name| domain(name))
        .collect();
    let mut found: BTreeMap<Seed, (String, Vec<String>)> = BTreeMap::new();
    for draft in scene.drafts.iter().filter(|draft| draft.in_mailbox) {
        let is_guest = draft.actor.contains("#ext#");
        let is_other = domain(&draft.actor).is_some_and(|own| !known.contains(&own)) || is_guest;
        // A colleague of another domain has signed in to this tenant; a stranger has not.
        let signs_in = || {
            let mut gates = scene.gates.list.iter();
            gates.any(|signed| scene.names.text(signed.gate.user) == draft.actor)
        };
        // The platform's own accounts live in Microsoft's domains.
        let is_platforms = draft.actor.ends_with(".prod.outlook.com")
            || draft.actor.ends_with(".exchangelabs.com");
        if draft.is_own || is_platforms || !is_other || (!is_guest && signs_in()) {
            continue;
        }
        let seed = match draft.whence.public() {
            _ if !draft.session.is_empty() => Seed::Session(draft.session.clone()),
            Some(ip) => Seed::Ip(model::Address { ip, port: None }),
            None => continue,
        };
        let (_, records) = found
            .entry(seed)
            .or_insert_with(|| (draft.actor.clone(), Vec::new()));
        records.extend(draft.sample.ids());
    }
    let proposal = |(seed, (actor, records)): (Seed, (String, Vec<String>))| Proposal {
        confidence: Confidence::Medium,
        seed,
        why: format!("`{actor}`, of another organisation, was in this mailbox"),
        records: capped(records),
    };
    found.into_iter().map(proposal).collect()
}

/// An application of nobody's list that acted in the mailbox and that somebody in this tenant made,
/// signed in to or gave something: without a consent in the records, only what it did tells of it.
fn strange_apps(scene: &Scene<'_>) -> Vec<Proposal> {
    let mut shown: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for draft in scene.drafts.iter().filter(|draft| draft.in_mailbox) {
        if platform::can_be_indicator(&draft.app) && draft.client != "RESTSystem" {
            shown
                .entry(&draft.app)
                .or_default()
                .extend(draft.sample.ids());
        }
    }
    let mut found = Vec::new();
    for (app, mut records) in shown {
        let mut acts = scene
            .acts
            .iter()
            .filter(|act| scene.apps_of(act).contains(app));
        let mut gates = scene.gates.list.iter();
        let tie = acts.next().map(|act| vec![act.record.clone()]);
        let tie = tie.or_else(|| {
            let is_to_it = |gate: &super::strand::Gate| {
                gate.acting == super::strand::Acting::Person && scene.names.text(gate.app) == app
            };
            let signed = gates.find(|signed| is_to_it(&signed.gate))?;
            Some(signed.sample.ids())
        });
        let Some(tie) = tie else { continue };
        records.truncate(super::Reason::RECORDS - 1);
        records.extend(tie.into_iter().take(1));
        found.push(Proposal {
            confidence: Confidence::Medium,
            seed: Seed::App(app.to_owned()),
            why: "an application that is none of Microsoft's acted in the mailbox, and somebody in this tenant made it or signed in to it".to_owned(),
            records: capped(records),
        });
    }
    found
}
