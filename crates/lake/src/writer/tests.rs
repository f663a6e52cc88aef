//! What is left when a batch is cut off at each step of its way.

use super::*;
use crate::batch::Step;
use crate::specimen::{FILE, place, reading, record};
use crate::{Lake, MailFilter};
use std::ops::ControlFlow;

fn take(writer: &mut Writer<'_>, numbers: std::ops::Range<u64>) -> usize {
    let mut new = 0;
    for number in numbers {
        let found = if number % 3 == 0 {
            reading(number, 2)
        } else {
            record(number)
        };
        let accepted = writer
            .accept(
                &found,
                &Origin {
                    file: FILE,
                    place: &place(number),
                },
            )
            .unwrap();
        new += usize::from(accepted == Accepted::New);
    }
    new
}

async fn counts(lake: &Lake) -> (u64, usize) {
    let records = lake.status().await.unwrap().records;
    let mut items = 0;
    lake.touched(&MailFilter::default(), &mut |_| {
        items += 1;
        ControlFlow::Continue(())
    })
    .await
    .unwrap();
    (records, items)
}

async fn cut_off_after(step: Step) -> (tempfile::TempDir, bool) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).await.unwrap();
    // So small a lake keeps no index unless there is one.
    index::replace(folder.path(), 0, &[]).unwrap();
    let lock = lake.try_lock().unwrap().unwrap();
    let mut writer = lake.writer(&lock).await.unwrap();
    take(&mut writer, 0..6);
    writer.commit().await.unwrap();
    take(&mut writer, 6..12);
    writer.fault.stop_after = Some(step);
    assert!(matches!(
        writer.commit().await,
        Err(LakeError::StoppedByTest)
    ));
    assert!(matches!(writer.commit().await, Err(LakeError::Unfinished)));
    drop(writer);
    let happened = !matches!(step, Step::FilesWritten | Step::JournalDrafted);
    (folder, happened)
}

async fn check(step: Step) {
    let (folder, happened) = cut_off_after(step).await;
    let lake = Lake::open(folder.path()).await.unwrap();
    let expected = if happened { (12, 8) } else { (6, 4) };
    assert_eq!(counts(&lake).await, expected, "{step:?}");
    let lock = lake.try_lock().unwrap().unwrap();
    let mut writer = lake.writer(&lock).await.unwrap();
    let new = take(&mut writer, 0..12);
    assert_eq!(new, if happened { 0 } else { 6 }, "{step:?}");
    writer.commit().await.unwrap();
    assert_eq!(counts(&lake).await, (12, 8), "{step:?}");
    let verified = lake.verify().await.unwrap();
    assert!(
        verified.faults.is_empty(),
        "{step:?}: {:?}",
        verified.faults
    );
    let status = lake.status().await.unwrap();
    assert_eq!((status.pending_batch, status.ids), (None, 12));
    assert_eq!(
        status
            .tables
            .iter()
            .map(|table| table.stale_bytes)
            .sum::<u64>(),
        0,
        "{step:?}: orphans"
    );
}

#[tokio::test]
async fn a_batch_without_its_journal_never_was() {
    check(Step::FilesWritten).await;
    check(Step::JournalDrafted).await;
}

#[tokio::test]
async fn a_batch_with_its_journal_happens_once() {
    check(Step::Journalled).await;
    check(Step::OneTableCommitted).await;
    check(Step::Committed).await;
}

#[tokio::test]
async fn an_index_that_was_torn_or_written_before_the_end_takes_a_batch_once() {
    check(Step::IdsTorn).await;
    check(Step::Indexed).await;
}

#[tokio::test]
async fn files_that_outgrow_memory_are_ended_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).await.unwrap();
    let lock = lake.try_lock().unwrap().unwrap();
    let mut writer = lake.writer(&lock).await.unwrap();
    take(&mut writer, 0..40);
    let parts: Vec<_> = writer.parts.keys().copied().collect();
    for table in parts {
        writer.pack(table, "contoso").unwrap();
    }
    writer.relieve().unwrap();
    take(&mut writer, 40..60);
    writer.relieve().unwrap();
    writer.commit().await.unwrap();
    assert_eq!(counts(&lake).await, (60, 40));
    assert!(lake.verify().await.unwrap().faults.is_empty());
}
