//! What a browser may run of the page: its one style and its one script, by their digests.

use sha2::{Digest, Sha256};

/// Returns the policy that admits this style and this script and fetches nothing.
pub(super) fn admitting(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        source(style.as_bytes()),
        source(script.as_bytes())
    )
}

/// Returns the digest of a source as a policy names it.
fn source(bytes: &[u8]) -> String {
    format!("sha256-{}", base64(&Sha256::digest(bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_page_has_the_policy_of_its_own_style_and_script_and_no_other() {
        let page = page();
        // A browser takes digests of what stands between the tags.
        let style = between(&page, "<style>", "</style>");
        let script = between(&page, "<script>", "</script>");
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
        assert_eq!(policy, admitting(style, script));
    }

    #[test]
    fn a_digest_is_spelled_as_a_browser_spells_it() {
        // The digests of nothing and of `abc`, as FIPS 180-4 has them.
        assert_eq!(
            source(b""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(
            source(b"abc"),
            "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
    }

    #[test]
    fn letters_of_base64_are_those_of_the_standard() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_policy_changes_with_the_style_and_with_the_script() {
        let policy = admitting("a", "b");
        assert_ne!(policy, admitting("a2", "b"));
        assert_ne!(policy, admitting("a", "b2"));
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    }

    fn page() -> String {
        let document = Document {
            title: "Title".into(),
            subtitle: String::new(),
            profile: String::new(),
            facts: Vec::new(),
            footer: String::new(),
            classes: Vec::new(),
            sections: Vec::new(),
        };
        let mut out = Vec::new();
        super::super::write(&document, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
        let (_, rest) = text.split_once(from).unwrap();
        rest.split_once(to).unwrap().0
    }
}
