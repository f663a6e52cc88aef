//! Measures what the Sigma rules of a directory cost an event, beyond reading and understanding it:
//! `sigma_speed DIRECTORY[,DIRECTORY...] FILE`.
//!
//! The records are read and understood twice in blocks, once with and once without asking the
//! rules, so that only the difference counts.

use detect::Rules;
use detect::sigma::RuleSet;
use model::{Found, Json};
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut files = Vec::new();
    for directory in arguments.next().unwrap_or_default().split(',') {
        gather(Path::new(directory), &mut files)?;
    }
    let path = arguments.next().unwrap_or_default();
    let mut rules = RuleSet::load(files);
    let mut matched = 0_u64;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} rules, {} not used",
        rules.rules().len(),
        rules.unusable().len()
    )?;
    let mut seconds = [0.0; 2];
    let mut events = 0_u64;
    for (round, spent) in seconds.iter_mut().enumerate() {
        let before = processor_seconds();
        events = 0;
        let options = evidence::Options {
            format: None,
            depth: evidence::Depth::Glance,
            name: path.clone(),
        };
        evidence::read(&mut File::open(&path)?, &options, &mut |found| {
            if let Found::Record(raw) = found {
                events += 1;
                let context = normalise::Context::default();
                let normalised = normalise::normalise(&raw, &context);
                let body = raw.body.opened();
                if round == 1 {
                    let mut numbers = Vec::new();
                    rules.matching(&normalised.event, &body, &mut numbers);
                    matched += numbers.len() as u64;
                } else {
                    std::hint::black_box::<&Json<'_>>(&body);
                }
            }
            ControlFlow::Continue(())
        })?;
        *spent = processor_seconds() - before;
    }
    let cost = (seconds[1] - seconds[0]) / events.max(1) as f64 * 1e6;
    writeln!(
        out,
        "{events} events, {matched} matches; {:.2} s without, {:.2} s with rules: {cost:.3} us an event",
        seconds[0], seconds[1]
    )?;
    Ok(())
}

/// Returns the processor time of this process: other work on the machine does not count.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = behind
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    ticks as f64 / 100.0
}

fn gather(place: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    let mut inside: Vec<_> = std::fs::read_dir(place)?.collect::<Result<_, _>>()?;
    inside.sort_by_key(std::fs::DirEntry::path);
    for one in inside {
        let path = one.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|end| end == "yml" || end == "yaml")
        {
            files.push((path.display().to_string(), std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
