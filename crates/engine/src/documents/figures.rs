//! The two pictures of a report: what happened when, and what led to what.

use crate::investigate::Investigation;
use ::report::{Attack, Blind, Figure, Lane, Layer, Link, Mark, Node, Timeline, Tone};
use casework::{Class, Context, Interval, Judged, Verdict};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// How many contexts of the intruder have a lane of their own.
const LANES: usize = 8;

/// Returns what happened when: the intruder's contexts, the moments worth telling, the blind times.
pub(super) fn timeline(found: &Investigation) -> Option<Figure> {
    let span = span(found)?;
    let mut lanes: Vec<Lane> = Vec::new();
    let mut kinds: BTreeMap<&str, Vec<Mark>> = BTreeMap::new();
    for moment in &found.timeline {
        kinds.entry(moment.kind.as_str()).or_default().push(Mark {
            at: moment.time,
            until: None,
            label: moment.text.clone(),
            tone: tone(Verdict::of_name(&moment.verdict)),
        });
    }
    lanes.extend(kinds.into_iter().map(|(kind, marks)| Lane {
        label: kind.to_owned(),
        marks,
    }));
    lanes.extend(intruders(found).take(LANES).map(|context| {
        Lane {
            label: name(context),
            marks: context
                .first
                .map(|first| Mark {
                    at: first,
                    until: context.last.filter(|last| *last > first),
                    label: match context.records {
                        1 => "1 record".to_owned(),
                        records => format!("{records} records"),
                    },
                    tone: Tone::Alarm,
                })
                .into_iter()
                .collect(),
        }
    }));
    Some(Figure::Timeline(Timeline {
        title: "What happened when".to_owned(),
        caption: "Moments of the case by kind, and each way in which the intruder was in the mailbox; hatched: times the log could not see. All times are UTC.".to_owned(),
        from: span.from,
        to: span.to,
        lanes,
        blind: found
            .coverage
            .gaps
            .iter()
            .filter(|gap| gap.blind)
            .filter_map(|gap| {
                let shown = gap.interval?.meeting(&span);
                (!shown.is_empty()).then(|| Blind {
                    from: shown.from,
                    to: shown.to,
                    label: gap.id.name().to_owned(),
                })
            })
            .collect(),
    }))
}

/// Returns the time that a picture shows: everything told of, with a margin.
fn span(found: &Investigation) -> Option<Interval> {
    let told = found.timeline.iter().map(|moment| moment.time);
    let seen = intruders(found)
        .flat_map(|context| [context.first, context.last])
        .flatten();
    let times: Vec<Timestamp> = told.chain(seen).collect();
    let (from, to) = (*times.iter().min()?, *times.iter().max()?);
    let margin = ((to.0 - from.0) / 20).max(60_000_000);
    Some(Interval::new(from, to).widened(margin, margin))
}

fn intruders(found: &Investigation) -> impl Iterator<Item = &Context> {
    let mut contexts: Vec<&Context> = found
        .attribution
        .contexts
        .iter()
        .filter(|context| context.verdict == Verdict::Intruder)
        .collect();
    contexts.sort_by_key(|context| (context.first, &context.id));
    contexts.into_iter()
}

fn tone(verdict: Option<Verdict>) -> Tone {
    match verdict {
        Some(Verdict::Intruder) => Tone::Alarm,
        Some(Verdict::Unknown) => Tone::Unsure,
        Some(Verdict::Owner | Verdict::Service) => Tone::Calm,
        None => Tone::Muted,
    }
}

/// Returns a context as a person would call it.
fn name(context: &Context) -> String {
    let short = |text: &str| text.chars().take(8).collect::<String>();
    if !context.app.is_empty() && context.session.is_empty() {
        format!("application {}", short(&context.app))
    } else if !context.session.is_empty() {
        format!("session {} ({})", short(&context.session), context.client)
    } else {
        format!("{} without session", context.client)
    }
}

/// Returns what led to what: seeds, contexts, and how many messages of each class they reached.
pub(super) fn attack(found: &Investigation) -> Option<Figure> {
    let reached = reached(found);
    let contexts: Vec<&Context> = intruders(found).collect();
    if contexts.is_empty() {
        return None;
    }
    let mut links: BTreeSet<(String, String, String)> = BTreeSet::new();
    let mut from: BTreeMap<String, Node> = BTreeMap::new();
    for context in &contexts {
        let steps = found.attribution.why(&context.id);
        for step in &steps {
            let is_to_context = step.to == context.id.0;
            add_indicator(&mut from, &step.from);
            let to = if is_to_context {
                context_node(&context.id.0)
            } else {
                add_indicator(&mut from, &step.to);
                indicator_node(&step.to)
            };
            links.insert((indicator_node(&step.from), to, step.by.clone()));
        }
    }
    let (seeds, followed): (Vec<Node>, Vec<Node>) = from.into_values().partition(|node| {
        found
            .brief
            .seeds
            .iter()
            .any(|seed| seed.to_string() == node.label)
    });
    let context_nodes = contexts
        .iter()
        .map(|context| Node {
            id: context_node(&context.id.0),
            label: name(context),
            detail: context.ips.iter().cloned().collect::<Vec<_>>().join(", "),
            tone: Tone::Alarm,
        })
        .collect();
    for (context, class) in &reached {
        if contexts.iter().any(|one| one.id.0 == *context) {
            links.insert((context_node(context), class_node(*class), String::new()));
        }
    }
    let layers = [
        ("Known at first", seeds),
        ("Followed to", followed),
        ("In the mailbox", context_nodes),
        ("Messages", classes(found)),
    ];
    Some(Figure::Attack(Attack {
        title: "What led to what".to_owned(),
        caption: "From what was known to be the intruder's, over what shares an identifier with it, to the messages reached.".to_owned(),
        layers: layers
            .into_iter()
            .filter(|(_, nodes)| !nodes.is_empty())
            .map(|(title, nodes)| Layer {
                title: title.to_owned(),
                nodes,
            })
            .collect(),
        links: links
            .into_iter()
            .map(|(from, to, label)| Link { from, to, label })
            .collect(),
    }))
}

fn indicator_node(text: &str) -> String {
    format!("indicator {text}")
}

fn context_node(id: &str) -> String {
    format!("context {id}")
}

fn class_node(class: Class) -> String {
    format!("class {}", class.name())
}

fn add_indicator(nodes: &mut BTreeMap<String, Node>, text: &str) {
    nodes.entry(text.to_owned()).or_insert_with(|| Node {
        id: indicator_node(text),
        label: text.to_owned(),
        detail: String::new(),
        tone: Tone::Warning,
    });
}

/// The classes that an intruder's context can put a message into.
const BY_INTRUDER: [Class; 4] = [Class::E, Class::P1, Class::P2, Class::S];

fn classes(found: &Investigation) -> Vec<Node> {
    BY_INTRUDER
        .into_iter()
        .filter(|class| found.counts.of(*class) > 0)
        .map(|class| Node {
            id: class_node(class),
            label: format!("{} messages", found.counts.of(class)),
            detail: format!("{}: {}", class.name(), class.title()),
            tone: if class == Class::S {
                Tone::Warning
            } else {
                Tone::Alarm
            },
        })
        .collect()
}

/// Returns which contexts put messages into which classes.
fn reached(found: &Investigation) -> BTreeSet<(String, Class)> {
    let mut reached = BTreeSet::new();
    let mut note = |judged: &Judged| {
        for context in &judged.contexts {
            reached.insert((context.0.clone(), judged.class));
        }
        ControlFlow::Continue(())
    };
    // Where the list cannot be read the tables say so; a picture without links is no lie.
    let _ = found.messages.each_of(&BY_INTRUDER, &mut note);
    reached
}
