//! What a change must pass, cheapest first, with the time that each step took.

use crate::checkout::Checkout;
use crate::docs;
use crate::product::{Product, Profile, cargo, run};
use crate::tidy;
use crate::tools::Tools;
use crate::usage::{Stopwatch, children_cpu_seconds};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const PURE_ROOMS: &[&str] = &[
    "--package",
    "model",
    "--package",
    "evidence",
    "--package",
    "normalise",
    "--package",
    "casework",
    "--package",
    "detect",
    "--package",
    "custody",
];

/// What decides the cases that property tests look at.
const SEED: &str = "PROPTEST_RNG_SEED";

type Step = fn(&Checkout) -> Result<Option<Summary>>;

const STEPS: &[(&str, Step)] = &[
    ("fmt", fmt),
    // A test that is skipped shows nothing.
    ("tools", |checkout| {
        Tools::installed(checkout)?.are_whole().map(|()| None)
    }),
    ("tidy", |checkout| tidy::tidy(checkout, &[]).map(|()| None)),
    ("test pure rooms", |checkout| tests(checkout, PURE_ROOMS)),
    ("clippy", |checkout| {
        quiet(cargo(checkout).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    }),
    ("test all", all_tests),
    // Behind the tests, which build the binary that is asked.
    ("docs", |checkout| docs::check(checkout).map(|()| None)),
    ("doc tests", |checkout| {
        quiet(
            cargo(checkout)
                .args(["test", "--quiet", "--doc"])
                .args(PURE_ROOMS),
        )
    }),
    ("doc", |checkout| {
        quiet(
            cargo(checkout)
                .args(["doc", "--workspace", "--no-deps", "--quiet"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    }),
];

/// Runs every step; the first that fails ends the run.
pub(crate) fn ci(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    let mut times = Vec::new();
    let mut closing = None;
    for (name, step) in STEPS {
        println!("\n== {name}");
        let (clock, cpu) = (Stopwatch::start(), children_cpu_seconds());
        let summary = step(checkout).with_context(|| format!("`{name}` failed"))?;
        times.push((name, clock.seconds(), children_cpu_seconds() - cpu));
        closing = summary.or(closing);
    }
    println!("\n{:<18} {:>8} {:>8}", "step", "wall s", "cpu s");
    for (name, wall, cpu) in times {
        println!("{name:<18} {wall:>8.1} {cpu:>8.1}");
    }
    if let Some(summary) = closing {
        println!("\n{}", summary.line());
    }
    Ok(())
}

/// Runs every test, end-to-end tests included.
pub(crate) fn test(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    if let Some(summary) = all_tests(checkout)? {
        println!("\n{}", summary.line());
    }
    Ok(())
}

/// Runs the tests of the workspace and, beside it, the replay of the fuzzers' corpus.
fn all_tests(checkout: &Checkout) -> Result<Option<Summary>> {
    let target = checkout.target()?.join("fuzz");
    let target = target.to_string_lossy();
    let replayed = tests(
        checkout,
        &[
            "--manifest-path",
            "fuzz/Cargo.toml",
            "--target-dir",
            &target,
        ],
    )?;
    let tested = tests(checkout, &["--workspace"])?;
    Ok(replayed.zip(tested).map(|(one, other)| one.and(other)))
}

/// How many tests ended how.
#[derive(Clone, Copy, Default)]
struct Summary {
    passed: u64,
    failed: u64,
}

impl Summary {
    fn line(self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }

    fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }

    /// Adds the counts of one line of the runner, when it holds some: nextest closes with
    /// one `Summary`, cargo's own runner with a `test result` for each binary.
    fn add(&mut self, line: &str) {
        if line.contains("Summary [") || line.starts_with("test result:") {
            self.passed += number_before(line, " passed");
            self.failed += number_before(line, " failed");
        }
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let number = line
        .split(word)
        .next()
        .filter(|before| before.len() < line.len());
    number
        .and_then(|before| before.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn tests(checkout: &Checkout, packages: &[&str]) -> Result<Option<Summary>> {
    let mut command = cargo(checkout);
    if has_nextest(checkout) {
        command
            .args(["nextest", "run", "--no-fail-fast"])
            .args(packages);
    } else {
        command
            .args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
            .args(packages);
    }
    // One tree gets one answer; a plain run of the tests looks at other cases every time.
    if std::env::var_os(SEED).is_none() {
        command.env(SEED, "3");
    }
    if packages.contains(&"--workspace") {
        // End-to-end tests run the binary; built here once, it is not built by each of them.
        command.env(
            "BREACHSCOPE_BINARY",
            Product::build(checkout, Profile::Dev)?.path,
        );
        Tools::installed(checkout)?.lend_to(&mut command);
    }
    let (summary, success) = counted(&mut command)?;
    ensure!(success, "{}", summary.line());
    Ok(Some(summary))
}

/// Runs a test runner, passes its lines on and counts what they say.
fn counted(command: &mut Command) -> Result<(Summary, bool)> {
    let (reader, writer) = std::io::pipe().context("cannot open a pipe")?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().context("cannot share a pipe")?)
        .stderr(writer);
    command.env("CARGO_TERM_COLOR", "never");
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    // The command holds the pipe's writing ends until other streams take their place.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut summary = Summary::default();
    for line in BufReader::new(reader).lines() {
        let line = line.context("the test runner printed no text")?;
        println!("{line}");
        summary.add(&line);
    }
    let status = child.wait().context("cannot wait for the test runner")?;
    Ok((summary, status.success()))
}

fn has_nextest(checkout: &Checkout) -> bool {
    let mut command = cargo(checkout);
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn fmt(checkout: &Checkout) -> Result<Option<Summary>> {
    quiet(cargo(checkout).args(["fmt", "--all", "--check"]))?;
    quiet(cargo(checkout).args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn quiet(command: &mut Command) -> Result<Option<Summary>> {
    run(command).map(|()| None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expected: &str) {
        let mut summary = Summary::default();
        for line in lines {
            summary.add(line);
        }
        assert_eq!(summary.line(), expected);
    }

    #[test]
    fn the_closing_lines_of_both_runners_are_counted() {
        check(
            &["     Summary [   0.012s] 5 tests run: 4 passed, 1 failed, 0 skipped"],
            "4 passed, 1 failed",
        );
        check(
            &["     Summary [   0.012s] 5 tests run: 5 passed (1 slow), 0 skipped"],
            "5 passed, 0 failed",
        );
        check(
            &[
                "test result: ok. 3 passed; 0 failed; 0 ignored",
                "noise 9 passed",
                "test result: FAILED. 1 passed; 2 failed; 0 ignored",
            ],
            "4 passed, 2 failed",
        );
    }
}
