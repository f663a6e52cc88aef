//! What a directory record was done to, and the ids inside its texts.

use crate::attribution::people::is_guid;
use model::Json;
use model::bags::each_object;

/// Returns every id and name of what a directory record was done to.
pub(super) fn targets(body: &Json<'_>) -> Vec<String> {
    const LISTS: [(&str, &[&str]); 2] = [
        ("Target", &["ID"]),
        (
            "TargetResources",
            &["id", "userPrincipalName", "displayName"],
        ),
    ];
    let mut found = Vec::new();
    for (list, keys) in LISTS {
        each_object(body.get_any_case(list), &mut |target| {
            let said = keys
                .iter()
                .filter_map(|key| target.get_any_case(key)?.as_word());
            found.extend(said.filter(|text| !text.is_empty()).map(str::to_owned));
        });
    }
    let columns = body.entries().iter().filter(|(key, _)| is_column(key));
    found.extend(columns.filter_map(|(_, value)| value.as_word().map(str::to_owned)));
    found
}

/// The portal's table writes `Target1ObjectId` and `Target1UserPrincipalName`.
fn is_column(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let is_target = key.starts_with("target") && !key.contains("modified");
    is_target && (key.ends_with("objectid") || key.ends_with("userprincipalname"))
}

/// Returns every GUID inside a text, in lower case.
pub(super) fn guids(text: &str) -> Vec<String> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + LENGTH) {
        let guid = std::str::from_utf8(window)
            .ok()
            .filter(|text| is_guid(text));
        match guid {
            Some(guid) => {
                found.push(guid.to_ascii_lowercase());
                at += LENGTH;
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::bags::body;

    #[test]
    fn every_dress_of_targets_names_them() {
        for text in [
            r#"{"Target":[{"ID":"app","Type":1},{"ID":"","Type":2},{"ID":"ann","Type":5}]}"#,
            r#"{"target":"[{\"ID\":\"app\"},{\"ID\":\"ann\"}]"}"#,
            r#"{"targetResources":[{"displayName":"app"},{"id":null,"userPrincipalName":"ann"}]}"#,
            r#"{"Target1ObjectId":"app","Target1UserPrincipalName":"ann","Target1ModifiedProperty1ObjectId":"x"}"#,
        ] {
            assert_eq!(targets(&body(text)), ["app", "ann"], "{text}");
        }
    }

    #[test]
    fn a_guid_is_found_in_the_middle_of_hostile_text() {
        let text = "é[[Id: 0D5C1E7A-0000-4000-8000-00000000000A, \u{202e}]";
        assert_eq!(guids(text), ["0d5c1e7a-0000-4000-8000-00000000000a"]);
        assert!(guids("0d5c1e7a-0000-4000-8000-00000000000").is_empty());
    }
}
