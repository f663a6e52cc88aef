//! Which sections a report has, and what each says.

use super::Profile;
use super::columns::{self, Head};
use super::figures;
use super::tables::{self, Prepared};
use crate::investigate::Investigation;
use ::report::{
    Block, Class as Letter, Count, Document, Notice, Pattern, Rows, Section, Sheets, Table, Tone,
};
use casework::Class;

/// Composes one section.
type Composer<'a> = fn(&'a Investigation, &'a Prepared) -> Section<'a>;

/// Returns the document of a case for its readers.
pub(super) fn document<'a>(
    found: &'a Investigation,
    prepared: &'a Prepared,
    profile: Profile,
) -> Document<'a> {
    let all: [(&[Profile], Composer<'a>); 13] = [
        (&EVERYBODY, statement),
        (&EVERYBODY, timeline),
        (&EXPERTS, accounts),
        (&EVERYBODY, messages),
        (&EXPERTS, persons),
        (&EXPERTS, attachments),
        (&EXPERTS, files),
        (&EVERYBODY, outbound),
        (&[Profile::Legal, Profile::Insurer, Profile::User], rules),
        (&EXPERTS, actions),
        (&EVERYBODY, coverage),
        (&EXPERTS, method),
        (&[Profile::Legal, Profile::Exec], decisions),
    ];
    Document {
        title: format!("Unauthorised access to {}", found.brief.mailbox),
        subtitle: "Which messages were reached, and how it is known".to_owned(),
        profile: profile.name().to_owned(),
        facts: facts(found),
        footer: format!("Case {} · evidence snapshot {}", found.case, found.snapshot),
        classes: Class::ALL.into_iter().map(letter).collect(),
        sections: all
            .into_iter()
            .filter(|(readers, _)| readers.contains(&profile))
            .map(|(_, section)| section(found, prepared))
            .collect(),
    }
}

const EVERYBODY: [Profile; 4] = [
    Profile::Legal,
    Profile::Exec,
    Profile::User,
    Profile::Insurer,
];
const EXPERTS: [Profile; 2] = [Profile::Legal, Profile::Insurer];

fn facts(found: &Investigation) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    vec![
        fact("Case", found.case.clone()),
        fact("Tenant", found.brief.tenant.clone()),
        fact("Mailbox", found.brief.mailbox.clone()),
        fact("Window (UTC)", found.window_told()),
        fact("Coverage", format!("{:.2} %", found.coverage.percent())),
        fact(
            "Last record",
            found
                .last_record
                .map_or_else(|| "unknown".to_owned(), |time| format!("{time} (UTC)")),
        ),
        fact(
            "Program",
            format!("Breachscope {}", env!("CARGO_PKG_VERSION")),
        ),
        fact("Evidence snapshot", found.snapshot.clone()),
    ]
}

fn letter(class: Class) -> Letter {
    let (pattern, tone) = match class {
        Class::E => (Pattern::Solid, Tone::Alarm),
        Class::P1 => (Pattern::Crosshatch, Tone::Alarm),
        Class::P2 => (Pattern::Hatch, Tone::Alarm),
        Class::S => (Pattern::Falling, Tone::Warning),
        Class::R => (Pattern::Dots, Tone::Warning),
        Class::U => (Pattern::Rows, Tone::Unsure),
        Class::B => (Pattern::Columns, Tone::Unsure),
        Class::N => (Pattern::Core, Tone::Calm),
        Class::O => (Pattern::Blank, Tone::Muted),
    };
    Letter {
        letter: class.name().to_owned(),
        name: class.title().to_owned(),
        pattern,
        tone,
    }
}

fn section<'a>(id: &str, title: &str, blocks: Vec<Block<'a>>) -> Section<'a> {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        blocks,
    }
}

/// Returns a table block; `empty` is said where there is no row, and names the cause.
fn table<'a>(
    id: &str,
    title: &str,
    heads: &[Head],
    rows: &'a Vec<Vec<::report::Cell>>,
    empty: &str,
) -> Block<'a> {
    let rows: &dyn Rows = rows;
    Block::Table(Table {
        id: id.to_owned(),
        title: title.to_owned(),
        columns: columns::of(heads),
        rows,
        sheet: Sheets::One,
        empty: empty.to_owned(),
    })
}

fn text<'a>(text: impl Into<String>) -> Block<'a> {
    Block::Text(text.into())
}

fn statement<'a>(found: &'a Investigation, _: &'a Prepared) -> Section<'a> {
    let counts = Class::ALL
        .into_iter()
        .map(|class| Count {
            class: class.name().to_owned(),
            number: found.counts.of(class),
            meaning: class.says().to_owned(),
        })
        .collect();
    let mut blocks = vec![
        Block::Lead(found.statement.text.clone()),
        Block::Counts(counts),
    ];
    if !found.coverage.is_complete() {
        blocks.push(Block::Notice(
            Notice::Warning,
            format!(
                "The records do not cover the whole window: {}",
                found.coverage.sentence
            ),
        ));
    }
    if !found.statement.next.is_empty() {
        blocks.push(Block::Notice(
            Notice::Info,
            format!("Next decision: {}", found.statement.next),
        ));
    }
    blocks.push(text(
        "An access in the log means that a message was made available to a client. No log shows that a person read it; \
         where this report says accessed, it says no more than that.",
    ));
    section("statement", "Executive statement", blocks)
}

fn timeline<'a>(found: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    let mut blocks = Vec::new();
    blocks.extend(figures::timeline(found).map(Block::Figure));
    blocks.extend(figures::attack(found).map(Block::Figure));
    blocks.push(table(
        "timeline-table",
        "What happened",
        &columns::TIMELINE,
        &prepared.timeline,
        "No record tells a moment of this case: no context was attributed to an intruder.",
    ));
    section("timeline", "Timeline", blocks)
}

fn accounts<'a>(found: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    let names: Vec<&str> = found
        .attribution
        .person
        .names
        .iter()
        .map(String::as_str)
        .collect();
    let mut blocks = vec![text(format!(
        "The records know the person as {}. A context is a way of being in the mailbox: the records that agree in \
         actor, session, token, application, client and place. Each has a verdict, and the reasons for it.",
        names.join(", ")
    ))];
    blocks.push(table(
        "contexts",
        "Contexts and verdicts",
        &columns::CONTEXT,
        &prepared.contexts,
        "No record shows anybody in this mailbox.",
    ));
    blocks.push(table(
        "pivots",
        "Seen elsewhere",
        &columns::PIVOT,
        &prepared.pivots,
        "The intruder's indicators appear nowhere else in the records at hand.",
    ));
    section(
        "accounts",
        "Accounts, applications, devices, addresses",
        blocks,
    )
}

fn messages<'a>(found: &'a Investigation, _: &'a Prepared) -> Section<'a> {
    section(
        "messages",
        "Messages by class",
        vec![
            text(
                "Every message that is known from the records, the message trace or an inventory of the mailbox is in \
                 one class: the gravest that applies. All other evidence stays with it.",
            ),
            Block::Table(tables::messages_table(found)),
        ],
    )
}

fn persons<'a>(_: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "persons",
        "Persons affected",
        vec![
            text(format!(
                "Senders and recipients of the messages in the classes E, P1, P2 and S, each once: {} persons, {} of \
                 them outside the organisation. Names inside the messages are not known from a log.",
                prepared.affected, prepared.external
            )),
            table(
                "domains",
                "By domain",
                &columns::DOMAIN,
                &prepared.domains,
                "No sender or recipient of such a message is known: import a message trace, or an inventory of the mailbox.",
            ),
            table(
                "people",
                "By person",
                &columns::PERSON,
                &prepared.people,
                "No sender or recipient of such a message is known: import a message trace, or an inventory of the mailbox.",
            ),
        ],
    )
}

fn attachments<'a>(_: &'a Investigation, _: &'a Prepared) -> Section<'a> {
    section(
        "attachments",
        "Attachments and sensitivity labels",
        vec![text(
            "Not determined: neither the audit log nor the message trace at hand names attachments or labels, and the \
             content of messages was not opened for this report.",
        )],
    )
}

fn files<'a>(found: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "files",
        "Files and links",
        vec![
            text(format!(
                "Acts on files by the intruder or by somebody who could not be identified. {} acts of the owner and of \
                 services are left out.",
                found.outflow.files_left_out
            )),
            table(
                "files-table",
                "Files",
                &columns::FILE,
                &prepared.files,
                "No record shows the intruder touching a file.",
            ),
            table(
                "searches",
                "Searches",
                &columns::SEARCH,
                &prepared.searches,
                "No search is recorded; searches of mailbox owners are recorded only where it was switched on.",
            ),
        ],
    )
}

fn outbound<'a>(_: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "outbound",
        "Messages sent by the intruder, and whom to warn",
        vec![
            table(
                "sent",
                "Sent by the intruder",
                &columns::SENT,
                &prepared.sent,
                "No record shows the intruder sending from this mailbox.",
            ),
            table(
                "warn",
                "Whom to warn",
                &columns::WARN,
                &prepared.warn,
                "No message is known to have left by the intruder's hand.",
            ),
        ],
    )
}

fn rules<'a>(_: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "rules",
        "Rules and forwarding",
        vec![table(
            "rules-table",
            "Versions and when they were active",
            &columns::RULE,
            &prepared.rules,
            "No record shows a rule or forwarding of this mailbox being made or changed; rules older than the records are not known.",
        )],
    )
}

fn actions<'a>(_: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "actions",
        "What ended the access, and what was decided",
        vec![
            table(
                "evictions",
                "What may have ended the access",
                &columns::EVICTION,
                &prepared.evictions,
                "No record shows the sign-in blocked, sessions revoked, or a grant or rule of the intruder removed.",
            ),
            table(
                "decisions-table",
                "Decisions and notes of the analysts",
                &columns::DECISION,
                &prepared.decisions,
                "Nobody overrode a verdict or added a note.",
            ),
        ],
    )
}

fn coverage<'a>(found: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    section(
        "coverage",
        "Coverage and gaps",
        vec![
            text(format!(
                "Of the window, {:.2} % is covered by records that would have shown an access. The window: {}.",
                found.coverage.percent(),
                found.attribution.window_because
            )),
            table(
                "gaps",
                "Gap register",
                &columns::GAP,
                &prepared.gaps,
                "No gap is known.",
            ),
        ],
    )
}

fn method<'a>(found: &'a Investigation, _: &'a Prepared) -> Section<'a> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let seeds: Vec<String> = found.brief.seeds.iter().map(ToString::to_string).collect();
    let seeds = if seeds.is_empty() {
        "none".to_owned()
    } else {
        seeds.join(", ")
    };
    section(
        "method",
        "Method, versions, digests",
        vec![
            text(
                "Records are kept once by their id, whatever file they came in. The contexts that share a session, \
                 token, device or consented application with the seeds are followed step by step; addresses that \
                 others share, Microsoft's networks and the owner's own of the thirty days before are never followed. \
                 Where a message was at each time is told from deliveries, moves and deletions; where that is not \
                 known, every place it may have been in counts.",
            ),
            Block::Facts(vec![
                fact(
                    "Program",
                    format!("Breachscope {}", env!("CARGO_PKG_VERSION")),
                ),
                fact("Seeds", seeds),
                fact(
                    "Records of the tenant that were read",
                    found.records.to_string(),
                ),
                fact("Evidence snapshot (SHA-256)", found.snapshot.clone()),
                fact(
                    "To compute it again",
                    format!("breachscope case show {} --format json", found.case),
                ),
            ]),
        ],
    )
}

fn decisions<'a>(found: &'a Investigation, prepared: &'a Prepared) -> Section<'a> {
    let mut blocks = Vec::new();
    if found.statement.next.is_empty() {
        blocks.push(text("No decision is open."));
    } else {
        blocks.push(Block::Notice(Notice::Info, found.statement.next.clone()));
    }
    blocks.push(table(
        "undecided",
        "Contexts that nobody has decided about",
        &columns::UNDECIDED,
        &prepared.undecided,
        "No message waits for a decision about a context.",
    ));
    section("decisions", "Remaining decisions", blocks)
}
