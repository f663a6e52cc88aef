//! The API answers whatever its description allows, and whatever it does not, as the description says:
//! schemathesis asks, and holds every answer against the schema.

use crate::house::{House, checkout};
use crate::site::Site;
use std::process::Command;

/// How many questions it makes up for an operation, beside those at the edges of every field.
const MANY: &str = "100";

#[test]
fn the_api_answers_as_its_description_says() {
    let Some(program) = std::env::var_os("BREACHSCOPE_SCHEMATHESIS") else {
        println!("skipped: the description needs schemathesis; `./x schemathesis` installs it");
        return;
    };
    let house = House::new();
    assert_eq!(house.import(&[checkout().join("demo/export")]).1, 0);
    assert_eq!(house.run(&["detect", "--quiet"]).code, 0);
    let mut site = Site::serve(&house);
    let token = site.token();
    let mut tester = Command::new(program);
    tester
        .current_dir(house.path(""))
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", site.base))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "all", "--max-examples", MANY, "--no-color"])
        .arg("--generation-deterministic");
    let output = tester.output().expect("schemathesis starts");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        said.contains("1 covered"),
        "an incident was read by the id that the list gave"
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
