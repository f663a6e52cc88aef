//! Prints what the catalogue finds in evidence files, a line of JSON a finding: for whoever writes a detection.

use detect::{MemoryPile, NoRules, Nowhere, Run, Settings};
use model::json::write_string;
use model::{Found, Json};
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut run = Run::new(detect::all(), MemoryPile::default());
    for path in std::env::args().skip(1) {
        let options = evidence::Options {
            format: None,
            name: path.clone(),
            depth: evidence::Depth::Glance,
        };
        evidence::read(&mut File::open(&path)?, &options, &mut |found| {
            if let Found::Record(raw) = found {
                let context = normalise::Context {
                    extent: normalise::Extent::Fields,
                    ..normalise::Context::default()
                };
                let normalised = normalise::normalise(&raw, &context);
                let rest = model::json::parse(&normalised.event.rest)
                    .map_or(Json::Null, |parsed| parsed.value);
                let body = if raw.shape == model::Shape::UnifiedAudit {
                    &raw.body
                } else {
                    &rest
                };
                let taken = run.take(
                    &normalised.event,
                    body,
                    normalised.delivery.as_ref(),
                    &mut NoRules,
                );
                match taken {
                    Ok(()) => {}
                    Err(never) => match never {},
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    let mut answer = run.finish(&|_| Settings::default(), &Nowhere, &NoRules)?;
    let incidents = detect::incident::incidents(&mut answer.findings);
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
    for incident in &incidents {
        let many = incident.findings.len();
        writeln!(
            io::stderr(),
            "{} {} ({many}) {}",
            incident.severity,
            incident.from,
            incident.title
        )?;
    }
    Ok(())
}
