//! `breachscope collect sources`.

use crate::cli::Format;
use crate::error::Trouble;
use crate::table::csv_line;
use crate::ui::Ui;
use engine::{FeedKind, feed_kinds};
use serde::Serialize;

#[derive(Serialize)]
struct Wire {
    source: &'static str,
    about: &'static str,
    service: &'static str,
    permissions: Vec<WirePermission>,
    licence: &'static str,
    delay: &'static str,
    keeps: &'static str,
    by_default: bool,
}

#[derive(Serialize)]
struct WirePermission {
    name: &'static str,
    why: &'static str,
}

fn wire(kind: &FeedKind) -> Wire {
    let permissions = kind.permissions.iter().map(|one| WirePermission {
        name: one.name,
        why: one.why,
    });
    Wire {
        source: kind.name,
        about: kind.about,
        service: kind.service.name(),
        permissions: permissions.collect(),
        licence: kind.licence,
        delay: kind.delay,
        keeps: kind.keeps,
        by_default: kind.by_default,
    }
}

/// Prints every source there is, in its own words.
pub(super) fn print(ui: &mut Ui) -> Result<(), Trouble> {
    let kinds = feed_kinds().iter().map(wire);
    match ui.format {
        Format::Json => ui.json(&kinds.collect::<Vec<_>>()),
        Format::Jsonl => kinds.into_iter().try_for_each(|kind| ui.json(&kind)),
        Format::Csv => {
            ui.line("source,about,service,permissions,licence,delay,keeps,by_default")?;
            for kind in kinds {
                let names: Vec<&str> = kind.permissions.iter().map(|one| one.name).collect();
                let cells = [
                    kind.source.to_owned(),
                    kind.about.to_owned(),
                    kind.service.to_owned(),
                    names.join(" "),
                    kind.licence.to_owned(),
                    kind.delay.to_owned(),
                    kind.keeps.to_owned(),
                    kind.by_default.to_string(),
                ];
                ui.line(&csv_line(&cells))?;
            }
            Ok(())
        }
        Format::Table => {
            for kind in kinds {
                let default = if kind.by_default {
                    ""
                } else {
                    " (only when named)"
                };
                ui.heading(&format!("{}{default}", kind.source))?;
                ui.line(&format!("    {}", kind.about))?;
                ui.line(&format!("    needs: {}", kind.licence))?;
                ui.line(&format!("    late: {}; kept: {}", kind.delay, kind.keeps))?;
                for one in &kind.permissions {
                    ui.line(&format!("    {} {}: {}", kind.service, one.name, one.why))?;
                }
            }
            Ok(())
        }
    }
}
