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
    /// How many steps a plan may have; as many as casework says where nothing is said.
    pub(crate) most_steps: Option<usize>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftResponse {
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
        Ok(Response {
            mode,
            protected: words(self.protected),
            two_person: words(self.two_person),
            most_steps: self.most_steps,
        })
    }
}
