//! The face: commands, what they print, and with which code they end.
//!
//! Nothing is decided here about evidence. A command turns words into a request, hands it
//! to the engine, and shows what comes back; only `ui` prints.

mod cli;
mod commands;
mod error;
mod progress;
mod table;
mod times;
mod ui;

use clap::Parser;
use cli::{Cli, Command, FormatArg};
use error::{Code, Trouble};
use std::ffi::OsString;
use std::process::ExitCode;
use ui::Ui;

/// Runs the program on these words and returns the exit code. `end_at_once` is called when
/// the operator interrupts a second time and does not want to wait for a good place to stop.
pub fn run(words: impl IntoIterator<Item = OsString>, end_at_once: fn() -> !) -> ExitCode {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(usage) => return ui::usage(&usage),
    };
    ui::start_log(cli.global.verbose);
    let mut ui = Ui::new(&cli.global, end_at_once);
    match obey(cli, &mut ui) {
        Ok(code) => code.into(),
        Err(trouble) if trouble.is_closed_pipe() => Code::Ok.into(),
        Err(trouble) => ui.trouble(&trouble).into(),
    }
}

fn obey(cli: Cli, ui: &mut Ui) -> Result<Code, Trouble> {
    let global = &cli.global;
    if !matches!(cli.command, Command::Report(_)) {
        one_plain_format(&global.format)?;
    }
    match cli.command {
        Command::Import(args) => commands::import::run(&args, global, ui),
        Command::Demo(args) => commands::demo::run(&args, global, ui),
        Command::Collect(args) => commands::collect::run(&args, global, ui),
        Command::Doctor(args) => commands::doctor::run(&args, global, ui),
        Command::Tenant(args) => commands::tenant::run(&args, global, ui),
        Command::Config(args) => commands::config::run(&args, global, ui),
        Command::Detect(args) => commands::detect::run(&args, global, ui),
        Command::Intel(args) => commands::intel::run(&args, global, ui),
        Command::Messages(args) => commands::messages::run(&args, global, ui),
        Command::Investigate(args) => commands::investigate::run(&args, global, ui),
        Command::Case(args) => commands::case::run(&args, global, ui),
        Command::Notify(args) => commands::notify::run(&args, global, ui),
        Command::Respond(args) => commands::respond::run(&args, global, ui),
        Command::Serve(args) => commands::serve::run(&args, global, ui),
        Command::Report(args) => commands::report::run(&args, global, ui),
        Command::Evidence(args) => commands::evidence::run(&args, global, ui),
        Command::Show(args) => commands::show::run(&args, global, ui),
        Command::Sql(args) => commands::sql::run(&args, global, ui),
        Command::Lake(args) => commands::lake::run(&args, global, ui),
        Command::Sim(args) => commands::sim::run(&args, ui),
        Command::Completion(args) => commands::completion::run(&args, ui),
        Command::Man(args) => commands::man::run(&args, ui),
    }
}

/// Refuses what only a report can be printed as.
fn one_plain_format(formats: &[FormatArg]) -> Result<(), Trouble> {
    match formats {
        [one] if one.printed().is_some() => Ok(()),
        _ => Err(Trouble::Argument {
            what: "the format: html, pdf, xlsx, timesketch, and several at once, are for `report`"
                .to_owned(),
            hint: "choose one of table, json, jsonl, csv".to_owned(),
        }),
    }
}
