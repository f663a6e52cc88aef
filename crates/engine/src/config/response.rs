//! What the operator says of changing tenants: `[response]`.

use serde::Deserialize;

/// Whether anything may be changed, and by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing is changed, whoever approves it.
    Off,
    /// A person reviews every plan and approves it by its hash.
    #[default]
    Review,
}

/// What the operator says of changing tenants, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    /// Whether anything may be changed.
    pub(crate) mode: Mode,
    /// Accounts that no plan touches; `*` stands for any text.
    pub(crate) protected: Vec<String>,
    /// Accounts and roles (`role:Global Administrator`) that need a second approver.
    pub(crate) two_person: Vec<String>,
    /// What may be done without a person; nothing where nothing is said.
    pub(crate) automatic: Option<Automatic>,
    /// How many steps a plan may have; as many as casework says where nothing is said.
    pub(crate) most_steps: Option<usize>,
}

/// What may be done without a person: where, upon what, and how often.
#[derive(Clone, Debug)]
pub(crate) struct Automatic {
    /// The tenants, by id or name.
    pub(crate) tenants: Vec<String>,
    /// The detections of which an incident needs one.
    pub(crate) detections: Vec<String>,
    /// How many accounts in an hour.
    pub(crate) most_an_hour: u32,
}

impl Automatic {
    /// Returns the limits as casework knows them.
    pub(crate) fn limits(&self) -> casework::respond::Automatic {
        casework::respond::Automatic {
            per_hour: self.most_an_hour,
        }
    }
}

/// How many accounts are secured in an hour where the operator does not say.
const MOST_AN_HOUR: u32 = 3;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftAutomatic {
    tenants: Vec<String>,
    detections: Vec<String>,
    most_an_hour: Option<u32>,
}

impl DraftAutomatic {
    fn understand(self) -> Result<Automatic, String> {
        let said = |list: &[String], what: &str| {
            if list.is_empty() {
                return Err(format!(
                    "`automatic` in `[response]` names no {what}: nothing is done without a person but \
                     where and upon what is said"
                ));
            }
            Ok(())
        };
        said(&self.tenants, "tenants")?;
        said(&self.detections, "detections")?;
        let catalogue = detect::all();
        let known = |id: &&String| catalogue.iter().any(|one| one.about().id == id.as_str());
        if let Some(unknown) = self.detections.iter().find(|id| !known(id)) {
            return Err(format!(
                "`automatic` in `[response]`: there is no detection `{unknown}`; `breachscope detect list` \
                 names them"
            ));
        }
        let most_an_hour = self.most_an_hour.unwrap_or(MOST_AN_HOUR);
        if most_an_hour == 0 {
            return Err("`most_an_hour = 0` in `automatic`: leave `automatic` out".to_owned());
        }
        Ok(Automatic {
            tenants: self.tenants,
            detections: self.detections,
            most_an_hour,
        })
    }
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftResponse {
    automatic: Option<DraftAutomatic>,
    mode: Option<String>,
    protected: Vec<String>,
    two_person: Vec<String>,
    most_steps: Option<usize>,
}

impl DraftResponse {
    /// Checks it.
    pub(super) fn understand(self) -> Result<Response, String> {
        let mode = match self.mode.as_deref() {
            None | Some("review") => Mode::Review,
            Some("off") => Mode::Off,
            Some(other) => {
                return Err(format!(
                    "`mode = \"{other}\"` in `[response]`: it is `review`, or `off` for an install \
                     that never changes a tenant"
                ));
            }
        };
        let words = |words: Vec<String>| -> Vec<String> {
            let clean = words.iter().map(|word| word.trim().to_lowercase());
            clean.filter(|word| !word.is_empty()).collect()
        };
        if self.most_steps == Some(0) {
            return Err("`most_steps = 0` in `[response]`: write `mode = \"off\"`".to_owned());
        }
        let automatic = self.automatic.map(DraftAutomatic::understand).transpose()?;
        Ok(Response {
            automatic,
            mode,
            protected: words(self.protected),
            two_person: words(self.two_person),
            most_steps: self.most_steps,
        })
    }
}
