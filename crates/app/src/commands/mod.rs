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
pub(crate) mod report;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod sim;
pub(crate) mod sql;
pub(crate) mod tenant;

use crate::cli::Global;
use crate::error::Trouble;
use engine::Store;
use etcetera::BaseStrategy;
use std::path::PathBuf;

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
