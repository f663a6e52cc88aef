//! Who may know whom: the floors of the house and the doors to heavy libraries.

use super::Complaints;
use super::tree::Tree;
use crate::metadata::Package;

/// A room and the rooms it may depend on.
struct Room {
    name: &'static str,
    knows: &'static [&'static str],
    knows_in_tests: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    Room {
        name: "model",
        knows: &[],
        knows_in_tests: &[],
    },
    Room {
        name: "evidence",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "normalise",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "casework",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "detect",
        knows: &["model"],
        // A case of the catalogue is a record as a file holds it.
        knows_in_tests: &["evidence", "normalise"],
    },
    Room {
        name: "sources",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "cloud",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "sinks",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        // Shares no code with the rest, so that a misunderstanding cannot sit on both sides of a test.
        name: "sim",
        knows: &[],
        knows_in_tests: &[],
    },
    Room {
        name: "report",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "custody",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "lake",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "ledger",
        knows: &["model"],
        knows_in_tests: &[],
    },
    Room {
        name: "engine",
        knows: &[
            "model",
            "evidence",
            "normalise",
            "casework",
            "detect",
            "report",
            "custody",
            "lake",
            "ledger",
            "sources",
            "cloud",
            "sinks",
        ],
        knows_in_tests: &[],
    },
    Room {
        name: "web",
        knows: &["engine", "model"],
        knows_in_tests: &[],
    },
    Room {
        name: "app",
        knows: &["engine", "web", "model", "sim"],
        knows_in_tests: &[],
    },
    Room {
        name: "e2e",
        knows: &[],
        knows_in_tests: &["app", "sim"],
    },
    Room {
        name: "xtask",
        knows: &[],
        knows_in_tests: &[],
    },
];

/// A library, with its satellites `name-*` and `name_*`, and the one room that may name it.
const DOORS: &[(&str, &str)] = &[
    ("datafusion", "lake"),
    ("deltalake", "lake"),
    ("rusqlite", "ledger e2e"),
    ("rsigma", "detect"),
    ("maxminddb", "engine"),
    ("toml", "engine sim xtask"),
    ("reqwest", "cloud sinks"),
    ("lettre", "sinks"),
    ("axum", "sim web"),
    ("typst", "report"),
    ("rust_xlsxwriter", "report"),
    ("ed25519-dalek", "custody"),
    ("clap", "app"),
    ("indicatif", "app"),
    ("anyhow", "app xtask e2e"),
];

pub(crate) fn check(tree: &Tree) -> Complaints {
    let mut complaints = Vec::new();
    let members = tree.metadata.workspace_packages();
    for package in &members {
        match ROOMS.iter().find(|room| room.name == package.name.as_str()) {
            Some(room) => complaints.extend(check_room(room, package)),
            None => complaints.push(format!("`{}` has no place among the rooms", package.name)),
        }
    }
    complaints
}

fn check_room(room: &Room, package: &Package) -> Complaints {
    let mut complaints = Vec::new();
    for dependency in &package.dependencies {
        let name = dependency.name.as_str();
        let in_tests = dependency.is_for_tests();
        let known = room.knows.contains(&name) || in_tests && room.knows_in_tests.contains(&name);
        if ROOMS.iter().any(|other| other.name == name) && !known {
            complaints.push(format!("`{}` must not know `{name}`", room.name));
        }
        if let Some((door, keepers)) = door_of(name)
            && !keepers.split(' ').any(|keeper| keeper == room.name)
        {
            complaints.push(format!(
                "`{}` must not use `{name}`: `{door}` belongs to {keepers}",
                room.name
            ));
        }
    }
    complaints
}

fn door_of(name: &str) -> Option<(&'static str, &'static str)> {
    DOORS.iter().copied().find(|(door, _)| {
        name.strip_prefix(door)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    })
}
