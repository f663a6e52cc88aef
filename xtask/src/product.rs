//! The product as a user has it: a binary, its arguments, its exit code, its output.

use crate::checkout::Checkout;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How the binary is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As the tests build it: quick to build.
    Dev,
    /// As users run it.
    Release,
}

/// The built binary.
pub(crate) struct Product {
    /// Where it is.
    pub(crate) path: PathBuf,
}

impl Product {
    /// Builds the binary, or finds it built. As for the end-to-end tests, one that is named in
    /// `BREACHSCOPE_BINARY` is taken as it is.
    pub(crate) fn build(checkout: &Checkout, profile: Profile) -> Result<Self> {
        let named = std::env::var_os("BREACHSCOPE_BINARY").map(PathBuf::from);
        if let (Profile::Dev, Some(path)) = (profile, named) {
            ensure!(path.is_file(), "`{}` is no binary", path.display());
            return Ok(Self { path });
        }
        let mut command = cargo(checkout);
        // The whole workspace decides the features of shared crates, so that the demo, the
        // tests and the benches find one another's dependencies built.
        command.args(["build", "--workspace", "--bin", "breachscope"]);
        if profile == Profile::Release {
            command.arg("--release");
        }
        run(&mut command)?;
        let folder = if profile == Profile::Release {
            "release"
        } else {
            "debug"
        };
        let path = checkout
            .target()?
            .join(folder)
            .join(format!("breachscope{}", std::env::consts::EXE_SUFFIX));
        ensure!(path.is_file(), "`{}` was not built", path.display());
        Ok(Self { path })
    }

    /// Returns a command of the product over a data folder.
    pub(crate) fn command(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .arg("--data")
            .arg(data)
            .args(arguments)
            .stdin(Stdio::null());
        command.env_remove("BREACHSCOPE_DATA");
        command
    }

    /// Runs it with its output on the terminal.
    pub(crate) fn show(&self, data: &Path, arguments: &[&str]) -> Result<()> {
        run(&mut self.command(data, arguments))
    }

    /// Runs it and lets it print its answer; 6 says that the answer has gaps, which it lists.
    pub(crate) fn show_answer(&self, data: &Path, arguments: &[&str]) -> Result<()> {
        let mut command = self.command(data, arguments);
        let status = command
            .status()
            .with_context(|| format!("cannot start {command:?}"))?;
        ensure!(
            matches!(status.code(), Some(0 | 6)),
            "{command:?} ended with {status}"
        );
        Ok(())
    }

    /// Runs it and returns its output.
    pub(crate) fn output(&self, data: &Path, arguments: &[&str]) -> Result<Output> {
        let mut command = self.command(data, arguments);
        command
            .output()
            .with_context(|| format!("cannot start {command:?}"))
    }

    /// Imports and returns the report and the exit code; 3 says that something was not whole.
    pub(crate) fn import(&self, data: &Path, paths: &[PathBuf]) -> Result<(Value, i32)> {
        let mut arguments = vec!["--format", "json", "--quiet", "import"];
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        arguments.extend(paths.iter().map(String::as_str));
        let output = self.output(data, &arguments)?;
        let code = output.status.code().unwrap_or(-1);
        let talk = String::from_utf8_lossy(&output.stderr);
        ensure!(matches!(code, 0 | 3), "import ended with {code}: {talk}");
        let report = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("import printed no report: {talk}"))?;
        Ok((report, code))
    }
}

/// Returns cargo itself, in the checkout.
pub(crate) fn cargo(checkout: &Checkout) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&checkout.root);
    // `cargo x` is told which package it is. Build scripts that watch these words would take
    // the same build started by hand for another one, and everything behind them is built again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Returns whether a tool can be started here.
pub(crate) fn has(tool: &str) -> bool {
    let mut version = Command::new(tool);
    version
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
