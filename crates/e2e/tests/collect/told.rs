//! From the record that can be listed to the card that is delivered: `serve` collects, detects and
//! tells by itself. Small as an everyday test; `cargo x bench card` asks for the bar.

use crate::bars::{now_micros, setting};
use crate::trial::{Trial, bulk_over};
use serde_json::{Value, json};
use sim::{Record, ServeOptions, Stream};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const SECOND: i64 = 1_000_000;

/// Where cards arrive: the moment and the body of each.
struct Inbox {
    address: String,
    cards: Receiver<(i64, Value)>,
}

impl Inbox {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (sender, cards) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    if let Some(card) = taken(stream) {
                        // A test that is over takes no more.
                        let _ = sender.send((now_micros(), card));
                    }
                });
            }
        });
        Self { address, cards }
    }
}

/// Reads one request and answers that it was taken.
fn taken(stream: TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    reader.get_mut().write_all(answer).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A rule that hides what is said of an invoice, made by somebody of a tenant.
fn hiding_rule(tenant: (usize, &str), number: usize, time: i64, available: i64) -> Record {
    let id = format!("{number:08x}-0009-4000-8000-{:012x}", tenant.0);
    let user = format!("person{number}@tenant{}.example", tenant.0);
    let address = format!("203.0.113.{}", number % 200 + 1);
    let parameter = |name: &str, value: &str| json!({"Name": name, "Value": value});
    let time_text = sim::written("%Y-%m-%dT%H:%M:%S", time);
    let body = json!({
        "CreationTime": time_text, "Id": id, "Operation": "New-InboxRule",
        "OrganizationId": tenant.1, "RecordType": 1, "ResultStatus": "True", "UserType": 2,
        "UserKey": user, "UserId": user, "Version": 1, "Workload": "Exchange",
        "ClientIP": format!("{address}:4711"), "ObjectId": format!("{user}\\."),
        "Parameters": [
            parameter("Name", "."), parameter("SubjectOrBodyContainsWords", "invoice;payment"),
            parameter("MoveToFolder", "RSS Feeds"), parameter("MarkAsRead", "True"),
            parameter("StopProcessingRules", "True"),
        ],
    });
    Record {
        tenant: tenant.0,
        stream: Stream::Unified(sim::ContentType::Exchange),
        id,
        time,
        available,
        body: body.to_string(),
    }
}

#[test]
fn a_card_arrives_soon_after_the_record_can_be_listed() {
    let asked = setting("BREACHSCOPE_CARD_SECONDS");
    let (tenants, each, poll) = if asked.is_some() {
        (10, 6, "1m")
    } else {
        (2, 1, "3s")
    };
    let span = asked.unwrap_or(8) as i64 * SECOND;
    let began = now_micros();
    let mut world = bulk_over(
        tenants,
        tenants as u64 * 100,
        began - 7_200 * SECOND,
        3_600 * SECOND,
    );
    let ids: Vec<String> = world.tenants.iter().map(|one| one.id.clone()).collect();
    // The first records can be listed once the server has had time to begin.
    let first = began + if asked.is_some() { 90 } else { 10 } * SECOND;
    let mut listed = BTreeMap::new();
    let many = tenants * each;
    for number in 0..many {
        let place = number % tenants;
        let available =
            first + span * number as i64 / many as i64 + 7 * SECOND * (number as i64 % 5) / 5;
        let record = hiding_rule(
            (place, &ids[place]),
            number,
            available - 240 * SECOND,
            available,
        );
        listed.insert(format!("person{number}@tenant{place}.example"), available);
        world.records.push(record);
    }
    let trial = Trial::with(
        world,
        ServeOptions {
            start: Some(began),
            speed: 1.0,
            // A blob is listed once its last record is there: each is told by itself here.
            blob_records: 1,
            ..ServeOptions::default()
        },
    );
    let inbox = Inbox::open();
    let key = trial.secret("card.key", "a key of the other side");
    let url = trial.secret("card.url", &format!("http://{}/cards", inbox.address));
    trial.configure(&format!(
        "[defaults]\npoll = \"{poll}\"\ncontent = [\"Audit.Exchange\"]\n\n\
         [notify]\npublic_url = \"https://scope.example\"\n\n\
         [notify.destination.desk]\nwebhook = {{ url = \"file:{url}\", key = \"file:{key}\" }}\n\n\
         [[notify.route]]\nname = \"all\"\nto = [\"desk\"]\nleast = \"medium\"\n"
    ));
    let mut command = trial.house.command(&["serve", "--listen", "127.0.0.1:0"]);
    let log = trial.house.path("serve.log");
    let written = std::fs::File::create(&log).expect("a file can be made");
    command.arg("-v").stdout(Stdio::null()).stderr(written);
    let mut server = command.spawn().expect("the binary starts");
    let mut delays = Vec::new();
    let patience = Duration::from_secs(if asked.is_some() { 300 } else { 60 });
    while delays.len() < many {
        let card = inbox.cards.recv_timeout(patience);
        let (at, card) = card.unwrap_or_else(|_| {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            panic!(
                "{} of {many} cards came; {}; {log}",
                delays.len(),
                trial.status()
            )
        });
        let text = card.to_string();
        let who = listed
            .keys()
            .find(|who| text.contains(who.as_str()))
            .cloned();
        // A later card of the same incident is no second one.
        if let Some(available) = who.and_then(|who| listed.remove(&who)) {
            assert!(text.contains("https://scope.example/s/"), "{text}");
            delays.push((at - available) as f64 / 1e6);
        }
    }
    server.kill().expect("a server can be killed");
    server.wait().expect("a killed server ends");
    delays.sort_by(f64::total_cmp);
    let p95 = delays[(delays.len() * 95 / 100).min(delays.len() - 1)];
    println!(
        "{many} incidents in {tenants} tenants, polled each {poll}: from listed to delivered p50 {:.1} s, p95 {p95:.1} s, worst {:.1} s",
        delays[delays.len() / 2],
        delays[delays.len() - 1]
    );
    assert!(p95 < 90.0, "p95 {p95:.1} s, the bar is 90");
}
