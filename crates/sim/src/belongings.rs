//! What people have of their own before anything happens: a rule, a telephone, a link to a
//! file, somebody who may read along. Whoever throws an intruder out leaves them alone.

use std::collections::BTreeMap;

use crate::drive::{Drive, DriveItem, SharingLink};
use crate::mailbox::{Delegate, Phone, Right, Rule, SweepRule};
use crate::person::Method;
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::DAY;
use crate::stroke::number_rules;
use crate::world::Tenant;

/// Lays them down. They come long before the world begins, so no record tells of them, and no
/// letter of the world meets their rules.
pub(crate) fn lay(chance: &Seed, tenant: &mut Tenant, began: Micros) {
    let word = tenant.initial_domain.split('.').next().unwrap_or_default();
    let host = format!("https://{word}-my.sharepoint.example");
    for (place, user) in tenant.users.iter_mut().enumerate() {
        let mut chance = chance.child(place as u64);
        let folder = user.upn.replace(['@', '.'], "_");
        user.drive = Drive {
            id: format!("b!{}", chance.base64(64)),
            url: format!("{host}/personal/{folder}"),
            items: FILES
                .iter()
                .map(|file| item(&mut chance, file, began))
                .collect(),
        };
        user.methods.push(Method {
            id: chance.guid(),
            kind: "OneWaySms".to_owned(),
            detail: format!("+46 70555{:04}", chance.between(0, 10_000)),
            registered: began - 190 * DAY,
        });
        let Some(mailbox) = &mut user.mailbox else {
            continue;
        };
        let board = [
            (
                "FromAddressContainsWords",
                "minutes@boardroom-papers.example",
            ),
            ("MoveToFolder", "Archive"),
        ];
        mailbox
            .rules
            .push(rule(&mut chance, "Board papers", &board));
        let chime = [("FromAddressContainsWords", "alarm@boardroom-papers.example")];
        mailbox.rules.push(Rule {
            client_only: true,
            ..rule(&mut chance, "Play a chime", &chime)
        });
        number_rules(&mut mailbox.rules);
        mailbox.sweep_rules.push(SweepRule {
            id: chance.base64(22),
            name: "From: Canteen".to_owned(),
            enabled: true,
            sender: "menu@canteen-papers.example".to_owned(),
            destination: "Deleted Items".to_owned(),
            keep_latest: 1,
        });
        mailbox.phones.push(Phone {
            id: chance.guid(),
            device_id: chance.upper_hex(32),
            name: format!("{}'s iPhone", user.given_name),
            system: "iOS 19.2".to_owned(),
            first: began - 180 * DAY,
        });
    }
    lay_delegates(tenant);
}

/// Files of everybody, and the links that their owners made to them.
type File = (&'static str, u64, &'static [(&'static str, &'static str)]);

const FILES: &[File] = &[
    ("Price list 2026.pdf", 312_400, &[("view", "anonymous")]),
    ("Holiday plan.xlsx", 48_210, &[("edit", "organization")]),
    ("Salaries 2026.xlsx", 91_330, &[]),
    ("Contracts.zip", 8_204_112, &[]),
];

fn item(chance: &mut Seed, (name, size, links): &File, began: Micros) -> DriveItem {
    DriveItem {
        id: format!(
            "01{}",
            chance.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32)
        ),
        unique_id: chance.guid(),
        name: (*name).to_owned(),
        size: *size,
        links: links
            .iter()
            .map(|(kind, scope)| SharingLink {
                id: chance.guid(),
                kind,
                scope,
                created: began - 40 * DAY,
                expires: None,
            })
            .collect(),
    }
}

fn rule(chance: &mut Seed, name: &str, parameters: &[(&str, &str)]) -> Rule {
    Rule {
        id: chance.draw().to_string(),
        graph_id: format!("AQAA{}=", chance.base64(8)),
        name: name.to_owned(),
        enabled: true,
        sequence: 0,
        hidden: false,
        client_only: false,
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

/// In every department the second may read the first's mail, and write for them.
fn lay_delegates(tenant: &mut Tenant) {
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (place, user) in tenant.users.iter().enumerate() {
        match firsts.get(&user.department) {
            None => {
                firsts.insert(user.department.clone(), place);
            }
            Some(first) => pairs.push((*first, user.upn.clone())),
        }
    }
    for (first, upn) in pairs {
        let Some(mailbox) = &mut tenant.users[first].mailbox else {
            continue;
        };
        let reader = Right::Folder {
            path: "\\Inbox".to_owned(),
            role: "Reviewer".to_owned(),
        };
        if mailbox.delegates.is_empty() {
            for right in [reader, Right::SendOnBehalf] {
                let upn = upn.clone();
                mailbox.delegates.push(Delegate { upn, right });
            }
        }
    }
}
