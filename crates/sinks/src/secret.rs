//! A text that is shown to nobody: a password, a key, the address of a webhook.

use std::fmt;

/// A secret. Neither `Debug` nor anything else prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Parts of an address shorter than this are words that anybody may say.
const SHORTEST_PART: usize = 6;

impl Secret {
    /// Returns the text, for the one place that sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the text without this secret and without its parts, whatever the other side repeats.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        if !self.0.is_empty() {
            clean = clean.replace(&self.0, "[hidden]");
        }
        let parts = self.0.split(['/', '?', '&', '=', ':', ' ']);
        for part in parts.filter(|part| part.len() >= SHORTEST_PART) {
            clean = clean.replace(part, "[hidden]");
        }
        clean
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::from("p4ss~word".to_owned());
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[hidden] Some([hidden])"
        );
    }

    #[test]
    fn what_the_other_side_repeats_of_an_address_is_hidden() {
        let hook =
            Secret::from("https://hooks.example/services/T00000/B00000/s3cr3tw0rd".to_owned());
        assert_eq!(hook.hidden_in("no s3cr3tw0rd here"), "no [hidden] here");
        assert_eq!(hook.hidden_in("no_service"), "no_service");
        assert_eq!(
            Secret::from(String::new()).hidden_in("as it is"),
            "as it is"
        );
    }
}
