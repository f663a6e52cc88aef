//! From the first evidence of the intruder to the end of their access.

use super::Eviction;
use super::acts::{Act, Deed};
use super::carried::AllCarried;
use super::closure::{Closure, Mark, Trace};
use super::presence;
use super::scene::{Scene, under};
use super::start::granted;
use super::strand::Ended;
use crate::interval::{Interval, MINUTE};
use model::Timestamp;
use std::collections::BTreeSet;

/// How long a token that was issued before may go on working.
/// <https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime>
const TOKEN_LIFE: i64 = 90 * MINUTE;

/// How long after its record an access may have gone on: an hour's repeats are not logged, and two
/// minutes are gathered in one record.
const UNLOGGED: i64 = 62 * MINUTE;

/// When the intruder is first and last shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The first evidence.
    pub(super) first: Option<Timestamp>,
    /// The last.
    pub(super) last: Option<Timestamp>,
}

impl Shown {
    /// Takes in a moment of evidence.
    pub(super) fn add(&mut self, time: Option<Timestamp>) {
        let Some(time) = time else { return };
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = self.last.max(Some(time));
    }
}

/// Returns when the closure shows the intruder.
pub(super) fn shown(scene: &Scene<'_>, closure: &Closure, seeds: &[Timestamp]) -> Shown {
    let mut shown = Shown::default();
    for (first, last) in AllCarried::of(scene, closure).times(scene) {
        shown.add(Some(first));
        shown.add(Some(last));
    }
    for time in seeds {
        shown.add(Some(*time));
    }
    for (mark, trace) in &closure.found {
        match mark {
            Mark::Act(at) => shown.add(scene.acts[*at].time),
            Mark::App(app) => shown.add(consented(scene, app)),
            Mark::Context(at) => {
                let draft = &scene.drafts[*at];
                let times = draft.heard.iter().filter_map(|part| part.time);
                let mut from = times.filter(|time| trace.since.is_none_or(|since| *time >= since));
                shown.add(from.next());
                shown.add(draft.last());
            }
            Mark::Session(session) => {
                let entries = under(&scene.index.entry_sessions, session.as_str());
                let entries = entries.iter().map(|at| &scene.entries[*at]);
                for entry in entries.filter(|entry| entry.ended == Ended::In) {
                    shown.add(entry.times.first().copied());
                    shown.add(entry.times.last().copied());
                }
                shown.add(presence::opened(scene, session));
            }
            Mark::Token(token) => {
                // A token without session: its sign-in is the evidence.
                for issue in scene.issues_of(token) {
                    let entry = &scene.entries[issue.entry];
                    if entry.times.len() == 1 {
                        shown.add(entry.times.first().copied());
                    }
                }
            }
            Mark::Ip(_) | Mark::Device(_) | Mark::Delegate(..) => {}
        }
    }
    shown
}

/// Returns when the person or an administrator for them consented to an application; its mere
/// registration opens no mailbox.
fn consented(scene: &Scene<'_>, app: &str) -> Option<Timestamp> {
    let granted = granted(scene, app);
    let mut own = granted.iter().filter(|act| {
        act.deed == Deed::Consent && (scene.is_persons(act) || scene.is_on_person(act))
    });
    own.next().and_then(|act| act.time)
}

/// Returns what may have ended the access since it began, by time.
pub(super) fn evictions(scene: &Scene<'_>, closure: &Closure, shown: Shown) -> Vec<Eviction> {
    let mut found: BTreeSet<Eviction> = BTreeSet::new();
    for act in scene.acts.iter().filter(|act| act.done) {
        let Some(at) = act
            .time
            .filter(|at| shown.first.is_none_or(|first| *at >= first))
        else {
            continue;
        };
        let Some((what, lasts)) = eviction(scene, closure, act) else {
            continue;
        };
        found.insert(Eviction {
            at,
            what: format!("{what} (`{}` by {})", act.action, by_whom(scene, act)),
            effective: Timestamp(at.0.saturating_add(lasts)),
            record: act.record.clone(),
        });
    }
    found.into_iter().collect()
}

fn eviction(scene: &Scene<'_>, closure: &Closure, act: &Act) -> Option<(String, i64)> {
    let on_person = || scene.is_on_person(act);
    match act.deed {
        Deed::Disable if on_person() => Some(("the account was switched off".to_owned(), 0)),
        Deed::Revoke if on_person() => Some(("sessions were revoked".to_owned(), TOKEN_LIFE)),
        Deed::Password if on_person() => {
            let what = "the password was changed, which alone ends no session";
            Some((what.to_owned(), TOKEN_LIFE))
        }
        Deed::Ungrant => {
            let app = scene
                .apps_of(act)
                .into_iter()
                .find(|app| closure.has_app(app))?;
            Some((format!("the application {app} lost what it had"), 0))
        }
        Deed::RuleEnd if scene.is_on_mailbox(act) => {
            Some(("a rule or forwarding was removed".to_owned(), 0))
        }
        Deed::PermissionEnd if scene.is_on_mailbox(act) => {
            Some(("a right in the mailbox was taken away".to_owned(), 0))
        }
        _ => None,
    }
}

fn by_whom(scene: &Scene<'_>, act: &Act) -> String {
    if scene.is_persons(act) {
        "the account itself".to_owned()
    } else if act.actor.is_empty() {
        "an unnamed actor".to_owned()
    } else {
        act.actor.clone()
    }
}

/// From when to when the intruder had access, as far as that is known.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// The window; none without an intruder.
    pub(super) interval: Option<Interval>,
    /// Why it begins and ends where it does.
    pub(super) because: String,
    /// Whether nothing shows that the access ended, and nobody said when it did.
    pub(super) is_open: bool,
}

/// Returns the window and why it begins and ends where it does.
pub(super) fn window(
    scene: &Scene<'_>,
    closure: &Closure,
    shown: Shown,
    evictions: &[Eviction],
) -> Window {
    let brief = scene.brief;
    if let Some(window) = brief.window() {
        return Window {
            interval: Some(window),
            because: "both ends were set by the analyst".to_owned(),
            is_open: false,
        };
    }
    let (Some(first), Some(last)) = (shown.first, shown.last) else {
        let why = "nothing is known to be the intruder's, so there is no window";
        return Window {
            because: why.to_owned(),
            ..Window::default()
        };
    };
    let (from, begins) = match (brief.since, brief.until) {
        (Some(since), _) => (since, "it begins where the analyst set it"),
        (None, Some(until)) if until <= first => (
            Timestamp(i64::MIN),
            "the analyst set its end before the first evidence of the intruder, so nothing shows its beginning",
        ),
        (None, _) => (first, "it begins with the first evidence of the intruder"),
    };
    let end = match brief.until {
        Some(until) => End {
            at: until,
            because: "it ends where the analyst set it".to_owned(),
            is_open: false,
        },
        None => end(
            scene,
            closure,
            Shown {
                first: Some(from),
                last: Some(last),
            },
            evictions,
        ),
    };
    // A window without a moment in it would ask nothing of the logs.
    let to = end.at.max(Timestamp(from.0.saturating_add(1)));
    Window {
        interval: Some(Interval::new(from, to)),
        because: format!("{begins}; {}", end.because),
        is_open: end.is_open,
    }
}

/// Where the window ends.
struct End {
    at: Timestamp,
    because: String,
    is_open: bool,
}

fn end(scene: &Scene<'_>, closure: &Closure, shown: Shown, evictions: &[Eviction]) -> End {
    let last = shown.last.unwrap_or(Timestamp(0));
    let last_access = Timestamp(last.0.saturating_add(UNLOGGED));
    let missing = unended(scene, closure, shown);
    if let Some(missing) = missing {
        let latest = scene
            .latest
            .map_or(last_access, |latest| Timestamp(latest.0.saturating_add(1)));
        return End {
            at: latest.max(last_access),
            because: format!(
                "it ends with the last record that was collected, for nothing shows that the access ended: {missing}"
            ),
            is_open: true,
        };
    }
    let evicted = evictions.iter().map(|eviction| eviction.effective).max();
    let (at, because) = match evicted {
        Some(evicted) if evicted >= last_access => {
            (evicted, "it ends when the last eviction took effect")
        }
        _ => (
            last_access,
            "it ends 62 minutes after the last evidence of the intruder",
        ),
    };
    End {
        at,
        because: because.to_owned(),
        is_open: false,
    }
}

/// Returns what was not done to end the access, if anything.
fn unended(scene: &Scene<'_>, closure: &Closure, shown: Shown) -> Option<String> {
    // What the intruder outlived did not end their access.
    let outlived = |act: &Act, lasts: i64, last: Option<Timestamp>| {
        let effective = act.time.map(|at| Timestamp(at.0.saturating_add(lasts)));
        effective < last || act.time < shown.first
    };
    let carried = AllCarried::of(scene, closure);
    let used_tokens = carried.times(scene).map(|(_, last)| last).max();
    let used_account = last_of(scene, closure, |trace| !is_by_app(trace)).max(used_tokens);
    let needs_account = used_account.is_some()
        || closure.found.keys().any(|mark| {
            matches!(
                mark,
                Mark::Session(_) | Mark::Token(_) | Mark::Device(_) | Mark::Ip(_)
            )
        });
    let is_end = |act: &Act| {
        let lasts = match act.deed {
            Deed::Disable => 0,
            Deed::Revoke => TOKEN_LIFE,
            _ => return false,
        };
        act.done && !outlived(act, lasts, used_account) && scene.is_on_person(act)
    };
    if needs_account && !scene.acts.iter().any(is_end) {
        let what = "the account was neither switched off nor its sessions revoked afterwards";
        return Some(what.to_owned());
    }
    closure.found.keys().find_map(|mark| {
        let Mark::App(app) = mark else { return None };
        let used = last_of(scene, closure, |trace| trace.from.as_ref() == Some(mark));
        let lost = |act: &Act| {
            let takes = act.deed == Deed::Ungrant && act.done;
            takes && !outlived(act, 0, used) && scene.apps_of(act).contains(app)
        };
        let is_kept = !scene.acts.iter().any(lost);
        is_kept.then(|| format!("the application {app} kept what it was given"))
    })
}

fn is_by_app(trace: &Trace) -> bool {
    matches!(trace.from, Some(Mark::App(_) | Mark::Delegate(..)))
}

/// Returns when the last record of the intruder's contexts of a kind was written.
fn last_of(
    scene: &Scene<'_>,
    closure: &Closure,
    is_kind: impl Fn(&Trace) -> bool,
) -> Option<Timestamp> {
    let contexts = closure.found.iter().filter_map(|(mark, trace)| match mark {
        Mark::Context(at) if is_kind(trace) => scene.drafts[*at].last(),
        _ => None,
    });
    contexts.max()
}
