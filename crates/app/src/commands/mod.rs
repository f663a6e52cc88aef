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

/// Opens the data folder that the global options name.
fn store(global: &Global) -> Result<Store, Trouble> {
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

/// Returns who acts: as told, or the name of the system's user.
fn who(told: Option<&String>) -> String {
    let of_system = || {
        ["USER", "USERNAME", "LOGNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok())
    };
    told.cloned()
        .or_else(of_system)
        .unwrap_or_else(|| "unknown".to_owned())
}
