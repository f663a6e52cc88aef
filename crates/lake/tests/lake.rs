//! The lake as the engine sees it.

// What the tests below share is a test too, and the lint cannot see that here.
#![allow(clippy::unwrap_used)]

#[path = "../src/specimen.rs"]
mod specimen;

use lake::{Accepted, Cell, Lake, LakeError, MailFilter, NameOf, Origin, Writer};
use model::{Delivery, Family, Normalised, Place, Reject, Salvage, Timestamp, Touch};
use specimen::{FILE, place, reading, record};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// Returns the lake's folder: nothing in its name may be taken for anything else.
fn root(folder: &TempDir) -> PathBuf {
    folder.path().join("a lake #1 é?")
}

async fn new_lake() -> (TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(&root(&folder)).await.unwrap();
    (folder, lake)
}

fn accept(writer: &mut Writer<'_>, found: &Normalised<'_>, number: u64) -> Accepted {
    writer
        .accept(
            found,
            &Origin {
                file: FILE,
                place: &place(number),
            },
        )
        .unwrap()
}

/// Takes records in as one batch.
async fn fill(lake: &Lake, records: &[Normalised<'_>]) -> Vec<Accepted> {
    let lock = lake.try_lock().unwrap().unwrap();
    let mut writer = lake.writer(&lock).await.unwrap();
    let accepted = records
        .iter()
        .zip(0..)
        .map(|(found, number)| accept(&mut writer, found, number))
        .collect();
    writer.commit().await.unwrap();
    assert_eq!(writer.waiting(), 0);
    accepted
}

/// Returns a delivery of a message.
fn delivery(number: u64) -> Normalised<'static> {
    let mut made = record(number);
    made.event.family = Family::Message;
    made.event.source = "message.trace";
    made.delivery = Some(Delivery {
        internet_message_id: format!("<{number}@mail.contoso.example>").into(),
        sender: "anna@contoso.example".into(),
        recipient: "o'neill@fabrikam.example".into(),
        status: "Delivered".into(),
        ..Delivery::default()
    });
    made
}

/// Runs a query and returns its rows, cells joined by bars.
async fn ask(lake: &Lake, query: &str) -> Vec<String> {
    let mut answer = Vec::new();
    lake.sql(query, &mut |rows| {
        let line = |row: &Vec<Cell>| {
            row.iter()
                .map(Cell::to_string)
                .collect::<Vec<_>>()
                .join("|")
        };
        answer.extend(rows.rows.iter().map(line));
        ControlFlow::Continue(())
    })
    .await
    .unwrap_or_else(|error| panic!("{query}: {error:?}"));
    answer
}

async fn touched(lake: &Lake, filter: &MailFilter) -> Vec<String> {
    let mut ids = Vec::new();
    lake.touched(filter, &mut |item| {
        ids.push(item.internet_message_id.to_owned());
        ControlFlow::Continue(())
    })
    .await
    .unwrap();
    ids.sort();
    ids
}

async fn is_sound(lake: &Lake) {
    let faults = lake.verify().await.unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let (_folder, lake) = new_lake().await;
    fill(&lake, &[reading(1, 2), delivery(2)]).await;
    let event = "SELECT tenant, time, time_text, user_name, user_text, address, address_text, action, \"offset\", length, rest FROM unified";
    assert_eq!(
        ask(&lake, event).await,
        [
            "contoso|2021-07-02T12:06:01Z|2021-07-12T12:06:50 (about)|anna@contoso.example|Anna@Contoso.example\
          |203.0.113.7|203.0.113.7:51234|MailItemsAccessed|0|900|{\"OrganizationName\":\"contoso.example\",\"Number\":1}"
        ]
    );
    let item = "SELECT touch, internet_message_id, folder, size_bytes, mailbox, app, agent, token IS NULL FROM mail_items ORDER BY 2 LIMIT 1";
    assert_eq!(
        ask(&lake, item).await,
        [
            "bind|<1.0@mail.contoso.example>|\\Inbox|4096|anna@contoso.example\
          |d3590ed6-52b3-4102-aeff-aad2292ab01c|Client=OWA;Action=ViaProxy|true"
        ]
    );
    assert_eq!(
        ask(
            &lake,
            "SELECT recipient, status, subject IS NULL FROM messages"
        )
        .await,
        ["o'neill@fabrikam.example|Delivered|true"]
    );
    assert_eq!(ask(&lake, "SELECT count(*) FROM signins").await, ["0"]);
    is_sound(&lake).await;
}

#[tokio::test]
async fn every_column_of_every_table_can_be_asked_for_without_quotes() {
    let (_folder, lake) = new_lake().await;
    fill(&lake, &[reading(1, 1), delivery(2)]).await;
    let columns = ask(&lake, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'").await;
    assert!(columns.len() > 200, "{}", columns.len());
    for line in columns {
        let (table, column) = line.split_once('|').unwrap();
        ask(
            &lake,
            &format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column}"),
        )
        .await;
    }
}

#[tokio::test]
async fn a_record_counts_once_within_a_batch_across_batches_and_after_opening_again() {
    let (folder, lake) = new_lake().await;
    let batch = [record(1), record(2), record(1)];
    assert_eq!(
        fill(&lake, &batch).await,
        [Accepted::New, Accepted::New, Accepted::Duplicate]
    );
    assert_eq!(fill(&lake, &batch[..1]).await, [Accepted::Duplicate]);
    drop(lake);
    let lake = Lake::open(&root(&folder)).await.unwrap();
    assert_eq!(
        fill(&lake, &[record(2), record(3)]).await,
        [Accepted::Duplicate, Accepted::New]
    );
    assert_eq!(
        ask(
            &lake,
            "SELECT count(*), count(DISTINCT record_id) FROM unified"
        )
        .await,
        ["3|3"]
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn one_id_in_two_tenants_or_sources_is_two_records() {
    let (_folder, lake) = new_lake().await;
    let (mut elsewhere, mut signin) = (record(1), record(1));
    elsewhere.event.tenant = model::TenantId("../fabrikam %2F=\"1".into());
    signin.event.source = "signin.interactive";
    signin.event.family = Family::SignIn;
    assert_eq!(
        fill(&lake, &[record(1), elsewhere, signin]).await,
        [Accepted::New; 3]
    );
    assert_eq!(
        lake.record("00000000-0000-4000-8000-000000000001")
            .await
            .unwrap()
            .len(),
        3
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn another_body_under_a_known_id_is_kept_once_with_its_mail_items() {
    let (_folder, lake) = new_lake().await;
    let mut other = reading(1, 1);
    other.event.fingerprint = 77;
    assert_eq!(
        fill(&lake, &[record(1), other.clone(), other.clone(), record(1)]).await,
        [
            Accepted::New,
            Accepted::Conflict,
            Accepted::Duplicate,
            Accepted::Duplicate
        ]
    );
    assert_eq!(fill(&lake, &[other]).await, [Accepted::Duplicate]);
    assert_eq!(ask(&lake, "SELECT count(*) FROM conflicts").await, ["1"]);
    assert_eq!(
        touched(&lake, &MailFilter::default()).await,
        ["<1.0@mail.contoso.example>"]
    );
    let found = lake
        .record("00000000-0000-4000-8000-000000000001")
        .await
        .unwrap();
    assert_eq!(
        found
            .iter()
            .map(|record| record.table.as_str())
            .collect::<Vec<_>>(),
        ["unified", "conflicts"]
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn a_reject_is_known_by_where_it_stands() {
    let (_folder, lake) = new_lake().await;
    let reject = Reject {
        place: Place {
            member: Some("a.zip!b.csv".into()),
            ..place(3)
        },
        reason: "cut off inside `Parameters`".into(),
        bytes: b"{\"Id\":\xff".as_slice().into(),
        salvage: Salvage {
            record_id: Some("r1".into()),
            ..Salvage::default()
        },
    };
    for expected in [[true, false], [false, false]] {
        let lock = lake.try_lock().unwrap().unwrap();
        let mut writer = lake.writer(&lock).await.unwrap();
        let origin = Origin {
            file: FILE,
            place: &reject.place,
        };
        let new = [(); 2].map(|()| writer.reject(&reject, &origin).unwrap());
        assert_eq!(new, expected);
        writer.commit().await.unwrap();
    }
    assert_eq!(
        ask(
            &lake,
            "SELECT member, \"offset\", line, reason, record_id, text FROM rejects"
        )
        .await,
        ["a.zip!b.csv|3000|4|cut off inside `Parameters`|r1|{\"Id\":\u{fffd}"]
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn a_record_without_time_or_tenant_is_kept_and_found() {
    let (_folder, lake) = new_lake().await;
    let mut undated = reading(1, 1);
    undated.event.time = None;
    undated.event.tenant = model::TenantId("".into());
    fill(&lake, &[undated.clone(), reading(2, 1)]).await;
    assert_eq!(fill(&lake, &[undated]).await, [Accepted::Duplicate]);
    assert_eq!(
        ask(
            &lake,
            "SELECT tenant IS NULL, time_text FROM unified WHERE time IS NULL"
        )
        .await,
        ["true|2021-07-12T12:06:50 (about)"]
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn mail_items_are_filtered_by_everything_that_is_given() {
    let (_folder, lake) = new_lake().await;
    let mut other = reading(2, 1);
    other.event.mailbox = "o'neill@contoso.example".into();
    other.event.user = "\" OR 1=1 --".into();
    other.items[0].touch = Touch::Delete;
    fill(&lake, &[reading(1, 2), other]).await;
    let (first, second) = (
        ["<1.0@mail.contoso.example>", "<1.1@mail.contoso.example>"],
        ["<2.0@mail.contoso.example>"],
    );
    let text = |text: &str| Some(text.to_owned());
    let all = MailFilter::default();
    let cases: [(MailFilter, &[&str]); 9] = [
        (
            MailFilter {
                mailbox: text("o'neill@contoso.example"),
                ..all.clone()
            },
            &second,
        ),
        (
            MailFilter {
                user: text("\" OR 1=1 --"),
                ..all.clone()
            },
            &second,
        ),
        (
            MailFilter {
                user: text("' OR '1'='1"),
                ..all.clone()
            },
            &[],
        ),
        (
            MailFilter {
                tenant: text("contoso"),
                touches: vec![Touch::Bind, Touch::Send],
                ..all.clone()
            },
            &first,
        ),
        (
            MailFilter {
                tenant: text("fabrikam"),
                ..all.clone()
            },
            &[],
        ),
        (
            MailFilter {
                since: Timestamp::from_civil(2021, 7, 3, 12, 6, 2, 0),
                ..all.clone()
            },
            &second,
        ),
        (
            MailFilter {
                until: Timestamp::from_civil(2021, 7, 3, 12, 6, 2, 0),
                ..all.clone()
            },
            &first,
        ),
        (
            MailFilter {
                app: text("other"),
                ..all.clone()
            },
            &[],
        ),
        (
            MailFilter {
                address: text("203.0.113.7"),
                session: text("5c2a1f3e-0000-4000-8000-000000000001"),
                mailbox: text("anna@contoso.example"),
                ..all
            },
            &first,
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(touched(&lake, &filter).await, expected, "{filter:?}");
    }
    assert_eq!(
        lake.names(NameOf::Mailbox, None).await.unwrap(),
        ["anna@contoso.example", "o'neill@contoso.example"]
    );
    assert_eq!(
        lake.names(NameOf::User, None).await.unwrap(),
        ["\" OR 1=1 --", "anna@contoso.example"]
    );
}

#[tokio::test]
async fn a_visitor_that_has_enough_is_left_alone() {
    let (_folder, lake) = new_lake().await;
    fill(&lake, &[reading(1, 5)]).await;
    let mut seen = 0;
    let mut once = |_: &lake::Touched<'_>| {
        seen += 1;
        ControlFlow::Break(())
    };
    lake.touched(&MailFilter::default(), &mut once)
        .await
        .unwrap();
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn only_reading_statements_are_answered() {
    let (folder, lake) = new_lake().await;
    fill(&lake, &[record(1)]).await;
    let there = folder.path().join("out.csv");
    let refused = [
        "CREATE TABLE t AS SELECT 1".to_owned(),
        "CREATE VIEW v AS SELECT 1".to_owned(),
        format!(
            "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{}'",
            there.display()
        ),
        "INSERT INTO unified SELECT * FROM unified".to_owned(),
        format!("COPY unified TO '{}'", there.display()),
        "DROP TABLE unified".to_owned(),
        "SET datafusion.execution.batch_size = 1".to_owned(),
    ];
    for query in refused {
        let answer = lake.sql(&query, &mut |_| ControlFlow::Continue(())).await;
        assert!(
            matches!(answer, Err(LakeError::ReadOnly { .. })),
            "{query}: {answer:?}"
        );
    }
    for query in [
        "SELECT nothing FROM unified",
        "SELEC 1",
        "SELECT 1; SELECT 2",
        "SELECT * FROM '/etc/passwd'",
    ] {
        let answer = lake.sql(query, &mut |_| ControlFlow::Continue(())).await;
        assert!(
            matches!(answer, Err(LakeError::Query(_))),
            "{query}: {answer:?}"
        );
    }
    assert!(!there.exists());
    assert_eq!(
        ask(&lake, "SHOW TABLES")
            .await
            .iter()
            .filter(|line| line.contains("|public|"))
            .count(),
        12
    );
    assert!(ask(&lake, "DESCRIBE mail_items").await.len() > 20);
    assert!(
        !ask(&lake, "EXPLAIN SELECT * FROM unified WHERE user_name = 'x'")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn an_answer_without_rows_has_its_columns() {
    let (_folder, lake) = new_lake().await;
    let mut columns = Vec::new();
    lake.sql("SELECT user_name AS who, time FROM unified", &mut |rows| {
        columns.clone_from(&rows.columns);
        ControlFlow::Continue(())
    })
    .await
    .unwrap();
    assert_eq!(columns, ["who", "time"]);
}

#[tokio::test]
async fn one_writes_at_a_time() {
    let (folder, lake) = new_lake().await;
    let other = Lake::open(&root(&folder)).await.unwrap();
    let lock = lake.try_lock().unwrap().unwrap();
    assert!(other.try_lock().unwrap().is_none());
    assert_eq!(
        other.lock_holder(),
        Some(format!("process {}", std::process::id()))
    );
    drop(lock);
    assert_eq!(other.lock_holder(), None);
    let lock = other.try_lock().unwrap().unwrap();
    let (_elsewhere, stranger) = new_lake().await;
    assert!(matches!(
        stranger.writer(&lock).await,
        Err(LakeError::WrongLock)
    ));
}

#[tokio::test]
async fn a_lost_or_foreign_index_is_made_again() {
    let (folder, lake) = new_lake().await;
    let mut other = record(1);
    other.event.fingerprint = 77;
    fill(&lake, &[record(1), record(2), other.clone()]).await;
    let index = root(&folder).join("ids.log");
    assert!(!index.exists(), "so small a lake keeps no index");
    for damage in ["", "not an index", "ids1 but torn"] {
        std::fs::write(&index, damage).unwrap();
        assert!(!lake.verify().await.unwrap().faults.is_empty());
        assert_eq!(
            fill(&lake, &[record(1), record(2), other.clone()]).await,
            [Accepted::Duplicate; 3]
        );
        is_sound(&lake).await;
    }
}

#[tokio::test]
async fn compaction_keeps_every_row_and_takes_less_room() {
    let (_folder, lake) = new_lake().await;
    for batch in 0..4 {
        let records: Vec<_> = (batch * 50..batch * 50 + 50)
            .map(|number| reading(number, 1))
            .collect();
        fill(&lake, &records).await;
    }
    let all =
        "SELECT record_id, time, user_name, rest, fingerprint FROM unified ORDER BY record_id";
    let before = ask(&lake, all).await;
    let lock = lake.try_lock().unwrap().unwrap();
    let done = lake
        .compact(&lock, Duration::from_mins(10), &[])
        .await
        .unwrap();
    assert_eq!((done.merged, done.written, done.removed), (8, 2, 0));
    assert!(done.bytes_after < done.bytes_before / 2, "{done:?}");
    assert_eq!(ask(&lake, all).await, before);
    let again = lake.compact(&lock, Duration::ZERO, &[]).await.unwrap();
    assert_eq!((again.merged, again.removed), (0, 8));
    assert_eq!(ask(&lake, all).await, before);
    assert_eq!(touched(&lake, &MailFilter::default()).await.len(), 200);
    is_sound(&lake).await;
    drop(lock);
    assert_eq!(
        fill(&lake, &[record(7), record(1000)]).await,
        [Accepted::Duplicate, Accepted::New]
    );
    is_sound(&lake).await;
}

#[tokio::test]
async fn the_status_says_what_there_is() {
    let (_folder, lake) = new_lake().await;
    assert!(lake.status().await.unwrap().tables.is_empty());
    fill(&lake, &[reading(1, 2), record(2)]).await;
    let status = lake.status().await.unwrap();
    let rows: Vec<_> = status
        .tables
        .iter()
        .map(|table| (table.name, table.rows, table.files))
        .collect();
    assert_eq!(rows, [("unified", 2, 1), ("mail_items", 2, 1)]);
    assert_eq!(
        (status.records, status.ids, status.pending_batch),
        (2, 0, None)
    );
    assert_eq!(
        status.tables[0].oldest,
        Timestamp::from_civil(2021, 7, 2, 12, 6, 1, 0)
    );
    assert_eq!(
        status.tables[0].newest,
        Timestamp::from_civil(2021, 7, 3, 12, 6, 2, 0)
    );
    assert!(status.bytes_a_record().is_some_and(|bytes| bytes > 0.0));
}

#[tokio::test]
async fn a_window_holds_to_the_microsecond() {
    let (_folder, lake) = new_lake().await;
    let mut odd = reading(1, 1);
    let moment = Timestamp::from_civil(2021, 7, 3, 12, 6, 2, 123_456).unwrap();
    odd.event.time = Some(moment);
    fill(&lake, &[odd]).await;
    let window = |since: i64, until: i64| MailFilter {
        since: Some(Timestamp(moment.0 + since)),
        until: Some(Timestamp(moment.0 + until)),
        ..MailFilter::default()
    };
    assert_eq!(touched(&lake, &window(0, 1)).await.len(), 1);
    assert_eq!(touched(&lake, &window(1, 2)).await.len(), 0);
    assert_eq!(touched(&lake, &window(-1, 0)).await.len(), 0);
}

#[tokio::test]
async fn a_moment_beyond_every_calendar_is_kept_and_found() {
    let (_folder, lake) = new_lake().await;
    let mut far = reading(1, 1);
    far.event.time = Some(Timestamp(i64::MAX / 2));
    fill(&lake, &[far, reading(2, 1)]).await;
    assert_eq!(touched(&lake, &MailFilter::default()).await.len(), 2);
    is_sound(&lake).await;
}

#[tokio::test]
async fn a_lost_file_is_told_by_the_query_and_by_the_check() {
    let (folder, lake) = new_lake().await;
    fill(&lake, &[record(1)]).await;
    let table = root(&folder).join("unified");
    let files = std::fs::read_dir(&table)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .for_each(|path| std::fs::remove_file(path).unwrap());
    let answer = lake
        .sql("SELECT * FROM unified", &mut |_| ControlFlow::Continue(()))
        .await;
    assert!(matches!(answer, Err(LakeError::Moved(_))), "{answer:?}");
    assert_eq!(lake.verify().await.unwrap().faults.len(), 1);
}

#[tokio::test]
async fn a_folder_that_delta_would_take_for_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let answer = Lake::open(&folder.path().join("a%20b")).await;
    assert!(matches!(answer, Err(LakeError::File { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_cited_version_reads_the_same_after_growth_and_compaction() {
    let (_folder, lake) = new_lake().await;
    fill(&lake, &[reading(1, 2), reading(2, 1)]).await;
    let cited = lake.versions().await.unwrap();
    let all = "SELECT record_id, internet_message_id FROM mail_items ORDER BY 1, 2";
    let before = ask(&lake, all).await;
    fill(&lake, &[reading(3, 5)]).await;
    let lock = lake.try_lock().unwrap().unwrap();
    lake.compact(&lock, Duration::ZERO, std::slice::from_ref(&cited))
        .await
        .unwrap();
    assert_eq!(ask(&lake.at(&cited), all).await, before);
    assert_ne!(ask(&lake, all).await, before);
    let nothing = lake.at(&lake::Versions::default());
    assert!(ask(&nothing, all).await.is_empty());
    // Nobody cites it any more: the next compaction takes its files away.
    let done = lake.compact(&lock, Duration::ZERO, &[]).await.unwrap();
    assert!(done.removed > 0, "{done:?}");
}

#[tokio::test]
async fn events_come_back_as_they_were_given() {
    let (_folder, lake) = new_lake().await;
    let mut act = record(2);
    act.event.action = "New-InboxRule".into();
    act.event.operation = "New-InboxRule".into();
    let mut throttled = record(3);
    throttled.event.rest =
        r#"{"OperationProperties":[{"Name":"IsThrottled","Value":"True"}]}"#.to_owned();
    fill(&lake, &[reading(1, 2), act.clone(), throttled.clone()]).await;
    let read = async |detail| {
        let mut found = Vec::new();
        lake.events("contoso", Family::Unified, detail, &mut |event| {
            found.push((event.id.to_string(), event.rest.clone(), event.user_kind));
        })
        .await
        .unwrap();
        found.sort();
        found
    };
    let expected = |records: &[&Normalised<'_>], rest: bool| -> Vec<_> {
        let of = |record: &&Normalised<'_>| {
            let text = if rest {
                record.event.rest.clone()
            } else {
                String::new()
            };
            (record.event.id.to_string(), text, record.event.user_kind)
        };
        records.iter().map(of).collect()
    };
    assert_eq!(
        read(lake::Detail::Accesses).await,
        expected(&[&reading(1, 2)], false)
    );
    assert_eq!(
        read(lake::Detail::Acts).await,
        expected(&[&act, &throttled], true)
    );
}

/// Returns every file below a folder.
fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn a_changed_byte_in_any_file_of_any_table_is_found() {
    let (folder, lake) = new_lake().await;
    let records: Vec<_> = (0..60).map(|number| reading(number, 2)).collect();
    fill(&lake, &records).await;
    fill(&lake, &[record(100), delivery(101)]).await;
    is_sound(&lake).await;
    let files: Vec<PathBuf> = files_below(&root(&folder))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind != "lock"))
        .filter(|path| path.metadata().unwrap().len() > 0)
        .collect();
    let kinds = |kind: &str| {
        files
            .iter()
            .filter(|path| path.extension().is_some_and(|of| of == kind))
            .count()
    };
    assert!(kinds("parquet") >= 4 && kinds("json") >= 4 && kinds("sha256") >= 3);
    for path in files {
        let sound = std::fs::read(&path).unwrap();
        for part in 0..9 {
            let mut changed = sound.clone();
            changed[(sound.len() - 1) * part / 8] ^= 0x04;
            std::fs::write(&path, &changed).unwrap();
            let faults = lake.verify().await.unwrap().faults;
            assert!(!faults.is_empty(), "{} part {part}", path.display());
        }
        std::fs::write(&path, &sound).unwrap();
    }
    is_sound(&lake).await;
}

#[tokio::test]
async fn a_file_of_a_log_that_is_gone_is_found() {
    let (folder, lake) = new_lake().await;
    fill(&lake, &[record(1)]).await;
    fill(&lake, &[record(2)]).await;
    for version in 0..2 {
        let path = root(&folder).join(format!("unified/_delta_log/{version:020}.json"));
        let sound = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!lake.verify().await.unwrap().faults.is_empty());
        std::fs::write(&path, sound).unwrap();
    }
    std::fs::remove_dir_all(root(&folder).join("unified")).unwrap();
    assert!(!lake.verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_digest_that_is_gone_is_missed_and_a_lake_without_any_is_read_whole() {
    let (folder, lake) = new_lake().await;
    fill(&lake, &[record(1)]).await;
    fill(&lake, &[record(2)]).await;
    let digests = root(&folder).join("digests/unified.sha256");
    let text = std::fs::read_to_string(&digests).unwrap();
    let without_the_second: String = text
        .split_inclusive('\n')
        .filter(|line| !line.contains("/00000002-"))
        .collect();
    assert_ne!(text, without_the_second);
    std::fs::write(&digests, without_the_second).unwrap();
    let faults = lake.verify().await.unwrap().faults;
    assert!(
        faults.iter().any(|fault| fault.contains("lost its digest")),
        "{faults:?}"
    );
    std::fs::remove_dir_all(root(&folder).join("digests")).unwrap();
    let verified = lake.verify().await.unwrap();
    assert_eq!((verified.faults.len(), verified.undigested), (0, 2));
    // The next batch takes the log as it stands, and its own files have digests.
    fill(&lake, &[record(3)]).await;
    let verified = lake.verify().await.unwrap();
    assert_eq!((verified.faults.len(), verified.undigested), (0, 2));
}

#[tokio::test]
async fn a_damaged_file_is_not_merged_into_a_sound_one() {
    let (folder, lake) = new_lake().await;
    fill(&lake, &[record(1)]).await;
    fill(&lake, &[record(2)]).await;
    let path = files_below(&root(&folder).join("unified"))
        .into_iter()
        .find(|path| path.extension().is_some_and(|kind| kind == "parquet"))
        .unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[200] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let lock = lake.try_lock().unwrap().unwrap();
    let refused = lake.compact(&lock, Duration::ZERO, &[]).await;
    assert!(
        matches!(refused, Err(LakeError::Changed { .. })),
        "{refused:?}"
    );
}
