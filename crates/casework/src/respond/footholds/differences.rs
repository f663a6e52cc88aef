//! What a changed value of the directory holds that the old one did not.

use model::Json;
use model::bags::each_object;
use std::collections::BTreeMap;

/// An object in a value: its fields by their names in lower case, as words.
pub(super) type Fields = BTreeMap<String, String>;

/// Returns the objects in a value, out of however many strings and lists.
pub(super) fn objects(value: &str) -> Vec<Fields> {
    let mut found = Vec::new();
    let wrapped = Json::String(value.into());
    each_object(Some(&wrapped), &mut |one| {
        let fields = one.entries().iter().filter_map(|(key, value)| {
            let word = value.as_word()?;
            Some((key.to_lowercase(), word.trim().to_owned()))
        });
        found.push(fields.collect());
    });
    found
}

/// Returns the objects of the new value whose key the old value does not have.
pub(super) fn added(value: &str, before: &str, key: &str) -> Vec<Fields> {
    let known: Vec<String> = objects(before)
        .into_iter()
        .filter_map(|one| one.get(key).map(|id| id.to_lowercase()))
        .collect();
    let is_new = |one: &Fields| match one.get(key) {
        Some(id) => !id.is_empty() && !known.contains(&id.to_lowercase()),
        None => false,
    };
    objects(value).into_iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_found_in_every_wrapping() {
        let old = r#"[{"Id":"a","DeviceName":"Old"}]"#;
        for new in [
            r#"[{"Id":"A","DeviceName":"Old"},{"Id":"b","DeviceName":"New"}]"#,
            r#"["{\"Id\":\"a\"}","{\"Id\":\"b\",\"DeviceName\":\"New\"}"]"#,
            "[\r\n  {\"Id\": \"b\", \"DeviceName\": \"New\"}\r\n]",
        ] {
            let found = added(new, old, "id");
            assert_eq!(found.len(), 1, "{new}");
            assert_eq!(found[0]["devicename"], "New");
        }
        assert!(added("", old, "id").is_empty());
    }
}
