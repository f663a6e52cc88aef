//! `cargo x docs`: the pages about detections, printed from what the program says of itself.
//!
//! Nobody writes these pages by hand, so that they cannot say what the program does not do;
//! `--check` tells when the committed ones are not what the program says.

mod coverage;
mod detections;
mod listing;
mod techniques;

use crate::checkout::Checkout;
use crate::product::{Product, Profile};
use anyhow::{Context, Result, bail, ensure};
use listing::Listing;

/// Said at the top of each page.
const ORIGIN: &str = "<!-- Written by `cargo x docs` from `breachscope detect list`: change the detection, not this page. -->\n";

/// Writes the pages, or with `--check` compares them.
pub(crate) fn docs(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    match arguments {
        [] => write(checkout),
        [word] if word == "--check" => check(checkout),
        _ => bail!("usage: cargo x docs [--check]"),
    }
}

/// Fails when a page is not what the built program says.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let mut stale = Vec::new();
    for (path, expected) in pages(checkout)? {
        let found = std::fs::read_to_string(checkout.path(path)).unwrap_or_default();
        if found != expected {
            stale.push(path);
        }
    }
    ensure!(
        stale.is_empty(),
        "not what the program says of itself: {}; run `cargo x docs`",
        stale.join(", ")
    );
    Ok(())
}

fn write(checkout: &Checkout) -> Result<()> {
    std::fs::create_dir_all(checkout.path("docs")).context("cannot make `docs`")?;
    for (path, text) in pages(checkout)? {
        std::fs::write(checkout.path(path), &text)
            .with_context(|| format!("cannot write `{path}`"))?;
        println!("{path} ({} lines)", text.lines().count());
    }
    Ok(())
}

fn pages(checkout: &Checkout) -> Result<[(&'static str, String); 2]> {
    let product = Product::build(checkout, Profile::Dev)?;
    let listing = Listing::ask(checkout, &product)?;
    Ok([
        ("docs/detections.md", detections::page(&listing)),
        ("docs/coverage.md", coverage::page(&listing)),
    ])
}
