//! Each Markdown file under `cases/` is a story with the records that must fire and those that must not.
//!
//! A section (`##`) with a block ```` ```jsonl ```` of records is run by itself; the block
//! ```` ```findings ```` behind it lists what the detection that the file is named after must find:
//! `<detection> <severity> <user>` a line, nothing if it must be silent. A block ```` ```world ````
//! before the records says what the operator says: `domain corp.example`, `partner friend.example`,
//! `vip ann@corp.example`, `admin ann@corp.example`, `machine scan@corp.example`, `app <id>`, `network
//! 203.0.113.0/24`, `allow NL`, `deny KP`, `place 203.0.113.7 NL 64500 Example Net 52.37 4.90`.
//!
//! Every section is run four times: as it stands, reversed, twice over, and both.

use detect::{MemoryPile, NoRules, Place, Places, Run, Settings};
use model::{Found, Json};
use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[test]
fn every_case_is_as_its_story_tells() {
    let mut failures = Vec::new();
    let mut sections = 0;
    let only = std::env::var("CASE").unwrap_or_default();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")) {
        let name = path.file_stem().expect("a file").to_string_lossy();
        if !name.contains(only.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a readable case");
        for section in sections_of(&text) {
            sections += 1;
            if let Err(why) = check(&name, &section) {
                failures.push(format!("{name}, `{}`: {why}", section.title));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
    assert!(sections > 0, "no case was run");
}

#[test]
fn every_detection_has_a_case_that_fires_and_one_that_does_not() {
    let mut missing = Vec::new();
    let cases: BTreeMap<String, String> =
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"))
            .into_iter()
            .map(|path| {
                let name = path.file_stem().expect("a file").to_string_lossy();
                (
                    name.into_owned(),
                    fs::read_to_string(&path).expect("a case"),
                )
            })
            .collect();
    for detection in detect::all() {
        let id = detection.about().id;
        let sections = cases
            .get(id)
            .map(|text| sections_of(text))
            .unwrap_or_default();
        let fires = sections.iter().any(|one| !one.findings.is_empty());
        let is_silent = sections.iter().any(|one| one.findings.is_empty());
        if !(fires && is_silent) {
            missing.push(id);
        }
    }
    assert!(missing.is_empty(), "without a whole case: {missing:?}");
}

struct Section {
    title: String,
    world: Vec<String>,
    records: Vec<String>,
    findings: Vec<String>,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of cases") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sections_of(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section {
                title: title.to_owned(),
                world: Vec::new(),
                records: Vec::new(),
                findings: Vec::new(),
            });
        } else if let Some(kind) = line.strip_prefix("```") {
            block = (!kind.is_empty()).then(|| kind.to_owned());
        } else if let (Some(kind), Some(section)) = (&block, sections.last_mut())
            && !line.trim().is_empty()
        {
            let line = line.trim().to_owned();
            match kind.as_str() {
                "world" => section.world.push(line),
                "jsonl" => section.records.push(line),
                "findings" => section.findings.push(line),
                other => panic!("a block of unknown kind `{other}`"),
            }
        }
    }
    sections.retain(|section| !section.records.is_empty());
    sections
}

fn check(id: &str, section: &Section) -> Result<(), String> {
    let mut expected = section.findings.clone();
    expected.sort();
    let mut once: Vec<&str> = section.records.iter().map(String::as_str).collect();
    let mut twice = [once.clone(), once.clone()].concat();
    for (how, records) in [
        ("as it stands", once.clone()),
        ("twice", twice.clone()),
        ("reversed", {
            once.reverse();
            once
        }),
        ("twice and reversed", {
            twice.reverse();
            twice
        }),
    ] {
        let found = run(section, &records)?;
        let mut own: Vec<String> = found
            .iter()
            .filter(|line| line.starts_with(id))
            .cloned()
            .collect();
        own.sort();
        if own != expected {
            return Err(format!(
                "{how}: found {own:?}, expected {expected:?}; all: {found:?}"
            ));
        }
    }
    Ok(())
}

fn run(section: &Section, records: &[&str]) -> Result<Vec<String>, String> {
    let mut run = Run::new(detect::all(), MemoryPile::default());
    let text = records.join("\n");
    let options = evidence::Options {
        format: None,
        name: "case".to_owned(),
        depth: evidence::Depth::Glance,
    };
    let mut wrong = Vec::new();
    let mut many = 0;
    evidence::read(
        &mut std::io::Cursor::new(text.as_bytes()),
        &options,
        &mut |found| {
            match found {
                Found::Record(raw) => {
                    many += 1;
                    let context = normalise::Context {
                        extent: normalise::Extent::Fields,
                        ..normalise::Context::default()
                    };
                    let normalised = normalise::normalise(&raw, &context);
                    let rest = model::json::parse(&normalised.event.rest)
                        .map_or(Json::Null, |parsed| parsed.value);
                    let body = if raw.shape == model::Shape::UnifiedAudit {
                        &raw.body
                    } else {
                        &rest
                    };
                    run.take(
                        &normalised.event,
                        body,
                        normalised.delivery.as_ref(),
                        &mut NoRules,
                    )
                    .expect("memory does not fail");
                }
                Found::Reject(reject) => wrong.push(reject.reason),
                Found::Notice(_) => {}
            }
            ControlFlow::Continue(())
        },
    )
    .map_err(|error| error.to_string())?;
    if !wrong.is_empty() || many != records.len() {
        return Err(format!(
            "{many} of {} records were read: {wrong:?}",
            records.len()
        ));
    }
    let (settings, places) = world(&section.world);
    let answer = run
        .finish(&|_| settings.clone(), &places, &NoRules)
        .expect("memory does not fail");
    Ok(answer
        .findings
        .iter()
        .map(|one| {
            format!("{} {} {}", one.detection, one.severity, one.user)
                .trim()
                .to_owned()
        })
        .collect())
}

struct Map(BTreeMap<IpAddr, Place>);

impl Places for Map {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        self.0.get(&ip).cloned()
    }

    fn about(&self) -> String {
        "a case's own".to_owned()
    }
}

fn world(lines: &[String]) -> (Settings, Map) {
    let mut settings = Settings::default();
    let mut places = BTreeMap::new();
    for line in lines {
        let (word, value) = line.split_once(' ').expect("a word and a value");
        let value = value.trim().to_owned();
        match word {
            "domain" => drop(settings.domains.insert(value)),
            "partner" => drop(settings.partners.insert(value)),
            "vip" => drop(settings.vips.insert(value)),
            "admin" => drop(settings.admins.insert(value)),
            "machine" => drop(settings.machines.insert(value)),
            "app" => drop(settings.approved_apps.insert(value)),
            "allow" => drop(settings.allowed_countries.insert(value)),
            "deny" => drop(settings.denied_countries.insert(value)),
            "network" => {
                let (ip, length) = value.split_once('/').expect("a network");
                let network = (
                    ip.parse().expect("an ip"),
                    length.parse().expect("a length"),
                );
                settings.networks.push(network);
            }
            "place" => {
                let words: Vec<&str> = value.split(' ').collect();
                let (front, back) = words.split_at(words.len() - 2);
                let number = |text: &str| text.parse::<f64>().expect("a number");
                let place = Place {
                    country: front[1].to_owned(),
                    city: String::new(),
                    asn: front[2].parse().expect("a number"),
                    organisation: front[3..].join(" "),
                    position: Some((number(back[0]), number(back[1]))),
                };
                places.insert(front[0].parse().expect("an ip"), place);
            }
            other => panic!("an unknown word `{other}`"),
        }
    }
    (settings, Map(places))
}
