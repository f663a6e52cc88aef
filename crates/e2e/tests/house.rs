//! Where the tests live: the binary, a data folder of one's own, the evidence.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A data folder of its own, gone with the test.
pub(crate) struct House {
    folder: TempDir,
}

/// What a run of the binary left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// What `messages` names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) messages: BTreeSet<String>,
    pub(crate) folders: BTreeSet<String>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder can be made"),
        }
    }

    /// Returns a path beside the data folder, for files that a test writes.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file can be written");
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("--data").arg(self.path("data")).args(arguments);
        command
            .env_remove("BREACHSCOPE_DATA")
            .env_remove("RUST_LOG")
            .env("NO_COLOR", "1");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the binary starts"))
    }

    pub(crate) fn import(&self, paths: &[PathBuf]) -> (Value, i32) {
        let run = Run::of(
            self.import_command(paths)
                .output()
                .expect("the binary starts"),
        );
        (run.json(), run.code)
    }

    pub(crate) fn start_import(&self, paths: &[PathBuf]) -> Child {
        self.import_command(paths)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts")
    }

    fn import_command(&self, paths: &[PathBuf]) -> Command {
        let mut command = self.command(&["--format", "json", "import"]);
        command.args(paths);
        command
    }

    /// Asks `messages` and returns its lines.
    pub(crate) fn lines(&self, filters: &[&str]) -> Vec<Value> {
        let run = self.run(&[&["--format", "jsonl", "messages"], filters].concat());
        assert_eq!(run.code, 0, "messages {filters:?}: {}", run.stderr);
        run.lines()
    }

    pub(crate) fn touched(&self, filters: &[&str]) -> Touched {
        Touched::of(&self.lines(filters))
    }

    /// Asks a query that counts and returns the number.
    pub(crate) fn count(&self, query: &str) -> u64 {
        let run = self.run(&["--format", "jsonl", "sql", query]);
        assert_eq!(run.code, 0, "{query}: {}", run.stderr);
        let rows = run.lines();
        let first = rows
            .first()
            .and_then(Value::as_object)
            .and_then(|row| row.values().next());
        first
            .and_then(Value::as_u64)
            .unwrap_or_else(|| panic!("{query} counted nothing: {rows:?}"))
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "{error}; code {}; stdout: {}; stderr: {}",
                self.code, self.stdout, self.stderr
            )
        })
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        let line = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        self.stdout.lines().map(line).collect()
    }
}

impl Touched {
    pub(crate) fn of<'a>(lines: impl IntoIterator<Item = &'a Value>) -> Self {
        let lines: Vec<&Value> = lines.into_iter().collect();
        let texts = |key: &str| {
            lines
                .iter()
                .filter_map(|line| line[key].as_str())
                .map(str::to_string)
                .collect()
        };
        Self {
            messages: texts("internet_message_id"),
            folders: texts("folder"),
        }
    }
}

/// Returns the texts of a JSON list.
pub(crate) fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_string)
        .collect()
}

/// Returns the root of the checkout.
pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the folder of real evidence beside the checkout; where it is absent the test
/// that needs it says so and passes, because the evidence is not the project's to carry.
pub(crate) fn real_data(test: &str) -> Option<PathBuf> {
    let folder = checkout().join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {test} needs the real evidence in ../shared/data");
    None
}

/// Returns the real files whose names begin and end so, in order.
pub(crate) fn real_files(data: &Path, begin: &str, end: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data.join("real")).expect("the real evidence can be listed");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(begin) && name.ends_with(end)
    });
    paths.sort();
    paths
}

/// Numbers as if by chance, the same for the same seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Returns the next number, below a limit.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    /// Puts a list into another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at as u64 + 1) as usize;
            list.swap(at, other);
        }
    }
}

/// Returns the binary: the one that the task runner built, or one built here from the
/// same sources, in the same profile, into the same target folder as this test.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        std::env::var_os("BREACHSCOPE_BINARY").map_or_else(built_binary, PathBuf::from)
    })
}

fn built_binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test
        .parent()
        .and_then(Path::parent)
        .expect("a test lies in target/<profile>/deps");
    let target = profile.parent().expect("a profile lies in target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(checkout())
        .args([
            "build",
            "--quiet",
            "--workspace",
            "--bin",
            "breachscope",
            "--target-dir",
        ])
        .arg(target);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    // A test is told which package it is; build scripts that watch these words would have
    // everything behind them built again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    assert!(
        cargo.status().expect("cargo starts").success(),
        "the binary cannot be built"
    );
    profile.join(format!("breachscope{}", std::env::consts::EXE_SUFFIX))
}
