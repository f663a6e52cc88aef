//! Import speed and memory beside DuckDB, over the same million lines in the same run.

use super::{Limit, judge};
use crate::checkout::Checkout;
use crate::demo;
use crate::product::{Product, Profile, run};
use crate::usage::{Usage, measured};
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const LINES: usize = 1_000_000;
const RATIO: f64 = 1.5;
const MEGABYTES: f64 = 400.0;

/// Reads the lines and writes them as zstd Parquet, as the bar asks. Every column's type is
/// settled from the whole file, because a sample of real records does not fit the rest.
const DUCKDB_SCRIPT: &str = "\
import sys, duckdb
source, target = sys.argv[1:3]
sample = sys.argv[3]
connection = duckdb.connect()
connection.execute(
    f\"COPY (SELECT * FROM read_json('{source}', format='newline_delimited', sample_size={sample})) \"
    f\"TO '{target}' (FORMAT parquet, COMPRESSION zstd)\")
rows = connection.execute(f\"SELECT count(*) FROM '{target}'\").fetchone()[0]
print(f'duckdb {duckdb.__version__}: {rows} rows', flush=True)
";

/// Imports a million lines with the product and with DuckDB and compares.
pub(super) fn measure(checkout: &Checkout) -> Result<()> {
    let product = Product::build(checkout, Profile::Release)?;
    let folder = checkout.scratch("import")?;
    let (source, _) = million(checkout)?;

    let ours = measure_ours(&product, &folder, &source)?;
    print_usage("breachscope import", &ours);
    let theirs = measure_duckdb(&folder, &source)?;
    print_usage("duckdb to parquet", &theirs);

    let memory = judge(
        "peak memory",
        ours.peak_bytes as f64 / 1e6,
        Limit::AtMost(MEGABYTES),
        "MB",
    );
    let ratio = theirs.cpu_seconds / ours.cpu_seconds;
    judge(
        "records per CPU second beside DuckDB",
        ratio,
        Limit::AtLeast(RATIO),
        "times",
    )?;
    memory
}

/// Returns a file of a million records, made where it is not there yet, and how many they are.
pub(super) fn million(checkout: &Checkout) -> Result<(PathBuf, usize)> {
    let source = checkout.scratch("import")?.join("million.jsonl");
    if !source.is_file() {
        write_lines(&source, &samples(checkout)?)?;
    }
    let bytes = source.metadata().context("cannot weigh the lines")?.len();
    println!(
        "{LINES} records, {:.0} MB of JSON lines",
        bytes as f64 / 1e6
    );
    Ok((source, LINES))
}

fn print_usage(who: &str, usage: &Usage) {
    println!(
        "{who:<20} {:>8.0} records per CPU second ({:.1} CPU s, {:.1} wall s, peak {:.0} MB)",
        LINES as f64 / usage.cpu_seconds,
        usage.cpu_seconds,
        usage.wall_seconds,
        usage.peak_bytes as f64 / 1e6
    );
}

fn measure_ours(product: &Product, folder: &Path, source: &Path) -> Result<Usage> {
    let data = folder.join("data");
    if data.exists() {
        std::fs::remove_dir_all(&data).context("cannot empty the data folder")?;
    }
    let report_path = folder.join("report.json");
    let mut command = product.command(
        &data,
        &[
            "--format",
            "json",
            "--quiet",
            "import",
            &source.to_string_lossy(),
        ],
    );
    command.stdout(File::create(&report_path).context("cannot write the report")?);
    let usage = measured(&mut command)?;
    ensure!(usage.status.success(), "import ended with {}", usage.status);
    let report: serde_json::Value =
        serde_json::from_reader(File::open(&report_path)?).context("import printed no report")?;
    ensure!(
        report["new"] == LINES,
        "import kept {} of {LINES} records",
        report["new"]
    );
    Ok(usage)
}

fn measure_duckdb(folder: &Path, source: &Path) -> Result<Usage> {
    let python = python_with_duckdb(folder)?;
    let target = folder.join("duckdb.parquet");
    for sample in ["20480", "-1"] {
        let mut command = Command::new(&python);
        command
            .args(["-c", DUCKDB_SCRIPT])
            .arg(source)
            .arg(&target)
            .arg(sample)
            .stdin(Stdio::null());
        let usage = measured(&mut command)?;
        if usage.status.success() {
            return Ok(usage);
        }
        println!(
            "duckdb with sample_size={sample} ended with {}",
            usage.status
        );
    }
    anyhow::bail!("duckdb could not read the lines")
}

/// Returns a Python of its own that has DuckDB from PyPI.
fn python_with_duckdb(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    if !python.is_file() {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment))
        .context("cannot make a Python environment")?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]))
            .context("cannot install DuckDB")?;
    }
    Ok(python)
}

/// A record cut at its id, so that a fresh one can be put there.
struct Sample {
    before: String,
    after: String,
}

/// Returns the real records where they are beside the checkout, else those of the demo.
fn samples(checkout: &Checkout) -> Result<Vec<Sample>> {
    let mut lines = Vec::new();
    if let Some(data) = checkout.real_data() {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(data.join("real"))?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        let is_meant = |path: &&PathBuf| path.to_string_lossy().contains("invictus-ual-auditdata-");
        for path in paths.iter().filter(is_meant) {
            let file =
                File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            lines.extend(
                BufReader::new(file)
                    .lines()
                    .collect::<Result<Vec<_>, _>>()?,
            );
        }
    }
    if lines.is_empty() {
        println!(
            "the real evidence is not beside the checkout: the lines repeat the demo's records"
        );
        lines = demo::record_bodies();
    }
    Ok(lines.iter().filter_map(|line| cut_at_id(line)).collect())
}

fn cut_at_id(line: &str) -> Option<Sample> {
    let record: serde_json::Value = serde_json::from_str(line).ok()?;
    let id = record["Id"].as_str()?;
    let at = line.find(id)?;
    Some(Sample {
        before: line[..at].to_string(),
        after: line[at + id.len()..].to_string(),
    })
}

fn write_lines(path: &Path, samples: &[Sample]) -> Result<()> {
    ensure!(!samples.is_empty(), "there are no records to repeat");
    let unfinished = path.with_extension("part");
    let mut file = BufWriter::new(File::create(&unfinished).context("cannot write the lines")?);
    for number in 0..LINES {
        let sample = &samples[number % samples.len()];
        writeln!(
            file,
            "{}{:08x}-0000-4000-8000-{number:012x}{}",
            sample.before,
            number % 0xFFFF_FFFF,
            sample.after
        )?;
    }
    file.flush().context("cannot write the lines")?;
    std::fs::rename(&unfinished, path).context("cannot name the lines")
}
