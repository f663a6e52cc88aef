//! What a room must not reach for, whatever its dependencies would allow.

use super::Complaints;
use super::code::lines_with;
use super::tree::{RustFile, Tree};

const PURE_ROOMS: &[&str] = &[
    "model",
    "evidence",
    "normalise",
    "casework",
    "detect",
    "custody",
    "sources",
];

const IMPURE_WORDS: &[&str] = &[
    "async",
    "await",
    "tokio",
    "std::fs",
    "std::process",
    "std::thread",
    "std::net::Tcp",
    "std::net::Udp",
    "SystemTime",
    "Instant",
    "println!",
    "eprintln!",
    "rand",
];

/// Words that one file of the product may hold, and why only that one.
struct Fence {
    words: &'static [&'static str],
    keeper: &'static str,
    why: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        words: &[
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
            "io::stdout",
            "io::stderr",
            "dbg!",
        ],
        keeper: "crates/app/src/ui.rs",
        why: "only app/src/ui.rs prints",
    },
    Fence {
        words: &[
            "SystemTime::now",
            // Tokio's own measures how long something takes, and tests can move it.
            "std::time::Instant",
            "Timestamp::now",
            "Zoned::now",
            "Utc::now",
            "Local::now",
        ],
        keeper: "crates/engine/src/clock.rs",
        why: "only engine/src/clock.rs reads the clock",
    },
    Fence {
        words: &["process::exit", "process::abort"],
        keeper: "crates/app/src/main.rs",
        why: "only main.rs ends the process",
    },
    Fence {
        words: &["static mut"],
        keeper: "",
        why: "there is no global state",
    },
];

/// Names that tell nothing of what is in a file.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helpers", "helper", "manager", "core", "misc",
];

pub(crate) fn check(tree: &Tree) -> Complaints {
    let mut complaints = Vec::new();
    for file in &tree.files {
        if PURE_ROOMS.iter().any(|room| file.is_product_of(room)) {
            complaints.extend(impurities(file));
        }
        if file.is_product() {
            complaints.extend(FENCES.iter().flat_map(|fence| trespasses(file, fence)));
        }
        complaints.extend(empty_name(file));
    }
    complaints
}

fn impurities(file: &RustFile) -> Complaints {
    let found = IMPURE_WORDS.iter().flat_map(|word| {
        lines_with(&file.code, word)
            .into_iter()
            .map(move |line| (word, line))
    });
    found
        .map(|(word, line)| format!("{}:{line}: `{word}` in a pure room", file.path))
        .collect()
}

fn trespasses(file: &RustFile, fence: &Fence) -> Complaints {
    if file.path == fence.keeper {
        return Vec::new();
    }
    let found = fence.words.iter().flat_map(|word| {
        lines_with(&file.code, word)
            .into_iter()
            .map(move |line| (word, line))
    });
    found
        .map(|(word, line)| format!("{}:{line}: `{word}`: {}", file.path, fence.why))
        .collect()
}

fn empty_name(file: &RustFile) -> Option<String> {
    let empty = file
        .path
        .trim_end_matches(".rs")
        .split('/')
        .any(|part| EMPTY_NAMES.contains(&part));
    empty.then(|| format!("{}: the name says nothing of what is in it", file.path))
}
