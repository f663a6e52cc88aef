//! What a child process used: processor time and peak memory, read from `/proc`.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

/// Linux counts processor time in hundredths of a second, whatever its kernel's own tick.
const TICKS_PER_SECOND: f64 = 100.0;
const GLANCE: Duration = Duration::from_millis(5);

/// What a run used.
pub(crate) struct Usage {
    /// How the process ended.
    pub(crate) status: ExitStatus,
    /// User and system time.
    pub(crate) cpu_seconds: f64,
    /// Time on the wall.
    pub(crate) wall_seconds: f64,
    /// The most memory that it held at once.
    pub(crate) peak_bytes: u64,
}

/// Runs a command to its end and returns what it used.
pub(crate) fn measured(command: &mut Command) -> Result<Usage> {
    ensure!(
        Path::new("/proc/self/stat").exists(),
        "measuring needs Linux"
    );
    let clock = Stopwatch::start();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let process = format!("/proc/{}", child.id());
    let mut peak_bytes = 0;
    // A process that has ended stays in the table until it is waited for, with its times
    // but without its memory: so the memory's high-water mark is read while it lives.
    while !has_ended(&process) {
        peak_bytes = peak_bytes.max(high_water_mark(&process));
        std::thread::sleep(GLANCE);
    }
    let cpu_seconds = ticks(&process, [13, 14]);
    let status = child.wait().context("cannot wait for the child")?;
    Ok(Usage {
        status,
        cpu_seconds,
        wall_seconds: clock.seconds(),
        peak_bytes,
    })
}

/// Returns the processor time of every child that was waited for so far.
pub(crate) fn children_cpu_seconds() -> f64 {
    ticks("/proc/self", [15, 16])
}

/// Measures time on the wall.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[allow(
        clippy::disallowed_methods,
        reason = "a task measures; the product is given its time"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

fn has_ended(process: &str) -> bool {
    fields(process)
        .first()
        .is_none_or(|state| state == "Z" || state == "X")
}

/// Returns the sum of two fields of `stat`, numbered from 0 as the manual does from 1.
fn ticks(process: &str, numbers: [usize; 2]) -> f64 {
    // The state is field 2, the first one after the name in parentheses.
    let fields = fields(process);
    let read = |number: usize| {
        fields
            .get(number - 2)
            .and_then(|text| text.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    numbers.into_iter().map(read).sum::<f64>() / TICKS_PER_SECOND
}

fn fields(process: &str) -> Vec<String> {
    let stat = std::fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().map(str::to_string).collect()
}

fn high_water_mark(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_child_is_seen_using_time_and_memory() {
        let usage = measured(Command::new("sh").args([
            "-c",
            "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; exit 3",
        ]))
        .unwrap();
        assert_eq!(usage.status.code(), Some(3));
        assert!(usage.cpu_seconds > 0.0, "{}", usage.cpu_seconds);
        assert!(usage.peak_bytes > 100_000, "{}", usage.peak_bytes);
    }
}
