//! The checks that no compiler makes: walls between rooms, fences around libraries,
//! files that nobody lists, licences, changelog fragments.
//!
//! Each check is a file and a line in [`CHECKS`]; it returns its complaints, so that one
//! run shows all of them.

mod changelog;
mod code;
mod fences;
mod licences;
mod listed;
mod rooms;
mod tree;

use crate::checkout::Checkout;
use anyhow::{Result, bail};
use tree::Tree;

type Complaints = Vec<String>;
type Check = fn(&Tree) -> Complaints;

const CHECKS: &[(&str, Check)] = &[
    ("rooms know only the floors below", rooms::check),
    (
        "fences around purity, printing, clocks and exits",
        fences::check,
    ),
    (
        "every file is documented, listed and of a readable length",
        listed::check,
    ),
    ("licences and sources of dependencies", licences::check),
    ("changelog fragments", changelog::check),
];

/// Runs every check and fails when one of them complains.
pub(crate) fn tidy(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    let tree = Tree::read(checkout)?;
    let mut complaints = 0;
    for (name, check) in CHECKS {
        let found = check(&tree);
        println!("{} {name}", if found.is_empty() { "ok  " } else { "FAIL" });
        for complaint in &found {
            println!("     {complaint}");
        }
        complaints += found.len();
    }
    if complaints > 0 {
        bail!("tidy has {complaints} complaints");
    }
    println!(
        "tidy: {} checks passed over {} files",
        CHECKS.len(),
        tree.files.len()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_is_tidy() {
        let checkout = Checkout::find().unwrap();
        tidy(&checkout, &[]).unwrap();
    }
}
