//! Measures what detection costs a record: `speed FILE RULES[,RULES...]`, and for comparison
//! `speed value FILE`, which parses each line to `serde_json::Value`.
//!
//! The file is read twice, once without and once with detection, so that reading, gathering and
//! walking are told apart; the pile spills to disk as the engine's does.

use detect::sigma::RuleSet;
use detect::{Answer, Nowhere, Run, Settings, Surface};
use evidence::Visitor;
use model::{Found, Json, Raw, Shape};
use spill::Spill;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::Path;

// The pile of the engine, which this room does not know.
#[path = "../../engine/src/detect/spill.rs"]
#[allow(
    dead_code,
    reason = "piles that are kept for later runs are the engine's alone"
)]
mod spill;

// As in the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [mode, path] if mode == "value" => value(path),
        [path, rules] => pipeline(path, rules),
        _ => Err("usage: speed FILE RULES[,RULES...] | speed value FILE".into()),
    }
}

/// Parses each line to a value.
fn value(path: &str) -> Result<(), Box<dyn Error>> {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = Vec::new();
    let (mut records, before) = (0_u64, processor_seconds());
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&line);
        records += u64::from(std::hint::black_box(parsed).is_ok());
    }
    let each = microseconds(processor_seconds() - before, records);
    let mut out = io::stdout().lock();
    writeln!(out, "{records} records, value {each:.3} us")?;
    Ok(())
}

/// Reads, gathers and walks, and prints what each took: gathering what is read at less cost
/// because nobody wants it is less than reading it.
fn pipeline(path: &str, rules: &str) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for directory in rules.split(',') {
        gather(Path::new(directory), &mut files)?;
    }
    let mut rules = RuleSet::load(files);
    let (began, mut records) = (processor_seconds(), 0_u64);
    let mut count = |found: Found<'_>| {
        if let Found::Record(raw) = found {
            records += 1;
            std::hint::black_box(&raw);
        }
        ControlFlow::Continue(())
    };
    read_for(path, &mut count)?;
    let read = processor_seconds() - began;

    let mut detections = detect::all();
    detections.push(Box::new(rules.correlations()));
    let mut run = Run::new(detections, Spill::default());
    let began = processor_seconds();
    let mut taking = Taking {
        run: &mut run,
        rules: &mut rules,
        failure: None,
        is_wanted: false,
    };
    read_for(path, &mut taking)?;
    if let Some(failure) = taking.failure {
        return Err(failure.into());
    }
    let gathered = processor_seconds() - began;
    let answer = run.finish(&|_| Settings::default(), &Nowhere, &rules)?;
    let all = processor_seconds() - began;
    tell(records, [read, gathered - read, all - gathered], &answer)?;
    Ok(())
}

fn tell(records: u64, seconds: [f64; 3], answer: &Answer) -> io::Result<()> {
    let [read, gather, walk] = seconds.map(|spent| microseconds(spent, records));
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{records} records, {} looked at, {} findings; read {read:.3} + gather {gather:.3} + walk {walk:.3} = {:.3} us; peak {} kB",
        answer.looked_at,
        answer.findings.len(),
        read + gather + walk,
        peak_kilobytes()
    )
}

fn read_for(path: &str, visitor: &mut dyn Visitor) -> Result<(), Box<dyn Error>> {
    let options = evidence::Options {
        format: None,
        depth: evidence::Depth::Glance,
        name: path.to_owned(),
    };
    evidence::read_for(&mut File::open(path)?, &options, visitor)?;
    Ok(())
}

const CONTEXT: normalise::Context<'_> = normalise::Context {
    tenant: None,
    extent: normalise::Extent::Fields,
};

/// Does with a record what the engine does.
struct Taking<'t> {
    run: &'t mut Run<Spill>,
    rules: &'t mut RuleSet,
    failure: Option<io::Error>,
    /// Whether the record that comes next was asked for already.
    is_wanted: bool,
}

impl Visitor for Taking<'_> {
    fn found(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let is_wanted = std::mem::take(&mut self.is_wanted);
        let Found::Record(raw) = found else {
            return ControlFlow::Continue(());
        };
        let is_let_go = raw.shape == Shape::UnifiedAudit && !is_wanted && self.lets_go(&raw);
        self.is_wanted = false;
        if !is_let_go && let Err(error) = self.take(&raw) {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn lets_go(&mut self, raw: &Raw<'_>) -> bool {
        let Some(surface) = normalise::surface(raw, &CONTEXT) else {
            return false;
        };
        let word = |key| raw.body.text(key).unwrap_or_default();
        let shown = Surface {
            tenant: surface.tenant.as_str(),
            time: surface.time,
            action: &surface.action,
            actor: surface.actor,
            workload: word("Workload"),
            client: word("ClientInfoString"),
            record_type: surface.record_type.unwrap_or(-1),
        };
        let is_let_go = self.run.lets_go(&shown, self.rules);
        self.is_wanted = !is_let_go;
        is_let_go
    }
}

impl Taking<'_> {
    fn take(&mut self, raw: &Raw<'_>) -> io::Result<()> {
        let understood = normalise::normalise(raw, &CONTEXT);
        let delivery = understood.delivery.as_ref();
        if raw.shape == Shape::UnifiedAudit {
            let (event, body) = (&understood.event, &raw.body);
            return self.run.take(event, body, delivery, self.rules);
        }
        let rest =
            model::json::parse(&understood.event.rest).map_or(Json::Null, |parsed| parsed.value);
        self.run
            .take(&understood.event, &rest, delivery, self.rules)
    }
}

fn microseconds(seconds: f64, records: u64) -> f64 {
    seconds * 1e6 / records.max(1) as f64
}

/// Returns the processor time of this process: other work on the machine does not count.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    first.parse::<f64>().unwrap_or_default() / 1e9
}

fn peak_kilobytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = text.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"));
    let number = peak.and_then(|peak| peak.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
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
