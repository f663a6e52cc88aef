//! Who led to what: boxes in layers from left to right, with links between them.
//!
//! No force layout: layers are given, and inside a layer boxes follow what they are linked
//! from, so that the same attack is always the same picture.

use super::canvas::{
    BOLDER, Canvas, FAINT, INK, LINE, Lettering, Spell, WIDTH, colour, fitted, wrapped,
};
use crate::document::Tone;
use crate::text::thousands;
use std::collections::{BTreeMap, BTreeSet};

/// A picture of layers and links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// The name of the picture.
    pub title: String,
    /// The sentence under it.
    pub caption: String,
    /// The layers from left to right, such as sign-ins, sessions, apps and rules, messages.
    pub layers: Vec<Layer>,
    /// What led to what.
    pub links: Vec<Link>,
}

/// A column of boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What the boxes are.
    pub title: String,
    /// The boxes, the most telling first: past fourteen the last ones become one box.
    pub nodes: Vec<Node>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name that links use, unique in the picture.
    pub id: String,
    /// What it is.
    pub label: String,
    /// A line about it, or nothing.
    pub detail: String,
    /// How bad.
    pub tone: Tone,
}

/// A link from a box to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The box that led.
    pub from: String,
    /// The box that it led to.
    pub to: String,
    /// How; drawn where there is room.
    pub label: String,
}

const MOST_BOXES: usize = 14;
const GAP: f64 = 72.0;
const MARGIN: f64 = 8.0;
const TOP: f64 = 40.0;
const BETWEEN: f64 = 12.0;
const LABEL_SIZE: f64 = 11.0;
const DETAIL_SIZE: f64 = 10.0;
const LINK_SIZE: f64 = 9.5;
const PAD: f64 = 6.0;

/// A box with its place.
struct Placed {
    layer: usize,
    corner: (f64, f64),
    size: (f64, f64),
    label: Vec<String>,
    detail: Vec<String>,
    title: String,
    tone: Tone,
    more: bool,
}

/// A box before it has a place; `ids` are the nodes that it stands for.
struct Gathered {
    ids: Vec<String>,
    node: Node,
    more: bool,
}

/// Returns the picture.
pub(super) fn draw(attack: &Attack, id: &str, spell: &Spell<'_>) -> String {
    let mut canvas = Canvas::new(spell);
    let layers: Vec<Vec<Gathered>> = attack.layers.iter().map(gathered).collect();
    let layers = ordered(layers, &attack.links);
    let (boxes, places) = placed(&layers, &canvas);
    let bottom = boxes
        .iter()
        .map(|one| one.corner.1 + one.size.1)
        .fold(TOP + 30.0, f64::max);
    let column = column_width(attack.layers.len());
    for (at, layer) in attack.layers.iter().enumerate() {
        let title = fitted(
            &canvas.spelled(&layer.title),
            11.5 * BOLDER,
            column + GAP - 12.0,
        );
        let x = layer_x(at, attack.layers.len());
        canvas.text(x, 20.0, &title, Lettering::new(11.5, FAINT).bold());
        canvas.line((x, 27.0), (x + column, 27.0), LINE, 0.8);
    }
    links(&mut canvas, attack, &boxes, &places);
    for one in &boxes {
        draw_box(&mut canvas, one);
    }
    canvas.finish(id, &attack.title, &attack.caption, bottom + 12.0)
}

/// Returns a layer's boxes, those past the fourteenth as one.
fn gathered(layer: &Layer) -> Vec<Gathered> {
    let alone = if layer.nodes.len() > MOST_BOXES {
        MOST_BOXES - 1
    } else {
        layer.nodes.len()
    };
    let mut boxes: Vec<Gathered> = layer.nodes[..alone]
        .iter()
        .map(|node| Gathered {
            ids: vec![node.id.clone()],
            node: node.clone(),
            more: false,
        })
        .collect();
    let rest = &layer.nodes[alone..];
    if !rest.is_empty() {
        boxes.push(Gathered {
            ids: rest.iter().map(|node| node.id.clone()).collect(),
            node: Node {
                id: String::new(),
                label: format!("+ {} more", thousands(rest.len() as u64)),
                detail: String::new(),
                tone: Tone::Muted,
            },
            more: true,
        });
    }
    boxes
}

/// Orders each layer by the middle of what its boxes are linked from; equal boxes stay as
/// they were given, and the gathered rest stays last.
fn ordered(layers: Vec<Vec<Gathered>>, links: &[Link]) -> Vec<Vec<Gathered>> {
    let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for link in links {
        sources.entry(&link.to).or_default().push(&link.from);
    }
    let mut height: BTreeMap<String, f64> = BTreeMap::new();
    let mut done = Vec::new();
    for layer in layers {
        let count = layer.len().max(1) as f64;
        let mut keyed: Vec<(f64, Gathered)> = layer
            .into_iter()
            .enumerate()
            .map(|(at, one)| {
                let own = (at as f64 + 0.5) / count;
                (middle(&one, &sources, &height).unwrap_or(own), one)
            })
            .collect();
        keyed.sort_by(|a, b| (a.1.more).cmp(&b.1.more).then(a.0.total_cmp(&b.0)));
        let layer: Vec<Gathered> = keyed.into_iter().map(|(_, one)| one).collect();
        for (at, one) in layer.iter().enumerate() {
            let place = (at as f64 + 0.5) / count;
            height.extend(one.ids.iter().map(|id| (id.clone(), place)));
        }
        done.push(layer);
    }
    done
}

fn middle(
    one: &Gathered,
    sources: &BTreeMap<&str, Vec<&str>>,
    height: &BTreeMap<String, f64>,
) -> Option<f64> {
    let from = one.ids.iter().filter_map(|id| sources.get(id.as_str()));
    let known: Vec<f64> = from
        .flatten()
        .filter_map(|source| height.get(*source).copied())
        .collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

fn column_width(layers: usize) -> f64 {
    let layers = layers.max(1) as f64;
    // A single layer of boxes across the whole page would be a list, not a picture.
    ((WIDTH - 2.0 * MARGIN - (layers - 1.0) * GAP) / layers).clamp(40.0, 190.0)
}

fn layer_x(layer: usize, layers: usize) -> f64 {
    let column = column_width(layers);
    let spare = WIDTH - 2.0 * MARGIN - column * layers as f64;
    let gap = if layers > 1 {
        spare / (layers as f64 - 1.0)
    } else {
        0.0
    };
    MARGIN + layer as f64 * (column + gap)
}

/// Gives every box its place, and every node the number of its box.
fn placed(layers: &[Vec<Gathered>], canvas: &Canvas<'_>) -> (Vec<Placed>, BTreeMap<String, usize>) {
    let (mut boxes, mut places) = (Vec::new(), BTreeMap::new());
    for (layer, gathered) in layers.iter().enumerate() {
        let mut y = TOP;
        for one in gathered {
            let mut placed = sized(one, layer, layers.len(), canvas);
            placed.corner = (layer_x(layer, layers.len()), y);
            y += placed.size.1 + BETWEEN;
            for id in &one.ids {
                places.entry(id.clone()).or_insert(boxes.len());
            }
            boxes.push(placed);
        }
    }
    centre(&mut boxes);
    (boxes, places)
}

fn sized(one: &Gathered, layer: usize, layers: usize, canvas: &Canvas<'_>) -> Placed {
    let column = column_width(layers);
    let room = column - 2.0 * PAD - 4.0;
    let label = wrapped(
        &canvas.spelled(&one.node.label),
        LABEL_SIZE * BOLDER,
        room,
        2,
    );
    let detail = wrapped(&canvas.spelled(&one.node.detail), DETAIL_SIZE, room, 3);
    let height = 11.0 + label.len() as f64 * 14.0 + detail.len() as f64 * 13.0;
    Placed {
        layer,
        corner: (0.0, 0.0),
        size: (column, height),
        label,
        detail,
        title: format!("{} {}", one.node.label, one.node.detail)
            .trim_end()
            .to_owned(),
        tone: one.node.tone,
        more: one.more,
    }
}

/// Moves short layers to the middle of the tallest.
fn centre(boxes: &mut [Placed]) {
    let mut ends: BTreeMap<usize, f64> = BTreeMap::new();
    for one in boxes.iter() {
        let end = ends.entry(one.layer).or_insert(0.0);
        *end = end.max(one.corner.1 + one.size.1);
    }
    let tallest = ends.values().copied().fold(0.0, f64::max);
    for one in boxes {
        one.corner.1 += (tallest - ends[&one.layer]) / 2.0;
    }
}

fn links(
    canvas: &mut Canvas<'_>,
    attack: &Attack,
    boxes: &[Placed],
    places: &BTreeMap<String, usize>,
) {
    let mut drawn = BTreeSet::new();
    let mut labels: Vec<(f64, f64)> = Vec::new();
    let mut said = BTreeSet::new();
    for link in &attack.links {
        let (Some(from), Some(to)) = (places.get(&link.from), places.get(&link.to)) else {
            continue;
        };
        if from == to || !drawn.insert((*from, *to, &link.label)) {
            continue;
        }
        // Twenty links that say `Bind` from one box say it once.
        let written = if said.insert((*from, &link.label)) {
            &link.label
        } else {
            ""
        };
        draw_link(
            canvas,
            &boxes[*from],
            &boxes[*to],
            (&link.label, written),
            &mut labels,
        );
    }
}

fn draw_link(
    canvas: &mut Canvas<'_>,
    from: &Placed,
    to: &Placed,
    (label, written): (&str, &str),
    labels: &mut Vec<(f64, f64)>,
) {
    let middle = |one: &Placed| one.corner.1 + one.size.1 / 2.0;
    let right = |one: &Placed| one.corner.0 + one.size.0;
    // A link leaves towards the other box and arrives at the side that faces it.
    let (start, lean) = if to.layer < from.layer {
        (from.corner.0, -1.0)
    } else {
        (right(from), 1.0)
    };
    let (end, arrival) = if to.layer > from.layer {
        (to.corner.0 - 6.0, -1.0)
    } else {
        (right(to) + 6.0, 1.0)
    };
    let (from_y, to_y) = (middle(from), middle(to));
    let reach = ((end - start).abs() / 2.0).max(36.0);
    let colour = colour(from.tone);
    canvas.open(&if label.is_empty() {
        format!("{} → {}", from.title, to.title)
    } else {
        format!("{} → {}: {label}", from.title, to.title)
    });
    canvas.path(
        &format!(
            "M{start:.1} {from_y:.1}C{:.1} {from_y:.1} {:.1} {to_y:.1} {end:.1} {to_y:.1}",
            start + lean * reach,
            end + arrival * reach
        ),
        &format!(r#"fill="none" stroke="{colour}" stroke-opacity="0.7" stroke-width="1.3""#),
    );
    canvas.path(
        &format!(
            "M{:.1} {to_y:.1}l{:.1} -3.5v7z",
            end - arrival * 6.0,
            arrival * 7.0
        ),
        &format!(r#"fill="{colour}""#),
    );
    let beside = to.layer == from.layer + 1;
    if beside {
        link_label(
            canvas,
            written,
            f64::midpoint(start, end),
            f64::midpoint(from_y, to_y),
            labels,
        );
    }
    canvas.close();
}

/// Draws a link's words on its middle unless other words are there already.
fn link_label(canvas: &mut Canvas<'_>, label: &str, x: f64, y: f64, labels: &mut Vec<(f64, f64)>) {
    let room = GAP - 18.0;
    let text = fitted(&canvas.spelled(label), LINK_SIZE, room);
    let covered = labels
        .iter()
        .any(|(other_x, other_y)| (other_x - x).abs() < room && (other_y - y).abs() < 13.0);
    if label.is_empty() || covered {
        return;
    }
    labels.push((x, y));
    let wide = super::canvas::width(&text, LINK_SIZE) + 4.0;
    canvas.rect(
        (x - wide / 2.0, y - 7.0),
        (wide, 13.0),
        r##"fill="#fff" fill-opacity="0.9""##,
    );
    canvas.text(x, y + 3.0, &text, Lettering::new(LINK_SIZE, FAINT).middle());
}

fn draw_box(canvas: &mut Canvas<'_>, one: &Placed) {
    let colour = colour(one.tone);
    let dashes = if one.more || one.tone == Tone::Unsure {
        r#" stroke-dasharray="4 3""#
    } else {
        ""
    };
    canvas.open(&one.title);
    canvas.rect(
        one.corner,
        one.size,
        &format!(r##"rx="3" fill="#fff" stroke="{colour}" stroke-width="1.1"{dashes}"##),
    );
    let (x, mut y) = (one.corner.0 + PAD + 3.0, one.corner.1 + 5.0);
    let band = match one.tone {
        Tone::Alarm => 5.0,
        Tone::Warning => 3.0,
        Tone::Unsure | Tone::Calm | Tone::Muted => 0.0,
    };
    if band > 0.0 {
        canvas.rect(
            one.corner,
            (band, one.size.1),
            &format!(r#"fill="{colour}""#),
        );
    }
    for line in &one.label {
        y += 14.0;
        canvas.text(x, y, line, Lettering::new(LABEL_SIZE, INK).bold());
    }
    for line in &one.detail {
        y += 13.0;
        canvas.text(x, y, line, Lettering::new(DETAIL_SIZE, FAINT));
    }
    canvas.close();
}
