//! How much disk a record takes in the lake, the raw store apart.

use super::{Limit, judge};
use crate::checkout::Checkout;
use crate::product::{Product, Profile};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const BYTES_PER_RECORD: f64 = 60.0;
/// The folder of the data folder that holds the tables and their index; the raw store
/// and the ledger stand beside it.
const LAKE: &str = "lake/";

/// Imports the real records and weighs the data folder, before and after compaction.
pub(super) fn measure(checkout: &Checkout) -> Result<()> {
    let data = checkout
        .real_data()
        .context("the real evidence is not beside the checkout: ../shared/data is missing")?;
    let product = Product::build(checkout, Profile::Release)?;
    let folder = checkout.scratch("size")?;
    std::fs::remove_dir_all(&folder).context("cannot empty the scratch folder")?;
    let (report, _) = product.import(&folder, &invictus_csv(&data.join("real"))?)?;
    let records = report["new"].as_f64().context("the report says no `new`")?;
    let weighed = print_weights("after import", &folder, records)?;
    product.show(&folder, &["--quiet", "lake", "compact"])?;
    print_weights(
        "after `lake compact`, versions within their grace included",
        &folder,
        records,
    )?;
    judge(
        "disk a record",
        weighed as f64 / records,
        Limit::AtMost(BYTES_PER_RECORD),
        "bytes",
    )
}

fn invictus_csv(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).context("cannot list the real evidence")? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with("invictus-ual-splunkcsv-")
            && path.extension().is_some_and(|extension| extension == "csv")
        {
            paths.push(path);
        }
    }
    paths.sort();
    ensure!(
        !paths.is_empty(),
        "`{}` holds no invictus files",
        folder.display()
    );
    Ok(paths)
}

/// Prints what each part of the data folder weighs and returns what the lake does.
fn print_weights(when: &str, folder: &Path, records: f64) -> Result<u64> {
    let mut weights = BTreeMap::new();
    weigh(folder, folder, &mut weights)?;
    println!("{when}, {records} records:");
    for (part, bytes) in &weights {
        println!(
            "     {part:<40} {bytes:>10} bytes {:>8.1} a record",
            *bytes as f64 / records
        );
    }
    Ok(weights
        .iter()
        .filter(|(part, _)| part.starts_with(LAKE))
        .map(|(_, bytes)| bytes)
        .sum())
}

/// Adds up the files of a folder by their first two steps of path: `lake/unified`.
fn weigh(top: &Path, folder: &Path, weights: &mut BTreeMap<String, u64>) -> Result<()> {
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?
    {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            weigh(top, &entry.path(), weights)?;
            continue;
        }
        let path = entry.path();
        let inside = path.strip_prefix(top).unwrap_or(&path);
        let steps: Vec<String> = inside
            .iter()
            .map(|step| step.to_string_lossy().into_owned())
            .collect();
        let depth = if steps[0] == "raw" { 1 } else { 2 };
        *weights
            .entry(steps[..steps.len().min(depth)].join("/"))
            .or_default() += entry.metadata()?.len();
    }
    Ok(())
}
