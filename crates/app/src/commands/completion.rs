//! `breachscope completion SHELL`.

use crate::cli::{Cli, CompletionArgs};
use crate::error::{Code, Trouble};
use crate::ui::Ui;
use clap::CommandFactory;

/// Prints the completion script.
pub(crate) fn run(args: &CompletionArgs, ui: &mut Ui) -> Result<Code, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "breachscope", &mut script);
    ui.bytes(&script)?;
    ui.flush()?;
    Ok(Code::Ok)
}
