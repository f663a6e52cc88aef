//! `breachscope demo`: a simulated cloud plays a compromise; it is collected, detected, scoped and
//! reported, and the answer compared with what the story knows.

use super::{detect, report, sim as simulated};
use crate::cli::{DemoArgs, Global};
use crate::error::{Code, Trouble};
use crate::progress::{Collecting, Watcher};
use crate::table::{counted, thousands};
use crate::ui::Ui;
use engine::casework::{Class, Seed};
use engine::{
    CollectReport, CollectRequest, DetectRequest, EngineError, InvestigateRequest, Investigation,
    Limits, Profile, Redaction, Report, ReportFormat, Store,
};
use model::shown::shown;
use model::{Incident, Severity};
use sim::{Running, ServeOptions, World, WorldOptions};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What tells a folder that a demo may empty.
const MARK: &str = ".breachscope-demo";

/// Plays the demo from its beginning to its end.
pub(crate) fn run(args: &DemoArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let folder = global
        .data
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join("breachscope-demo"));
    make_room(&folder)?;
    let running = play(args)?;
    simulated::write_config(&running, &folder)?;
    tell_story(&running, ui)?;
    let mut store = Store::open(&folder)?;
    let collected = store.collect(&request(), &mut Collecting::new(ui))?;
    tell_collected(&collected, ui)?;
    if collected.interrupted {
        ui.flush()?;
        return Ok(Code::Interrupted);
    }
    let Some((incident, victim)) = detected(&store, &folder, ui)? else {
        ui.line("nothing was found: this story holds no compromise, or the program missed it")?;
        ui.flush()?;
        return Ok(if running.world().truth().victims.is_empty() {
            Code::Ok
        } else {
            Code::Verification
        });
    };
    let found = investigated(&mut store, &incident, &victim, ui)?;
    let code = compare(&running, &found, ui)?;
    let path = written(&found, &folder)?;
    next(&folder, &path, &found, ui)?;
    ui.flush()?;
    Ok(code)
}

/// Empties the folder of an earlier demo; any other folder with something in it is left alone.
fn make_room(folder: &Path) -> Result<(), Trouble> {
    let failed = |source| EngineError::Folder {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let is_ours = folder.join(MARK).exists();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !is_ours {
            return Err(Trouble::Argument {
                what: format!(
                    "the folder `{}` for a demo: it is not empty",
                    folder.display()
                ),
                hint: "name an empty one, or one of an earlier demo, with `--data DIR`".to_owned(),
            });
        }
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(failed)?;
    }
    fs::write(
        folder.join(MARK),
        "made by `breachscope demo`, which empties this folder\n",
    )
    .map_err(failed)?;
    Ok(())
}

fn play(args: &DemoArgs) -> Result<Running, Trouble> {
    let options = WorldOptions {
        seed: args.seed,
        ..WorldOptions::default()
    };
    let world = World::tell(&args.story, &options).map_err(|error| Trouble::Argument {
        what: format!("the story `{}`: {error}", args.story),
        hint: "list them with `breachscope sim stories`".to_owned(),
    })?;
    let options = ServeOptions {
        seed: args.seed,
        ..ServeOptions::default()
    };
    sim::start(world, options).map_err(|error| Trouble::Simulator(Box::new(error)))
}

/// What is collected: what is collected by default, and the audit log's search, which reaches back
/// further than the seven days that the activity API keeps.
const SOURCES: &[&str] = &[
    "activity",
    "signins",
    "directory-audits",
    "risk-detections",
    "message-trace",
    "azure-activity",
    "devops-audit",
    "search-ual",
];

/// The simulator keeps no quota: nothing has to be spared.
fn request() -> CollectRequest {
    CollectRequest {
        sources: SOURCES.iter().map(|&source| source.to_owned()).collect(),
        limits: Some(Limits {
            quota_factor: 1000,
            backoff: Duration::from_millis(200),
            retry_pause: Duration::from_millis(50),
            ..Limits::default()
        }),
        ..CollectRequest::default()
    }
}

fn tell_story(running: &Running, ui: &mut Ui) -> Result<(), Trouble> {
    let world = running.world();
    let story = sim::stories()
        .into_iter()
        .find(|(name, _)| *name == world.story);
    let about = story.map(|(_, about)| about).unwrap_or_default();
    ui.heading(&format!(
        "A simulated Microsoft cloud plays `{}`",
        world.story
    ))?;
    ui.line(&format!("  {about}"))?;
    for tenant in &world.tenants {
        ui.line(&format!(
            "  {}: {}, {} in its logs",
            tenant.name,
            counted(tenant.users.len() as u64, "person", "people"),
            counted(world.records.len() as u64, "record", "records"),
        ))?;
    }
    ui.line("")
}

fn tell_collected(report: &CollectReport, ui: &mut Ui) -> Result<(), Trouble> {
    let feeds = || report.tenants.iter().flat_map(|tenant| &tenant.feeds);
    let new: u64 = feeds().map(|feed| feed.brought.new).sum();
    ui.heading(&format!(
        "Collected {} from {}",
        counted(new, "record", "records"),
        counted(feeds().count() as u64, "source", "sources")
    ))?;
    for feed in feeds().filter(|feed| feed.brought.new > 0) {
        ui.line(&format!(
            "  {:>6}  {}",
            thousands(feed.brought.new),
            feed.feed
        ))?;
    }
    for feed in feeds() {
        if let Some(trouble) = &feed.standing.trouble {
            ui.line(&format!("  {}: {}", feed.feed, shown(&trouble.what)))?;
        }
    }
    ui.line("")
}

/// Detects, and returns the gravest incident with the person whom its gravest findings concern.
fn detected(
    store: &Store,
    folder: &Path,
    ui: &mut Ui,
) -> Result<Option<(Incident, String)>, Trouble> {
    let request = DetectRequest {
        folder: folder.to_owned(),
        inputs: Vec::new(),
        rules: Vec::new(),
        anew: false,
        tenant: None,
    };
    let detected = store.detect(&request, &mut Watcher::new(ui))?;
    let gravest = detected
        .incidents
        .iter()
        .max_by_key(|incident| (incident.severity, incident.score));
    let Some(incident) = gravest else {
        return Ok(None);
    };
    ui.heading(&format!(
        "Detected {}; the gravest is {}",
        counted(detected.incidents.len() as u64, "incident", "incidents"),
        incident.severity.name(),
    ))?;
    ui.line(&format!("  {}", shown(&incident.title)))?;
    ui.line(&format!("  {}", shown(&incident.story)))?;
    for id in &incident.findings {
        if let Some(finding) = detected.findings.iter().find(|one| one.id == *id) {
            ui.line(&format!(
                "  {}  {:<8}  {:<7}  {}",
                finding.time,
                finding.severity.name(),
                finding.detection,
                shown(&finding.title)
            ))?;
        }
    }
    ui.line("")?;
    let of_it = detected
        .findings
        .iter()
        .filter(|one| one.incident == incident.id && incident.users.contains(&one.user));
    let mut grave: BTreeMap<&str, Vec<Severity>> = BTreeMap::new();
    for finding in of_it {
        grave
            .entry(&finding.user)
            .or_default()
            .push(finding.severity);
    }
    let gravest = grave.into_iter().max_by_key(|(_, severities)| {
        let most = severities.iter().max().copied();
        let many = severities.iter().filter(|one| Some(**one) == most).count();
        (most, many, severities.len())
    });
    Ok(gravest.map(|(user, _)| (incident.clone(), user.to_owned())))
}

fn investigated(
    store: &mut Store,
    incident: &Incident,
    victim: &str,
    ui: &mut Ui,
) -> Result<Investigation, Trouble> {
    let seeds = incident.seeds.iter();
    let request = InvestigateRequest {
        tenant: None,
        user: victim.to_owned(),
        seeds: seeds
            .filter_map(|seed| seed.to_string().parse::<Seed>().ok())
            .collect(),
        since: None,
        until: None,
    };
    let found = store.investigate(&request, &mut Watcher::new(ui))?;
    ui.heading(&format!("The mailbox of {}", shown(victim)))?;
    // The snapshot at its end knows when this run was; everything before it is the same every time.
    let text = &found.statement.text;
    let text = text.split(" Evidence snapshot ").next().unwrap_or(text);
    ui.line(&format!("  {}", shown(text)))?;
    for class in Class::ALL {
        let many = found.counts.of(class);
        if many > 0 {
            ui.line(&format!(
                "  {:>6}  {:<2}  {}",
                thousands(many),
                class.name(),
                class.title()
            ))?;
        }
    }
    ui.line("")?;
    Ok(found)
}

/// Compares the messages that are said to be accessed with those that the story knows of.
fn compare(running: &Running, found: &Investigation, ui: &mut Ui) -> Result<Code, Trouble> {
    let bare = |id: &str| id.trim_matches(['<', '>']).to_lowercase();
    let mut said = BTreeSet::new();
    found
        .messages
        .each_of(&[Class::E, Class::P1, Class::P2], &mut |judged| {
            said.insert(bare(&judged.id));
            ControlFlow::Continue(())
        })?;
    let truth = running.world().truth();
    let mailbox = &found.brief.mailbox;
    let touched = truth.read.iter().chain(&truth.sent).chain(&truth.moved);
    let known: BTreeSet<String> = touched
        .filter(|one| one.mailbox.eq_ignore_ascii_case(mailbox))
        .map(|one| bare(&one.message))
        .collect();
    let missed = known.difference(&said).count();
    let wrong = said.difference(&known).count();
    ui.heading("Compared with what the story knows, and the program was not told")?;
    ui.line(&format!(
        "  {} touched by the intruder: {} found, {missed} missed, {wrong} named wrongly",
        counted(known.len() as u64, "message was", "messages were"),
        known.len() - missed,
    ))?;
    ui.line("")?;
    Ok(if missed + wrong == 0 {
        Code::Ok
    } else {
        Code::Verification
    })
}

fn written(found: &Investigation, folder: &Path) -> Result<PathBuf, Trouble> {
    let path = folder.join("report.html");
    let report = Report {
        found,
        profile: Profile::Legal,
        redaction: Redaction::None,
    };
    report::write(&report, ReportFormat::Html, &path)?;
    Ok(path)
}

fn next(folder: &Path, path: &Path, found: &Investigation, ui: &mut Ui) -> Result<(), Trouble> {
    ui.heading(&format!("The report: {}", path.display()))?;
    ui.line("")?;
    ui.line("Try next:")?;
    let data = folder.display();
    for command in [
        format!("breachscope --data {data} detect"),
        format!(
            "breachscope --data {data} case show {}",
            detect::word(&found.case)
        ),
        format!(
            "breachscope --data {data} report {} --format pdf,xlsx --out .",
            detect::word(&found.case)
        ),
        format!("breachscope --data {data} collect status"),
        format!(
            "breachscope --data {data} sql 'SELECT time, operation, user_name FROM unified ORDER BY time LIMIT 20'"
        ),
        "breachscope sim stories".to_owned(),
    ] {
        ui.line(&format!("  {command}"))?;
    }
    Ok(())
}
