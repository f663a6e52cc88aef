//! Whether the record of acts holds, checked beside the pages: a long record takes longer than a page
//! may, so a page shows what the last check said, with its time, while another one runs.

use crate::house::Reads;
use engine::EngineError;
use engine::pages::{Chain, Looking, Proven};
use model::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A check that is older than this is made again, even where nobody wrote meanwhile.
const FRESH_MICROS: i64 = 10_000_000;
/// How long a page waits for a check.
const PATIENCE: Duration = Duration::from_millis(100);

/// What the last check said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) at: Timestamp,
    /// Nothing where the check could not be made.
    pub(crate) chain: Option<Chain>,
    version: i64,
}

/// Checks one record of acts, one check at a time.
#[derive(Debug)]
pub(crate) struct Checking {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    proven: Proven,
    last: Option<Checked>,
    is_running: bool,
}

impl Checking {
    /// Returns who checks the record of a data folder.
    pub(crate) fn of(folder: &Path) -> Arc<Self> {
        Arc::new(Self {
            folder: folder.to_owned(),
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a check, unless one runs or the last one still counts.
    fn begin(&self, version: i64, now: Timestamp) -> Option<Proven> {
        let mut state = self.state();
        let counts =
            |last: &Checked| last.version == version && (now.0 - last.at.0).abs() < FRESH_MICROS;
        if state.is_running || state.last.as_ref().is_some_and(counts) {
            return None;
        }
        state.is_running = true;
        Some(std::mem::take(&mut state.proven))
    }

    fn run(&self, mut proven: Proven, version: i64, at: Timestamp) {
        let chain = Looking::open(&self.folder).and_then(|one| one.check_acts(&mut proven));
        let chain = chain.map_err(|error: EngineError| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the record of acts could not be checked");
        });
        let mut state = self.state();
        state.proven = proven;
        state.is_running = false;
        state.last = Some(Checked {
            at,
            chain: chain.ok(),
            version,
        });
    }
}

/// Returns what the last check of the record said; nothing where none has ended yet.
pub(crate) async fn checked(reads: &Arc<Reads>) -> Result<Option<Checked>, EngineError> {
    let (version, now) = (reads.looking().version()?, reads.now());
    let checking = Arc::clone(&reads.checking);
    if let Some(proven) = checking.begin(version, now) {
        let runs = Arc::clone(&checking);
        let run = tokio::task::spawn_blocking(move || runs.run(proven, version, now));
        // It goes on where the page does not wait for it, and the next page shows what it said.
        let _ = tokio::time::timeout(PATIENCE, run).await;
    }
    let last = checking.state().last.clone();
    Ok(last)
}
