//! What another side must not be heard to repeat.

use model::Secret;

/// Parts of an address shorter than this are words that anybody may say.
const SHORTEST_PART: usize = 6;

/// Returns a text without a secret and without its parts, whatever the other side repeats.
pub(crate) fn hidden_in(secret: &Secret, text: &str) -> String {
    let secret = secret.reveal();
    let mut clean = text.to_owned();
    if !secret.is_empty() {
        clean = clean.replace(secret, "[hidden]");
    }
    let parts = secret.split(['/', '?', '&', '=', ':', ' ']);
    for part in parts.filter(|part| part.len() >= SHORTEST_PART) {
        clean = clean.replace(part, "[hidden]");
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_other_side_repeats_of_an_address_is_hidden() {
        let address = "https://hooks.example/services/T00000/B00000/s3cr3tw0rd";
        let hook = Secret::from(address.to_owned());
        assert_eq!(hidden_in(&hook, "no s3cr3tw0rd here"), "no [hidden] here");
        assert_eq!(hidden_in(&hook, "no_service"), "no_service");
        let none = Secret::from(String::new());
        assert_eq!(hidden_in(&none, "as it is"), "as it is");
    }
}
