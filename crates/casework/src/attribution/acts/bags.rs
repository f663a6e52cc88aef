//! The bags of a record: Parameters, ModifiedProperties, Target, in whatever dress they come.
//!
//! A list of `{Name, Value}`, a list of `{displayName, newValue}`, an object, JSON inside a
//! string, or the numbered columns of the portal's table: the same facts.

use model::Json;
use std::borrow::Cow;

/// A named value that a record gives, with what it was before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Property {
    /// Its name as the record spells it.
    pub(super) name: String,
    /// Its value.
    pub(super) new: String,
    /// Its value before.
    pub(super) old: String,
}

/// Returns the parameters of a cmdlet or mailbox operation.
pub(super) fn parameters(rest: &Json<'_>) -> Vec<Property> {
    ["Parameters", "OperationProperties"]
        .iter()
        .flat_map(|key| bag(rest.get_any_case(key)))
        .collect()
}

/// Returns what a directory record changed.
pub(super) fn changed(rest: &Json<'_>) -> Vec<Property> {
    let mut found = bag(rest.get_any_case("ModifiedProperties"));
    with_nested(rest.get_any_case("TargetResources"), |targets| {
        for target in targets.items() {
            found.extend(bag(target.get_any_case("ModifiedProperties")));
        }
    });
    found.extend(portal_columns(rest));
    found
}

/// Returns every id and name of what a directory record was done to.
pub(super) fn targets(rest: &Json<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (list, keys) in [
        ("Target", &["ID"][..]),
        (
            "TargetResources",
            &["id", "userPrincipalName", "displayName"],
        ),
    ] {
        with_nested(rest.get_any_case(list), |targets| {
            for target in targets.items() {
                let said = keys
                    .iter()
                    .filter_map(|key| target.get_any_case(key)?.as_word());
                found.extend(said.filter(|text| !text.is_empty()).map(str::to_owned));
            }
        });
    }
    for (key, value) in rest.entries() {
        let key = key.to_ascii_lowercase();
        let is_target = key.starts_with("target") && !key.contains("modified");
        let is_id = key.ends_with("objectid") || key.ends_with("userprincipalname");
        if is_target && is_id {
            found.extend(value.as_word().map(str::to_owned));
        }
    }
    found
}

fn bag(value: Option<&Json<'_>>) -> Vec<Property> {
    let mut found = Vec::new();
    with_nested(value, |bag| {
        found.extend(bag.items().iter().filter_map(property));
        found.extend(bag.entries().iter().map(|(name, value)| Property {
            name: name.to_string(),
            new: text(value).into_owned(),
            old: String::new(),
        }));
    });
    found
}

fn property(entry: &Json<'_>) -> Option<Property> {
    let any = |keys: &[&str]| keys.iter().find_map(|key| entry.get_any_case(key));
    Some(Property {
        name: any(&["Name", "displayName", "Key"])?.as_word()?.to_owned(),
        new: any(&["NewValue", "Value"])
            .map(|value| text(value).into_owned())
            .unwrap_or_default(),
        old: any(&["OldValue"])
            .map(|value| text(value).into_owned())
            .unwrap_or_default(),
    })
}

/// The portal's table writes `Target1ModifiedProperty2Name` and `...NewValue`.
fn portal_columns(rest: &Json<'_>) -> Vec<Property> {
    let column = |name: String| {
        let value = rest.get_any_case(&name).map(text);
        value.map(Cow::into_owned).unwrap_or_default()
    };
    rest.entries()
        .iter()
        .filter_map(|(key, value)| {
            let front = key.strip_suffix("Name")?;
            let is_property = front.starts_with("Target") && front.contains("ModifiedProperty");
            is_property.then(|| Property {
                name: text(value).into_owned(),
                new: column(format!("{front}NewValue")),
                old: column(format!("{front}OldValue")),
            })
        })
        .collect()
}

fn text<'j>(value: &'j Json<'_>) -> Cow<'j, str> {
    if let Some(word) = value.as_word() {
        return Cow::Borrowed(word);
    }
    if matches!(value, Json::Null) {
        return Cow::Borrowed("");
    }
    let mut out = String::new();
    value.write(&mut out);
    Cow::Owned(out)
}

/// Hands over a value, or the JSON that stands in it as text.
fn with_nested(value: Option<&Json<'_>>, mut read: impl FnMut(&Json<'_>)) {
    match value {
        Some(Json::String(inner)) => {
            if let Ok(parsed) = model::json::parse(inner) {
                read(&parsed.value);
            }
        }
        Some(value) => read(value),
        None => {}
    }
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
            .filter(|text| super::super::people::is_guid(text));
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

    fn names(found: &[Property]) -> Vec<(&str, &str)> {
        found.iter().map(|one| (&*one.name, &*one.new)).collect()
    }

    #[test]
    fn every_dress_of_a_bag_gives_the_same() {
        for rest in [
            r#"{"ModifiedProperties":[{"Name":"AppId","NewValue":"x","OldValue":""}]}"#,
            r#"{"ModifiedProperties":"[{\"Name\":\"AppId\",\"NewValue\":\"x\"}]"}"#,
            r#"{"targetResources":[{"modifiedProperties":[{"displayName":"AppId","newValue":"x"}]}]}"#,
            r#"{"Target1ModifiedProperty1Name":"AppId","Target1ModifiedProperty1NewValue":"x"}"#,
        ] {
            let parsed = model::json::parse(rest).unwrap();
            assert_eq!(names(&changed(&parsed.value)), [("AppId", "x")], "{rest}");
        }
    }

    #[test]
    fn a_guid_is_found_in_the_middle_of_hostile_text() {
        let text = "é[[Id: 0D5C1E7A-0000-4000-8000-00000000000A, \u{202e}]";
        assert_eq!(guids(text), ["0d5c1e7a-0000-4000-8000-00000000000a"]);
        assert!(guids("0d5c1e7a-0000-4000-8000-00000000000").is_empty());
    }
}
