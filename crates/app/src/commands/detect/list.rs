//! `breachscope detect list`.

use crate::cli::Format;
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, csv_line};
use crate::ui::Ui;
use engine::{DetectRequest, Listed, Unusable};
use model::shown::shown;
use serde::Serialize;

/// Lists the catalogue and the operator's rules.
pub(super) fn run(request: &DetectRequest, ui: &mut Ui) -> Result<Code, Trouble> {
    let (listed, unusable) = engine::listed(&request.rules)?;
    match ui.format {
        Format::Json => ui.json(&serde_json::json!({
            "detections": listed.iter().map(wire).collect::<Vec<_>>(),
            "unusable": unusable.iter().map(wire_unusable).collect::<Vec<_>>(),
        }))?,
        Format::Jsonl => {
            for one in &listed {
                ui.json(&wire(one))?;
            }
            for one in &unusable {
                ui.json(&wire_unusable(one))?;
            }
        }
        Format::Csv => csv(&listed, ui)?,
        Format::Table => table(&listed, &unusable, ui)?,
    }
    if !matches!(ui.format, Format::Table) {
        for one in &unusable {
            ui.warn(&told(one));
        }
    }
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct Wire<'a> {
    detection: &'a str,
    title: &'a str,
    severity: &'a str,
    mitre: &'a [String],
    sources: &'a [String],
    needs: &'a [String],
    method: &'a str,
    decides: &'a str,
    benign: &'a str,
    untested: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    never: &'a str,
}

fn wire(one: &Listed) -> Wire<'_> {
    Wire {
        detection: &one.id,
        title: &one.title,
        severity: &one.severity,
        mitre: &one.attack,
        sources: &one.sources,
        needs: &one.needs,
        method: &one.method,
        decides: &one.decides,
        benign: &one.benign,
        untested: &one.untested,
        file: &one.file,
        never: &one.never,
    }
}

#[derive(Serialize)]
struct WireUnusable<'a> {
    file: &'a str,
    rule: &'a str,
    unusable: &'a str,
}

fn wire_unusable(one: &Unusable) -> WireUnusable<'_> {
    WireUnusable {
        file: &one.file,
        rule: &one.rule,
        unusable: &one.why,
    }
}

fn csv(listed: &[Listed], ui: &mut Ui) -> Result<(), Trouble> {
    ui.line(
        "detection,title,severity,mitre,sources,needs,method,decides,benign,untested,file,never",
    )?;
    for one in listed {
        ui.line(&csv_line(&[
            one.id.clone(),
            one.title.clone(),
            one.severity.clone(),
            one.attack.join(" "),
            one.sources.join(" "),
            one.needs.join(" "),
            one.method.clone(),
            one.decides.clone(),
            one.benign.clone(),
            one.untested.clone(),
            one.file.clone(),
            one.never.clone(),
        ]))?;
    }
    Ok(())
}

fn table(listed: &[Listed], unusable: &[Unusable], ui: &mut Ui) -> Result<(), Trouble> {
    let heads = ["detection", "how", "ATT&CK", "sources", "title"];
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for one in listed {
        table.row(vec![
            one.id.clone(),
            one.method.clone(),
            one.attack.join(" "),
            one.sources.join(", "),
            one.title.clone(),
        ]);
    }
    ui.table(&table)?;
    let never = listed.iter().filter(|one| !one.never.is_empty());
    for (at, one) in never.enumerate() {
        if at == 0 {
            ui.line("")?;
            ui.heading("these rules are run, and can never match")?;
        }
        let never = shown(&one.never);
        ui.line(&format!(
            "{}, `{}`: {never}",
            shown(&one.file),
            shown(&one.title)
        ))?;
    }
    if !unusable.is_empty() {
        ui.line("")?;
        let many = counted(unusable.len() as u64, "rule", "rules");
        ui.heading(&format!("{many} cannot be used"))?;
        for one in unusable {
            ui.line(&told(one))?;
        }
    }
    Ok(())
}

fn told(one: &Unusable) -> String {
    let rule = match one.rule.as_str() {
        "" => String::new(),
        rule => format!(", `{}`", shown(rule)),
    };
    format!("{}{rule}: {}", shown(&one.file), shown(&one.why))
}
