//! What collecting costs: time beside what quota and latency allow, memory, and how far behind a
//! worker with many tenants is. Small as an everyday test, which judges only what was collected;
//! `cargo x bench collect collect-tenants` asks for the bars' sizes and judges the figures too.

use crate::trial::{Trial, bulk, bulk_over};
use sim::{Dials, Fault, Rule, ServeOptions};
use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The quota that Microsoft documents for the activity API, a minute and tenant.
const QUOTA: u64 = 2_000;
/// How many requests a tenant has under way when all goes well.
const IN_FLIGHT: f64 = 12.0;
const LATENCY_MS: (u64, u64) = (20, 50);

pub(crate) fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[allow(
    clippy::disallowed_methods,
    reason = "a bar measures; the product is given its time"
)]
pub(crate) fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("a clock").as_micros()).expect("a moment")
}

/// Returns a figure of `/proc/PID/status`, in megabytes.
fn megabytes(process: u32, key: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) * 1024.0 / 1e6
}

/// Returns the seconds of processor time that a process used.
fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|text| text.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Waits for the end of a run and returns the most memory that it held, and its processor time.
fn watched(run: &mut Child) -> (f64, f64) {
    let (mut peak, mut cpu) = (0.0_f64, 0.0_f64);
    while run.try_wait().expect("a run can be watched").is_none() {
        peak = peak.max(megabytes(run.id(), "VmHWM:"));
        cpu = cpu.max(cpu_seconds(run.id()));
        std::thread::sleep(Duration::from_millis(20));
    }
    (peak, cpu)
}

fn backlog(limits: &str, quota: u64, what: &str) {
    let asked = setting("BREACHSCOPE_COLLECT_RECORDS");
    let trial = Trial::with(
        bulk(1, asked.unwrap_or(3_000)),
        ServeOptions {
            blob_records: 100,
            quota_per_minute: u32::try_from(quota).unwrap_or(0),
            dials: Dials {
                latency_ms: LATENCY_MS,
                ..Dials::default()
            },
            ..ServeOptions::default()
        },
    );
    trial.configure(limits);
    let began = now_micros();
    let mut run = trial.start(&["--once", "--source", "activity"]);
    let (peak, cpu) = watched(&mut run);
    assert!(
        run.wait().expect("a run ends").success(),
        "{}",
        trial.status()
    );
    let wall = (now_micros() - began) as f64 / 1e6;
    trial.holds_everything_once(&["unified"], what);
    let report = trial.cloud.report();
    let requests: u64 = report.requests.values().flat_map(|all| all.values()).sum();
    let latency = f64::midpoint(LATENCY_MS.0 as f64, LATENCY_MS.1 as f64) / 1000.0;
    let by_latency = requests as f64 * latency / IN_FLIGHT;
    let by_quota = if quota == 0 {
        0.0
    } else {
        requests as f64 * 60.0 / quota as f64
    };
    let ideal = by_latency.max(by_quota);
    println!(
        "{what}: {requests} requests, {wall:.1} s, ideal {ideal:.1} s ({by_quota:.1} by quota, {by_latency:.1} by \
         latency), {cpu:.1} CPU s, peak {peak:.0} MB, {} throttled, at most {} at once",
        report.throttled, report.concurrency_max
    );
    if asked.is_some() {
        assert!(peak < 200.0, "{peak:.0} MB, the bar is 200");
        assert!(
            quota == 0 || wall <= 1.2 * ideal,
            "{wall:.1} s, the bar is 1.2 times {ideal:.1}"
        );
    }
}

#[test]
fn a_backlog_keeps_to_the_quota_and_uses_it() {
    // The everyday test does not sit out the quota.
    let limits = match setting("BREACHSCOPE_COLLECT_RECORDS") {
        Some(_) => "",
        None => "[limits]\nquota_factor = 1000\n",
    };
    let quota = setting("BREACHSCOPE_COLLECT_RECORDS").map_or(0, |_| QUOTA);
    backlog(limits, quota, "within the documented quota");
}

#[test]
fn a_backlog_without_a_quota_is_bound_by_latency_or_by_the_disk() {
    backlog("[limits]\nquota_factor = 1000\n", 0, "without a quota");
}

#[test]
fn one_worker_keeps_up_with_many_tenants_of_which_one_in_ten_is_broken() {
    let asked = setting("BREACHSCOPE_COLLECT_TENANTS");
    let tenants = asked.unwrap_or(10) as usize;
    let seconds = setting("BREACHSCOPE_COLLECT_SECONDS").unwrap_or(12);
    let now = now_micros();
    let world = bulk_over(
        tenants,
        tenants as u64 * 100,
        now - 7_200_000_000,
        10_800_000_000,
    );
    let broken: BTreeSet<String> = world
        .tenants
        .iter()
        .step_by(10)
        .map(|one| one.id.clone())
        .collect();
    let mut dials = Dials {
        latency_ms: LATENCY_MS,
        ..Dials::default()
    };
    for (number, tenant) in broken.iter().enumerate() {
        let fault = match number % 4 {
            0 => Rule::new(Fault::Forbidden, 1.0),
            1 => Rule::new(Fault::Throttle, 1.0).seconds(600),
            2 => Rule::new(Fault::Error, 1.0).status(503),
            _ => Rule::new(Fault::Hang, 1.0).seconds(90),
        };
        dials = dials.with(fault.in_tenant(tenant));
    }
    let trial = Trial::with(
        world,
        ServeOptions {
            start: Some(now),
            speed: 1.0,
            dials,
            ..ServeOptions::default()
        },
    );
    trial.configure(
        "[defaults]\npoll = \"1m\"\ncontent = [\"Audit.AzureActiveDirectory\", \"Audit.Exchange\", \
         \"Audit.SharePoint\", \"Audit.General\", \"DLP.All\"]\n",
    );
    let mut worker = on_one_core(&trial);
    let mut lags = Vec::new();
    let mut peak = 0.0_f64;
    for second in 0..seconds {
        std::thread::sleep(Duration::from_secs(1));
        peak = peak.max(megabytes(worker.id(), "VmHWM:"));
        // A first run takes in what the tenants have kept: what is looked at is how it goes on.
        if second < seconds / 2 || second % 10 > 0 && second + 1 < seconds {
            continue;
        }
        let run = trial.house.run(&["--format", "jsonl", "collect", "status"]);
        for feed in run.lines() {
            let is_asked = feed["feed"]
                .as_str()
                .is_some_and(|name| name.starts_with("activity/"));
            if is_asked && !broken.contains(feed["tenant"].as_str().unwrap_or_default()) {
                lags.push(feed["lag_seconds"].as_i64().unwrap_or(i64::MAX));
            }
        }
    }
    let cpu = cpu_seconds(worker.id());
    worker.kill().expect("a worker can be killed");
    worker.wait().expect("a killed worker ends");
    lags.sort_unstable();
    let p99 = lags[(lags.len() * 99 / 100).min(lags.len() - 1)];
    println!(
        "{tenants} tenants, {} of them broken, {seconds} s: p50 lag {} s, p99 lag {p99} s, worst {:?} s, {cpu:.1} CPU s \
         ({:.0} % of a core), peak {peak:.0} MB",
        broken.len(),
        lags[lags.len() / 2],
        lags.last(),
        100.0 * cpu / seconds as f64,
    );
    assert!(p99 < 180, "p99 lag {p99} s, the bar is three minutes");
    assert!(
        asked.is_none() || peak < 500.0,
        "{peak:.0} MB, the bar is 500"
    );
    let verdict = trial.judge("unified");
    assert_eq!((verdict.duplicate.len(), verdict.unknown.len()), (0, 0));
}

/// Starts a worker on one core, where the system can be asked for that.
fn on_one_core(trial: &Trial) -> Child {
    let inner = trial.command(&[
        "--watch",
        "--since",
        "1h",
        "--source",
        "activity",
        "--source",
        "activity/DLP.All",
    ]);
    let mut command = Command::new("taskset");
    command
        .args(["-c", "0"])
        .arg(inner.get_program())
        .args(inner.get_args());
    command
        .env_remove("BREACHSCOPE_DATA")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
        .spawn()
        .unwrap_or_else(|_| trial.start(&["--watch", "--source", "activity"]))
}
