//! The demo: the product's own, and the run of an incident responder with an export: an invented
//! tenant's, which tells a whole compromise, is imported, and it is asked what was touched.

mod audit;
mod files;
mod mailbox;
mod object;
mod seed;
mod story;
mod told;

use crate::checkout::Checkout;
use crate::product::{Product, Profile};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::Path;

/// What `demo` asks of what was found; the expected answers are in `demo/answer.json`.
const QUESTIONS: &[(&str, &[&str])] = &[
    (
        "Which messages did the intruder's browser reach?",
        &["--mailbox", "nora.lindqvist", "--ip", story::INTRUDER_V4],
    ),
    (
        "Which folders did the intruder's Outlook copy?",
        &["--mailbox", "nora.lindqvist", "--ip", story::INTRUDER_V6],
    ),
    (
        "What did the application read that Nora was made to consent to?",
        &["--mailbox", "nora.lindqvist", "--app", story::ROGUE_APP],
    ),
];

/// Builds the product and lets it play its demo.
pub(crate) fn show(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    let product = Product::build(checkout, Profile::Dev)?;
    let data = checkout.scratch("demo")?;
    let mut words = vec!["demo"];
    words.extend(arguments.iter().map(String::as_str));
    product.show(&data, &words)
}

/// Imports the demo export into a fresh lake, finds the compromise and prints the messages that
/// were touched.
pub(crate) fn import(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    let product = Product::build(checkout, Profile::Dev)?;
    let data = checkout.scratch("demo-import")?;
    std::fs::remove_dir_all(&data).with_context(|| format!("cannot empty `{}`", data.display()))?;
    let export = checkout.path("demo/export");
    // The portal's sign-ins name no tenant: whoever imports them says whose they are.
    let tenant = audit::TENANT;
    println!("\n$ breachscope import demo/export --tenant {tenant}");
    let import = ["import", &export.to_string_lossy(), "--tenant", tenant];
    product.show(&data, &import)?;
    println!("\nIs there a compromise, and what shows it?\n$ breachscope detect");
    product.show(&data, &["detect"])?;
    for (question, filters) in QUESTIONS {
        println!("\n{question}\n$ breachscope messages {}", filters.join(" "));
        product.show(&data, &[&["messages"], *filters].concat())?;
    }
    scope(&product, &data)?;
    println!("\nThe story behind these lines is told in demo/README.md.");
    Ok(())
}

/// Puts every message of the mailbox in its class, from the seeds of the incident that was
/// found, and writes what a lawyer gets.
fn scope(product: &Product, data: &Path) -> Result<()> {
    let (user, seeds) = worst_incident(product, data)?;
    let mut asked = vec!["investigate", &user];
    for seed in &seeds {
        asked.extend(["--seed", seed]);
    }
    println!(
        "\nWhich messages are affected in all, and what could the log not see?\n$ breachscope {}",
        asked.join(" ")
    );
    product.show_answer(data, &asked)?;
    let question = [&["--format", "json", "--quiet"], asked.as_slice()].concat();
    let case = answer(product, data, &question)?;
    let case = case["case"].as_str().context("there is no case")?;
    let out = data.join("report");
    println!(
        "\nAs a document, and as a pack that proves itself:\n$ breachscope report {case} --format html,pdf,xlsx"
    );
    let out = out.to_string_lossy();
    product.show_answer(
        data,
        &[
            "--quiet",
            "report",
            case,
            "--format",
            "html,pdf,xlsx",
            "--out",
            &out,
        ],
    )?;
    println!(
        "$ breachscope evidence export {case} --out case.zip && breachscope evidence verify case.zip"
    );
    let pack = data.join("case.zip");
    let pack = pack.to_string_lossy();
    product.show_answer(
        data,
        &["--quiet", "evidence", "export", case, "--out", &pack],
    )?;
    product.show(data, &["evidence", "verify", &pack])
}

/// Returns whom the worst incident concerns, and the seeds that it proposes.
fn worst_incident(product: &Product, data: &Path) -> Result<(String, Vec<String>)> {
    let found = answer(product, data, &["--format", "json", "--quiet", "detect"])?;
    let incident = &found["incidents"][0];
    let user = incident["users"][0].as_str().context("nobody was found")?;
    let seeds = incident["seeds"].as_array().into_iter().flatten();
    let seeds: Vec<String> = seeds
        .filter_map(|seed| seed.as_str().map(str::to_owned))
        .collect();
    ensure!(!seeds.is_empty(), "the worst incident proposes no seed");
    Ok((user.to_owned(), seeds))
}

fn answer(product: &Product, data: &Path, arguments: &[&str]) -> Result<serde_json::Value> {
    let output = product.output(data, arguments)?;
    serde_json::from_slice(&output.stdout).context("there is no answer")
}

/// Writes the demo export again from its story.
pub(crate) fn export(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    for (path, bytes) in written() {
        let path = checkout.path(&path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        std::fs::write(&path, &bytes)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        println!("{} ({} bytes)", path.display(), bytes.len());
    }
    Ok(())
}

/// Returns the unified audit records of the story, as JSON.
pub(crate) fn record_bodies() -> Vec<String> {
    story::told()
        .records
        .into_iter()
        .map(|record| record.body)
        .collect()
}

fn written() -> BTreeMap<String, Vec<u8>> {
    files::dressed(&story::told())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_in_the_tree_are_what_the_story_writes() {
        let checkout = Checkout::find().unwrap();
        for (path, expected) in written() {
            let found = std::fs::read(checkout.path(&path)).unwrap_or_default();
            assert!(
                found == expected,
                "`{path}` differs from its story: run `cargo x demo-export`"
            );
        }
    }

    #[test]
    fn the_export_stays_small() {
        let size: usize = written().values().map(Vec::len).sum();
        assert!(size < 300 * 1024, "{size} bytes");
    }
}
