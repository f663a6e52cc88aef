//! Templates: the words of a card, which an operator may change.
//!
//! `title.txt` and `rows.txt` say what stands in every card; the others lay it out for one
//! destination. A value is escaped for the language of its template wherever it is put out, and no
//! filter turns that off. A template that is wrong is told with its line, and the built-in
//! one is used in its place: a card must go out.

use crate::card::Card;
use crate::escape::Language;
use crate::facts::{Facts, Reader, Row, SIZES, Size};
use crate::link::Link;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};
use std::collections::BTreeSet;
use std::fmt;

/// Every template: its name, what it says, and the built-in text.
pub const TEMPLATES: [(&str, &str, &str); 8] = [
    (
        "title.txt",
        "The first line of every card.",
        include_str!("../templates/title.txt"),
    ),
    (
        "rows.txt",
        "The facts of every card, a line each: a label, a colon, a text.",
        include_str!("../templates/rows.txt"),
    ),
    (
        "teams.json",
        "The Adaptive Card for Teams.",
        include_str!("../templates/teams.json"),
    ),
    (
        "slack.json",
        "The message for Slack.",
        include_str!("../templates/slack.json"),
    ),
    (
        "email.txt",
        "The mail as plain text.",
        include_str!("../templates/email.txt"),
    ),
    (
        "email.html",
        "The mail as HTML.",
        include_str!("../templates/email.html"),
    ),
    (
        "ticket.json",
        "The body of a webhook that opens a ticket, with ServiceNow's names.",
        include_str!("../templates/ticket.json"),
    ),
    (
        "syslog.txt",
        "The message of a syslog line.",
        include_str!("../templates/syslog.txt"),
    ),
];

/// How much work a template may be: far above any real one, and an end for what has none.
const FUEL: u64 = 500_000;

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateTrouble {
    /// Which template.
    pub template: String,
    /// In which line, where that is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for TemplateTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template {}", self.template)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for TemplateTrouble {}

impl TemplateTrouble {
    fn of(template: &str, error: &minijinja::Error) -> Self {
        let mut what = error.kind().to_string();
        if let Some(detail) = error.detail() {
            what = format!("{what}: {detail}");
        }
        Self {
            template: template.to_owned(),
            line: error.line(),
            what: crate::inert::marked(&what, 300),
        }
    }

    pub(crate) fn wrong(template: &str, what: impl Into<String>) -> Self {
        Self {
            template: template.to_owned(),
            line: None,
            what: what.into(),
        }
    }
}

/// What is wrong with what a template made.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is longer than the destination takes: fewer facts may help.
    TooLong,
    /// It is not what the destination takes.
    Wrong(String),
}

/// The templates of an operator over the built-in ones.
pub struct Templates {
    built_in: Environment<'static>,
    own: Environment<'static>,
    changed: BTreeSet<String>,
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

impl Templates {
    /// Returns the built-in templates.
    #[must_use]
    pub fn new() -> Self {
        let mut built_in = environment();
        for (name, _, text) in TEMPLATES {
            // The tests compile every one of them.
            let _ = built_in.add_template(name, text);
        }
        Self {
            own: built_in.clone(),
            built_in,
            changed: BTreeSet::new(),
        }
    }

    /// Puts a template of the operator in place of a built-in one. A wrong one changes nothing.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), TemplateTrouble> {
        if !TEMPLATES.iter().any(|(known, _, _)| *known == name) {
            let known: Vec<&str> = TEMPLATES.iter().map(|(name, _, _)| *name).collect();
            let what = format!("there is none of that name, only {}", known.join(", "));
            return Err(TemplateTrouble::wrong(name, what));
        }
        if language_of(name) == Language::Html
            && let Some((line, what)) = crate::email::fault_of_html(text)
        {
            let trouble = TemplateTrouble::wrong(name, what);
            return Err(TemplateTrouble {
                line: Some(line),
                ..trouble
            });
        }
        let mut own = self.own.clone();
        own.add_template_owned(name.to_owned(), text.to_owned())
            .map_err(|error| TemplateTrouble::of(name, &error))?;
        let mut changed = self.changed.clone();
        changed.insert(name.to_owned());
        let trial = Self {
            built_in: self.built_in.clone(),
            own,
            changed,
        };
        crate::rendered::trial(&trial, name)?;
        *self = trial;
        Ok(())
    }

    /// Composes a card with one layout: the operator's, else the built-in one; whole, else
    /// with fewer facts. Nothing only where not even the built-in one is taken.
    pub(crate) fn compose<T>(
        &self,
        name: &str,
        card: &Card,
        reader: Reader,
        check: impl Fn(&str) -> Result<T, Fault>,
    ) -> Composed<T> {
        let mut composed = Composed {
            made: None,
            troubles: Vec::new(),
            shortened: false,
        };
        // The layout first, then the words: whichever is at fault is left out.
        let sets = [
            (&self.own, &self.own),
            (&self.built_in, &self.own),
            (&self.built_in, &self.built_in),
        ];
        for (nth, (layout, words)) in sets.into_iter().enumerate() {
            let needless = match nth {
                0 => !self.changed.contains(name),
                2 => !self.changed.contains("title.txt") && !self.changed.contains("rows.txt"),
                _ => false,
            };
            if needless {
                continue;
            }
            let mut fits = false;
            for size in SIZES {
                let facts = self.facts(words, card, reader, size, &mut composed.troubles);
                let made = write(layout, name, &facts).map(|text| check(&text));
                match made {
                    Ok(Ok(made)) => {
                        composed.made = Some(made);
                        composed.shortened = size != SIZES[0];
                        return composed;
                    }
                    Ok(Err(Fault::TooLong)) => continue,
                    Ok(Err(Fault::Wrong(what))) => {
                        note(&mut composed.troubles, TemplateTrouble::wrong(name, what));
                    }
                    Err(trouble) => note(&mut composed.troubles, trouble),
                }
                fits = true;
                break;
            }
            if !fits {
                let what = "longer than the destination takes, even with the shortest facts";
                note(&mut composed.troubles, TemplateTrouble::wrong(name, what));
            }
        }
        composed
    }

    /// Composes a card whose layout is code; the words are the operator's, else the built-in ones.
    pub(crate) fn events<T>(
        &self,
        card: &Card,
        reader: Reader,
        make: impl Fn(&Facts) -> Result<T, Fault>,
    ) -> Composed<T> {
        let mut composed = Composed {
            made: None,
            troubles: Vec::new(),
            shortened: false,
        };
        for words in [&self.own, &self.built_in] {
            for size in SIZES {
                let facts = self.facts(words, card, reader, size, &mut composed.troubles);
                if let Ok(made) = make(&facts) {
                    composed.made = Some(made);
                    composed.shortened = size != SIZES[0];
                    return composed;
                }
            }
        }
        composed
    }

    /// Returns the facts of a card with its title and its lines.
    fn facts(
        &self,
        words: &Environment<'static>,
        card: &Card,
        reader: Reader,
        size: Size,
        troubles: &mut Vec<TemplateTrouble>,
    ) -> Facts {
        let mut facts = Facts::of(card, reader, size);
        let mut text = |name: &str, facts: &Facts| {
            write(words, name, facts).or_else(|trouble| {
                note(troubles, trouble);
                write(&self.built_in, name, facts)
            })
        };
        let title = text("title.txt", &facts).unwrap_or_default();
        let rows = text("rows.txt", &facts).unwrap_or_default();
        facts.title = one_line(&title);
        if facts.title.is_empty() {
            facts.title = format!("[{}] {}", facts.severity.to_uppercase(), facts.headline);
        }
        facts.rows = rows_of(&rows);
        facts
    }
}

/// What came of composing a card.
pub(crate) struct Composed<T> {
    pub(crate) made: Option<T>,
    pub(crate) troubles: Vec<TemplateTrouble>,
    pub(crate) shortened: bool,
}

fn note(troubles: &mut Vec<TemplateTrouble>, trouble: TemplateTrouble) {
    if !troubles.contains(&trouble) {
        troubles.push(trouble);
    }
}

fn write(
    environment: &Environment<'static>,
    name: &str,
    facts: &Facts,
) -> Result<String, TemplateTrouble> {
    environment
        .get_template(name)
        .and_then(|template| template.render(Value::from(Serde(facts))))
        .map_err(|error| TemplateTrouble::of(name, &error))
}

/// Joins what a template spread over lines.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads lines such as `When: 2026-03-14`; a label that repeats is left out.
fn rows_of(text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut last = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (label, text) = match line.split_once(": ") {
            Some((label, text)) if !line.starts_with(' ') => (label.trim(), text.trim()),
            _ => ("", line.trim()),
        };
        let repeats = label == last;
        if !label.is_empty() {
            label.clone_into(&mut last);
        }
        rows.push(Row {
            label: if repeats {
                String::new()
            } else {
                label.to_owned()
            },
            text: text.to_owned(),
        });
    }
    rows
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A tag alone on its line leaves no empty one.
    let mut syntax = SyntaxConfig::builder();
    if let Ok(syntax) = syntax.trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(FUEL));
    // Every value goes through `put`, whatever a template says about escaping.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(put);
    for filter in ["safe", "escape", "e"] {
        environment.remove_filter(filter);
    }
    environment
}

/// Puts a value out in the language of the template that it stands in.
fn put(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let language = language_of(state.name());
    let text = if let Some(link) = value.downcast_object_ref::<Link>() {
        language.link(link.as_str())
    } else if value.is_none() {
        String::new()
    } else {
        language.text(&value.to_string())
    };
    out.write_str(&text)
        .map_err(|_| minijinja::Error::new(ErrorKind::WriteFailure, "no room for the card"))
}

fn language_of(name: &str) -> Language {
    match name {
        "teams.json" => Language::Teams,
        "slack.json" => Language::Slack,
        "ticket.json" => Language::Json,
        "email.html" => Language::Html,
        _ => Language::Plain,
    }
}
