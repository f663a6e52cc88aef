//! What a template can name: the facts of a card, each text inert and of bounded length.
//!
//! This is the wire twin of [`Card`]: its names are the words of operators' templates, and they
//! are added to, never changed.

use crate::card::{Card, Count, Data, Links, Place};
use crate::inert;
use crate::link::Link;
use minijinja::Value;
use model::Timestamp;
use serde::Serialize;

/// What a template can name, with what it is. In a layout `title`, `rows` and `buttons` are there too.
pub const FIELDS: [(&str, &str); 27] = [
    ("incident", "The incident's id."),
    (
        "update",
        "Which card of the incident it is: 0 is the first.",
    ),
    ("state", "`open`, `acknowledged` or `resolved`."),
    ("severity", "`info`, `low`, `medium`, `high` or `critical`."),
    ("tenant", "What the tenant is called."),
    ("tenant_id", "The tenant's id."),
    ("who", "Whom it concerns."),
    ("headline", "What it is, in a line."),
    (
        "when.utc",
        "When it happened, as `2026-03-14 07:12:09 UTC`.",
    ),
    ("when.iso", "The same, as `2026-03-14T07:12:09Z`."),
    ("when.local", "The same where the person is; may be empty."),
    (
        "when.first_evidence",
        "The first record that shows it; may be empty.",
    ),
    (
        "place.name",
        "City and country; may be empty, as everything of the place.",
    ),
    ("place.network", "Number and owner of the network."),
    ("place.address", "The address."),
    ("place.uncertainty", "How sure the place is."),
    ("place.novelty", "What is new about it."),
    ("place.usual", "Where the person usually is: a list."),
    ("what", "What was done: a list."),
    (
        "why",
        "The rules that say so: a list of `rule` and `title`.",
    ),
    ("attack", "ATT&CK's ids: a list."),
    (
        "so_far",
        "What is known of the damage: a list of `what`, `number` (none where it is not known), `note` and `text`, which is all of them.",
    ),
    (
        "data.complete_to",
        "Up to when the data is complete; empty where that is not known.",
    ),
    (
        "data.lag_minutes",
        "How many minutes it is behind; none where that is not known.",
    ),
    ("data.blind", "What could not be seen: a list."),
    ("tags", "The tenant's tags: a list."),
    (
        "links",
        "`review`, `case` and `expected`: the only texts that are put out as links; none where there is none.",
    ),
];

/// For whom a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person, whose client makes links of what looks like one.
    Person,
    /// A machine, which needs the text as the record has it.
    Machine,
}

/// How much of a card is told: a smaller one where a destination has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) letters: usize,
    pub(crate) lines: usize,
}

/// From the whole card to what fits everywhere.
pub(crate) const SIZES: [Size; 6] = [
    Size {
        letters: 1000,
        lines: 40,
    },
    Size {
        letters: 500,
        lines: 20,
    },
    Size {
        letters: 250,
        lines: 12,
    },
    Size {
        letters: 120,
        lines: 8,
    },
    Size {
        letters: 60,
        lines: 4,
    },
    Size {
        letters: 30,
        lines: 2,
    },
];

#[derive(Serialize)]
pub(crate) struct Facts {
    pub(crate) incident: String,
    pub(crate) update: u32,
    pub(crate) state: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) tenant: String,
    pub(crate) tenant_id: String,
    pub(crate) who: String,
    pub(crate) headline: String,
    pub(crate) when: When,
    pub(crate) place: PlaceFacts,
    pub(crate) what: Vec<String>,
    pub(crate) why: Vec<ReasonFacts>,
    pub(crate) attack: Vec<String>,
    pub(crate) so_far: Vec<CountFacts>,
    pub(crate) data: DataFacts,
    pub(crate) tags: Vec<String>,
    pub(crate) links: LinkFacts,
    /// The links that there are, with what to call them.
    pub(crate) buttons: Vec<Button>,
    /// The first line of the card, from the template of that name.
    pub(crate) title: String,
    /// The lines of the card, from the template of that name.
    pub(crate) rows: Vec<Row>,
}

#[derive(Serialize)]
pub(crate) struct When {
    pub(crate) utc: String,
    pub(crate) iso: String,
    pub(crate) local: String,
    pub(crate) first_evidence: String,
}

#[derive(Serialize)]
pub(crate) struct PlaceFacts {
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) address: String,
    pub(crate) uncertainty: String,
    pub(crate) novelty: String,
    pub(crate) usual: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct ReasonFacts {
    pub(crate) rule: String,
    pub(crate) title: String,
}

#[derive(Serialize)]
pub(crate) struct CountFacts {
    pub(crate) what: String,
    pub(crate) number: Option<u64>,
    pub(crate) note: String,
    pub(crate) text: String,
}

#[derive(Serialize)]
pub(crate) struct DataFacts {
    pub(crate) complete_to: String,
    pub(crate) lag_minutes: Option<u64>,
    pub(crate) blind: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct LinkFacts {
    pub(crate) review: Value,
    pub(crate) case: Value,
    pub(crate) expected: Value,
}

#[derive(Serialize)]
pub(crate) struct Button {
    pub(crate) text: &'static str,
    pub(crate) url: Value,
}

/// A line of the card: `When`, and the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) text: String,
}

impl Facts {
    pub(crate) fn of(card: &Card, reader: Reader, size: Size) -> Self {
        let pen = Pen { reader, size };
        let reason = |reason: &crate::card::Reason| ReasonFacts {
            rule: pen.text(&reason.rule),
            title: pen.text(&reason.title),
        };
        Self {
            incident: pen.text(&card.incident),
            update: card.update,
            state: card.state.name(),
            severity: card.severity.name(),
            tenant: pen.text(&card.tenant),
            tenant_id: pen.text(&card.tenant_id),
            who: pen.text(&card.who),
            headline: pen.text(&card.headline),
            when: When {
                utc: utc(card.when),
                iso: card.when.to_string(),
                local: pen.text(&card.local),
                first_evidence: card.first_evidence.map(utc).unwrap_or_default(),
            },
            place: pen.place(&card.place),
            what: pen.lines(&card.what),
            why: card.why.iter().take(size.lines).map(reason).collect(),
            attack: pen.lines(&card.attack),
            so_far: card
                .so_far
                .iter()
                .take(size.lines)
                .map(|count| pen.count(count))
                .collect(),
            data: pen.data(&card.data),
            tags: pen.lines(&card.tags),
            buttons: buttons(&card.links),
            links: links(&card.links),
            title: String::new(),
            rows: Vec::new(),
        }
    }
}

/// Writes texts for one reader in one size.
struct Pen {
    reader: Reader,
    size: Size,
}

impl Pen {
    fn text(&self, text: &str) -> String {
        match self.reader {
            Reader::Person => inert::for_people(text, self.size.letters),
            Reader::Machine => inert::marked(text, self.size.letters),
        }
    }

    fn lines(&self, lines: &[String]) -> Vec<String> {
        let shown = lines.iter().take(self.size.lines);
        let mut shown: Vec<String> = shown.map(|line| self.text(line)).collect();
        let more = lines.len().saturating_sub(self.size.lines);
        if more > 0 {
            shown.push(format!("and {more} more"));
        }
        shown
    }

    fn place(&self, place: &Place) -> PlaceFacts {
        PlaceFacts {
            name: self.text(&place.name),
            network: self.text(&place.network),
            address: self.text(&place.address),
            uncertainty: self.text(&place.uncertainty),
            novelty: self.text(&place.novelty),
            usual: self.lines(&place.usual),
        }
    }

    fn count(&self, count: &Count) -> CountFacts {
        let (what, note) = (self.text(&count.what), self.text(&count.note));
        // A number that is not known is no zero.
        let number = count
            .number
            .map_or_else(|| "unknown".to_owned(), |number| number.to_string());
        let mut text = match count.number {
            Some(_) => format!("{number} {what}"),
            None => format!("{what}: {number}"),
        };
        if !note.is_empty() {
            text = format!("{text} ({note})");
        }
        CountFacts {
            what,
            number: count.number,
            note,
            text,
        }
    }

    fn data(&self, data: &Data) -> DataFacts {
        DataFacts {
            complete_to: data.complete_to.map(utc).unwrap_or_default(),
            lag_minutes: data.lag_minutes,
            blind: self.lines(&data.blind),
        }
    }
}

fn link(link: Option<&String>) -> Option<Value> {
    link.and_then(|link| Link::of(link)).map(Value::from_object)
}

fn links(links: &Links) -> LinkFacts {
    let or_none = |one: &Option<String>| link(one.as_ref()).unwrap_or_else(|| Value::from(()));
    LinkFacts {
        review: or_none(&links.review),
        case: or_none(&links.case),
        expected: or_none(&links.expected),
    }
}

fn buttons(links: &Links) -> Vec<Button> {
    let all = [
        ("Review and secure", &links.review),
        ("Open case", &links.case),
        ("This was expected", &links.expected),
    ];
    let button = |(text, one): (&'static str, &Option<String>)| {
        link(one.as_ref()).map(|url| Button { text, url })
    };
    all.into_iter().filter_map(button).collect()
}

/// Writes a moment as people read it: `2026-03-14 07:12:09 UTC`.
pub(crate) fn utc(moment: Timestamp) -> String {
    let text = moment.to_string();
    let text = text.trim_end_matches('Z').replace('T', " ");
    let whole = text.split('.').next().unwrap_or_default();
    format!("{whole} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_known_is_no_zero() {
        let pen = Pen {
            reader: Reader::Person,
            size: SIZES[0],
        };
        let count = |number| Count {
            what: "messages".to_owned(),
            number,
            note: "P1".to_owned(),
        };
        assert_eq!(pen.count(&count(Some(0))).text, "0 messages (P1)");
        assert_eq!(pen.count(&count(None)).text, "messages: unknown (P1)");
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let pen = Pen {
            reader: Reader::Person,
            size: SIZES[5],
        };
        let lines: Vec<String> = (0..5).map(|nth| format!("line {nth}")).collect();
        assert_eq!(pen.lines(&lines), ["line 0", "line 1", "and 3 more"]);
    }

    #[test]
    fn a_moment_is_whole_seconds_in_utc() {
        assert_eq!(
            utc(Timestamp(1_621_372_415_123_400)),
            "2021-05-18 21:13:35 UTC"
        );
    }
}
