//! Reads rules: one document after the other, each used or refused with why.

use super::super::route::Route;
use super::answer::in_order;
use super::impossible;
use super::link::{Link, link_of};
use model::Severity;
use rsigma_eval::CompiledRule;
use rsigma_parser::{
    Detection, Level, LogSource, Modifier, SigmaCollection, SigmaRule, SigmaValue, Status,
};

/// A text of rules larger than this is no text of rules.
const LARGEST: usize = 4 << 20;

/// What a rule says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) severity: Severity,
    pub(crate) attack: Vec<String>,
    pub(crate) logsource: String,
    pub(crate) status: String,
    pub(crate) author: String,
    pub(crate) benign: Vec<String>,
    pub(crate) routes: Vec<Route>,
    /// Why no record can match it; nothing where one can.
    pub(crate) never: Option<String>,
}

/// What cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) title: String,
    pub(crate) id: String,
    pub(crate) why: String,
}

impl Refused {
    pub(crate) fn new(title: &str, id: &str, why: impl Into<String>) -> Self {
        Self {
            title: title.to_owned(),
            id: id.to_owned(),
            why: why.into(),
        }
    }
}

pub(super) enum Document {
    Rule(Box<SigmaRule>, Box<Draft>),
    Link(Box<Link>),
}

/// Returns the documents of a text.
pub(super) fn documents(text: &str) -> Vec<Result<Document, Refused>> {
    if text.len() > LARGEST {
        return vec![Err(Refused::new("", "", "the file is larger than 4 MiB"))];
    }
    let mut found = Vec::new();
    for (line, part) in parts(text) {
        match rsigma_parser::parse_sigma_yaml(part) {
            Ok(collection) => take(collection, line, &mut found),
            Err(error) => found.push(Err(at(line, &error.to_string()))),
        }
    }
    found
}

/// Documents that share a template are read together; all others by themselves, so that one
/// that is broken hides no other.
fn parts(text: &str) -> Vec<(usize, &str)> {
    if text.lines().any(|line| line.starts_with("action:")) {
        return vec![(0, text)];
    }
    let mut found = Vec::new();
    let (mut from, mut at, mut line) = (0, 0, 0);
    let mut first_line = 0;
    for one in text.split_inclusive('\n') {
        line += 1;
        if one.trim_end() == "---" {
            found.push((first_line, &text[from..at]));
            from = at + one.len();
            first_line = line;
        }
        at += one.len();
    }
    found.push((first_line, &text[from..]));
    found.retain(|(_, part)| has_content(part));
    found
}

fn has_content(part: &str) -> bool {
    let mut lines = part.lines().map(str::trim_start);
    lines.any(|line| !line.is_empty() && !line.starts_with('#'))
}

fn at(line: usize, why: &str) -> Refused {
    let place = match line {
        0 => String::new(),
        line => format!(" (in the document that begins on line {})", line + 1),
    };
    Refused::new("", "", format!("it cannot be read: {why}{place}"))
}

fn take(collection: SigmaCollection, line: usize, found: &mut Vec<Result<Document, Refused>>) {
    // What is said of a document that gave a rule all the same is a hint to its author.
    if collection.is_empty() {
        found.extend(collection.errors.iter().map(|why| Err(at(line, why))));
    }
    for rule in collection.rules {
        let draft = draft_of(&rule);
        found.push(Ok(Document::Rule(Box::new(rule), Box::new(draft))));
    }
    for link in &collection.correlations {
        found.push(link_of(link).map(|link| Document::Link(Box::new(link))));
    }
    for filter in &collection.filters {
        let id = filter.id.as_deref().unwrap_or_default();
        let why = "it is a filter for other rules; filters are not supported, write the exception \
                   into the rule's condition or the operator's exceptions";
        found.push(Err(Refused::new(&filter.title, id, why)));
    }
}

fn draft_of(rule: &SigmaRule) -> Draft {
    let source = &rule.logsource;
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    Draft {
        id: text(&rule.id),
        name: text(&rule.name),
        title: rule.title.clone(),
        description: text(&rule.description),
        severity: severity_of(rule.level),
        attack: attack_of(&rule.tags),
        logsource: logsource_text(source),
        status: status_text(rule.status),
        author: text(&rule.author),
        benign: rule.falsepositives.clone(),
        routes: Route::of_logsource(
            source.product.as_deref(),
            source.service.as_deref(),
            source.category.as_deref(),
        ),
        never: None,
    }
}

pub(super) fn status_text(status: Option<Status>) -> String {
    status
        .map(|status| format!("{status:?}").to_lowercase())
        .unwrap_or_default()
}

fn logsource_text(source: &LogSource) -> String {
    let parts = [&source.product, &source.category, &source.service];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join("/")
}

pub(super) fn severity_of(level: Option<Level>) -> Severity {
    match level {
        Some(Level::Critical) => Severity::Critical,
        Some(Level::High) => Severity::High,
        Some(Level::Medium) => Severity::Medium,
        Some(Level::Low) | None => Severity::Low,
        Some(Level::Informational) => Severity::Info,
    }
}

/// Returns the techniques among the tags: `attack.t1114.003` is `T1114.003`.
pub(super) fn attack_of(tags: &[String]) -> Vec<String> {
    let technique = |tag: &String| {
        let id = tag.to_ascii_uppercase();
        let id = id.strip_prefix("ATTACK.")?.to_owned();
        let digits = id.strip_prefix('T')?;
        let is_id =
            digits.len() >= 4 && digits.chars().all(|one| one.is_ascii_digit() || one == '.');
        is_id.then_some(id)
    };
    let mut found: Vec<String> = tags.iter().filter_map(technique).collect();
    found.sort();
    found.dedup();
    found
}

/// Compiles a rule that can be used.
pub(super) fn compile(rule: &SigmaRule, draft: &Draft) -> Result<CompiledRule, Refused> {
    let refuse = |why: String| Refused::new(&draft.title, &draft.id, why);
    if draft.routes.is_empty() {
        let source = &draft.logsource;
        return Err(refuse(format!(
            "nothing that is collected here is `{source}`"
        )));
    }
    if rule.detection.timeframe.is_some() {
        return Err(refuse(
            "`timeframe` needs a correlation; the old form is not supported".to_owned(),
        ));
    }
    if let Some(placeholder) = placeholder(rule) {
        return Err(refuse(format!(
            "nobody says what the placeholder `{placeholder}` stands for"
        )));
    }
    rsigma_eval::compile_rule(rule).map_err(|error| refuse(error.to_string()))
}

/// Returns why no record can match a rule; nothing where one can.
pub(super) fn never(rule: &SigmaRule, compiled: &CompiledRule, draft: &Draft) -> Option<String> {
    let why = impossible::why(rule, compiled, &draft.routes)?;
    Some(format!("no record can match it: {why}"))
}

/// Returns a placeholder of a rule: unresolved, and under a `not`, it would match everything.
fn placeholder(rule: &SigmaRule) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for detection in in_order(&rule.detection.named).into_values() {
        placeholders(detection, &mut found);
    }
    found.into_iter().min()
}

fn placeholders(detection: &Detection, found: &mut Vec<String>) {
    match detection {
        Detection::AllOf(items) => {
            for item in items {
                if item.field.modifiers.contains(&Modifier::Expand) {
                    found.extend(item.values.iter().filter_map(placeholder_in));
                }
            }
        }
        Detection::AnyOf(all) | Detection::And(all) => {
            for one in all {
                placeholders(one, found);
            }
        }
        Detection::ArrayMatch { body, .. } => placeholders(body, found),
        Detection::Keywords(_) => {}
        Detection::Conditional { named, .. } => {
            for one in in_order(named).into_values() {
                placeholders(one, found);
            }
        }
    }
}

fn placeholder_in(value: &SigmaValue) -> Option<String> {
    let SigmaValue::String(text) = value else {
        return None;
    };
    let (_, behind) = text.original.split_once('%')?;
    let (name, _) = behind.split_once('%')?;
    Some(format!("%{name}%"))
}
