//! Detection over a million records: speed beside a bare parse of the same file, and memory.

use super::import::million;
use super::{Limit, judge};
use crate::checkout::Checkout;
use crate::product::{Product, Profile, cargo, run};
use crate::usage::{Usage, measured};
use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How many times faster than a parse to `serde_json::Value`.
const RATIO: f64 = 2.0;
const MEGABYTES: f64 = 150.0;
/// The rate of CSV, as a part of that of JSON lines.
const CSV_RATE: f64 = 0.5;
const CSV_ROWS: usize = 250_000;
const RULES: usize = 145;
/// Others use the machine too: of several runs the quickest counts.
const ROUNDS: usize = 3;

/// What makes this very program parse a file and do nothing else.
pub(super) const PARSE: &str = "--parse";

/// Detects in a million records and compares.
pub(super) fn measure(checkout: &Checkout) -> Result<()> {
    let product = Product::build(checkout, Profile::Release)?;
    let parser = parser(checkout)?;
    let folder = checkout.scratch("detect")?;
    let (source, records) = million(checkout)?;
    let rules = rules(checkout, &folder)?;

    let (mut theirs, mut ours) = (f64::MAX, f64::MAX);
    let mut peak = 0.0_f64;
    for _ in 0..ROUNDS {
        let parsed = measured(Command::new(&parser).args(["bench", PARSE]).arg(&source))?;
        ensure!(
            parsed.status.success(),
            "parsing ended with {}",
            parsed.status
        );
        theirs = theirs.min(parsed.cpu_seconds);
        let found = detected(&product, &folder, &source, &rules)?;
        ours = ours.min(found.cpu_seconds);
        peak = peak.max(found.peak_bytes as f64 / 1e6);
    }
    let rows = folder.join("rows.csv");
    if !rows.is_file() {
        write_csv(&source, &rows)?;
    }
    let csv = detected(&product, &folder, &rows, &rules)?;
    let rate = |many: usize, seconds: f64| many as f64 / seconds;
    let (lines, cells) = (rate(records, ours), rate(CSV_ROWS, csv.cpu_seconds));
    println!(
        "serde_json::Value  {:>9.0} records per CPU second",
        rate(records, theirs)
    );
    println!("breachscope detect {lines:>9.0} records per CPU second, peak {peak:.0} MB");
    println!("the same from CSV  {cells:>9.0} records per CPU second");

    let bars = [
        judge(
            "beside a bare parse",
            theirs / ours,
            Limit::AtLeast(RATIO),
            "times",
        ),
        judge("peak memory", peak, Limit::AtMost(MEGABYTES), "MB"),
        judge(
            "CSV beside JSON lines",
            cells / lines,
            Limit::AtLeast(CSV_RATE),
            "times",
        ),
    ];
    bars.into_iter().collect()
}

/// Parses each line of a file to a value.
pub(super) fn parse(path: &str) -> Result<()> {
    let file = File::open(path).with_context(|| format!("cannot read `{path}`"))?;
    let mut lines = BufReader::with_capacity(1 << 20, file);
    let (mut line, mut records) = (Vec::new(), 0_u64);
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let value: serde_json::Value = serde_json::from_slice(&line)?;
        records += u64::from(std::hint::black_box(value).is_object());
    }
    ensure!(records > 0, "`{path}` holds no records");
    Ok(())
}

/// Returns this program, built as the product is: unoptimised it would parse too slowly.
fn parser(checkout: &Checkout) -> Result<PathBuf> {
    run(cargo(checkout).args(["build", "--release", "--package", "xtask"]))?;
    let name = format!("xtask{}", std::env::consts::EXE_SUFFIX);
    Ok(checkout.target()?.join("release").join(name))
}

fn detected(product: &Product, folder: &Path, source: &Path, rules: &Path) -> Result<Usage> {
    let (source, rules) = (source.to_string_lossy(), rules.to_string_lossy());
    let mut command = product.command(
        &folder.join("data"),
        &[
            "--quiet", "--format", "jsonl", "detect", "--input", &source, "--rules", &rules,
        ],
    );
    let answer = File::create(folder.join("findings.jsonl")).context("cannot write findings")?;
    command.stdout(answer).stderr(Stdio::null());
    let usage = measured(&mut command)?;
    // 3 says that some of the rules cannot be used.
    if !matches!(usage.status.code(), Some(0 | 3)) {
        bail!("detect ended with {}", usage.status);
    }
    Ok(usage)
}

/// Returns the folder of rules: SigmaHQ's where they are beside the checkout, else as many of the
/// same shapes.
fn rules(checkout: &Checkout, folder: &Path) -> Result<PathBuf> {
    if let Some(sigma) = checkout.real_data().map(|data| data.join("sigma"))
        && sigma.is_dir()
    {
        return Ok(sigma);
    }
    println!("SigmaHQ's rules are not beside the checkout: {RULES} of the same shapes are made");
    let made = folder.join("rules");
    std::fs::create_dir_all(&made)?;
    for number in 0..RULES {
        std::fs::write(made.join(format!("rule-{number:03}.yml")), rule(number))?;
    }
    Ok(made)
}

/// Returns one of the shapes that public rules have: an operation and its parameters, a directory
/// change, a sign-in's result, an action of the Azure activity log.
fn rule(number: usize) -> String {
    let (product, service, detection) = match number % 4 {
        0 => (
            "m365",
            "audit",
            format!("Operation: 'Set-Thing{number}'\n    Parameters|contains: 'Value{number}'"),
        ),
        1 => (
            "azure",
            "auditlogs",
            format!("properties.message|contains: 'Change thing {number}'"),
        ),
        2 => (
            "azure",
            "signinlogs",
            format!(
                "ResultType: {}\n    userAgent|contains: 'tool{number}'",
                59_000 + number
            ),
        ),
        _ => (
            "azure",
            "activitylogs",
            format!("operationName|startswith: 'MICROSOFT.THING{number}/'"),
        ),
    };
    format!(
        "title: Rule {number}\nid: 00000000-0000-4000-8000-{number:012}\nstatus: test\n\
         logsource:\n  product: {product}\n  service: {service}\n\
         detection:\n  selection:\n    {detection}\n  condition: selection\nlevel: medium\n"
    )
}

/// Writes the first lines as the portal exports them: a row a record, its JSON in a cell.
fn write_csv(lines: &Path, rows: &Path) -> Result<()> {
    let unfinished = rows.with_extension("part");
    let mut out = BufWriter::new(File::create(&unfinished).context("cannot write the rows")?);
    writeln!(
        out,
        "RecordId,CreationDate,RecordType,Operation,UserId,AuditData"
    )?;
    for line in BufReader::new(File::open(lines)?).lines().take(CSV_ROWS) {
        let line = line?;
        let record: serde_json::Value = serde_json::from_str(&line)?;
        let word = |key: &str| match &record[key] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let cells = ["Id", "CreationTime", "RecordType", "Operation", "UserId"].map(word);
        for cell in cells {
            write!(out, "{},", quoted(&cell))?;
        }
        writeln!(out, "{}", quoted(&line))?;
    }
    out.flush().context("cannot write the rows")?;
    std::fs::rename(&unfinished, rows).context("cannot name the rows")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
