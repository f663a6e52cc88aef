//! Investigating a mailbox of two million messages with a million events: time and memory.

use super::{Limit, judge};
use crate::checkout::Checkout;
use crate::product::{Product, Profile};
use crate::usage::measured;
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const MESSAGES: u64 = 2_000_000;
const EVENTS: u64 = 1_000_000;
const SECONDS: f64 = 30.0;
const MEGABYTES: f64 = 500.0;

const MAILBOX: &str = "ann@fabrikam.example";
const TENANT: &str = "6f0c2f6e-5d3a-4a53-9b52-7f1c8f6f2d10";
const ROGUE: &str = "5c7c1f0e-2f5b-4f8e-9d35-3f6f8a0c9b11";
const SERVICE: &str = "b5a9f6a1-0f83-47b5-9f0f-aa21d7a3c001";

/// Makes the mailbox, takes it in, and measures the investigation.
pub(super) fn measure(checkout: &Checkout) -> Result<()> {
    let product = Product::build(checkout, Profile::Release)?;
    let folder = checkout.scratch("investigate")?;
    let data = folder.join("data");
    if !data.join("taken-in").is_file() {
        let (events, trace) = (folder.join("events.jsonl"), folder.join("trace.csv"));
        write(&events, write_events)?;
        write(&trace, write_trace)?;
        let paths = [events.to_string_lossy(), trace.to_string_lossy()];
        let mut import = product.command(
            &data,
            &[
                "--quiet", "--tenant", TENANT, "import", &paths[0], &paths[1],
            ],
        );
        import.stdout(std::process::Stdio::null());
        let usage = measured(&mut import)?;
        ensure!(usage.status.success(), "import ended with {}", usage.status);
        std::fs::remove_file(&events)?;
        std::fs::remove_file(&trace)?;
        File::create(data.join("taken-in"))?;
    }
    let answer = folder.join("answer.json");
    let seed = format!("app={ROGUE}");
    let mut command = product.command(
        &data,
        &[
            "--quiet",
            "--format",
            "json",
            "investigate",
            MAILBOX,
            "--seed",
            &seed,
        ],
    );
    command.stdout(File::create(&answer).context("cannot write the answer")?);
    let usage = measured(&mut command)?;
    println!(
        "{MESSAGES} messages, {EVENTS} events: {:.1} wall s, {:.1} CPU s, peak {:.0} MB, answer of {:.0} MB",
        usage.wall_seconds,
        usage.cpu_seconds,
        usage.peak_bytes as f64 / 1e6,
        answer.metadata()?.len() as f64 / 1e6
    );
    let found: serde_json::Value =
        serde_json::from_reader(std::io::BufReader::new(File::open(&answer)?))
            .context("investigate printed no answer")?;
    let counted: u64 = found["counts"]
        .as_object()
        .map(|counts| counts.values().filter_map(serde_json::Value::as_u64).sum())
        .unwrap_or_default();
    ensure!(
        counted == MESSAGES,
        "{counted} of {MESSAGES} messages have a class"
    );
    println!("counts: {}", found["counts"]);
    let memory = judge(
        "peak memory",
        usage.peak_bytes as f64 / 1e6,
        Limit::AtMost(MEGABYTES),
        "MB",
    );
    judge(
        "investigate",
        usage.wall_seconds,
        Limit::AtMost(SECONDS),
        "s",
    )?;
    memory
}

fn write(path: &Path, lines: fn(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(File::create(path).context("cannot write the mailbox")?);
    lines(&mut out)?;
    Ok(out.flush()?)
}

/// The seconds of 2026 are dealt evenly over what happens in it.
fn moment(number: u64, of: u64) -> String {
    let second = number * 300 * 86_400 / of;
    let (day, rest) = (second / 86_400, second % 86_400);
    let (month, day) = (day / 28, day % 28);
    format!(
        "2026-{:02}-{:02}T{:02}:{:02}:{:02}",
        month + 1,
        day + 1,
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Nine reads in ten are a service's or the owner's; one in a hundred is the rogue application's.
fn write_events(out: &mut dyn Write) -> std::io::Result<()> {
    for number in 0..EVENTS {
        let time = moment(number, EVENTS);
        let message = number * 7919 % MESSAGES;
        let (app, client, session, address) = match number % 100 {
            0 => (ROGUE, "Client=REST;;", "", "20.190.160.24"),
            1..50 => (
                SERVICE,
                "Client=REST;Client=RESTSystem;;",
                "",
                "2603:10a6:20b:f0:cafe::69",
            ),
            _ => (
                "",
                "Client=OWA;Mozilla/5.0",
                "0b1f5a9e-77aa-4c9c-8d3f-1a2b3c4d5e6f",
                "81.244.17.9",
            ),
        };
        let app = if app.is_empty() {
            String::new()
        } else {
            format!("\"ClientAppId\":\"{app}\",")
        };
        let session = if session.is_empty() {
            String::new()
        } else {
            format!("\"SessionId\":\"{session}\",")
        };
        writeln!(
            out,
            "{{\"CreationTime\":\"{time}\",\"Id\":\"{number:08x}-0000-4000-8000-000000000000\",\"Operation\":\"MailItemsAccessed\",\
             \"OrganizationId\":\"{TENANT}\",\"RecordType\":50,\"ResultStatus\":\"Succeeded\",\"UserKey\":\"1003200126770001\",\"UserType\":0,\
             \"Version\":1,\"Workload\":\"Exchange\",\"ClientIP\":\"{address}\",\"UserId\":\"{MAILBOX}\",{app}\"AppId\":\"00000003-0000-0000-c000-000000000000\",\
             \"ClientIPAddress\":\"{address}\",\"ClientInfoString\":\"{client}\",\"ExternalAccess\":false,\"InternalLogonType\":0,\"LogonType\":0,\
             \"LogonUserSid\":\"S-1-5-21-1-1-1-1\",\"MailboxGuid\":\"7d2bd9e1-4f7c-4a9e-8d3c-1a2b3c4d5e6f\",\"MailboxOwnerUPN\":\"{MAILBOX}\",{session}\
             \"OperationProperties\":[{{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}},{{\"Name\":\"IsThrottled\",\"Value\":\"False\"}}],\
             \"Folders\":[{{\"FolderItems\":[{{\"InternetMessageId\":\"<{message:07}@mail.fabrikam.example>\"}}],\"Id\":\"LgAAAAEMAAAB\",\"Path\":\"\\\\Inbox\"}}],\"OperationCount\":1}}"
        )?;
    }
    Ok(())
}

fn write_trace(out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Received,SenderAddress,RecipientAddress,Subject,Status,MessageId,Size,MessageTraceId"
    )?;
    for number in 0..MESSAGES {
        writeln!(
            out,
            "{}Z,customer{}@contoso.example,{MAILBOX},Order {number},Delivered,<{number:07}@mail.fabrikam.example>,{},{number:08x}-1111-4000-8000-000000000000",
            moment(number, MESSAGES),
            number % 5003,
            2000 + number % 90_000
        )?;
    }
    Ok(())
}
