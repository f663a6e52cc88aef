//! `breachscope config check`.

use super::store;
use crate::cli::{ConfigArgs, ConfigVerb, Format, Global};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv_line};
use crate::ui::Ui;
use engine::{Origin, TenantLine};
use model::shown::shown;
use serde::Serialize;

/// Says what the configuration says.
pub(crate) fn run(args: &ConfigArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    match args.verb {
        ConfigVerb::Check => check(&store(global)?.tenants()?, ui)?,
    }
    ui.flush()?;
    Ok(Code::Ok)
}

#[derive(Serialize)]
struct Wire<'a> {
    tenant: &'a str,
    key: &'a str,
    value: &'a str,
    from: &'a str,
}

fn wire<'a>(tenant: &'a TenantLine, origin: &'a Origin) -> Wire<'a> {
    Wire {
        tenant: &tenant.id,
        key: &origin.key,
        value: &origin.value,
        from: &origin.from,
    }
}

fn check(tenants: &[TenantLine], ui: &mut Ui) -> Result<(), Trouble> {
    let all = || {
        tenants.iter().flat_map(|tenant| {
            let settings = tenant.settings.iter();
            settings.map(move |origin| wire(tenant, origin))
        })
    };
    match ui.format {
        Format::Json => ui.json(&all().collect::<Vec<_>>()),
        Format::Jsonl => all().try_for_each(|one| ui.json(&one)),
        Format::Csv => {
            ui.line("tenant,key,value,from")?;
            all().try_for_each(|one| {
                let cells = [one.tenant, one.key, one.value, one.from].map(str::to_owned);
                ui.line(&csv_line(&cells))
            })
        }
        Format::Table => {
            ui.line("the configuration makes sense")?;
            for tenant in tenants {
                ui.line("")?;
                settings(tenant, ui)?;
            }
            Ok(())
        }
    }
}

/// Prints every value that counts for a tenant.
pub(super) fn settings(tenant: &TenantLine, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&format!("{} ({})", shown(&tenant.name), tenant.id))?;
    let mut table = Table::new(&[
        ("key", Align::Left),
        ("value", Align::Left),
        ("said in", Align::Left),
    ]);
    for origin in &tenant.settings {
        table.row(vec![
            origin.key.clone(),
            shown(&origin.value).into_owned(),
            origin.from.clone(),
        ]);
    }
    ui.table(&table)
}
