//! The case files: records and what they prove, told to an analyst, held against the binary.
//!
//! `cases/README.md` says how a case is written. Each file is a test of its own; what a
//! case does not keep is shown with the file's line, all at once.

mod expected;
mod page;
mod records;

use crate::house::{House, checkout};
use expected::{About, Answer, Complaints};
use page::{Block, Part, Table};
use records::Patterns;
use std::path::{Path, PathBuf};

/// What the folder of cases holds besides cases.
const NO_CASES: [&str; 2] = ["README.md", "patterns.md"];

/// Makes a test of every file that it lists.
macro_rules! cases {
    ($($claim:ident: $file:literal,)*) => {
        $(
            #[test]
            fn $claim() {
                play($file);
            }
        )*

        const LISTED: &[&str] = &[$($file,)*];
    };
}

cases! {
    a_blob_that_comes_twice: "a-blob-that-comes-twice.md",
    a_file_without_a_tenant: "a-file-without-a-tenant.md",
    a_listing_that_names_no_mailbox: "a-listing-that-names-no-mailbox.md",
    a_name_within_a_name: "a-name-within-a-name.md",
    a_row_that_was_cut_off: "a-row-that-was-cut-off.md",
    a_seed_that_nothing_answers: "a-seed-that-nothing-answers.md",
    a_thousand_and_one_reads: "a-thousand-and-one-reads.md",
    a_window_beside_the_acts: "a-window-beside-the-acts.md",
    address_seen_only_in_sync: "address-seen-only-in-sync.md",
    address_spellings: "address-spellings.md",
    admin_cmdlet_by_microsoft_address: "admin-cmdlet-by-microsoft-address.md",
    after_the_eviction: "after-the-eviction.md",
    an_analysts_verdict: "an-analysts-verdict.md",
    an_empty_list_of_items: "an-empty-list-of-items.md",
    an_end_before_all_records: "an-end-before-all-records.md",
    an_inventory_beside_a_blind_day: "an-inventory-beside-a-blind-day.md",
    an_inventory_knows_the_folder_of_its_day: "an-inventory-knows-the-folder-of-its-day.md",
    an_inventory_lists_what_nobody_touched: "an-inventory-lists-what-nobody-touched.md",
    app_only_access: "app-only-access.md",
    audit_bypass_toggled: "audit-bypass-toggled.md",
    background_reads: "background-reads.md",
    behind_the_last_record: "behind-the-last-record.md",
    clocks_put_forward: "clocks-put-forward.md",
    delegate_from_another_tenant: "delegate-from-another-tenant.md",
    delivery_after_the_last_sync: "delivery-after-the-last-sync.md",
    five_folders_in_a_minute: "five-folders-in-a-minute.md",
    folders_are_joined_by_id: "folders-are-joined-by-id.md",
    forwarding_for_eleven_seconds: "forwarding-for-eleven-seconds.md",
    forwarding_proved_and_refused: "forwarding-proved-and-refused.md",
    item_without_message_id: "item-without-message-id.md",
    masked_by_another_application: "masked-by-another-application.md",
    message_id_spellings: "message-id-spellings.md",
    more_than_the_first_item: "more-than-the-first-item.md",
    moved_and_deleted_by_the_intruder: "moved-and-deleted-by-the-intruder.md",
    moved_twice_before_a_sync: "moved-twice-before-a-sync.md",
    no_seed_proposals: "no-seed-proposals.md",
    one_message_id_two_mails: "one-message-id-two-mails.md",
    one_message_in_two_places: "one-message-in-two-places.md",
    one_person_three_keys: "one-person-three-keys.md",
    one_session_on_two_addresses: "one-session-on-two-addresses.md",
    owner_and_intruder_on_one_address: "owner-and-intruder-on-one-address.md",
    owners_outlook_and_intruders: "owners-outlook-and-intruders.md",
    reading_was_never_logged: "reading-was-never-logged.md",
    reads_without_a_session: "reads-without-a-session.md",
    rogue_app_behind_microsoft: "rogue-app-behind-microsoft.md",
    rows_that_repeat: "rows-that-repeat.md",
    rule_edited_three_times: "rule-edited-three-times.md",
    seeds_that_others_leave_behind: "seeds-that-others-leave-behind.md",
    sent_by_the_intruder: "sent-by-the-intruder.md",
    sharepoint_shows_the_address: "sharepoint-shows-the-address.md",
    subject_from_other_records: "subject-from-other-records.md",
    sync_in_folders_shape: "sync-in-folders-shape.md",
    ten_messages_at_once: "ten-messages-at-once.md",
    three_records_a_second: "three-records-a-second.md",
    throttled_mailbox: "throttled-mailbox.md",
    what_the_intruder_searched: "what-the-intruder-searched.md",
}

#[test]
fn no_case_is_forgotten() {
    let mut there: Vec<String> = std::fs::read_dir(folder())
        .expect("the cases can be listed")
        .map(|entry| entry.expect("an entry can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !NO_CASES.contains(&name.as_str()))
        .collect();
    there.sort();
    let mut listed: Vec<&str> = LISTED.to_vec();
    listed.sort_unstable();
    assert_eq!(there, listed);
}

fn folder() -> PathBuf {
    checkout().join("crates/e2e/cases")
}

/// Plays a case and panics with everything that it does not keep.
fn play(file: &str) {
    let path = folder().join(file);
    let parts = page::parts(&read(&path));
    let mut patterns = Patterns::default();
    for page in [&page::parts(&read(&folder().join("patterns.md"))), &parts] {
        patterns
            .learn(page)
            .unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    let mut stage = Stage {
        house: House::new(),
        files: Vec::new(),
        imported: false,
        damaged: false,
        answer: None,
    };
    let mut complaints = Complaints::new();
    let mut exact = 0;
    for part in &parts {
        match part {
            Part::Block(block) => stage.hear(block, &patterns, &mut complaints),
            Part::Table(table) => exact += stage.compare(table, &mut complaints),
        }
    }
    if exact == 0 {
        complaints.push((1, "no table of messages or counts is held".to_owned()));
    }
    let said: Vec<String> = complaints
        .iter()
        .map(|(line, why)| format!("crates/e2e/cases/{file}:{line}: {why}"))
        .collect();
    assert!(said.is_empty(), "\n{}\n", said.join("\n"));
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Where a case is played: its files, and the answer that its tables are held against.
struct Stage {
    house: House,
    files: Vec<PathBuf>,
    imported: bool,
    /// Whether the case says that a file of it cannot be read whole.
    damaged: bool,
    answer: Option<Answer>,
}

impl Stage {
    fn hear(&mut self, block: &Block, patterns: &Patterns, complaints: &mut Complaints) {
        let told = match block.language.as_str() {
            "sh" => block.text.lines().try_for_each(|command| self.run(command)),
            "json" if block.is("pattern") => Ok(()),
            "jsonl" => patterns
                .lines(block)
                .map(|lines| self.keep(block, "jsonl", &lines)),
            "csv" | "raw" => {
                self.keep(block, "csv", &block.text);
                Ok(())
            }
            "text" => Ok(()),
            other => Err(format!("there are no `{other}` blocks")),
        };
        complaints.extend(told.err().map(|why| (block.line, why)));
    }

    /// Writes a block as the file that its header names, to be imported.
    fn keep(&mut self, block: &Block, kind: &str, text: &str) {
        let made = format!("evidence-{}.{kind}", self.files.len() + 1);
        let name = block.option("file").unwrap_or(&made);
        self.files.push(self.house.write(name, text));
        self.imported = false;
        self.damaged |= block.is("damaged");
    }

    fn run(&mut self, command: &str) -> Result<(), String> {
        let mut words = words(command)?;
        if words.is_empty() || words.remove(0) != "breachscope" {
            return Err(format!("`{command}` does not begin with `breachscope`"));
        }
        if words.first().is_some_and(|verb| verb == "import") {
            return self.import(&words[1..]);
        }
        if !self.imported {
            let all: Vec<String> = self.files.iter().map(|path| name_of(path)).collect();
            self.import(&all)?;
        }
        let filled: Result<Vec<String>, String> =
            words.iter().map(|word| self.filled(word)).collect();
        let filled = filled?;
        let mut arguments = vec!["--format", "json"];
        arguments.extend(filled.iter().map(String::as_str));
        let run = self.house.run(&arguments);
        if filled[0] != "investigate" {
            let failed = || format!("`{command}` ended with {}: {}", run.code, run.stderr);
            // A decision prints the case again, and with it how well it is covered.
            return if [0, 6].contains(&run.code) {
                Ok(())
            } else {
                Err(failed())
            };
        }
        let document = serde_json::from_str(&run.stdout)
            .map_err(|error| format!("no answer ({error}), code {}: {}", run.code, run.stderr))?;
        self.answer = Some(Answer {
            code: run.code,
            document,
        });
        Ok(())
    }

    fn import(&mut self, names: &[String]) -> Result<(), String> {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.house.path(name)).collect();
        let (report, code) = self.house.import(&paths);
        self.imported = true;
        let is_partial = code == 3 && self.damaged;
        if code == 0 || is_partial {
            Ok(())
        } else {
            Err(format!("the import ended with {code}: {report}"))
        }
    }

    /// Fills in `{case}` and `{context session=...}` from the answer before.
    fn filled(&self, word: &str) -> Result<String, String> {
        let Some(inside) = word
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            return Ok(word.to_owned());
        };
        let answer = self.answer.as_ref().ok_or("there is no answer yet")?;
        let found = match inside.strip_prefix("context ") {
            None => answer.document[inside].as_str(),
            Some(which) => answer.document["contexts"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|context| expected::selects(which, context))
                .and_then(|context| context["id"].as_str()),
        };
        found
            .map(str::to_owned)
            .ok_or_else(|| format!("nothing answers to `{word}`"))
    }

    /// Holds a table against the answer and returns whether it is one that must be exact.
    fn compare(&self, table: &Table, complaints: &mut Complaints) -> usize {
        // What stands before the first command is told to the reader alone.
        let Some(answer) = &self.answer else { return 0 };
        let Some(about) = About::of(table) else {
            complaints.push((table.line, "a table of no known kind".to_owned()));
            return 0;
        };
        complaints.extend(expected::check(about, table, answer));
        usize::from(matches!(about, About::Messages | About::Counts))
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Returns the words of a command line; quotes and braces hold words together.
fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut closing = None;
    for letter in command.trim().chars() {
        match (letter, closing) {
            (letter, Some(end)) if letter == end => {
                closing = None;
                if end == '}' {
                    word.push(letter);
                }
            }
            ('"', None) => closing = Some('"'),
            ('{', None) => {
                closing = Some('}');
                word.push(letter);
            }
            (' ', None) => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            _ => word.push(letter),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    if closing.is_some() {
        return Err(format!("`{command}` ends inside a quotation"));
    }
    Ok(words)
}

#[test]
fn a_command_line_is_cut_into_words() {
    assert_eq!(
        words("breachscope case verdict {context ip=192.0.2.1, session=} --reason \"her phone\"")
            .expect("it is whole"),
        [
            "breachscope",
            "case",
            "verdict",
            "{context ip=192.0.2.1, session=}",
            "--reason",
            "her phone"
        ]
    );
    assert!(words("breachscope \"half").is_err());
}
