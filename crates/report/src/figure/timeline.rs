//! What happened when: lanes of marks over one time axis, blind stretches hatched.

use super::axis::Axis;
use super::canvas::{
    BOLDER, Canvas, FAINT, INK, LINE, Lettering, Spell, WIDTH, colour, fitted, width, wrapped,
};
use crate::document::Tone;
use crate::text::{moment, thousands};
use model::Timestamp;

/// A picture of lanes over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The name of the picture.
    pub title: String,
    /// The sentence under it.
    pub caption: String,
    /// Where the axis begins, unless a mark is earlier.
    pub from: Timestamp,
    /// Where the axis ends, unless a mark is later.
    pub to: Timestamp,
    /// The lanes, from top to bottom.
    pub lanes: Vec<Lane>,
    /// When the logs could not see.
    pub blind: Vec<Blind>,
}

/// A lane: one context, or one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the lane is of.
    pub label: String,
    /// What happened in it.
    pub marks: Vec<Mark>,
}

/// Something that happened at a moment or over a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When, or since when.
    pub at: Timestamp,
    /// Until when, for what lasted.
    pub until: Option<Timestamp>,
    /// What; drawn where there is room, told to a pointer in full.
    pub label: String,
    /// How bad.
    pub tone: Tone,
}

/// A stretch that the logs could not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blind {
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub label: String,
}

const LEFT: f64 = 138.0;
const RIGHT: f64 = WIDTH - 14.0;
const TOP: f64 = 44.0;
const LABEL_SIZE: f64 = 11.0;
const LANE_SIZE: f64 = 11.5;
const LABEL_ROW: f64 = 15.0;
const MOST_ROWS: usize = 3;
/// The narrowest room in which a cut label still says something.
const LEAST_ROOM: f64 = 42.0;
/// What stays free between a label and the next.
const SPARE: f64 = 4.0;
/// A label that is said again nearer than this tells nothing new.
const SAID_AGAIN: f64 = 170.0;
/// Marks of one lane that are nearer than this are one mark that says how many it is.
const NEAR: f64 = 5.0;

/// Marks that stand at the same place.
struct Cluster<'t> {
    x: f64,
    end: f64,
    marks: Vec<&'t Mark>,
}

/// A label that found room: where, in which row above its lane, spelled and cut.
struct Placed {
    cluster: usize,
    row: usize,
    x: f64,
    text: String,
}

/// Returns the picture.
pub(super) fn draw(timeline: &Timeline, id: &str, spell: &Spell<'_>) -> String {
    let mut canvas = Canvas::new(spell);
    let axis = axis_of(timeline);
    let lanes: Vec<_> = timeline
        .lanes
        .iter()
        .map(|lane| {
            let clusters = clustered(lane, &axis);
            let placed = placed(&clusters, &canvas);
            (lane, clusters, placed)
        })
        .collect();
    let heights = lanes.iter().map(|(_, _, placed)| lane_height(placed));
    let bottom = TOP + heights.sum::<f64>().max(30.0);
    blind_stretches(&mut canvas, timeline, &axis, bottom, id);
    ticks(&mut canvas, &axis, bottom);
    let mut top = TOP;
    for (lane, clusters, placed) in &lanes {
        let base = top + lane_height(placed) - 14.0;
        lane_name(&mut canvas, lane, base);
        clusters_and_labels(&mut canvas, clusters, placed, base);
        top += lane_height(placed);
        canvas.line((10.0, top), (RIGHT, top), LINE, 0.6);
    }
    let height = legend(&mut canvas, timeline, bottom, id);
    canvas.finish(id, &timeline.title, &timeline.caption, height)
}

fn axis_of(timeline: &Timeline) -> Axis {
    let marks = || timeline.lanes.iter().flat_map(|lane| &lane.marks);
    let first = marks().map(|mark| mark.at).min();
    let last = marks().map(|mark| mark.until.unwrap_or(mark.at)).max();
    let from = first.map_or(timeline.from, |first| first.min(timeline.from));
    let to = last.map_or(timeline.to, |last| last.max(timeline.to));
    Axis::new(from, to, LEFT + 8.0, RIGHT - 8.0)
}

fn clustered<'t>(lane: &'t Lane, axis: &Axis) -> Vec<Cluster<'t>> {
    let mut marks: Vec<&Mark> = lane.marks.iter().collect();
    marks.sort_by(|a, b| (a.at, a.until, &a.label).cmp(&(b.at, b.until, &b.label)));
    let mut clusters: Vec<Cluster<'_>> = Vec::new();
    for mark in marks {
        let x = axis.x(mark.at);
        let end = mark.until.map_or(x, |until| axis.x(until).max(x));
        match clusters.last_mut() {
            Some(cluster) if x - cluster.x < NEAR => {
                cluster.end = cluster.end.max(end);
                cluster.marks.push(mark);
            }
            _ => clusters.push(Cluster {
                x,
                end,
                marks: vec![mark],
            }),
        }
    }
    clusters
}

/// Finds room for the labels: the worst marks choose first, in up to three rows, and a
/// label that finds none is left to the mark's own title.
fn placed(clusters: &[Cluster<'_>], canvas: &Canvas<'_>) -> Vec<Placed> {
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|at| (gravity(worst(&clusters[*at])), *at));
    let mut rows: Vec<Vec<(f64, f64)>> = vec![Vec::new(); MOST_ROWS];
    let mut placed: Vec<Placed> = Vec::new();
    let mut said: Vec<(&str, f64)> = Vec::new();
    for at in order {
        let (label, x) = (label(&clusters[at]), clusters[at].x);
        let again = said
            .iter()
            .any(|(other, there)| *other == label && (there - x).abs() < SAID_AGAIN);
        if again {
            continue;
        }
        said.push((label, x));
        let text = canvas.spelled(&short(&clusters[at]));
        if let Some(found) = place(&mut rows, at, clusters[at].x, &text) {
            placed.push(found);
        }
    }
    placed.sort_by_key(|label| label.cluster);
    placed
}

fn place(rows: &mut [Vec<(f64, f64)>], cluster: usize, x: f64, text: &str) -> Option<Placed> {
    let wanted = width(text, LABEL_SIZE);
    let start = x.min(RIGHT - SPARE - wanted).max(LEFT);
    let needs = [wanted, LEAST_ROOM.min(wanted)];
    for need in needs {
        for (row, taken) in rows.iter_mut().enumerate() {
            let room = room_from(taken, start);
            if room >= need {
                let text = fitted(text, LABEL_SIZE, room);
                taken.push((start, start + width(&text, LABEL_SIZE) + 8.0));
                return Some(Placed {
                    cluster,
                    row,
                    x: start,
                    text,
                });
            }
        }
    }
    None
}

/// Returns how much room a row has to the right of a place, up to its next label.
fn room_from(taken: &[(f64, f64)], start: f64) -> f64 {
    let occupied = taken.iter().any(|(from, to)| *from <= start && start < *to);
    if occupied {
        return 0.0;
    }
    let next = taken
        .iter()
        .map(|(from, _)| *from)
        .filter(|from| *from > start);
    next.fold(RIGHT, f64::min) - start - SPARE
}

fn lane_height(placed: &[Placed]) -> f64 {
    let rows = placed.iter().map(|label| label.row + 1).max().unwrap_or(0);
    (26.0 + rows as f64 * LABEL_ROW).max(36.0)
}

fn worst(cluster: &Cluster<'_>) -> Tone {
    let tones = cluster.marks.iter().map(|mark| mark.tone);
    tones
        .min_by_key(|tone| gravity(*tone))
        .unwrap_or(Tone::Muted)
}

fn gravity(tone: Tone) -> u8 {
    match tone {
        Tone::Alarm => 0,
        Tone::Warning => 1,
        Tone::Unsure => 2,
        Tone::Calm => 3,
        Tone::Muted => 4,
    }
}

/// Returns the words of the worst mark.
fn label<'t>(cluster: &Cluster<'t>) -> &'t str {
    let worst = worst(cluster);
    let first = cluster.marks.iter().find(|mark| mark.tone == worst);
    first.map_or("", |mark| mark.label.as_str())
}

/// Returns the words of the worst mark, and how many more there are.
fn short(cluster: &Cluster<'_>) -> String {
    let label = label(cluster);
    match cluster.marks.len() {
        0 | 1 => label.to_owned(),
        many => format!("{label} (+{})", thousands(many as u64 - 1)),
    }
}

fn full(cluster: &Cluster<'_>) -> String {
    const MOST_TOLD: usize = 12;
    let told = cluster
        .marks
        .iter()
        .take(MOST_TOLD)
        .map(|mark| match mark.until {
            Some(until) => format!(
                "{} to {} UTC {}",
                moment(mark.at),
                moment(until),
                mark.label
            ),
            None => format!("{} UTC {}", moment(mark.at), mark.label),
        });
    let mut told: Vec<String> = told.collect();
    if cluster.marks.len() > MOST_TOLD {
        let more = thousands((cluster.marks.len() - MOST_TOLD) as u64);
        told.push(format!("and {more} more"));
    }
    told.join(" · ")
}

fn blind_stretches(
    canvas: &mut Canvas<'_>,
    timeline: &Timeline,
    axis: &Axis,
    bottom: f64,
    id: &str,
) {
    for blind in &timeline.blind {
        let (from, to) = (axis.x(blind.from), axis.x(blind.to));
        canvas.open(&format!(
            "{} to {} UTC {}",
            moment(blind.from),
            moment(blind.to),
            blind.label
        ));
        canvas.rect(
            (from, TOP),
            ((to - from).max(1.5), bottom - TOP),
            &format!(r#"fill="url(#{id}-hatch)""#),
        );
        canvas.close();
    }
}

fn ticks(canvas: &mut Canvas<'_>, axis: &Axis, bottom: f64) {
    let how = Lettering::new(11.0, FAINT).middle();
    canvas.text(10.0, 32.0, "UTC", Lettering::new(11.0, FAINT));
    for tick in axis.ticks(8) {
        canvas.line((tick.x, TOP - 5.0), (tick.x, bottom), LINE, 0.6);
        centred(canvas, tick.x, 32.0, &tick.name, how);
        centred(canvas, tick.x, 16.0, &tick.under, how.bold());
    }
    canvas.line((10.0, TOP), (RIGHT, TOP), FAINT, 0.8);
}

/// Draws a name over its tick, moved inwards where it would leave the picture.
fn centred(canvas: &mut Canvas<'_>, x: f64, y: f64, name: &str, how: Lettering) {
    if name.is_empty() {
        return;
    }
    let half = width(name, 11.0 * BOLDER) / 2.0;
    canvas.text(x.min(WIDTH - 6.0 - half), y, name, how);
}

fn lane_name(canvas: &mut Canvas<'_>, lane: &Lane, base: f64) {
    canvas.open(&lane.label);
    let how = Lettering::new(LANE_SIZE, INK).bold();
    let name = canvas.spelled(&lane.label);
    let lines = wrapped(&name, LANE_SIZE * BOLDER, LEFT - 18.0, 2);
    let first = base + 4.0 - (lines.len() as f64 - 1.0) * 13.0;
    for (at, line) in lines.iter().enumerate() {
        canvas.text(10.0, first + at as f64 * 13.0, line, how);
    }
    canvas.close();
    canvas.line((LEFT, base), (RIGHT, base), LINE, 1.0);
}

fn clusters_and_labels(
    canvas: &mut Canvas<'_>,
    clusters: &[Cluster<'_>],
    placed: &[Placed],
    base: f64,
) {
    for label in placed {
        let x = clusters[label.cluster].x;
        let y = base - 9.0 - label.row as f64 * LABEL_ROW;
        canvas.line((x, base), (x, y + 2.0), LINE, 0.8);
    }
    for (at, cluster) in clusters.iter().enumerate() {
        let tone = worst(cluster);
        canvas.open(&full(cluster));
        if cluster.end > cluster.x {
            canvas.rect(
                (cluster.x, base - 2.5),
                (cluster.end - cluster.x, 5.0),
                &format!(r#"fill="{}" fill-opacity="0.45""#, colour(tone)),
            );
        }
        canvas.shape(cluster.x, base, tone);
        for label in placed.iter().filter(|label| label.cluster == at) {
            let y = base - 9.0 - label.row as f64 * LABEL_ROW;
            let wide = width(&label.text, LABEL_SIZE) * 0.8;
            let ground = r##"fill="#fff" fill-opacity="0.8""##;
            canvas.rect((label.x - 1.0, y - 9.0), (wide, 12.0), ground);
            canvas.text(label.x, y, &label.text, Lettering::new(LABEL_SIZE, INK));
        }
        canvas.close();
    }
}

/// Says under the lanes why stretches are hatched, and returns the picture's height.
fn legend(canvas: &mut Canvas<'_>, timeline: &Timeline, bottom: f64, id: &str) -> f64 {
    let mut reasons: Vec<&str> = Vec::new();
    for blind in &timeline.blind {
        if !reasons.contains(&blind.label.as_str()) {
            reasons.push(&blind.label);
        }
    }
    if reasons.is_empty() {
        return bottom + 10.0;
    }
    canvas.rect(
        (LEFT, bottom + 9.0),
        (22.0, 12.0),
        &format!(r#"fill="url(#{id}-hatch)" stroke="{FAINT}" stroke-width="0.6""#),
    );
    let text = canvas.spelled(&format!("not seen by the logs: {}", reasons.join("; ")));
    let text = fitted(&text, 11.0, RIGHT - LEFT - 34.0);
    canvas.text(LEFT + 30.0, bottom + 19.0, &text, Lettering::new(11.0, INK));
    bottom + 30.0
}
