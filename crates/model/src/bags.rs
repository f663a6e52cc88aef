//! The bags of a record: its named values, in whatever dress they come.
//!
//! A list of `{Name, Value}` or of `{displayName, newValue, oldValue}`, an object, the numbered
//! columns of a portal's table, either of them as JSON in a string, once or several times over:
//! the same facts. What a name means is for those who ask.

use crate::Json;

/// How often JSON may be wrapped in a string before it is only text.
const WRAPPINGS: u8 = 3;

/// A named value that a record gives, with what it was before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// Its name, as the record spells it.
    pub name: String,
    /// Its value; empty where the record gives none.
    pub value: String,
    /// Its value before; empty where the record does not say.
    pub before: String,
}

/// Named values, in the record's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bag(Vec<Property>);

impl Bag {
    /// Reads the bag that stands under a key of a record's body.
    pub fn read(body: &Json<'_>, key: &str) -> Self {
        let mut found = Vec::new();
        each_object(body.get_any_case(key), &mut |item| {
            read_object(item, &mut found);
        });
        Self(found)
    }

    /// Reads the bag under a key, and the record's own keys behind it: some exports flatten the
    /// bag into the record.
    pub fn read_flattened(body: &Json<'_>, key: &str) -> Self {
        let own = body.entries().iter().filter_map(|(name, value)| {
            Some(Property {
                name: name.to_string(),
                value: value.as_word()?.to_owned(),
                before: String::new(),
            })
        });
        Self::read(body, key).into_iter().chain(own).collect()
    }

    /// Reads what a directory record changed, beside its targets, inside them, in the properties
    /// of a diagnostic line or in columns.
    pub fn read_changes(body: &Json<'_>) -> Self {
        const KEY: &str = "ModifiedProperties";
        let Self(mut found) = Self::read(body, KEY);
        each_object(body.get_any_case("TargetResources"), &mut |target| {
            found.extend(Self::read(target, KEY));
        });
        each_object(body.get_any_case("properties"), &mut |inner| {
            found.extend(Self::read(inner, KEY));
            each_object(inner.get_any_case("TargetResources"), &mut |target| {
                found.extend(Self::read(target, KEY));
            });
        });
        found.extend(portal_columns(body));
        Self(found)
    }

    /// Returns the value of a name, whatever its case; the first one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.iter();
        let found = named.find(|one| one.name.eq_ignore_ascii_case(name))?;
        Some(&found.value)
    }

    /// Returns a yes or no: `True`, `$true`, `1`.
    pub fn truth(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?.trim().trim_start_matches('$');
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// Returns the named values in the record's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.iter()
    }

    /// Returns whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Bag {
    type Item = Property;
    type IntoIter = std::vec::IntoIter<Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'b> IntoIterator for &'b Bag {
    type Item = &'b Property;
    type IntoIter = std::slice::Iter<'b, Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Property> for Bag {
    fn from_iter<I: IntoIterator<Item = Property>>(properties: I) -> Self {
        Self(properties.into_iter().collect())
    }
}

/// Returns the body in a record's text; where that is no JSON, a body that says nothing.
pub fn body(text: &str) -> Json<'_> {
    crate::json::parse(text).map_or(Json::Null, |parsed| parsed.value)
}

/// Hands over each object of a list, or the one that stands alone, out of however many strings.
pub fn each_object(value: Option<&Json<'_>>, visit: &mut dyn FnMut(&Json<'_>)) {
    if let Some(value) = value {
        unwrap(value, WRAPPINGS, visit);
    }
}

fn unwrap(value: &Json<'_>, wrappings: u8, visit: &mut dyn FnMut(&Json<'_>)) {
    match value {
        Json::Object(_) => visit(value),
        Json::Array(items) => {
            for item in items {
                unwrap(item, wrappings, visit);
            }
        }
        Json::Folded(folded) => unwrap(&folded.open(), wrappings, visit),
        Json::String(text) if wrappings > 0 => {
            if let Ok(parsed) = crate::json::parse(text) {
                unwrap(&parsed.value, wrappings - 1, visit);
            }
        }
        _ => {}
    }
}

const NAMES: [&str; 3] = ["Name", "displayName", "Key"];
const VALUES: [&str; 2] = ["NewValue", "Value"];
const BEFORE: [&str; 1] = ["OldValue"];

/// An object is a pair of name and value, or its keys are the names.
fn read_object(object: &Json<'_>, found: &mut Vec<Property>) {
    if !is_pair(object) {
        found.extend(object.entries().iter().map(|(name, value)| Property {
            name: name.to_string(),
            value: text_of(value),
            before: String::new(),
        }));
        return;
    }
    // A value that nothing names is nobody's.
    if let Some(name) = first(object, &NAMES).and_then(Json::as_word) {
        found.push(Property {
            name: name.to_owned(),
            value: first(object, &VALUES).map(text_of).unwrap_or_default(),
            before: first(object, &BEFORE).map(text_of).unwrap_or_default(),
        });
    }
}

/// Parameters may have one called `Name` among them; a pair has its value beside the name, or
/// nothing at all.
fn is_pair(object: &Json<'_>) -> bool {
    let has_value = || first(object, &VALUES).or_else(|| first(object, &BEFORE));
    first(object, &NAMES).is_some() && (object.entries().len() == 1 || has_value().is_some())
}

fn first<'o, 'a>(object: &'o Json<'a>, keys: &[&str]) -> Option<&'o Json<'a>> {
    keys.iter().find_map(|key| object.get_any_case(key))
}

/// A list of words is joined as the cmdlets' own records join it; anything deeper stays JSON.
fn text_of(value: &Json<'_>) -> String {
    if let Some(word) = word_of(value) {
        return word.to_owned();
    }
    if let Json::Array(items) = value
        && let Some(words) = items.iter().map(word_of).collect::<Option<Vec<_>>>()
    {
        return words.join(";");
    }
    let mut out = String::new();
    value.write(&mut out);
    out
}

fn word_of<'j>(value: &'j Json<'_>) -> Option<&'j str> {
    match value {
        Json::Null => Some(""),
        _ => value.as_word(),
    }
}

/// The portal's table writes `Target1ModifiedProperty2Name` and `...NewValue`.
fn portal_columns(body: &Json<'_>) -> impl Iterator<Item = Property> {
    let column = |name: String| body.get_any_case(&name).map(text_of).unwrap_or_default();
    body.entries().iter().filter_map(move |(key, value)| {
        let key = key.to_ascii_lowercase();
        let front = key.strip_suffix("name")?;
        let is_property = front.starts_with("target") && front.contains("modifiedproperty");
        is_property.then(|| Property {
            name: text_of(value),
            value: column(format!("{front}newvalue")),
            before: column(format!("{front}oldvalue")),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(bag: &Bag) -> Vec<(&str, &str)> {
        bag.iter().map(|one| (&*one.name, &*one.value)).collect()
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let bag = Bag::read(&body(text), "Parameters");
        assert_eq!(pairs(&bag), expected, "{text}");
    }

    #[test]
    fn every_dress_gives_the_same_parameters() {
        let expected = [("Name", "."), ("ForwardTo", "x@drop.example")];
        for text in [
            r#"{"Parameters":[{"Name":"Name","Value":"."},{"Name":"ForwardTo","Value":"x@drop.example"}]}"#,
            r#"{"PARAMETERS":[{"name":"Name","value":"."},{"KEY":"ForwardTo","VALUE":"x@drop.example"}]}"#,
            r#"{"parameters":{"Name":".","ForwardTo":"x@drop.example"}}"#,
            r#"{"Parameters":[{"Name":".","ForwardTo":"x@drop.example"}]}"#,
            r#"{"Parameters":"[{\"Name\":\"Name\",\"Value\":\".\"},{\"Name\":\"ForwardTo\",\"Value\":\"x@drop.example\"}]"}"#,
            r#"{"Parameters":["{\"Name\":\"Name\",\"Value\":\".\"}","{\"ForwardTo\":\"x@drop.example\"}"]}"#,
            r#"{"Parameters":"\"{\\\"Name\\\":\\\".\\\",\\\"ForwardTo\\\":\\\"x@drop.example\\\"}\""}"#,
            r#"{"Parameters":[{"Name":"Name","NewValue":"."},{"ForwardTo":["x@drop.example"]}]}"#,
        ] {
            check(text, &expected);
        }
    }

    #[test]
    fn a_single_pair_needs_no_list() {
        let text = r#"{"Parameters":{"Name":"AuditEnabled","Value":false}}"#;
        check(text, &[("AuditEnabled", "false")]);
    }

    #[test]
    fn a_name_without_a_value_has_an_empty_one() {
        let alone = r#"{"Parameters":[{"Name":"RuleName"}]}"#;
        check(alone, &[("RuleName", "")]);
        let null = r#"{"Parameters":[{"Name":"A","Value":null}]}"#;
        check(null, &[("A", "")]);
    }

    #[test]
    fn a_value_without_a_name_is_left_out() {
        check(r#"{"Parameters":[{"Name":null,"Value":"x"}]}"#, &[]);
    }

    #[test]
    fn a_list_of_words_is_joined_and_a_deeper_one_stays_json() {
        let words = r#"{"Parameters":{"From":["a@b.example",null,7]}}"#;
        check(words, &[("From", "a@b.example;;7")]);
        let deeper = r#"{"Parameters":{"Actions":[{"Type":"Move"}]}}"#;
        check(deeper, &[("Actions", r#"[{"Type":"Move"}]"#)]);
        check(r#"{"Parameters":{"From":[]}}"#, &[("From", "")]);
    }

    #[test]
    fn what_is_no_bag_gives_nothing() {
        for text in [
            "",
            "{",
            "[]",
            "\"a\"",
            "{}",
            r#"{"Parameters":17}"#,
            r#"{"Parameters":["Subject","Flags"]}"#,
            r#"{"Parameters":"-Identity ann"}"#,
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn json_in_ever_more_strings_is_only_text_at_last() {
        let mut text = r#"{"A":"x"}"#.to_owned();
        for _ in 0..=WRAPPINGS {
            let mut wrapped = String::new();
            crate::json::write_string(&text, &mut wrapped);
            text = wrapped;
        }
        check(&format!(r#"{{"Parameters":{text}}}"#), &[]);
    }

    #[test]
    fn a_flattened_bag_stands_behind_the_one_in_its_place() {
        for text in [
            r#"{"Parameters":[{"Name":"AuditEnabled","Value":"False"}],"AuditEnabled":true}"#,
            r#"{"Parameters":"[{\"Name\":\"AuditEnabled\",\"Value\":\"$false\"}]"}"#,
            r#"{"parameters":{"AuditEnabled":false}}"#,
            r#"{"Parameters":"gone","AuditEnabled":0}"#,
        ] {
            let bag = Bag::read_flattened(&body(text), "Parameters");
            assert_eq!(bag.truth("auditenabled"), Some(false), "{text}");
            assert_eq!(bag.get("Nobody"), None, "{text}");
        }
    }

    #[test]
    fn every_dress_gives_the_same_changes() {
        let expected = Property {
            name: "AppId".to_owned(),
            value: "x".to_owned(),
            before: "y".to_owned(),
        };
        for text in [
            r#"{"ModifiedProperties":[{"Name":"AppId","NewValue":"x","OldValue":"y"}]}"#,
            r#"{"ModifiedProperties":[{"Name":"AppId","NewValue":"x","OldValue":"y","Kind":3}]}"#,
            r#"{"ModifiedProperties":"[{\"Name\":\"AppId\",\"NewValue\":\"x\",\"OldValue\":\"y\"}]"}"#,
            r#"{"targetResources":[{"modifiedProperties":[{"displayName":"AppId","newValue":"x","oldValue":"y"}]}]}"#,
            r#"{"TargetResources":"[{\"modifiedProperties\":[{\"displayName\":\"AppId\",\"newValue\":\"x\",\"oldValue\":\"y\"}]}]"}"#,
            r#"{"Target1ModifiedProperty1Name":"AppId","Target1ModifiedProperty1NewValue":"x","Target1ModifiedProperty1OldValue":"y"}"#,
            r#"{"target1modifiedproperty1name":"AppId","target1modifiedproperty1newValue":"x","target1modifiedproperty1oldvalue":"y"}"#,
        ] {
            let bag = Bag::read_changes(&body(text));
            assert_eq!(bag.0, std::slice::from_ref(&expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_pair_gives_back_what_it_was_given(name in ".+", value in ".*") {
            let mut text = r#"{"Parameters":[{"Name":"#.to_owned();
            crate::json::write_string(&name, &mut text);
            text.push_str(",\"Value\":");
            crate::json::write_string(&value, &mut text);
            text.push_str("}]}");
            let bag = Bag::read(&body(&text), "Parameters");
            prop_assert_eq!(pairs(&bag), [(&*name, &*value)]);
        }
    }
}
