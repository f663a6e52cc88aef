//! What end-to-end tests run beside the product, each pinned: where it is missing, the tests that
//! need it say that they are skipped, and a change does not pass.

use crate::browser::Browser;
use crate::checkout::Checkout;
use crate::{azurite, browser, schemathesis};
use anyhow::{Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// What is there of it.
pub(crate) struct Tools {
    azurite: Option<PathBuf>,
    browser: Option<Browser>,
    schemathesis: Option<PathBuf>,
}

impl Tools {
    /// Installs what can be installed here.
    pub(crate) fn installed(checkout: &Checkout) -> Result<Self> {
        Ok(Self {
            azurite: azurite::installed(checkout)?,
            browser: browser::installed(checkout)?,
            schemathesis: schemathesis::installed(checkout)?,
        })
    }

    /// Demands that nothing is missing.
    pub(crate) fn are_whole(&self) -> Result<()> {
        let missing = self.missing();
        ensure!(
            missing.is_empty(),
            "{} not there: `./x` in place of `cargo x` installs what is missing",
            missing.join(", ")
        );
        Ok(())
    }

    /// Tells the tests that a command runs where everything is, and the reader what is not.
    pub(crate) fn lend_to(&self, command: &mut Command) {
        if let Some(script) = &self.azurite {
            command.env("BREACHSCOPE_AZURITE", script);
        }
        if let Some(browser) = &self.browser {
            command.env("BREACHSCOPE_BROWSER", &browser.packages);
            command.env("BREACHSCOPE_CHROMIUM", &browser.chromium);
        }
        if let Some(program) = &self.schemathesis {
            command.env("BREACHSCOPE_SCHEMATHESIS", program);
        }
        for missing in self.missing() {
            println!(
                "{missing} not there: the tests that need it are skipped; `./x` in place of \
                 `cargo x` installs what is missing"
            );
        }
    }

    fn missing(&self) -> Vec<&'static str> {
        let all = [
            ("Azurite (node)", self.azurite.is_some()),
            ("a browser (node and Chromium)", self.browser.is_some()),
            ("schemathesis (Python)", self.schemathesis.is_some()),
        ];
        let missing = all.into_iter().filter(|(_, is_there)| !is_there);
        missing.map(|(name, _)| name).collect()
    }
}
