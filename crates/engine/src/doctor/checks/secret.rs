//! Whether the tenant's secret or certificate can be read where the configuration says it is.

use crate::doctor::finding::{About, Finding, Shell};
use crate::error::EngineError;

pub(in crate::doctor) const ABOUT: About = About {
    name: "secret",
    why: "Without the application's secret there is no sign-in, and nothing is collected.",
    link: "",
};

/// Judges whether what opens the tenant could be put together.
pub(in crate::doctor) fn judge(failed: Option<&EngineError>) -> Finding {
    match failed {
        None => ABOUT.well("what the application proves itself with can be read"),
        Some(error) => {
            let what = match error {
                EngineError::Secret { what, .. } => what.clone(),
                other => crate::import::unreadable(other),
            };
            ABOUT
                .blind(format!("the secret cannot be read: {what}"))
                .fix("put the secret where `collect` in the configuration says, for the user who runs this program alone")
                .step(Shell::Here, "breachscope config check")
        }
    }
}
