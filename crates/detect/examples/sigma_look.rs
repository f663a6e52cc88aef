//! Prints what the Sigma rules of a directory find in evidence files, a line of JSON a finding: for
//! whoever writes a rule. `sigma_look DIRECTORY[,DIRECTORY...] FILE...`

use detect::sigma::RuleSet;
use detect::{Detection, MemoryPile, Nowhere, Run, Settings};
use model::json::write_string;
use model::{Found, Json};
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

#[expect(clippy::print_stderr, reason = "a tool for whoever writes rules")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut files = Vec::new();
    for directory in arguments.next().unwrap_or_default().split(',') {
        gather(Path::new(directory), &mut files)?;
    }
    let mut rules = RuleSet::load(files);
    for one in rules.unusable() {
        eprintln!("unusable {} `{}`: {}", one.file, one.title, one.why);
    }
    let mut detections: Vec<Box<dyn Detection>> = match std::env::var("CATALOGUE") {
        Ok(_) => detect::all(),
        Err(_) => Vec::new(),
    };
    detections.push(Box::new(rules.correlations()));
    let mut run = Run::new(detections, MemoryPile::default());
    for path in arguments {
        let options = evidence::Options {
            format: None,
            depth: evidence::Depth::Glance,
            name: path.clone(),
        };
        evidence::read(&mut File::open(&path)?, &options, &mut |found| {
            if let Found::Record(raw) = found {
                let context = normalise::Context::default();
                let normalised = normalise::normalise(&raw, &context);
                let rest = model::json::parse(&normalised.event.rest)
                    .map_or(Json::Null, |parsed| parsed.value);
                let taken = run.take(
                    &normalised.event,
                    &rest,
                    normalised.delivery.as_ref(),
                    &mut rules,
                );
                match taken {
                    Ok(()) => {}
                    Err(never) => match never {},
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    let answer = run.finish(&|_| Settings::default(), &Nowhere, &rules)?;
    let mut out = io::stdout().lock();
    for finding in &answer.findings {
        let mut line = String::from("{");
        for (key, value) in [
            ("finding", &finding.id),
            ("detection", &finding.detection),
            ("title", &finding.title),
            ("severity", &finding.severity.to_string()),
            ("user", &finding.user),
            ("time", &finding.time.to_string()),
            ("last_time", &finding.last_time.to_string()),
            ("why", &finding.why),
            ("ips", &finding.ips.join(" ")),
            ("incident", &finding.incident),
        ] {
            write_string(key, &mut line);
            line.push(':');
            write_string(value, &mut line);
            line.push(',');
        }
        line.push_str("\"records\":[");
        for (at, record) in finding.records.iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            write_string(record, &mut line);
        }
        line.push_str("]}");
        writeln!(out, "{line}")?;
    }
    for incident in &answer.incidents {
        let many = incident.findings.len();
        eprintln!(
            "{} {} ({many}) {}",
            incident.severity, incident.from, incident.title
        );
    }
    Ok(())
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
