//! All real evidence at once: what is called urgent is an attack that the truth knows, but for
//! three at most.

use super::labels::labelled;
use super::truth::{other_files, records_of_steps};
use super::{is_at_least, lines};
use crate::house::{House, real_data, real_files, texts};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many urgent incidents may have nothing to do with what the truth knows.
const NOISE: usize = 3;

#[test]
fn what_is_urgent_is_a_known_attack_but_for_three() {
    let Some(data) = real_data("the noise of real evidence") else {
        return;
    };
    let house = House::new();
    let everything = [data.join("real")];
    let findings = lines(&house, &[], &everything);
    let by_id: BTreeMap<&str, &Value> = findings
        .iter()
        .filter_map(|finding| finding["finding"].as_str().map(|id| (id, finding)))
        .collect();
    let attacks = records_of_attacks(&house, &data);
    let incidents = lines(&house, &["--incidents", "--least", "high"], &everything);
    let noise: Vec<&Value> = incidents
        .iter()
        .filter(|incident| {
            let records = texts(&incident["findings"]);
            let records = records
                .iter()
                .filter_map(|id| by_id.get(id.as_str()))
                .flat_map(|finding| texts(&finding["records"]));
            records.collect::<BTreeSet<_>>().is_disjoint(&attacks)
        })
        .collect();
    let titles: Vec<&Value> = noise.iter().map(|incident| &incident["title"]).collect();
    println!(
        "{} of {} urgent incidents show no known attack: {titles:?}",
        noise.len(),
        incidents.len()
    );
    assert!(
        incidents
            .iter()
            .all(|incident| is_at_least(incident, "high"))
    );
    assert!(incidents.len() > 20, "{}", incidents.len());
    assert!(noise.len() <= NOISE, "{titles:?}");
}

/// Returns the records that the truth, or a label, knows to show an attack. Hand-made records
/// have no ids of their own: what detection calls them is asked of detection.
fn records_of_attacks(house: &House, data: &Path) -> BTreeSet<String> {
    let mut attacks = records_of_steps(data);
    for file in other_files(data) {
        attacks.extend(found_in(house, &data.join("real").join(file)));
    }
    for path in real_files(data, "panther-", ".jsonl") {
        let alerts = labelled(&path).into_iter().filter(|one| one.is_alert);
        let alerts: Vec<String> = alerts.map(|one| one.text).collect();
        let path = house.write("alerts.jsonl", alerts.join("\n"));
        attacks.extend(found_in(house, &path));
    }
    attacks
}

fn found_in(house: &House, path: &Path) -> BTreeSet<String> {
    let findings = lines(house, &[], &[path.to_owned()]);
    findings
        .iter()
        .flat_map(|finding| texts(&finding["records"]))
        .collect()
}
