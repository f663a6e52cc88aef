//! One command a file: words in, request to the engine, answer out.

pub(crate) mod case;
pub(crate) mod collect;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod detect;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod import;
pub(crate) mod intel;
pub(crate) mod investigate;
pub(crate) mod lake;
pub(crate) mod man;
pub(crate) mod messages;
pub(crate) mod notify;
pub(crate) mod report;
pub(crate) mod respond;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod sim;
pub(crate) mod sql;
pub(crate) mod tenant;

pub(crate) use serve::Stored;

use crate::cli::Global;
use crate::error::Trouble;
use engine::{EngineError, Store};
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};

/// Opens the data folder that the global options name, for whoever only reads: it must be there.
fn store(global: &Global) -> Result<Store, Trouble> {
    Ok(Store::open_existing(&data_folder(global)?)?)
}

/// Opens the data folder that the global options name, and makes it where there is none.
fn store_or_new(global: &Global) -> Result<Store, Trouble> {
    Ok(Store::open(&data_folder(global)?)?)
}

/// Returns the data folder that the global options name: the platform's where they name none.
fn data_folder(global: &Global) -> Result<PathBuf, Trouble> {
    if let Some(folder) = &global.data {
        return Ok(folder.clone());
    }
    let strategy = etcetera::choose_base_strategy().map_err(|_| Trouble::NoDataFolder)?;
    Ok(strategy.data_dir().join("breachscope"))
}

/// Reads the certificates that are to be trusted beside the system's.
fn roots(path: Option<&Path>) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(path) = path else { return Ok(None) };
    let read = std::fs::read(path).map_err(|source| EngineError::Input {
        path: path.display().to_string(),
        source,
    })?;
    Ok(Some(read))
}

/// Returns who acts: as told, or the name of the system's user; nobody decides without a name.
fn who(told: Option<&String>) -> Result<String, Trouble> {
    let of_environment = || {
        ["USER", "USERNAME", "LOGNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
    };
    told.cloned()
        .filter(|name| !name.trim().is_empty())
        .or_else(of_environment)
        .or_else(user_of_system)
        .ok_or_else(|| Trouble::Argument {
            what: "who acts: the system names no user, and what is decided must have an author"
                .to_owned(),
            hint: "say who you are with `--by NAME`".to_owned(),
        })
}

/// Returns the name that the system has for whoever runs this process: `id` asks every
/// directory that the system knows its users from.
#[cfg(unix)]
fn user_of_system() -> Option<String> {
    let told = std::process::Command::new("id").arg("-un").output().ok()?;
    let name = String::from_utf8(told.stdout).ok()?.trim().to_owned();
    (told.status.success() && !name.is_empty()).then_some(name)
}

/// Elsewhere the environment always names the user.
#[cfg(not(unix))]
fn user_of_system() -> Option<String> {
    None
}
