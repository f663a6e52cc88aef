//! The face: commands, what they print, and with which code they end.
//!
//! Nothing is decided here about evidence. A command turns words into a request, hands it
//! to the engine, and shows what comes back; only [`ui`] prints.

mod cli;
mod commands;
mod error;
mod progress;
mod table;
mod times;
mod ui;

use clap::Parser;
use cli::{Cli, Command};
use error::{Code, Trouble};
use std::ffi::OsString;
use std::process::ExitCode;
use ui::Ui;

/// Runs the program on these words and returns the exit code.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(usage) => return ui::usage(&usage),
    };
    start_log(cli.global.verbose);
    let mut ui = Ui::new(&cli.global);
    match obey(cli, &mut ui) {
        Ok(code) => code.into(),
        Err(trouble) if trouble.is_closed_pipe() => Code::Ok.into(),
        Err(trouble) => ui.trouble(&trouble).into(),
    }
}

fn obey(cli: Cli, ui: &mut Ui) -> Result<Code, Trouble> {
    let global = &cli.global;
    match cli.command {
        Command::Import(args) => commands::import::run(&args, global, ui),
        Command::Messages(args) => commands::messages::run(&args, global, ui),
        Command::Show(args) => commands::show::run(&args, global, ui),
        Command::Sql(args) => commands::sql::run(&args, global, ui),
        Command::Lake(args) => commands::lake::run(&args, global, ui),
        Command::Completion(args) => commands::completion::run(&args, ui),
        Command::Man(args) => commands::man::run(&args, ui),
    }
}

/// Logs are for operators: on stderr, warnings unless asked for more, `RUST_LOG` above all.
fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn,deltalake=error,deltalake_core=error,delta_kernel=error,buoyant_kernel=error",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    // A second start in one process, as tests do it, keeps the first log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
