//! `breachscope respond plan|show|approve|apply|undo|status|ledger|actions`.

mod actions;
mod execution;
mod plan;
mod record;

use super::{roots, store, who};
use crate::cli::{Global, RespondArgs, RespondVerb};
use crate::error::{Code, Trouble};
use crate::progress::Interrupt;
use crate::ui::Ui;
use actions::actions;
use engine::{
    Actor, ApplyRequest, EngineError, ExecutionReport, PlanRequest, Reach, RespondWatch,
    StepReport, WirePlan,
};
use execution::{executed, status};
use model::shown::shown;
use plan::plan;
use record::ledger;
use std::io::Write;
use std::path::Path;

/// Does what is asked about an intruder.
pub(crate) fn run(args: &RespondArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    if matches!(args.verb, RespondVerb::Actions) {
        actions(ui)?;
        ui.flush()?;
        return Ok(Code::Ok);
    }
    let mut store = store(global)?;
    let actor = Actor {
        name: who(args.by.as_ref())?,
        known_by: "command line".to_owned(),
    };
    let reach = Reach {
        roots: roots(args.roots.as_deref())?,
        limits: None,
    };
    let code = match &args.verb {
        RespondVerb::Plan {
            subject,
            user,
            of_tenant,
            with,
            ticks,
            output,
        } => {
            let request = PlanRequest {
                subject: subject.clone(),
                user: user.clone(),
                tenant: global.tenant.clone(),
                of_tenant: *of_tenant,
                with: with.clone(),
                ticks: ticks.all(),
            };
            let report = store.respond_plan(&request, &actor, &reach)?;
            if let Some(path) = output {
                write_plan(&report.plan, path)?;
                ui.say(&format!("wrote `{}`", path.display()));
            }
            plan(&report, ui)?
        }
        RespondVerb::Show { plan: name, ticks } => {
            plan(&store.respond_show(name, &ticks.all(), &actor)?, ui)?
        }
        RespondVerb::Approve { plan, hash } => {
            let names = store.respond_approve(&asked(plan, hash), &actor)?;
            ui.say(&format!("approved by {}", shown(&names.join(", "))));
            Code::Ok
        }
        RespondVerb::Apply {
            plan,
            hash,
            password_file,
        } => {
            // Opened first: a password that cannot be handed over is worse than none that is set.
            let mut handed = Handover::open(password_file.as_deref())?;
            let report = {
                let mut watch = Telling::new(ui);
                store.respond_apply(&asked(plan, hash), &actor, &reach, &mut watch)?
            };
            handed.over(&report, ui)?;
            executed(&report, "applied", ui)?
        }
        RespondVerb::Undo { execution, step } => {
            let report = {
                let mut watch = Telling::new(ui);
                store.respond_undo(execution, *step, &actor, &reach, &mut watch)?
            };
            executed(&report, "taken back", ui)?
        }
        RespondVerb::Status { execution } => {
            store.respond_watch()?;
            let back = store.come_backs()?;
            let mut all = store.respond_status()?;
            if let Some(name) = execution {
                all.retain(|one| one.id.eq_ignore_ascii_case(name));
                if all.is_empty() {
                    return Err(EngineError::NoSuchExecution { name: name.clone() }.into());
                }
            }
            status(&all, &back, ui)?
        }
        RespondVerb::Ledger { verify } => ledger(&store.acts(*verify)?, *verify, ui)?,
        RespondVerb::Actions => Code::Ok,
    };
    ui.flush()?;
    Ok(code)
}

fn asked(plan: &str, hash: &str) -> ApplyRequest {
    ApplyRequest {
        plan: plan.to_owned(),
        hash: hash.to_owned(),
    }
}

fn write_plan(plan: &WirePlan, path: &Path) -> Result<(), Trouble> {
    let written = |source| EngineError::Written {
        path: path.to_owned(),
        source,
    };
    let text = serde_json::to_string_pretty(plan).map_err(|error| written(error.into()))?;
    std::fs::write(path, text + "\n").map_err(written)?;
    Ok(())
}

/// Tells how far applying is, a line a step.
struct Telling<'u> {
    interrupt: Interrupt,
    ui: &'u mut Ui,
}

impl<'u> Telling<'u> {
    fn new(ui: &'u mut Ui) -> Self {
        Self {
            interrupt: Interrupt::new(ui),
            ui,
        }
    }
}

impl RespondWatch for Telling<'_> {
    fn begins(&mut self, step: u32, title: &str, object: &str) {
        self.ui.say(&format!("{step:>3}  {title}: {object}"));
    }

    fn ends(&mut self, step: &StepReport) {
        let detail = if step.detail.is_empty() {
            String::new()
        } else {
            format!(": {}", shown(&step.detail))
        };
        self.ui.say(&format!("     {}{detail}", step.state));
    }

    fn stopped(&self) -> bool {
        self.interrupt.is_raised()
    }
}

/// Where new passwords go: to the terminal, once, or into a file of the operator's.
struct Handover(Option<(std::path::PathBuf, std::fs::File)>);

impl Handover {
    fn open(path: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|source| EngineError::Written {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self(Some((path.to_owned(), file))))
    }

    fn over(&mut self, report: &ExecutionReport, ui: &mut Ui) -> Result<(), Trouble> {
        for (user, secret) in &report.passwords {
            match &mut self.0 {
                Some((path, file)) => {
                    writeln!(file, "{user}\t{}", secret.reveal())
                        .and_then(|()| file.sync_all())
                        .map_err(|source| EngineError::Written {
                            path: path.clone(),
                            source,
                        })?;
                    ui.say(&format!(
                        "the new password of {} is in `{}`",
                        shown(user),
                        path.display()
                    ));
                }
                // Not on the way of the answer, which may be kept in a file.
                None => ui.warn(&format!(
                    "the new password of {}, shown this once and kept nowhere: {}",
                    shown(user),
                    secret.reveal()
                )),
            }
        }
        Ok(())
    }
}
