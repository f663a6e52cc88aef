//! An invented report, of the size and shape that a real one has.

use model::Timestamp;
use report::{
    Attack, Blind, Block, Cell, Class, Column, Count, Document, Figure, Kind, Lane, Layer, Link,
    Mark, Node, Notice, Pattern, Section, Sheets, Table, Timeline, Tone,
};

/// The rows of the report's tables, which the document borrows.
pub(crate) struct Specimen {
    pub(crate) messages: Vec<Vec<Cell>>,
    people: Vec<Vec<Cell>>,
    nothing: Vec<Vec<Cell>>,
}

const CLASSES: [(&str, &str, Pattern, Tone, &str); 9] = [
    (
        "E",
        "Left the organisation",
        Pattern::Solid,
        Tone::Alarm,
        "sent or forwarded by the intruder",
    ),
    (
        "P1",
        "Accessed (proved)",
        Pattern::Crosshatch,
        Tone::Alarm,
        "accessed by the intruder's client",
    ),
    (
        "P2",
        "Accessed (probable)",
        Pattern::Hatch,
        Tone::Warning,
        "accessed by a client that is probably the intruder's",
    ),
    (
        "S",
        "Possibly synchronised",
        Pattern::Dots,
        Tone::Warning,
        "was in a folder that the intruder's Outlook synchronised",
    ),
    (
        "R",
        "Possibly forwarded",
        Pattern::Rows,
        Tone::Warning,
        "may have matched a rule of the intruder",
    ),
    (
        "U",
        "Unresolved actor",
        Pattern::Falling,
        Tone::Unsure,
        "cannot be attributed to anybody yet",
    ),
    (
        "B",
        "Audit-blind",
        Pattern::Columns,
        Tone::Unsure,
        "the logs could not have shown an access",
    ),
    (
        "N",
        "No evidence",
        Pattern::Core,
        Tone::Muted,
        "no access recorded while auditing was working",
    ),
    (
        "O",
        "Out of window",
        Pattern::Blank,
        Tone::Muted,
        "delivered after the eviction",
    ),
];

impl Specimen {
    /// Makes a report with so many messages.
    pub(crate) fn new(messages: usize) -> Self {
        Self {
            messages: (0..messages).map(message).collect(),
            people: (0..24).map(person).collect(),
            nothing: Vec::new(),
        }
    }

    /// Returns the report.
    pub(crate) fn document(&self) -> Document<'_> {
        Document {
            title: "Which messages of Nora Lindqvist were reached".into(),
            subtitle: "Case 2026-014, Northwind Harbour AB (invented)".into(),
            profile: "legal".into(),
            facts: facts(),
            footer: "Snapshot sha256 9f4c1f0a77d2b6e85a3c · lake version 41 · Breachscope 0.1.0"
                .into(),
            classes: classes(),
            sections: vec![
                self.statement(),
                timeline_section(),
                attack_section(),
                self.message_section(),
                self.people_section(),
                self.files_section(),
                words("rules", "Rules and forwarding"),
                words("coverage", "Coverage and gaps"),
                words("method", "Method, versions and hashes"),
            ],
        }
    }

    fn statement(&self) -> Section<'_> {
        let counts = CLASSES.iter().enumerate().map(|(at, class)| Count {
            class: class.0.into(),
            number: self.messages.iter().skip(at).step_by(CLASSES.len()).count() as u64,
            meaning: class.4.into(),
        });
        section(
            "statement",
            "Executive statement",
            vec![
                Block::Lead("Between 2 March 2026 08:14 UTC and 4 March 2026 17:52 UTC an intruder reached 59 messages of the mailbox nora.lindqvist@northwind.example through the application “Mail Backup Pro”. For a further 14 messages the logs could not have shown an access.".into()),
                Block::Counts(counts.collect()),
                Block::Notice(Notice::Warning, "Auditing of mail access was off from 3 March 01:00 to 3 March 09:30 UTC. What was read in that time left no record; messages that lay in the mailbox then are counted as exposed.".into()),
                Block::Notice(Notice::Info, "All times are UTC. The annex lists every message with the records that prove its class.".into()),
            ],
        )
    }

    fn message_section(&self) -> Section<'_> {
        let table = Table {
            id: "messages".into(),
            title: "Messages by class".into(),
            columns: vec![
                Column::new("Class", Kind::Class),
                Column::new("First seen", Kind::Time),
                Column::new("Subject", Kind::Text),
                Column::new("From", Kind::Id),
                Column::new("Recipients", Kind::List),
                Column::new("Records", Kind::Number),
                Column::new("Message-ID", Kind::Id),
            ],
            rows: &self.messages,
            sheet: Sheets::By(0),
            empty: "No message of the mailbox lies in the window.".into(),
        };
        section(
            "messages",
            "Messages by class",
            vec![text(), Block::Table(table)],
        )
    }

    fn people_section(&self) -> Section<'_> {
        let table = Table {
            id: "people".into(),
            title: "Persons affected".into(),
            columns: vec![
                Column::new("Address", Kind::Id),
                Column::new("Side", Kind::Text),
                Column::new("Messages", Kind::Number),
            ],
            rows: &self.people,
            sheet: Sheets::One,
            empty: "Nobody is affected.".into(),
        };
        section(
            "people",
            "Persons affected",
            vec![text(), Block::Table(table)],
        )
    }

    fn files_section(&self) -> Section<'_> {
        let table = Table {
            id: "files".into(),
            title: "Files".into(),
            columns: vec![Column::new("Path", Kind::Text)],
            rows: &self.nothing,
            sheet: Sheets::One,
            empty: "No file was opened by the application: SharePoint was audited without a gap."
                .into(),
        };
        section("files", "Files and links", vec![Block::Table(table)])
    }
}

/// Returns a moment of the story.
pub(crate) fn at(day: u32, hour: u32, minute: u32) -> Timestamp {
    Timestamp::from_civil(2026, 3, day, hour, minute, 0, 0).expect("a day of the story")
}

fn facts() -> Vec<(String, String)> {
    pairs(&[
        ("Tenant", "northwind.example"),
        ("Mailbox", "nora.lindqvist@northwind.example"),
        ("Window", "2026-03-02 08:14 to 2026-03-04 17:52 UTC"),
        ("Coverage", "91.4 % of the window"),
        ("Lake version", "41"),
    ])
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

fn classes() -> Vec<Class> {
    CLASSES
        .map(|(letter, name, pattern, tone, _)| Class {
            letter: letter.into(),
            name: name.into(),
            pattern,
            tone,
        })
        .into()
}

fn section<'a>(id: &str, title: &str, blocks: Vec<Block<'a>>) -> Section<'a> {
    Section {
        id: id.into(),
        title: title.into(),
        blocks,
    }
}

fn text() -> Block<'static> {
    Block::Text("Each line cites the records that it rests on. A class is the highest that the evidence bears; lower evidence stays attached in the annex.".into())
}

fn words(id: &str, title: &str) -> Section<'static> {
    section(id, title, vec![text(), Block::Facts(facts()), text()])
}

fn message(at_row: usize) -> Vec<Cell> {
    let subjects = [
        "Invoice 2026-0314 for the quay works",
        "Re: board meeting, draft minutes",
        "Payroll March",
        "Lunch?",
        "Contract with Harbour Authority, signed copy attached for your records",
    ];
    vec![
        Cell::Text(CLASSES[at_row % CLASSES.len()].0.into()),
        Cell::Time(at(2, 8, 14).plus_seconds(at_row as i64 * 97)),
        Cell::Text(subjects[at_row % subjects.len()].into()),
        Cell::Text(format!("sender{}@partner.example", at_row % 17)),
        Cell::List(vec![
            "nora.lindqvist@northwind.example".into(),
            format!("team{}@northwind.example", at_row % 5),
        ]),
        Cell::Number((at_row % 7) as i64 + 1),
        Cell::Text(format!(
            "<DB7PR04MB{at_row:06}A1B2C3D4E5F60718293A4B5C6D7E8@DB7PR04MB{at_row:04}.eurprd04.example>"
        )),
    ]
}

fn person(at_row: usize) -> Vec<Cell> {
    vec![
        Cell::Text(format!("person{at_row}@partner.example")),
        Cell::Text(
            if at_row.is_multiple_of(3) {
                "internal"
            } else {
                "external"
            }
            .into(),
        ),
        Cell::Number(at_row as i64 * 3),
    ]
}

fn timeline_section() -> Section<'static> {
    section(
        "timeline",
        "Timeline",
        vec![Block::Figure(Figure::Timeline(timeline()))],
    )
}

/// Returns the report's timeline.
pub(crate) fn timeline() -> Timeline {
    let mark = |at, label: &str, tone| Mark {
        at,
        until: None,
        label: label.into(),
        tone,
    };
    let reads = (0..40).map(|nth| {
        mark(
            at(3, 10, 0).plus_seconds(nth * 200),
            "Mail read",
            Tone::Alarm,
        )
    });
    let own = (0..14).map(|nth| {
        mark(
            at(2, 7, 30).plus_seconds(nth * 14_000),
            "Outlook",
            Tone::Muted,
        )
    });
    Timeline {
        title: "What happened when".into(),
        caption: "Sign-ins, grants and reads of the intruder's application beside the owner's own work; hatched where auditing was off.".into(),
        from: at(2, 0, 0),
        to: at(5, 0, 0),
        lanes: vec![
            Lane {
                label: "Sign-ins from 192.0.2.44".into(),
                marks: vec![
                    mark(at(2, 8, 14), "Password accepted, no second factor", Tone::Warning),
                    mark(at(2, 8, 15), "Session 5c1e opened", Tone::Warning),
                    mark(at(4, 6, 2), "Sign-in refused after reset", Tone::Calm),
                ],
            },
            Lane {
                label: "Mail Backup Pro (application with a long name)".into(),
                marks: [
                    mark(at(2, 8, 21), "Consent granted", Tone::Alarm),
                    Mark { until: Some(at(3, 0, 40)), ..mark(at(2, 20, 0), "Bulk read of Inbox", Tone::Alarm) },
                ]
                .into_iter()
                .chain(reads)
                .chain([mark(at(4, 17, 52), "Grant removed", Tone::Calm)])
                .collect(),
            },
            Lane {
                label: "Inbox rules".into(),
                marks: vec![mark(at(2, 9, 3), "Rule “..” moves payment mails to RSS", Tone::Alarm), mark(at(4, 17, 40), "Rule removed", Tone::Calm)],
            },
            Lane {
                label: "Owner".into(),
                marks: own.chain([mark(at(3, 12, 0), "Somebody in the night", Tone::Unsure)]).collect(),
            },
        ],
        blind: vec![Blind { from: at(3, 1, 0), to: at(3, 9, 30), label: "auditing of mail access was off".into() }],
    }
}

fn attack_section() -> Section<'static> {
    section(
        "attack",
        "How the intruder came in",
        vec![Block::Figure(Figure::Attack(attack()))],
    )
}

/// Returns the report's attack picture.
pub(crate) fn attack() -> Attack {
    let node = |id: &str, label: &str, detail: &str, tone| Node {
        id: id.into(),
        label: label.into(),
        detail: detail.into(),
        tone,
    };
    let link = |from: &str, to: &str, label: &str| Link {
        from: from.into(),
        to: to.into(),
        label: label.into(),
    };
    let layer = |title: &str, nodes| Layer {
        title: title.into(),
        nodes,
    };
    let folders = (0..18).map(|nth| {
        node(
            &format!("m{nth}"),
            &format!("{} messages in Projects/{nth}", 30 - nth),
            "P1",
            Tone::Alarm,
        )
    });
    let mut links = vec![
        link("s1", "t1", "opened"),
        link("s2", "t1", "token used"),
        link("s2", "t2", "opened"),
        link("t1", "a1", "consent"),
        link("t1", "a2", "made"),
        link("t2", "a3", "read mail"),
    ];
    links.extend((0..18).map(|nth| {
        link(
            if nth % 5 == 4 { "a2" } else { "a1" },
            &format!("m{nth}"),
            "Bind",
        )
    }));
    links.push(link("s2", "m3", "direct"));
    Attack {
        title: "From the sign-in to the messages".into(),
        caption: "Each line is supported by at least one record; boxes with dashed borders are undecided.".into(),
        layers: vec![
            layer("Sign-ins", vec![
                node("s1", "192.0.2.44, Windows 10", "2 March 08:14, password accepted without a second factor", Tone::Warning),
                node("s2", "198.51.100.7", "2 March 19:58", Tone::Unsure),
            ]),
            layer("Sessions", vec![
                node("t1", "5c1e0f9a-7c1b-4b52-9d6e-2f30aa917b44", "", Tone::Alarm),
                node("t2", "a09b…", "owner or intruder?", Tone::Unsure),
            ]),
            layer("Applications and rules", vec![
                node("a1", "Mail Backup Pro", "Mail.Read, offline_access", Tone::Alarm),
                node("a2", "Rule “..”", "moves to RSS Feeds", Tone::Alarm),
                node("a3", "Outlook", "", Tone::Calm),
            ]),
            layer("Messages", folders.collect()),
        ],
        links,
    }
}
