//! What `serve` does beside the pages: detects in what is new, looks whether a secured intruder is
//! back, and tells people, as soon as something was stored and at least every half minute.

use engine::{DetectRequest, EngineError, Reach, Store, TellReport, TellRequest, Unwatched, clock};
use model::Timestamp;
use model::shown::shown;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked at what is new although nobody said that there is anything: what another
/// process imported or collected, and cards that wait.
const IDLE: Duration = Duration::from_secs(30);
/// How long is waited at least: a card that is due and cannot go out is not tried without a pause.
const SHORTEST: Duration = Duration::from_secs(1);
/// How long is waited behind what was stored: the feeds of a round store one after the other.
const GATHER: Duration = Duration::from_secs(2);

/// Looks at what is new until it is dropped.
pub(super) struct Watching {
    stored: Option<Stored>,
    thread: Option<JoinHandle<()>>,
}

/// Wakes whoever looks at what is new.
#[derive(Clone, Debug)]
pub(crate) struct Stored(SyncSender<()>);

impl Stored {
    /// Says that something was stored.
    pub(crate) fn tell(&self) {
        match self.0.try_send(()) {
            // Whoever is woken already looks at this too.
            Ok(()) | Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => {
                tracing::error!("nobody looks at what was stored: detection has ended");
            }
        }
    }
}

impl Watching {
    /// Begins to look.
    pub(super) fn begin(folder: PathBuf, request: TellRequest) -> Self {
        let (stored, waked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || watch(&folder, &request, &waked));
        if let Err(error) = &thread {
            tracing::error!(%error, "detection cannot begin: what is collected is not looked at");
        }
        Self {
            stored: Some(Stored(stored)),
            thread: thread.ok(),
        }
    }

    /// Returns what wakes it.
    pub(super) fn stored(&self) -> Option<Stored> {
        self.stored.clone()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Without anybody to wake it, it ends.
        self.stored.take();
        if let Some(thread) = self.thread.take() {
            // It said in the log what went wrong.
            let _ = thread.join();
        }
    }
}

fn watch(folder: &Path, request: &TellRequest, waked: &Receiver<()>) {
    loop {
        let next = look(folder, request).unwrap_or_else(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "looking at what is new failed and is tried again"
            );
            None
        });
        match waked.recv_timeout(pause(next, clock::now())) {
            Ok(()) => match waked.recv_timeout(GATHER) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Returns how long there is nothing to do: until a card is due, if that is sooner.
fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let until = next.map_or(IDLE, |next| {
        Duration::from_micros(u64::try_from(next.0 - now.0).unwrap_or(0))
    });
    until.clamp(SHORTEST, IDLE)
}

/// Looks once, and returns when a card is due. What fails keeps nothing else from being tried.
fn look(folder: &Path, request: &TellRequest) -> Result<Option<Timestamp>, EngineError> {
    let mut store = Store::open(folder)?;
    let detecting = DetectRequest {
        folder: folder.to_owned(),
        ..DetectRequest::default()
    };
    let found = store.detect(&detecting, &mut Unwatched);
    if let Ok(found) = &found {
        tracing::info!(new = found.new.unwrap_or_default(), "looked at what is new");
    }
    let reach = Reach {
        roots: request.roots.clone(),
        limits: None,
    };
    let back = store.respond_watch();
    if let Ok(1..) = back {
        tracing::warn!("an intruder is seen again after the account was secured");
    }
    let secured = store.respond_automatically(&reach);
    for line in secured.iter().flatten() {
        tracing::warn!(account = %shown(line), "without a person");
    }
    let told = store.tell(request)?;
    report(&told);
    let all = found.map(drop).and(back.map(drop)).and(secured.map(drop));
    all.map(|()| told.next)
}

fn report(told: &TellReport) {
    for line in &told.sent {
        tracing::info!(card = %shown(line), "told");
    }
    for line in &told.failed {
        tracing::warn!(card = %shown(line), "a card did not go out");
    }
    for line in &told.templates {
        tracing::warn!(template = %shown(line), "a template cannot be used");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_is_due_is_not_waited_with_and_never_asked_for_without_a_pause() {
        let now = Timestamp(1_000_000_000);
        assert_eq!(pause(None, now), IDLE);
        assert_eq!(
            pause(Some(now.plus_seconds(10)), now),
            Duration::from_secs(10)
        );
        assert_eq!(pause(Some(now.plus_seconds(900)), now), IDLE);
        assert_eq!(pause(Some(now.plus_seconds(-5)), now), SHORTEST);
    }
}
