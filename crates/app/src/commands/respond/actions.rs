//! What can be done, in the words of each action.

use crate::cli::Format;
use crate::error::Trouble;
use crate::table::csv;
use crate::ui::Ui;
use engine::casework::respond::catalogue;
use serde::Serialize;

#[derive(Serialize)]
struct WireAction {
    action: &'static str,
    title: &'static str,
    sentence: &'static str,
    permissions: &'static [&'static str],
    reversible: &'static str,
    lost: &'static str,
    notices: &'static str,
    limits: &'static str,
    on_request: bool,
    attack: &'static [&'static str],
}

pub(super) fn actions(ui: &mut Ui) -> Result<(), Trouble> {
    let all: Vec<WireAction> = catalogue()
        .iter()
        .map(|action| {
            let about = action.about();
            WireAction {
                action: about.id,
                title: about.title,
                sentence: about.sentence,
                permissions: about.permissions,
                reversible: about.reversible.name(),
                lost: about.reversible.why(),
                notices: about.notices,
                limits: about.limits,
                on_request: about.on_request,
                attack: about.attack,
            }
        })
        .collect();
    match ui.format {
        Format::Json => ui.json(&all),
        Format::Jsonl => all.iter().try_for_each(|one| ui.json(one)),
        Format::Csv => {
            ui.line(&csv(&[
                "action",
                "title",
                "sentence",
                "permissions",
                "reversible",
                "lost",
                "notices",
                "limits",
            ]))?;
            all.iter().try_for_each(|one| {
                ui.line(&csv(&[
                    one.action,
                    one.title,
                    one.sentence,
                    &one.permissions.join("; "),
                    one.reversible,
                    one.lost,
                    one.notices,
                    one.limits,
                ]))
            })
        }
        Format::Table => all.iter().try_for_each(|one| {
            ui.heading(&format!("{}: {}", one.action, one.title))?;
            ui.line(&format!("    {}", one.sentence))?;
            ui.line(&format!("    needs: {}", one.permissions.join(", ")))?;
            let lost = if one.lost.is_empty() {
                String::new()
            } else {
                format!(": {}", one.lost)
            };
            ui.line(&format!("    can be taken back: {}{lost}", one.reversible))?;
            ui.line(&format!("    the person will notice: {}", one.notices))?;
            if !one.limits.is_empty() {
                ui.line(&format!("    limits: {}", one.limits))?;
            }
            if one.on_request {
                ui.line("    planned only where somebody asks for it, with `--with`")?;
            }
            Ok(())
        }),
    }
}
