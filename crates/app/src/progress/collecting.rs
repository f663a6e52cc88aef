//! How collecting is going: a line a tenant and source on a terminal, a line every ten seconds elsewhere.

use super::{SECONDS_A_LINE, stop_on_interrupt};
use crate::commands::Stored;
use crate::table::thousands;
use crate::ui::Ui;
use engine::{CollectWatch, FeedReport, Tally};
use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};
use model::shown::shown;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use web::Board;

/// How many lines a terminal shows; more tenants than that are shown together.
const LINES: usize = 16;

/// Watches collecting for a person.
pub(crate) struct Collecting<'a> {
    ui: &'a mut Ui,
    stop: Arc<AtomicBool>,
    bars: MultiProgress,
    lines: BTreeMap<String, ProgressBar>,
    began: i64,
    next_line: i64,
    /// What went by at the last line.
    last: u64,
    /// Where it is written up for whoever asks over HTTP.
    board: Option<Board>,
    /// Who is waked by what was stored.
    waked: Option<Stored>,
}

impl<'a> Collecting<'a> {
    /// Watches, and stops when the operator interrupts.
    pub(crate) fn new(ui: &'a mut Ui) -> Self {
        let stop = stop_on_interrupt(ui.end_at_once);
        let now = engine::clock::now().0 / 1_000_000;
        Self {
            ui,
            stop,
            bars: MultiProgress::new(),
            lines: BTreeMap::new(),
            began: now,
            next_line: now + SECONDS_A_LINE,
            last: 0,
            board: None,
            waked: None,
        }
    }

    /// Writes up on a board too.
    pub(crate) fn on(mut self, board: Option<Board>) -> Self {
        self.board = board;
        self
    }

    /// Wakes whoever looks at what is new.
    pub(crate) fn waking(mut self, waked: Option<Stored>) -> Self {
        self.waked = waked;
        self
    }

    fn draw(&mut self, tenants: &[(&str, &[FeedReport])]) {
        let feeds: usize = tenants.iter().map(|(_, feeds)| feeds.len()).sum();
        for (tenant, all) in tenants {
            if feeds > LINES {
                self.line((*tenant).to_owned(), all);
            } else {
                for feed in *all {
                    self.line(
                        format!("{tenant} {}", feed.feed),
                        std::slice::from_ref(feed),
                    );
                }
            }
        }
    }

    fn line(&mut self, name: String, feeds: &[FeedReport]) {
        if !self.lines.contains_key(&name) && self.lines.len() >= LINES {
            return;
        }
        let seconds = (engine::clock::now().0 / 1_000_000 - self.began).max(1) as u64;
        let sum = |count: fn(&FeedReport) -> u64| feeds.iter().map(count).sum::<u64>();
        let new = sum(|feed| feed.brought.new);
        let waiting = sum(|feed| feed.standing.waiting);
        let until = feeds.iter().filter_map(|feed| feed.standing.until).min();
        let text = format!(
            "{}: {} fetched, {} new ({}/s), {} known, {} waiting{}",
            shown(&name),
            thousands(sum(|feed| feed.contents)),
            thousands(new),
            thousands(new / seconds),
            thousands(sum(|feed| feed.brought.duplicates)),
            thousands(waiting),
            until.map_or_else(String::new, |until| format!(", everything until {until}")),
        );
        let bars = &self.bars;
        let bar = self.lines.entry(name).or_insert_with(|| {
            let bar = bars.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(text);
        bar.tick();
    }

    fn say(&mut self, tenants: &[(&str, &[FeedReport])]) {
        let now = engine::clock::now().0 / 1_000_000;
        if now < self.next_line {
            return;
        }
        self.next_line = now + SECONDS_A_LINE;
        let sum = |count: fn(&FeedReport) -> u64| {
            let feeds = tenants.iter().flat_map(|(_, feeds)| feeds.iter());
            feeds.map(count).sum::<u64>()
        };
        let new = sum(|feed| feed.brought.new);
        let rate = new.saturating_sub(self.last) / SECONDS_A_LINE as u64;
        self.last = new;
        self.ui.say(&format!(
            "collecting {} tenant(s): {} fetched ({}), {} new ({}/s), {} known, {} waiting, {} in trouble",
            thousands(tenants.len() as u64),
            thousands(sum(|feed| feed.contents)),
            HumanBytes(sum(|feed| feed.brought.bytes)),
            thousands(new),
            thousands(rate),
            thousands(sum(|feed| feed.brought.duplicates)),
            thousands(sum(|feed| feed.standing.waiting)),
            thousands(sum(|feed| u64::from(feed.standing.trouble.is_some()))),
        ));
    }
}

impl Drop for Collecting<'_> {
    fn drop(&mut self) {
        // A bar that cannot be cleared stays on the terminal: no harm.
        let _ = self.bars.clear();
    }
}

impl CollectWatch for Collecting<'_> {
    fn going(&mut self, tenants: &[(&str, &[FeedReport])]) {
        if let Some(board) = &self.board {
            board.going(tenants);
        }
        if self.ui.live() {
            self.draw(tenants);
        } else {
            self.say(tenants);
        }
    }

    fn asked(&mut self, tallies: &[Tally]) {
        if let Some(board) = &self.board {
            board.asked(tallies);
        }
    }

    fn stored(&mut self, _tenants: &[(&str, &[FeedReport])]) {
        if let Some(board) = &self.board {
            board.troubled("");
        }
        if let Some(waked) = &self.waked {
            waked.tell();
        }
    }

    fn troubled(&mut self, what: &str) {
        if let Some(board) = &self.board {
            board.troubled(what);
        }
        self.ui.warn(&format!(
            "cannot store what was collected, trying again: {what}"
        ));
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
