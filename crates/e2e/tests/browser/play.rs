//! A story of the browser that is being told: a script of node, and the line over which it says how
//! far it is.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A story that is being told.
pub(crate) struct Play {
    child: Child,
    hears: ChildStdin,
    says: BufReader<ChildStdout>,
}

/// Returns whether there is a browser; where there is none, the test that needs it says so and passes.
pub(crate) fn has_browser(test: &str) -> bool {
    let is_there = ["BREACHSCOPE_BROWSER", "BREACHSCOPE_CHROMIUM"]
        .into_iter()
        .all(|name| std::env::var_os(name).is_some());
    if !is_there {
        println!("skipped: {test} needs a browser; `./x browser` installs one");
    }
    is_there
}

impl Play {
    /// Begins a story and tells it what it needs to know.
    pub(crate) fn begin(story: &str, given: &Value) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
        let mut child = Command::new("node")
            .arg(folder.join(story))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let hears = child.stdin.take().expect("its standard input");
        let says = BufReader::new(child.stdout.take().expect("its standard output"));
        let mut play = Self { child, hears, says };
        play.answer(given);
        play
    }

    /// Waits until the story has come so far, and returns what it says of it.
    pub(crate) fn until(&mut self, at: &str) -> Value {
        let mut line = String::new();
        let read = self.says.read_line(&mut line);
        assert!(
            read.expect("it says text") > 0,
            "the story ended before it came to `{at}`"
        );
        let said: Value = serde_json::from_str(&line).expect("it says JSON");
        assert_eq!(said["at"], at, "{said}");
        said
    }

    /// Lets the story go on.
    pub(crate) fn go_on(&mut self) {
        self.answer(&Value::Null);
    }

    /// Lets the story go on and tells it something.
    pub(crate) fn answer(&mut self, value: &Value) {
        // Whoever ended before hears nothing more: the next question finds that out.
        let _ = writeln!(self.hears, "{value}");
    }

    /// Waits for the end and demands that nothing went wrong.
    pub(crate) fn end(mut self) {
        let ended = self.child.wait().expect("it ends");
        assert!(ended.success(), "what went wrong stands above");
    }
}

impl Drop for Play {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
