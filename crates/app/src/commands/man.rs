//! `breachscope man [DIR]`.

use crate::cli::{Cli, ManArgs};
use crate::error::{Code, Trouble};
use crate::ui::Ui;
use clap::CommandFactory;

/// Prints the main page, or writes a page for every command into a folder.
pub(crate) fn run(args: &ManArgs, ui: &mut Ui) -> Result<Code, Trouble> {
    if let Some(folder) = &args.folder {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(Cli::command(), folder)?;
        ui.say(&format!("man pages are in `{}`", folder.display()));
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        ui.bytes(&page)?;
    }
    ui.flush()?;
    Ok(Code::Ok)
}
