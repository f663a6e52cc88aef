//! The parameters of a cmdlet or of a client's operation, however a record dresses them.
//!
//! A list of `{Name, Value}`, an object, or either of them as JSON in a string, once or twice
//! over, are one thing here. It judges no name; that is [`super::words`]'s work.

use model::Json;

/// How often JSON may be wrapped in a string before it is only text.
const WRAPPINGS: u8 = 3;

/// Returns the names and values under one key of a record's body, in the record's order.
///
/// A name without a value has an empty one.
pub(crate) fn parameters(body: &Json<'_>, key: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(bag) = body.get_any_case(key) {
        read(bag, WRAPPINGS, &mut found);
    }
    found
}

/// Returns the value of a name, whatever its case.
pub(crate) fn value<'p>(parameters: &'p [(String, String)], name: &str) -> Option<&'p str> {
    parameters
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn read(bag: &Json<'_>, wrappings: u8, found: &mut Vec<(String, String)>) {
    match bag {
        Json::Array(items) => {
            for item in items {
                read_item(item, found);
            }
        }
        Json::Object(_) => read_item(bag, found),
        Json::String(text) if wrappings > 0 => {
            if let Ok(parsed) = model::json::parse(text) {
                read(&parsed.value, wrappings - 1, found);
            }
        }
        _ => {}
    }
}

/// An item is a pair of name and value, or an object whose keys are the names.
fn read_item(item: &Json<'_>, found: &mut Vec<(String, String)>) {
    if let Some(name) = item.get_any_case("Name").and_then(Json::as_word)
        && is_pair(item)
    {
        let value = item
            .get_any_case("Value")
            .or_else(|| item.get_any_case("NewValue"));
        found.push((name.to_owned(), value.map(text_of).unwrap_or_default()));
        return;
    }
    for (name, value) in item.entries() {
        found.push((name.clone().into_owned(), text_of(value)));
    }
}

/// An object of parameters may have one called `Name`; a pair has its value beside it and nothing else.
fn is_pair(item: &Json<'_>) -> bool {
    const PAIR: [&str; 4] = ["Name", "Value", "NewValue", "OldValue"];
    let known = |key: &str| PAIR.iter().any(|pair| key.eq_ignore_ascii_case(pair));
    item.entries().iter().all(|(key, _)| known(key))
}

/// Lists are joined as the cmdlets' own records join them; anything deeper stays JSON.
fn text_of(value: &Json<'_>) -> String {
    match value {
        Json::Null => String::new(),
        Json::Array(items) => {
            let texts: Vec<String> = items.iter().map(text_of).collect();
            texts.join(";")
        }
        Json::Object(_) => {
            let mut out = String::new();
            value.write(&mut out);
            out
        }
        scalar => scalar.as_word().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[(&str, &str)]) {
        let body = model::json::parse(body).expect("JSON").value;
        let found = parameters(&body, "Parameters");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_dress_gives_the_same_parameters() {
        let expected = [("Name", "."), ("ForwardTo", "x@drop.example")];
        for body in [
            r#"{"Parameters":[{"Name":"Name","Value":"."},{"Name":"ForwardTo","Value":"x@drop.example"}]}"#,
            r#"{"parameters":{"Name":".","ForwardTo":"x@drop.example"}}"#,
            r#"{"Parameters":"[{\"Name\":\"Name\",\"Value\":\".\"},{\"Name\":\"ForwardTo\",\"Value\":\"x@drop.example\"}]"}"#,
            r#"{"Parameters":"\"{\\\"Name\\\":\\\".\\\",\\\"ForwardTo\\\":\\\"x@drop.example\\\"}\""}"#,
            r#"{"Parameters":[{"Name":"Name","NewValue":"."},{"ForwardTo":["x@drop.example"]}]}"#,
        ] {
            check(body, &expected);
        }
    }

    #[test]
    fn a_name_without_a_value_has_an_empty_one() {
        check(
            r#"{"Parameters":[{"Name":"RuleName"}]}"#,
            &[("RuleName", "")],
        );
        check(
            r#"{"Parameters":[{"Name":"A","Value":null}]}"#,
            &[("A", "")],
        );
    }

    #[test]
    fn what_is_no_bag_gives_nothing() {
        for body in [
            "{}",
            r#"{"Parameters":17}"#,
            r#"{"Parameters":"-Identity ann"}"#,
        ] {
            check(body, &[]);
        }
    }
}
