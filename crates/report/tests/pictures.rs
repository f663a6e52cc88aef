//! The pictures: the same each time, nothing over anything, nothing missing in silence.

use crate::specimen::{at, attack, timeline};
use report::{Attack, Figure, Lane, Layer, Link, Mark, Node, Timeline, Tone};

fn node(id: String) -> Node {
    Node {
        label: format!("box {id}"),
        id,
        detail: String::new(),
        tone: Tone::Alarm,
    }
}

#[test]
fn the_fifteenth_box_of_a_layer_is_gathered_and_its_links_stay() {
    let picture = Figure::Attack(Attack {
        title: "t".into(),
        caption: "c".into(),
        layers: vec![
            Layer {
                title: "from".into(),
                nodes: vec![node("a".into())],
            },
            Layer {
                title: "to".into(),
                nodes: (0..20).map(|at| node(format!("m{at}"))).collect(),
            },
        ],
        links: (0..20)
            .map(|at| Link {
                from: "a".into(),
                to: format!("m{at}"),
                label: String::new(),
            })
            .collect(),
    })
    .svg("f");
    assert!(picture.contains(">+ 7 more</text>"));
    assert!(picture.contains(">box m12</text>") && !picture.contains(">box m13</text>"));
    assert_eq!(picture.matches("→").count(), 14);
}

#[test]
fn a_hundred_thousand_marks_are_a_small_picture_that_says_how_many() {
    let marks = (0..100_000).map(|nth| Mark {
        at: at(2, 0, 0).plus_seconds(nth),
        until: None,
        label: "Read".into(),
        tone: Tone::Alarm,
    });
    let picture = Figure::Timeline(Timeline {
        title: "t".into(),
        caption: "c".into(),
        from: at(2, 0, 0),
        to: at(4, 0, 0),
        lanes: vec![Lane {
            label: "App".into(),
            marks: marks.collect(),
        }],
        blind: Vec::new(),
    })
    .svg("f");
    assert!(picture.len() < 100_000, "{}", picture.len());
    assert!(picture.contains("more</title>"));
}

#[test]
fn labels_of_a_lane_do_not_lie_on_one_another() {
    let picture = Figure::Timeline(timeline()).svg("f");
    let labels: Vec<(f64, f64, f64)> = picture
        .match_indices("font-size=\"11\" fill=\"#1f2328\"")
        .map(|(at, _)| place(&picture, at))
        .collect();
    assert!(labels.len() > 8);
    for (nth, one) in labels.iter().enumerate() {
        for other in &labels[nth + 1..] {
            let apart = (one.1 - other.1).abs() > 10.0 || one.2 <= other.0 || other.2 <= one.0;
            assert!(apart, "{one:?} and {other:?}");
        }
    }
}

/// Returns where the text at a place of the picture begins, stands, and about ends.
fn place(picture: &str, at: usize) -> (f64, f64, f64) {
    let element = &picture[picture[..at].rfind("<text").expect("a text")..];
    let number = |name: &str| -> f64 {
        let (_, rest) = element.split_once(name).expect("an attribute");
        rest.split('"')
            .next()
            .and_then(|text| text.parse().ok())
            .expect("a number")
    };
    let (_, words) = element.split_once('>').expect("words");
    let length = words
        .split('<')
        .next()
        .map_or(0, |words| words.chars().count());
    let x = number("x=\"");
    (x, number("y=\""), x + length as f64 * 4.6)
}

#[test]
fn a_picture_of_nothing_is_a_picture() {
    let nothing = Figure::Timeline(Timeline {
        title: String::new(),
        caption: String::new(),
        from: at(2, 0, 0),
        to: at(2, 0, 0),
        lanes: Vec::new(),
        blind: Vec::new(),
    });
    assert!(nothing.svg("f").contains("</svg>"));
    let nothing = Figure::Attack(Attack {
        title: String::new(),
        caption: String::new(),
        layers: Vec::new(),
        links: Vec::new(),
    });
    assert!(nothing.svg("f").contains("</svg>"));
}

#[test]
fn the_order_of_links_and_of_marks_changes_nothing() {
    let mut turned = attack();
    turned.links.reverse();
    // Which of two equal words is drawn may follow the order; where boxes stand may not.
    let boxes = |attack| -> Vec<String> {
        let picture = Figure::Attack(attack).svg("f");
        picture
            .lines()
            .filter(|line| line.contains("rx=\"3\""))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(boxes(attack()), boxes(turned));
    let mut turned = timeline();
    for lane in &mut turned.lanes {
        lane.marks.reverse();
    }
    assert_eq!(
        Figure::Timeline(timeline()).svg("f"),
        Figure::Timeline(turned).svg("f")
    );
}
