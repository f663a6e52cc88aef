//! The one door to every chore: `cargo x <task>`.
//!
//! It knows the product only as a binary on the command line and as files on disk; it
//! depends on no room of the house, so that it can judge all of them.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to the person who started it"
)]

mod azurite;
mod bench;
mod browser;
mod checkout;
mod ci;
mod demo;
mod docs;
mod fuzz;
mod geo;
mod metadata;
mod npm;
mod product;
mod schemathesis;
mod tidy;
mod tools;
mod usage;

use anyhow::{Context, Result, bail};
use checkout::Checkout;
use std::process::ExitCode;

/// A chore, with the words that the list of tasks prints.
struct Task {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&Checkout, &[String]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "demo",
        arguments: "[--story STORY]",
        about: "collect a simulated cloud in which a compromise happens, detect it, scope it, report it",
        run: demo::show,
    },
    Task {
        name: "demo-import",
        arguments: "",
        about: "import the demo export, find the compromise, list the messages that were touched",
        run: demo::import,
    },
    Task {
        name: "test",
        arguments: "",
        about: "run every test",
        run: ci::test,
    },
    Task {
        name: "ci",
        arguments: "",
        about: "run everything that a change must pass, cheapest first",
        run: ci::ci,
    },
    Task {
        name: "tidy",
        arguments: "",
        about: "check walls, fences, licences and files",
        run: tidy::tidy,
    },
    Task {
        name: "docs",
        arguments: "[--check]",
        about: "write the pages about detections from what the program says, or compare them",
        run: docs::docs,
    },
    Task {
        name: "geo",
        arguments: "[DIR]",
        about: "fetch a database of places and networks, for `[geo]` in config.toml",
        run: geo::geo,
    },
    Task {
        name: "azurite",
        arguments: "",
        about: "install the emulator of Azure Storage that end-to-end tests run, pinned",
        run: azurite::azurite,
    },
    Task {
        name: "browser",
        arguments: "",
        about: "install what drives Chromium through the pages in end-to-end tests, pinned",
        run: browser::browser,
    },
    Task {
        name: "schemathesis",
        arguments: "",
        about: "install what holds the API against its description in end-to-end tests, pinned",
        run: schemathesis::schemathesis,
    },
    Task {
        name: "demo-export",
        arguments: "",
        about: "write the demo export again from its story",
        run: demo::export,
    },
    Task {
        name: "bench",
        arguments: "<bar>...",
        about: "measure against a bar: import size kill dirty truth fuzz",
        run: bench::bench,
    },
    Task {
        name: "fuzz",
        arguments: "<target> [--seconds N]",
        about: "fuzz the readers or the normaliser",
        run: fuzz::fuzz,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        print_tasks();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print_tasks();
        return Ok(());
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        print_tasks();
        bail!("there is no task `{name}`");
    };
    let checkout = Checkout::find().context("cannot find the checkout")?;
    (task.run)(&checkout, rest)
}

fn print_tasks() {
    println!("usage: cargo x <task>\n");
    for task in TASKS {
        println!(
            "  {:<34} {}",
            format!("{} {}", task.name, task.arguments),
            task.about
        );
    }
}
