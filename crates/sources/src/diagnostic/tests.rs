//! The feed of diagnostic blobs against a fake storage account.

use super::*;
use crate::moment::DAY;
use crate::testing::{Answer, Drive, Maker, START, address, answer};
use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

const NAME_OF_BLOB: &str = "tenantId=t/y=2026/m=03/d=10/h=12/m=00/PT1H.json";

#[derive(Default)]
struct Account {
    blobs: BTreeMap<String, (Vec<u8>, Timestamp, u32)>,
    broken: u32,
    unreadable: bool,
}

impl Account {
    fn append(&mut self, name: &str, text: &str, now: Timestamp) {
        let blob = self.blobs.entry(name.to_owned()).or_default();
        blob.0.extend_from_slice(text.as_bytes());
        blob.1 = now;
        blob.2 += 1;
    }

    fn answer(&mut self, ask: &Ask) -> Answer {
        let at = address(ask);
        if self.broken > 0 {
            self.broken -= 1;
            return Err(Failure::Broken("reset".to_owned()));
        }
        if at.starts_with("/?comp=list") {
            return answer(
                200,
                "<EnumerationResults><Containers><Container><Name>insights-logs-signinlogs</Name></Container></Containers><NextMarker/></EnumerationResults>",
            );
        }
        if at.contains("restype=container") {
            return answer(200, self.list(at));
        }
        let name = at
            .strip_prefix("/insights-logs-signinlogs/")
            .expect("the container");
        let name = crate::testing::decoded(name);
        if self.unreadable {
            return answer(500, "");
        }
        let kept = self.blobs.get(&name).filter(|_| !name.starts_with("gone"));
        let Some((body, _, _)) = kept else {
            return answer(404, "<Error><Code>BlobNotFound</Code></Error>");
        };
        let range = ask
            .headers
            .iter()
            .find(|(name, _)| *name == "Range")
            .expect("a range");
        let (from, to) = range.1["bytes=".len()..].split_once('-').expect("bounds");
        let (from, to): (usize, usize) = (from.parse().expect("from"), to.parse().expect("to"));
        let part = body[from..body.len().min(to + 1)].to_vec();
        answer(206, String::from_utf8(part).expect("text"))
    }

    /// One blob a page.
    fn list(&self, at: &str) -> String {
        let offset: usize = at
            .split("marker=")
            .nth(1)
            .map_or(0, |text| text.parse().expect("a number"));
        let mut text = String::from("<EnumerationResults><Blobs>");
        for (name, (body, modified, version)) in self.blobs.iter().skip(offset).take(1) {
            let (_, _, day) = modified.date();
            let seconds = modified.0 / 1_000_000 % 86_400;
            let clock = format!(
                "{:02}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            );
            let _ = write!(
                text,
                "<Blob><Name>{name}</Name><Properties><Last-Modified>Tue, {day:02} Mar 2026 {clock} GMT</Last-Modified><Etag>{version}</Etag><Content-Length>{}</Content-Length></Properties></Blob>",
                body.len()
            );
        }
        let next = offset + 1;
        let marker = if next < self.blobs.len() {
            next.to_string()
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"
        );
        text
    }
}

fn drive(account: &Rc<RefCell<Account>>) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer + use<>> {
    let make: Maker =
        Box::new(|memory, _| Box::new(Diagnostic::new(&FeedSettings::of_tenant("t"), memory)));
    let account = Rc::clone(account);
    Drive::new(make, move |ask, _| account.borrow_mut().answer(ask))
}

#[test]
fn pitfall_43_only_whole_lines_of_a_growing_blob_none_twice_and_a_late_append_too() {
    let account = Rc::new(RefCell::new(Account::default()));
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, "{\"a\":1}\r\n{\"b\"", START);
    account.borrow_mut().append("other", "{\"o\":1}\n", START);
    let mut drive = drive(&account);
    drive.run(HOUR);
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, ":2}\r\n", drive.now);
    account.borrow_mut().broken = 3;
    drive.run(HOUR);
    drive.crash();
    drive.run(12 * HOUR);
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, "{\"c\":3}\r\n", drive.now);
    drive.run(HOUR);
    let mut lines: Vec<String> = drive.store.bodies();
    lines.sort();
    assert_eq!(
        lines,
        [
            "{\"a\":1}\r\n",
            "{\"b\":2}\r\n",
            "{\"c\":3}\r\n",
            "{\"o\":1}\n"
        ]
    );
    assert!(drive.standing().caught_up.is_some() && drive.store.gaps.is_empty());

    // Long after everything was forgotten, nothing is read twice, but for what is written to again.
    drive.run(5 * DAY);
    assert_eq!(drive.store.bodies().len(), 4);
    account
        .borrow_mut()
        .append("other", "{\"p\":2}\n", drive.now);
    drive.run(HOUR);
    assert!(
        drive
            .store
            .bodies()
            .iter()
            .any(|body| body.contains("\"p\":2"))
    );
}

#[test]
fn a_last_line_without_an_end_is_taken_when_nobody_writes_any_more() {
    let account = Rc::new(RefCell::new(Account::default()));
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, "{\"a\":1}", START);
    let mut drive = drive(&account);
    drive.run(DAY);
    assert!(drive.store.bodies().is_empty());
    drive.run(2 * DAY);
    assert_eq!(drive.store.bodies(), ["{\"a\":1}"]);
}

#[test]
fn a_long_blob_is_read_in_parts_and_a_deleted_one_is_a_gap() {
    let account = Rc::new(RefCell::new(Account::default()));
    let line = format!("{{\"x\":\"{}\"}}\n", "y".repeat(5 << 20));
    account.borrow_mut().append(NAME_OF_BLOB, &line, START);
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, "{\"z\":1}\n", START);
    let mut drive = drive(&account);
    drive.run(MINUTE);
    assert_eq!(drive.store.bodies().concat().len(), line.len() + 8);

    account
        .borrow_mut()
        .append("gone/y=2026/m=03/d=09/h=07/m=00/PT1H.json", "{}\n", START);
    drive.run(HOUR);
    assert_eq!(drive.store.gaps.len(), 1);
    assert_eq!(drive.store.gaps[0].from.to_string(), "2026-03-09T07:00:00Z");
}

#[test]
fn a_blob_that_failed_and_was_deleted_meanwhile_is_a_gap_and_holds_nothing_up() {
    let account = Rc::new(RefCell::new(Account::default()));
    account
        .borrow_mut()
        .append(NAME_OF_BLOB, "{\"a\":1}\n", START);
    account.borrow_mut().append("other", "{\"o\":1}\n", START);
    let mut drive = drive(&account);
    account.borrow_mut().unreadable = true;
    drive.run(HOUR);
    assert_eq!(drive.standing().waiting, 2);
    account.borrow_mut().unreadable = false;
    account.borrow_mut().blobs.remove(NAME_OF_BLOB);
    drive.run(HOUR);
    assert_eq!(drive.store.bodies(), ["{\"o\":1}\n"]);
    assert_eq!((drive.store.gaps.len(), drive.standing().waiting), (1, 0));
    assert!(drive.standing().caught_up.is_some());
}
