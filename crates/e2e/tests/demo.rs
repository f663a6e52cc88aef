//! The demo export: a whole compromise whose answers its story knows.

use crate::house::{House, Touched, checkout, texts};
use serde_json::Value;

fn answer() -> Value {
    let text = std::fs::read_to_string(checkout().join("demo/answer.json"))
        .expect("the demo has its answer");
    serde_json::from_str(&text).expect("the answer is JSON")
}

#[test]
fn the_export_is_imported_whole_and_once() {
    let house = House::new();
    let export = checkout().join("demo/export");
    let (report, code) = house.import(std::slice::from_ref(&export));
    assert_eq!(code, 0, "{report}");
    let expected = &answer()["import"];
    assert_eq!(report["new"], expected["new"], "{report}");
    for file in expected["files"]
        .as_array()
        .expect("the answer lists files")
    {
        let name = file["file"].as_str().expect("a file has a name");
        let found = file_of(&report, name);
        assert_eq!(found["records"], file["records"], "{name}: {found}");
        assert_eq!(found["duplicates"], file["duplicates"], "{name}: {found}");
        assert_eq!(found["rejected"], 0, "{name}: {found}");
    }
    let (again, _) = house.import(&[export]);
    assert_eq!(again["new"], 0, "{again}");
}

#[test]
fn every_question_has_exactly_its_messages() {
    let house = House::new();
    house.import(&[checkout().join("demo/export")]);
    for question in answer()["questions"]
        .as_array()
        .expect("the answer lists questions")
    {
        let arguments = question["arguments"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let touched = house.touched(&arguments.collect::<Vec<_>>());
        let expected = Touched {
            messages: texts(&question["messages"]),
            folders: texts(&question["folders"]),
        };
        assert_eq!(touched, expected, "{}", question["asked"]);
    }
}

/// Returns what the report says of the file of that name.
pub(crate) fn file_of<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut files = report["files"].as_array().into_iter().flatten();
    let is_named = |file: &&Value| {
        file["path"]
            .as_str()
            .is_some_and(|path| path.ends_with(name))
    };
    files
        .find(is_named)
        .unwrap_or_else(|| panic!("`{name}` is not in {report}"))
}
