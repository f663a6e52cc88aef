//! How long work is going: a bar on a terminal, a line every ten seconds elsewhere.

mod collecting;

pub(crate) use collecting::Collecting;

use crate::table::thousands;
use crate::ui::Ui;
use engine::{FileReport, Progress, Watch};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use model::shown::shown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Watches long work for a person.
pub(crate) struct Watcher<'a> {
    ui: &'a mut Ui,
    stop: Arc<AtomicBool>,
    bar: Option<ProgressBar>,
    /// When the next line is due, in seconds since the clock of the engine.
    next_line: i64,
}

/// How often a line is said where there is no terminal.
const SECONDS_A_LINE: i64 = 10;

impl<'a> Watcher<'a> {
    /// Watches, and stops when the operator interrupts.
    pub(crate) fn new(ui: &'a mut Ui) -> Self {
        let now = engine::clock::now().0 / 1_000_000;
        let stop = stop_on_interrupt(ui.end_at_once);
        Self {
            ui,
            stop,
            bar: None,
            next_line: now + SECONDS_A_LINE,
        }
    }

    fn show(&mut self, verb: &str, path: &str, progress: Progress) {
        if self.ui.live() {
            self.draw(verb, path, progress);
        } else {
            self.line(verb, path, progress);
        }
    }

    fn draw(&mut self, verb: &str, path: &str, progress: Progress) {
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(progress.of_bytes);
            // What is read from the lake has no size that is known beforehand.
            let style = if progress.of_bytes == 0 {
                "{spinner} {msg} {elapsed}"
            } else {
                "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}"
            };
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar
        });
        if progress.bytes < bar.position() || bar.length() != Some(progress.of_bytes) {
            bar.reset();
            bar.set_length(progress.of_bytes);
        }
        bar.set_position(progress.bytes);
        if progress.of_bytes == 0 {
            bar.tick();
        }
        bar.set_message(format!(
            "{verb} {} {} records",
            shown(path),
            thousands(progress.records)
        ));
    }

    fn line(&mut self, verb: &str, path: &str, progress: Progress) {
        let now = engine::clock::now().0 / 1_000_000;
        if now < self.next_line {
            return;
        }
        self.next_line = now + SECONDS_A_LINE;
        if progress.of_bytes == 0 {
            let rows = thousands(progress.records);
            self.ui.say(&format!("{verb} {}: {rows} rows", shown(path)));
            return;
        }
        self.ui.say(&format!(
            "{verb} `{}`: {} of {}, {} records",
            shown(path),
            HumanBytes(progress.bytes),
            HumanBytes(progress.of_bytes),
            thousands(progress.records)
        ));
    }
}

impl Watch for Watcher<'_> {
    fn waiting(&mut self, holder: Option<&str>) {
        let who = holder.map_or_else(String::new, |holder| {
            format!(" (process {})", shown(holder))
        });
        self.ui.say(&format!(
            "another import{who} is writing: waiting until it is done"
        ));
    }

    fn keeping(&mut self, path: &str, progress: Progress) {
        self.show("keeping", path, progress);
    }

    fn reading(&mut self, path: &str, progress: Progress) {
        self.show("reading", path, progress);
    }

    fn done(&mut self, _report: &FileReport) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Whether the operator wants the end.
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn new(ui: &Ui) -> Self {
        Self(stop_on_interrupt(ui.end_at_once))
    }

    /// Returns whether it was asked for.
    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Raises a flag at the first interrupt, so that the work stops at a good place; a second one ends the process.
pub(crate) fn stop_on_interrupt(end_at_once: fn() -> !) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let listen = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        else {
            return;
        };
        runtime.block_on(async {
            while asked_to_end().await.is_ok() {
                if flag.swap(true, Ordering::Relaxed) {
                    end_at_once();
                }
            }
        });
        runtime.shutdown_timeout(Duration::ZERO);
    };
    // Without the thread an interrupt ends the process at once, which loses nothing either.
    let _ = std::thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(listen);
    stop
}

/// Waits until somebody at the terminal, or the system's service manager, wants the end.
async fn asked_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
