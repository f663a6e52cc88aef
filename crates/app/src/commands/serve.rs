//! `breachscope serve`: the pages and the API over a data folder, and beside them collecting,
//! detecting and telling, in one process.

mod responder;
mod watching;

pub(crate) use watching::Stored;

use super::{collect, data_folder, roots, store_or_new};
use crate::cli::{Global, ServeArgs};
use crate::error::{Code, Trouble};
use crate::progress::{Collecting, stop_on_interrupt};
use crate::ui::Ui;
use engine::pages::Identity;
use engine::{CollectRequest, ReviewLinks, SignIn, TellRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use watching::Watching;
use web::{Board, House, Listen, Serving, Settings};

/// How often it is looked whether the operator wants to stop.
const LOOK: Duration = Duration::from_millis(200);
/// How many such looks pass before it is looked whether there is a tenant to collect from.
const LOOKS: u32 = 50;

/// Serves until it is interrupted.
pub(crate) fn run(args: &ServeArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let board = (!args.pages_only).then(Board::default);
    let roots = roots(args.roots.as_deref())?;
    let identity = SignIn::open(&data_folder(global)?, roots.as_deref())?;
    let house = House::open(Settings {
        is_secure: args.tls_cert.is_some() || args.behind_proxy,
        behind_proxy: args.behind_proxy,
        board: board.clone(),
        identity: identity.map(|one| Arc::new(one) as Arc<dyn Identity>),
        responder: Some(Arc::new(responder::Hands {
            folder: data_folder(global)?,
            roots: roots.clone(),
        })),
        ..Settings::of(data_folder(global)?)
    })?;
    // It answers until this command ends.
    let serving = web::serve_pages(&house, &listen(args))?;
    tell(args, &house, &serving, ui)?;
    let Some(board) = board else {
        let stop = stop_on_interrupt(ui.end_at_once);
        while !is_stopped(&stop) {}
        return Ok(Code::Ok);
    };
    let request = CollectRequest {
        tenants: global.tenant.iter().cloned().collect(),
        for_ever: true,
        roots: roots.clone(),
        ..CollectRequest::default()
    };
    let telling = TellRequest {
        roots,
        review: Some(review_links(&house)),
    };
    let watching = Watching::begin(data_folder(global)?, telling);
    watch(&request, &board, &watching, global, ui)
}

/// Collects until it is interrupted; where there is no tenant as yet, waits for the first.
fn watch(
    request: &CollectRequest,
    board: &Board,
    watching: &Watching,
    global: &Global,
    ui: &mut Ui,
) -> Result<Code, Trouble> {
    let store = store_or_new(global)?;
    if store.tenants()?.is_empty() {
        ui.say("no tenant to collect from as yet: `breachscope tenant add`; it begins by itself");
        ui.flush()?;
        let stop = stop_on_interrupt(ui.end_at_once);
        while store.tenants()?.is_empty() {
            for _ in 0..LOOKS {
                if is_stopped(&stop) {
                    return Ok(Code::Ok);
                }
            }
        }
    }
    let mut collecting = Collecting::new(ui)
        .on(Some(board.clone()))
        .waking(watching.stored());
    let collected = store.collect(request, &mut collecting);
    drop(collecting);
    Ok(collect::code(&collected?))
}

/// A signal sets a flag, and a flag has no event to wait for.
fn is_stopped(stop: &AtomicBool) -> bool {
    std::thread::sleep(LOOK);
    stop.load(Ordering::Relaxed)
}

/// Returns what makes the links of cards, under the key of these pages.
pub(super) fn review_links(house: &House) -> ReviewLinks {
    let house = house.clone();
    ReviewLinks::new(move |incident| match house.card_link(incident) {
        Ok(path) => Some(path),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a card has no signed link"
            );
            None
        }
    })
}

fn listen(args: &ServeArgs) -> Listen {
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    Listen {
        address: args.listen,
        tls,
        behind_proxy: args.behind_proxy,
    }
}

/// Says where the pages are, and who may become the first administrator.
fn tell(args: &ServeArgs, house: &House, serving: &Serving, ui: &mut Ui) -> Result<(), Trouble> {
    let scheme = match args.tls_cert {
        Some(_) => "https",
        None => "http",
    };
    let base = format!("{scheme}://{}", serving.address);
    ui.say(&format!("pages on {base}"));
    if args.once_link || !house.has_accounts()? {
        ui.say("whoever opens this link first becomes an administrator; it counts once, for fifteen minutes:");
        ui.line(&format!("{base}{}", house.administrator_link()?))?;
    }
    ui.flush()
}
