//! `breachscope notify send|test|preview|status|retry`.

use super::serve::review_links;
use super::{data_folder, roots, store};
use crate::cli::{Format, Global, NotifyArgs, NotifyVerb};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv};
use crate::ui::Ui;
use engine::{DestinationTrial, EngineError, NoticeLine, Preview, TellReport, TellRequest};
use model::shown::shown;
use serde::Serialize;
use web::{House, Settings};

/// Does what is asked about telling people.
pub(crate) fn run(args: &NotifyArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let mut store = store(global)?;
    let house = House::open(Settings::of(data_folder(global)?))?;
    let request = TellRequest {
        roots: roots(args.roots.as_deref())?,
        review: Some(review_links(&house)),
    };
    let code = match &args.verb {
        NotifyVerb::Send => told(&store.tell(&request)?, ui)?,
        NotifyVerb::Test { destination } => tried(
            &store.try_destinations(destination.as_deref(), &request)?,
            ui,
        )?,
        NotifyVerb::Preview { incident, to } => {
            previews(&store.preview_card(incident.as_deref(), to.as_deref())?, ui)?
        }
        NotifyVerb::Status => status(&store.notices()?, ui)?,
        NotifyVerb::Retry {
            destination,
            incident,
        } => {
            if !store.revive_notice(destination, incident)? {
                return Err(EngineError::NoDeadCard {
                    destination: destination.clone(),
                    incident: incident.clone(),
                }
                .into());
            }
            ui.say("it is sent with the next `breachscope notify send`, or by `serve`");
            Code::Ok
        }
    };
    ui.flush()?;
    Ok(code)
}

#[derive(Serialize)]
struct WireTold<'a> {
    sent: &'a [String],
    failed: &'a [String],
    next: Option<String>,
}

fn told(report: &TellReport, ui: &mut Ui) -> Result<Code, Trouble> {
    for trouble in &report.templates {
        ui.warn(&shown(trouble));
    }
    match ui.format {
        Format::Json | Format::Jsonl => ui.json(&WireTold {
            sent: &report.sent,
            failed: &report.failed,
            next: report.next.map(|next| next.to_string()),
        })?,
        Format::Table | Format::Csv => {
            for line in &report.sent {
                ui.line(&format!("sent    {}", shown(line)))?;
            }
            for line in &report.failed {
                ui.line(&format!("failed  {}", shown(line)))?;
            }
            if report.sent.is_empty() && report.failed.is_empty() {
                ui.line("nothing was due")?;
            }
        }
    }
    Ok(if report.failed.is_empty() {
        Code::Ok
    } else {
        Code::Partial
    })
}

#[derive(Serialize)]
struct WireTrial<'a> {
    destination: &'a str,
    sent: bool,
    said: &'a str,
}

fn tried(trials: &[DestinationTrial], ui: &mut Ui) -> Result<Code, Trouble> {
    for trial in trials {
        match ui.format {
            Format::Json | Format::Jsonl => ui.json(&WireTrial {
                destination: &trial.destination,
                sent: trial.is_sent,
                said: &trial.said,
            })?,
            Format::Table | Format::Csv => {
                let word = if trial.is_sent { "sent" } else { "failed" };
                let line = format!(
                    "{word:<7} {}: {}",
                    shown(&trial.destination),
                    shown(&trial.said)
                );
                ui.line(&line)?;
            }
        }
    }
    Ok(if trials.iter().all(|trial| trial.is_sent) {
        Code::Ok
    } else {
        Code::Partial
    })
}

#[derive(Serialize)]
struct WirePreview<'a> {
    destination: &'a str,
    text: &'a str,
    troubles: &'a [String],
}

fn previews(previews: &[Preview], ui: &mut Ui) -> Result<Code, Trouble> {
    for one in previews {
        for trouble in &one.troubles {
            ui.warn(&shown(trouble));
        }
        match ui.format {
            Format::Json | Format::Jsonl => ui.json(&WirePreview {
                destination: &one.destination,
                text: &one.text,
                troubles: &one.troubles,
            })?,
            Format::Table | Format::Csv => {
                ui.heading(&one.destination)?;
                for line in one.text.lines() {
                    ui.line(&shown(line))?;
                }
                ui.line("")?;
            }
        }
    }
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct WireNotice<'a> {
    destination: &'a str,
    incident: &'a str,
    card: u32,
    state: &'a str,
    severity: &'a str,
    made: String,
    due: String,
    tries: u32,
    said: &'a str,
}

fn status(notices: &[NoticeLine], ui: &mut Ui) -> Result<Code, Trouble> {
    const HEADS: [&str; 8] = [
        "destination",
        "incident",
        "card",
        "state",
        "severity",
        "made",
        "tries",
        "said",
    ];
    let cells = |one: &NoticeLine| {
        vec![
            one.destination.clone(),
            one.incident.clone(),
            one.nth.to_string(),
            one.state.to_owned(),
            one.severity.to_string(),
            one.made.to_string(),
            one.tries.to_string(),
            one.why.clone(),
        ]
    };
    match ui.format {
        Format::Json | Format::Jsonl => {
            for one in notices {
                ui.json(&WireNotice {
                    destination: &one.destination,
                    incident: &one.incident,
                    card: one.nth,
                    state: one.state,
                    severity: one.severity.name(),
                    made: one.made.to_string(),
                    due: one.due.to_string(),
                    tries: one.tries,
                    said: &one.why,
                })?;
            }
        }
        Format::Csv => {
            ui.line(&csv(&HEADS))?;
            for one in notices {
                let cells = cells(one);
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                ui.line(&csv(&cells))?;
            }
        }
        Format::Table => {
            let mut table = Table::new(&HEADS.map(|head| {
                let align = if matches!(head, "card" | "tries") {
                    Align::Right
                } else {
                    Align::Left
                };
                (head, align)
            }));
            for one in notices {
                table.row(cells(one));
            }
            ui.table(&table)?;
        }
    }
    let dead = notices.iter().filter(|one| one.state == "dead").count();
    if dead > 0 {
        ui.warn(&format!(
            "{dead} cards were given up: see why, then `breachscope notify retry`"
        ));
    }
    Ok(if dead > 0 { Code::Partial } else { Code::Ok })
}
