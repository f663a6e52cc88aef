//! `breachscope tenant add|list|show|pause|remove|import-csv`.

use super::{config, store_or_new};
use crate::cli::{Format, Global, TenantAddArgs, TenantArgs, TenantVerb};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, counted, csv_line};
use crate::ui::Ui;
use engine::{EngineError, NewTenant, Store, TenantLine, Told};
use model::shown::shown;
use serde::Serialize;
use std::path::Path;

/// Does what is asked with the tenants.
pub(crate) fn run(args: &TenantArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let store = store_or_new(global)?;
    let code = match &args.verb {
        TenantVerb::Add(new) => {
            added(&store.add_tenant(&new_tenant(new))?, ui)?;
            Code::Ok
        }
        TenantVerb::List => {
            list(&store.tenants()?, ui)?;
            Code::Ok
        }
        TenantVerb::Show { name } => {
            show(&store, name, ui)?;
            Code::Ok
        }
        TenantVerb::Pause { name, resume } => {
            let id = store.pause_tenant(name, !resume)?;
            let done = if *resume {
                "is collected again"
            } else {
                "is paused: what it writes meanwhile is had later, as far back as the services keep it"
            };
            ui.line(&format!("{id} {done}"))?;
            Code::Ok
        }
        TenantVerb::Remove { name } => {
            let file = store.remove_tenant(name)?;
            ui.line(&format!(
                "removed `{}`; the records stay, and so do the gaps",
                file.display()
            ))?;
            Code::Ok
        }
        TenantVerb::ImportCsv { file } => import(&store, file, ui)?,
        TenantVerb::SignIn {
            id,
            client_id,
            cloud,
        } => {
            sign_in(&store, id, client_id, cloud.as_deref(), ui)?;
            Code::Ok
        }
        TenantVerb::Customers { partner, add } => customers(&store, partner, *add, ui)?,
    };
    ui.flush()?;
    Ok(code)
}

fn new_tenant(args: &TenantAddArgs) -> NewTenant {
    let proofs = [
        ("secret", &args.secret),
        ("cert", &args.cert),
        ("federated", &args.federated),
        ("refresh_token", &args.refresh_token),
    ];
    let mut proof: Vec<(String, String)> = proofs
        .into_iter()
        .filter_map(|(key, reference)| Some((key.to_owned(), reference.clone()?)))
        .collect();
    if args.managed_identity {
        proof.push(("managed_identity".to_owned(), String::new()));
    }
    NewTenant {
        id: args.id.clone(),
        name: args.name.clone(),
        tags: args.tags.clone(),
        cloud: args.cloud.clone(),
        client_id: args.client_id.clone(),
        proof,
    }
}

#[derive(Serialize)]
struct WireTold<'a> {
    file: String,
    consent: &'a str,
    permissions: Vec<WirePermission<'a>>,
    script: &'a str,
}

#[derive(Serialize)]
struct WirePermission<'a> {
    service: &'a str,
    permission: &'a str,
    why: &'a str,
}

fn added(told: &Told, ui: &mut Ui) -> Result<(), Trouble> {
    let permissions = told.permissions.iter().map(|one| WirePermission {
        service: &one.service,
        permission: &one.name,
        why: &one.why,
    });
    match ui.format {
        Format::Json | Format::Jsonl => ui.json(&WireTold {
            file: told.file.display().to_string(),
            consent: &told.consent,
            permissions: permissions.collect(),
            script: &told.script,
        }),
        Format::Csv => {
            ui.line("service,permission,why")?;
            for one in permissions {
                let cells = [one.service, one.permission, one.why].map(str::to_owned);
                ui.line(&csv_line(&cells))?;
            }
            Ok(())
        }
        Format::Table => {
            ui.line(&format!("wrote `{}`", told.file.display()))?;
            if !told.permissions.is_empty() {
                ui.line("")?;
                ui.heading("What the reading application needs, and why")?;
                let mut table = Table::new(&[
                    ("service", Align::Left),
                    ("permission", Align::Left),
                    ("why", Align::Left),
                ]);
                for one in permissions {
                    table.row(
                        [one.service, one.permission, one.why]
                            .map(str::to_owned)
                            .to_vec(),
                    );
                }
                ui.table(&table)?;
            }
            ui.line("")?;
            ui.heading("An administrator of the tenant consents here")?;
            ui.line(&told.consent)?;
            ui.line("")?;
            ui.heading("Or makes the applications by script: read it before running it")?;
            ui.line(&told.script)?;
            ui.line("then: breachscope doctor, breachscope collect")
        }
    }
}

#[derive(Serialize)]
struct WireLine<'a> {
    tenant: &'a str,
    name: &'a str,
    tags: &'a [String],
    cloud: &'a str,
    feeds: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_since: Option<String>,
}

fn wire(line: &TenantLine) -> WireLine<'_> {
    WireLine {
        tenant: &line.id,
        name: &line.name,
        tags: &line.tags,
        cloud: &line.cloud,
        feeds: &line.feeds,
        paused_since: line.paused.map(|time| time.to_string()),
    }
}

fn list(lines: &[TenantLine], ui: &mut Ui) -> Result<(), Trouble> {
    let cells = |line: &TenantLine| {
        vec![
            line.id.clone(),
            line.name.clone(),
            line.tags.join(" "),
            line.cloud.clone(),
            line.feeds.len().to_string(),
            line.paused
                .map_or_else(String::new, |time| time.to_string()),
        ]
    };
    match ui.format {
        Format::Json => ui.json(&lines.iter().map(wire).collect::<Vec<_>>()),
        Format::Jsonl => lines.iter().try_for_each(|line| ui.json(&wire(line))),
        Format::Csv => {
            ui.line("tenant,name,tags,cloud,feeds,paused_since")?;
            lines
                .iter()
                .try_for_each(|line| ui.line(&csv_line(&cells(line))))
        }
        Format::Table => {
            ui.heading(&counted(lines.len() as u64, "tenant", "tenants"))?;
            let mut table = Table::new(&[
                ("tenant", Align::Left),
                ("name", Align::Left),
                ("tags", Align::Left),
                ("cloud", Align::Left),
                ("feeds", Align::Right),
                ("paused since", Align::Left),
            ]);
            for line in lines {
                table.row(
                    cells(line)
                        .iter()
                        .map(|cell| shown(cell).into_owned())
                        .collect(),
                );
            }
            ui.table(&table)
        }
    }
}

fn show(store: &Store, name: &str, ui: &mut Ui) -> Result<(), Trouble> {
    let tenants = store.tenants()?;
    let fits = |one: &&TenantLine| {
        one.id.eq_ignore_ascii_case(name) || one.name.eq_ignore_ascii_case(name)
    };
    let tenant = tenants
        .iter()
        .find(fits)
        .ok_or_else(|| EngineError::NoSuchTenant {
            name: name.to_owned(),
        })?;
    match ui.format {
        Format::Table => config::settings(tenant, ui),
        Format::Json | Format::Jsonl => ui.json(&wire(tenant)),
        Format::Csv => list(std::slice::from_ref(tenant), ui),
    }
}

fn sign_in(
    store: &Store,
    id: &str,
    client_id: &str,
    cloud: Option<&str>,
    ui: &mut Ui,
) -> Result<(), Trouble> {
    let file = store.sign_in(id, client_id, cloud, &mut |code| {
        ui.say(&format!(
            "open {} and type the code {}; it lives {} minutes",
            code.verification_uri,
            code.user_code,
            code.lives.as_secs() / 60
        ));
    })?;
    let reference = format!("file:{}", file.display());
    match ui.format {
        Format::Json | Format::Jsonl => ui.json(&serde_json::json!({ "refresh_token": reference })),
        Format::Csv => ui.line(&format!("refresh_token\n{}", csv_line(&[reference]))),
        Format::Table => {
            ui.line(&format!(
                "signed in; the refresh token is kept: {reference}"
            ))?;
            ui.line(&format!(
                "then: breachscope tenant add {id} --client-id {client_id} --refresh-token {reference}"
            ))
        }
    }
}

#[derive(Serialize)]
struct WireCustomer<'a> {
    tenant: &'a str,
    name: &'a str,
    ends: &'a str,
    configured: bool,
}

fn customers(store: &Store, partner: &str, add: bool, ui: &mut Ui) -> Result<Code, Trouble> {
    let mut code = Code::Ok;
    let mut customers = store.customers(partner)?;
    for customer in customers.iter_mut().filter(|one| add && !one.known) {
        match store
            .customer_tenant(partner, customer)
            .and_then(|new| store.add_tenant(&new))
        {
            Ok(_) => customer.known = true,
            Err(error) => {
                ui.warn(&format!("{}: cannot {error}", customer.tenant));
                code = Code::Partial;
            }
        }
    }
    let wire = |one: &'_ engine::Customer| {
        serde_json::to_value(WireCustomer {
            tenant: &one.tenant,
            name: &one.name,
            ends: &one.ends,
            configured: one.known,
        })
        .unwrap_or_default()
    };
    let cells = |one: &engine::Customer| {
        let known = if one.known { "yes" } else { "" };
        vec![
            one.tenant.clone(),
            one.name.clone(),
            one.ends.clone(),
            known.to_owned(),
        ]
    };
    match ui.format {
        Format::Json => ui.json(&customers.iter().map(wire).collect::<Vec<_>>())?,
        Format::Jsonl => customers.iter().try_for_each(|one| ui.json(&wire(one)))?,
        Format::Csv => {
            ui.line("tenant,name,ends,configured")?;
            customers
                .iter()
                .try_for_each(|one| ui.line(&csv_line(&cells(one))))?;
        }
        Format::Table => {
            ui.heading(&counted(customers.len() as u64, "customer", "customers"))?;
            let mut table = Table::new(&[
                ("tenant", Align::Left),
                ("name", Align::Left),
                ("delegated until", Align::Left),
                ("configured", Align::Left),
            ]);
            for one in &customers {
                table.row(cells(one));
            }
            ui.table(&table)?;
        }
    }
    Ok(code)
}

fn import(store: &Store, file: &Path, ui: &mut Ui) -> Result<Code, Trouble> {
    let text = std::fs::read_to_string(file).map_err(|source| EngineError::Input {
        path: file.display().to_string(),
        source,
    })?;
    let mut code = Code::Ok;
    let mut many = 0;
    for (id, added) in store.import_tenants(&text)? {
        match added {
            Ok(_) => many += 1,
            Err(error) => {
                let trouble = Trouble::from(error);
                let causes = trouble.causes().join(": ");
                ui.warn(&format!("{}: cannot {trouble} {causes}", shown(&id)));
                code = Code::Partial;
            }
        }
    }
    ui.line(&format!("{} added", counted(many, "tenant", "tenants")))?;
    Ok(code)
}
