//! `breachscope serve`: the pages and the API over a data folder, and on request collecting and
//! detecting beside them.

mod responder;

use super::{collect, data_folder, store};
use crate::cli::{Global, ServeArgs};
use crate::error::{Code, Trouble};
use crate::progress::{Collecting, stop_on_interrupt};
use crate::ui::Ui;
use engine::{CollectRequest, DetectRequest, EngineError, Store, Unwatched};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use web::{Board, House, Listen, Serving, Settings};

/// How often it is looked whether the operator wants to stop.
const LOOK: Duration = Duration::from_millis(200);
/// How often detection looks at what is new.
const DETECT: Duration = Duration::from_secs(30);

/// Serves until it is interrupted.
pub(crate) fn run(args: &ServeArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let board = args.watch.then(Board::default);
    let house = House::open(Settings {
        is_secure: args.tls_cert.is_some() || args.behind_proxy,
        behind_proxy: args.behind_proxy,
        board: board.clone(),
        responder: Some(Arc::new(responder::Hands {
            folder: data_folder(global)?,
            roots: roots(args)?,
        })),
        ..Settings::of(data_folder(global)?)
    })?;
    // It answers until this command ends.
    let serving = web::serve_pages(&house, &listen(args))?;
    tell(args, &house, &serving, ui)?;
    let Some(board) = board else {
        wait(ui);
        return Ok(Code::Ok);
    };
    let request = CollectRequest {
        tenants: global.tenant.iter().cloned().collect(),
        for_ever: true,
        roots: roots(args)?,
        ..CollectRequest::default()
    };
    let detecting = Detecting::begin(data_folder(global)?);
    let collected = store(global)?.collect(&request, &mut Collecting::new(ui).on(Some(board)));
    drop(detecting);
    Ok(collect::code(&collected?))
}

fn roots(args: &ServeArgs) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(path) = &args.roots else {
        return Ok(None);
    };
    let read = std::fs::read(path).map_err(|source| EngineError::Input {
        path: path.display().to_string(),
        source,
    })?;
    Ok(Some(read))
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

fn wait(ui: &Ui) {
    let stop = stop_on_interrupt(ui.end_at_once);
    while !stop.load(Ordering::Relaxed) {
        // A signal sets a flag, and a flag has no event to wait for.
        std::thread::sleep(LOOK);
    }
}

/// Detection that looks at what is new until it is dropped.
struct Detecting {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Detecting {
    fn begin(folder: PathBuf) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("detect".to_owned())
            .spawn(move || detect(&folder, &stopped));
        if let Err(error) = &thread {
            tracing::error!(%error, "detection cannot begin: what is collected is not looked at");
        }
        Self {
            stop: Some(stop),
            thread: thread.ok(),
        }
    }
}

impl Drop for Detecting {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // It said in the log what went wrong.
            let _ = thread.join();
        }
    }
}

fn detect(folder: &Path, stopped: &Receiver<()>) {
    let request = DetectRequest {
        folder: folder.to_owned(),
        ..DetectRequest::default()
    };
    loop {
        let found = Store::open(folder).and_then(|store| store.detect(&request, &mut Unwatched));
        match found {
            Ok(found) => {
                tracing::info!(new = found.new.unwrap_or_default(), "looked at what is new");
            }
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "detection failed and is tried again"
            ),
        }
        if stopped.recv_timeout(DETECT) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
