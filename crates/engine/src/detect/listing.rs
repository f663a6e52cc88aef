//! `detect list`: the catalogue, and the operator's own rules with what of them cannot be used.

use super::files;
use crate::error::EngineError;
use crate::inputs::inputs;
use ::detect::sigma::{Rule, RuleSet, RuleTest};
use ::detect::{About, Source};
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

/// A detection or rule as it is listed.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When its findings have which severity.
    pub severity: String,
    /// ATT&CK's ids.
    pub attack: Vec<String>,
    /// Where its records come from.
    pub sources: Vec<String>,
    /// What it needs beyond a source.
    pub needs: Vec<String>,
    /// How it reaches its verdict.
    pub method: String,
    /// What decides.
    pub decides: String,
    /// What looks alike and is benign.
    pub benign: String,
    /// What nobody could test against a real record.
    pub untested: String,
    /// The file of a rule.
    pub file: String,
    /// Why no record can match a rule, although it is run; empty where one can.
    pub never: String,
}

/// A rule that cannot be used.
#[derive(Clone, Debug, Default)]
pub struct Unusable {
    /// Its file.
    pub file: String,
    /// Its id or title, as far as it has one.
    pub rule: String,
    /// Why.
    pub why: String,
}

/// Returns the catalogue and the operator's rules, and what of these cannot be used.
pub fn listed(rules_in: &[PathBuf]) -> Result<(Vec<Listed>, Vec<Unusable>), EngineError> {
    let mut all: Vec<Listed> = ::detect::all()
        .iter()
        .map(|detection| native(detection.about()))
        .collect();
    let (set, unusable, _) = rules(rules_in)?;
    all.extend(set.rules().into_iter().map(of_rule));
    Ok((all, unusable))
}

fn native(about: &About) -> Listed {
    let names = |sources: &[Source]| sources.iter().map(|one| one.name().to_owned()).collect();
    Listed {
        id: about.id.to_owned(),
        title: about.title.to_owned(),
        severity: about.severity.to_owned(),
        attack: about.attack.iter().map(|one| (*one).to_owned()).collect(),
        sources: names(about.sources),
        needs: names(about.needs),
        method: about.method.name().to_owned(),
        decides: about.decides.to_owned(),
        benign: about.benign.to_owned(),
        untested: about.untested.to_owned(),
        file: String::new(),
        never: String::new(),
    }
}

fn of_rule(rule: &Rule) -> Listed {
    Listed {
        id: rule.detection.clone(),
        title: rule.title.clone(),
        severity: rule.severity.name().to_owned(),
        attack: rule.attack.clone(),
        sources: vec![rule.logsource.clone()],
        needs: Vec::new(),
        method: "Sigma".to_owned(),
        decides: rule.description.clone(),
        benign: rule.benign.join("; "),
        untested: String::new(),
        file: rule.file.clone(),
        never: rule.never.clone().unwrap_or_default(),
    }
}

/// Reads the rules in files and folders; returns them, what of them cannot be used, and all
/// their text, by which another set of rules is told from this one.
pub(super) fn rules(paths: &[PathBuf]) -> Result<(RuleSet, Vec<Unusable>, String), EngineError> {
    let mut files = own_rules();
    let mut unusable = Vec::new();
    let mut all = String::new();
    for path in paths {
        for file in files_in(path)? {
            let name = file.display().to_string();
            match std::fs::read_to_string(&file) {
                Ok(text) => {
                    all.push_str(&text);
                    files.push((name, text));
                }
                Err(error) => unusable.push(Unusable {
                    file: name,
                    rule: String::new(),
                    why: format!("it cannot be read as text: {error}"),
                }),
            }
        }
    }
    let set = RuleSet::load(files);
    unusable.extend(set.unusable().iter().map(|one| Unusable {
        file: one.file.clone(),
        rule: match one.title.as_str() {
            "" => one.id.clone(),
            title => title.to_owned(),
        },
        why: one.why.clone(),
    }));
    Ok((set, unusable, all))
}

/// The rules of our own that Sigma can say; they are part of the program.
static OWN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules/sigma");

fn own_rules() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![&OWN];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files().filter(|file| is_rule(file.path())) {
            let name = format!("rules/sigma/{}", file.path().display());
            found.extend(file.contents_utf8().map(|text| (name, text.to_owned())));
        }
    }
    found.sort();
    found
}

/// Returns the rule files of a folder in the order of their names; a file is itself.
fn files_in(path: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let refused = |what: String| EngineError::Rules {
        path: path.to_owned(),
        what,
    };
    if !path.exists() {
        return Err(refused("there is no such file or folder".to_owned()));
    }
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(path)
        .follow_links(true)
        .sort_by_file_name()
    {
        let entry = entry.map_err(|error| refused(error.to_string()))?;
        let is_named = entry.depth() == 0;
        if entry.file_type().is_file() && (is_named || is_rule(entry.path())) {
            found.push(entry.into_path());
        }
    }
    if found.is_empty() {
        return Err(refused("there is no rule in it".to_owned()));
    }
    Ok(found)
}

fn is_rule(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yml" || ending == "yaml")
}

/// A record with the rules of a file that matched it.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The record.
    pub record: String,
    /// Where it stands.
    pub place: String,
    /// Each rule that matched, with the fields on which that rests.
    pub rules: Vec<(String, Vec<(String, String)>)>,
}

/// What came of trying the rules of a file on evidence.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// How many records there were.
    pub records: u64,
    /// Those that matched.
    pub matched: Vec<Matched>,
    /// Why no rule of the file can be used, where none can.
    pub unusable: Vec<Unusable>,
}

/// Tries the rules of a file on evidence.
pub fn test_rule(rule: &Path, events: &[String]) -> Result<Trial, EngineError> {
    let text = std::fs::read_to_string(rule).map_err(|error| EngineError::Rules {
        path: rule.to_owned(),
        what: error.to_string(),
    })?;
    let mut trial = Trial::default();
    let mut test = match RuleTest::load(&text) {
        Ok(test) => test,
        Err(unusable) => {
            trial.unusable = unusable.into_iter().map(told).collect();
            return Ok(trial);
        }
    };
    for input in inputs(events)? {
        files::each_event(&input, &mut |event, body, place| {
            trial.records += 1;
            let rules = test.matches(event, body);
            if !rules.is_empty() {
                trial.matched.push(Matched {
                    record: event.id.as_str().to_owned(),
                    place: format!("{}, {place}", input.name()),
                    rules: rules
                        .into_iter()
                        .map(|one| (one.rule, one.fields))
                        .collect(),
                });
            }
            true
        })?;
    }
    Ok(trial)
}

fn told(one: ::detect::sigma::Unusable) -> Unusable {
    Unusable {
        file: one.file,
        rule: one.title,
        why: one.why,
    }
}
