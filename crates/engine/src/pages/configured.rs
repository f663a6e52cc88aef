//! What the configuration says, value by value, with where each is said. No secret is fetched: of one
//! there is where it is to be found.

use super::Looking;
use crate::config::{Config, FILE, Mode, Origin};
use crate::doctor::{KeptHealth, kept};
use crate::error::EngineError;

/// What counts, and where it is said.
#[derive(Clone, Debug, Default)]
pub struct Configured {
    /// What is of this install.
    pub here: Vec<Origin>,
    /// What is of each tenant, by id.
    pub tenants: Vec<ConfiguredTenant>,
}

/// What counts for one tenant.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredTenant {
    /// Its id.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// Every value.
    pub settings: Vec<Origin>,
}

impl Looking {
    /// Returns what the configuration says.
    pub fn configured(&self) -> Result<Configured, EngineError> {
        let config = Config::read(&self.folder)?;
        Ok(Configured {
            here: here(&config),
            tenants: (config.tenants.into_iter())
                .map(|one| ConfiguredTenant {
                    id: one.id,
                    name: one.name,
                    settings: one.origins,
                })
                .collect(),
        })
    }

    /// Returns what the last look of the doctor found, by tenant; this machine is the one without an id.
    pub fn health(&self) -> Result<Vec<KeptHealth>, EngineError> {
        let stored = self.ledger.health()?;
        Ok(stored.iter().filter_map(kept::read).collect())
    }
}

fn here(config: &Config) -> Vec<Origin> {
    let usual = crate::config::Response::default();
    let response = &config.response;
    let said = |key: &str, value: String, is_usual: bool| Origin {
        key: key.to_owned(),
        value,
        from: if is_usual {
            crate::config::BUILT_IN.to_owned()
        } else {
            FILE.to_owned()
        },
    };
    let list = |words: &[String]| match words {
        [] => "none".to_owned(),
        words => words.join(", "),
    };
    let mode = match response.mode {
        Mode::Off => "off: nothing is ever changed",
        Mode::Review => "review: a person reads each plan and approves it",
    };
    let steps = response.most_steps.map_or_else(
        || "as many as there are reasons for".to_owned(),
        |many| many.to_string(),
    );
    let destinations: Vec<String> = config.notify.names().map(str::to_owned).collect();
    let url = match config.notify.public_url.as_str() {
        "" => "not said: cards have no link",
        url => url,
    };
    vec![
        said(
            "response.mode",
            mode.to_owned(),
            response.mode == usual.mode,
        ),
        said(
            "response.protected",
            list(&response.protected),
            response.protected.is_empty(),
        ),
        said(
            "response.two_person",
            list(&response.two_person),
            response.two_person.is_empty(),
        ),
        said("response.most_steps", steps, response.most_steps.is_none()),
        said(
            "notify.public_url",
            url.to_owned(),
            config.notify.public_url.is_empty(),
        ),
        said(
            "notify destinations",
            list(&destinations),
            destinations.is_empty(),
        ),
    ]
}
