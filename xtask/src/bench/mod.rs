//! The bars that the product must clear, each measured by a command.
//!
//! A bar prints what it measured beside what it asks for, and fails when it is missed.

mod detect;
mod import;
mod investigate;
mod size;

use crate::checkout::Checkout;
use crate::fuzz;
use crate::product::{Product, Profile, cargo, run};
use anyhow::{Context, Result, bail, ensure};

/// How long `bench fuzz` fuzzes each target.
const FUZZ_SECONDS: u32 = 600;

type Bar = fn(&Checkout) -> Result<()>;

const BARS: &[(&str, Bar)] = &[
    ("import", import::measure),
    ("detect", detect::measure),
    ("investigate", investigate::measure),
    ("size", size::measure),
    ("collect", collect),
    ("collect-killed", collect_killed),
    ("collect-tenants", collect_tenants),
    ("card", card),
    ("kill", kill),
    ("dirty", dirty),
    ("truth", truth),
    ("fuzz", fuzz_all),
];

/// Measures the named bars.
pub(crate) fn bench(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    let names: Vec<&str> = BARS.iter().map(|(name, _)| *name).collect();
    ensure!(
        !arguments.is_empty(),
        "usage: cargo x bench <{}>...",
        names.join("|")
    );
    if let [mode, path] = arguments
        && mode == detect::PARSE
    {
        return detect::parse(path);
    }
    for name in arguments {
        let Some((_, bar)) = BARS.iter().find(|(known, _)| known == name) else {
            bail!("there is no bar `{name}`; there are {}", names.join(", "));
        };
        println!("== {name}");
        bar(checkout).with_context(|| format!("the bar `{name}` is missed"))?;
    }
    Ok(())
}

/// Prints a figure beside its bar and fails when it is missed.
fn judge(what: &str, measured: f64, bar: Limit, unit: &str) -> Result<()> {
    let (word, limit, cleared) = match bar {
        Limit::AtLeast(limit) => ("at least", limit, measured >= limit),
        Limit::AtMost(limit) => ("at most", limit, measured <= limit),
    };
    println!(
        "{} {what}: {measured:.2} {unit} (bar: {word} {limit} {unit})",
        if cleared { "ok  " } else { "MISS" }
    );
    ensure!(
        cleared,
        "{what}: {measured:.2} {unit}, the bar is {word} {limit}"
    );
    Ok(())
}

/// Which side of a figure is the good one.
#[derive(Clone, Copy)]
enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

/// Kills an import of the real records at 50 random moments.
fn kill(checkout: &Checkout) -> Result<()> {
    end_to_end(checkout, "kill::", &[("BREACHSCOPE_KILL_ROUNDS", "50")])
}

/// Collects 200,000 records over 2,000 blobs from the simulated cloud, within the documented
/// quota and without one.
fn collect(checkout: &Checkout) -> Result<()> {
    let size = [("BREACHSCOPE_COLLECT_RECORDS", "200000")];
    collected(checkout, "bars::a_backlog", &size)
}

/// Kills a run of collecting at 50 random moments.
fn collect_killed(checkout: &Checkout) -> Result<()> {
    collected(checkout, "killed::", &[("BREACHSCOPE_KILL_ROUNDS", "50")])
}

/// Collects a thousand tenants each minute for some minutes, one in ten of them broken.
fn collect_tenants(checkout: &Checkout) -> Result<()> {
    let size = [
        ("BREACHSCOPE_COLLECT_TENANTS", "1000"),
        ("BREACHSCOPE_COLLECT_SECONDS", "480"),
    ];
    collected(checkout, "bars::one_worker", &size)
}

/// Collects ten tenants each minute while sixty incidents happen in five minutes: from the moment
/// the record can be listed to the card that is delivered.
fn card(checkout: &Checkout) -> Result<()> {
    collected(
        checkout,
        "told::a_card",
        &[("BREACHSCOPE_CARD_SECONDS", "300")],
    )
}

/// Runs a module of the tests of collecting against the release binary.
fn collected(checkout: &Checkout, module: &str, settings: &[(&str, &str)]) -> Result<()> {
    tested(checkout, "collect", module, settings)
}

/// Imports the damaged files and compares each with what is expected of it.
fn dirty(checkout: &Checkout) -> Result<()> {
    end_to_end(checkout, "dirty::", &[])
}

/// Asks the questions of the ground truth.
fn truth(checkout: &Checkout) -> Result<()> {
    end_to_end(checkout, "truth::", &[])
}

/// Runs a module of the end-to-end tests against the release binary: the bar and the test
/// are one piece of code, so that they cannot disagree.
fn end_to_end(checkout: &Checkout, module: &str, settings: &[(&str, &str)]) -> Result<()> {
    ensure!(
        checkout.real_data().is_some(),
        "the real evidence is not beside the checkout: ../shared/data is missing"
    );
    tested(checkout, "e2e", module, settings)
}

fn tested(
    checkout: &Checkout,
    binary: &str,
    module: &str,
    settings: &[(&str, &str)],
) -> Result<()> {
    let product = Product::build(checkout, Profile::Release)?;
    let mut command = cargo(checkout);
    // The whole workspace decides the features of shared crates, as for the binary.
    command.args([
        "test",
        "--quiet",
        "--workspace",
        "--test",
        binary,
        "--",
        "--nocapture",
        "--test-threads=1",
        module,
    ]);
    command
        .env("BREACHSCOPE_BINARY", product.path)
        .envs(settings.iter().copied());
    run(&mut command)
}

fn fuzz_all(checkout: &Checkout) -> Result<()> {
    for target in fuzz::TARGETS {
        fuzz::run_target(checkout, target, FUZZ_SECONDS)?;
        println!("ok   {target}: no panic in {FUZZ_SECONDS} seconds");
    }
    Ok(())
}
