//! Fuzzing by hand: `cargo x fuzz <target> --seconds N`.

use crate::checkout::Checkout;
use crate::product::{cargo, run};
use anyhow::{Context, Result, bail, ensure};
use std::process::Stdio;

/// The fuzz targets, each a file of `fuzz/fuzz_targets`.
pub(crate) const TARGETS: [&str; 2] = ["readers", "normaliser"];

/// Fuzzes a target for some seconds, 60 when none are given.
pub(crate) fn fuzz(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (target, seconds) = match words[..] {
        [target] => (target, 60),
        [target, "--seconds", seconds] => (
            target,
            seconds.parse().context("`--seconds` needs a number")?,
        ),
        _ => bail!("usage: cargo x fuzz <{}> [--seconds N]", TARGETS.join("|")),
    };
    run_target(checkout, target, seconds)
}

/// Runs libFuzzer on a target; a panic ends it with an error.
pub(crate) fn run_target(checkout: &Checkout, target: &str, seconds: u32) -> Result<()> {
    ensure!(
        TARGETS.contains(&target),
        "there is no fuzz target `{target}`"
    );
    install(checkout)?;
    let grown = checkout.scratch("fuzz")?.join(target);
    std::fs::create_dir_all(&grown)
        .with_context(|| format!("cannot make `{}`", grown.display()))?;
    let mut command = cargo(checkout);
    // What libFuzzer finds goes to the first folder; the seeds in the tree stay few and small.
    command
        .args([
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            "--features",
            "libfuzzer",
            target,
        ])
        .arg(grown);
    command.arg(checkout.path(&format!("fuzz/corpus/{target}")));
    command.args([
        "--",
        &format!("-max_total_time={seconds}"),
        "-max_len=65536",
        "-timeout=10",
        "-rss_limit_mb=2048",
    ]);
    // libFuzzer's coverage flags are accepted by the stable compiler only when it is told so.
    command.env("RUSTC_BOOTSTRAP", "1");
    run(&mut command)
}

fn install(checkout: &Checkout) -> Result<()> {
    let mut version = cargo(checkout);
    version
        .args(["fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if version.status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    run(cargo(checkout).args(["install", "cargo-fuzz", "--locked"]))
        .context("cannot install cargo-fuzz")
}
