//! Acts worth telling that no other module keeps: sign-ins, consents, permissions, first synchronisations.

use super::Moment;
use crate::attribution::{Attribution, Reason, Verdict};
use crate::brief::{Brief, Seed};
use crate::interval::{MINUTE, SKEW};
use model::bags::{body, each_object};
use model::{Event, Family, Json, Outcome, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Gathers acts worth telling from the events of a tenant.
#[derive(Debug)]
pub struct Log {
    user: String,
    seeds: Vec<Seed>,
    /// The first sign-in of each way of the person's signing in, and of each seed.
    sign_ins: BTreeMap<String, Act>,
    /// The first synchronisation of each mailbox in each session.
    syncs: BTreeMap<String, Act>,
    /// Consents and permissions of the whole tenant: few, and whose they are is told at the end.
    grants: Vec<Act>,
}

/// Acts worth telling, told by their records.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    pub(super) moments: Vec<Moment>,
}

/// What kind of act it is, in the order in which one decision's records are told by the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    SignIn,
    Sync,
    Consent,
    /// A permission that a consent brings, written as a record of its own.
    Grant,
    Permission,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Sync => "sync",
            Self::Consent | Self::Grant => "consent",
            Self::Permission => "permission",
        }
    }
}

/// One act, not yet attributed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Act {
    time: Timestamp,
    record: String,
    kind: Kind,
    text: String,
    actor: String,
    session: String,
    /// What it concerns: applications, mailboxes; in lower case.
    objects: BTreeSet<String>,
    /// Whether a seed points at it.
    seeded: bool,
}

const CONSENT: &str = "Consent to application";

const GRANTS: [&str; 3] = [
    "Add delegated permission grant",
    "Add OAuth2PermissionGrant",
    "Add app role assignment to service principal",
];

const PERMISSIONS: [&str; 7] = [
    "Add-MailboxPermission",
    "Add-RecipientPermission",
    "Add-MailboxFolderPermission",
    "Set-MailboxFolderPermission",
    "AddFolderPermissions",
    "ModifyFolderPermissions",
    "UpdateCalendarDelegation",
];

impl Log {
    /// Makes an empty log for a case.
    #[must_use]
    pub fn new(brief: &Brief) -> Self {
        Self {
            user: brief.user.clone(),
            seeds: brief.seeds.clone(),
            sign_ins: BTreeMap::new(),
            syncs: BTreeMap::new(),
            grants: Vec::new(),
        }
    }

    /// Takes in one event of the tenant.
    pub fn event(&mut self, event: &Event<'_>) {
        let Some(time) = event.time else { return };
        if event.outcome == Outcome::Failure {
            return;
        }
        let is = |name: &&str| event.action.eq_ignore_ascii_case(name);
        if event.family == Family::SignIn || is(&"UserLoggedIn") {
            self.sign_in(event, time);
        } else if is(&"MailItemsAccessed") {
            self.sync(event, time);
        } else if is(&CONSENT) {
            let text = format!("`{}` let the application {} in", event.user, named(event));
            self.grants.push(act(event, time, Kind::Consent, text));
        } else if GRANTS.iter().any(&is) {
            let text = format!(
                "`{}` gave an application access to {}",
                event.user,
                named(event)
            );
            self.grants.push(act(event, time, Kind::Grant, text));
        } else if PERMISSIONS.iter().any(is) {
            let text = format!(
                "`{}` changed who may open {} ({})",
                event.user,
                named(event),
                event.action
            );
            self.grants.push(act(event, time, Kind::Permission, text));
        }
    }

    /// Says which of the acts are the intruder's, or concern the case.
    #[must_use]
    pub fn close(mut self, attribution: &Attribution) -> Acts {
        self.grants.sort_unstable();
        self.grants.dedup();
        let acts = self
            .sign_ins
            .into_values()
            .chain(self.syncs.into_values())
            .chain(self.grants);
        let mut attributed: Vec<(Act, Verdict)> = acts
            .filter_map(|act| verdict(&act, attribution).map(|verdict| (act, verdict)))
            .collect();
        attributed.sort_unstable();
        let mut moments: Vec<Moment> = decisions(attributed).into_iter().map(told).collect();
        moments.sort_unstable();
        Acts { moments }
    }

    fn sign_in(&mut self, event: &Event<'_>, time: Timestamp) {
        // Whoever signs in to the intruder's application is its victim as a rule, and not the intruder.
        let tells = |seed: &&Seed| !matches!(seed, Seed::App(_));
        let mut seeds = self.seeds.iter().filter(tells);
        let seeded = seeds.any(|seed| seed.is_in(event));
        if !seeded && event.user != self.user.as_str() {
            return;
        }
        let address = event
            .address
            .map_or(String::new(), |address| address.to_string());
        // Of others one sign-in is enough: the case is not theirs.
        let way = match (event.user == self.user.as_str(), event.session.as_ref()) {
            (false, _) => "",
            (true, "") => &address,
            (true, session) => session,
        };
        let key = format!("{}\n{way}\n{seeded}", event.user);
        let from = if address.is_empty() {
            "an address that the record does not tell".to_owned()
        } else {
            address.clone()
        };
        let text = format!("`{}` signed in from {from}", event.user);
        let mut act = act(event, time, Kind::SignIn, text);
        act.seeded = seeded;
        keep_first(&mut self.sign_ins, key, act);
    }

    fn sync(&mut self, event: &Event<'_>, time: Timestamp) {
        const RECORD_TYPE_SYNC: i32 = 2;
        if event.record_type != Some(RECORD_TYPE_SYNC) {
            return;
        }
        let text = format!(
            "`{}` began to synchronise folders of the mailbox to a client",
            event.user
        );
        let act = act(event, time, Kind::Sync, text);
        keep_first(
            &mut self.syncs,
            format!("{}\n{}", event.user, event.session),
            act,
        );
    }
}

/// The earliest stands for all that are alike; of two at one moment the smaller record.
fn keep_first(acts: &mut BTreeMap<String, Act>, key: String, act: Act) {
    let first = acts.entry(key).or_insert_with(|| act.clone());
    if act < *first {
        *first = act;
    }
}

fn act(event: &Event<'_>, time: Timestamp, kind: Kind, text: String) -> Act {
    let objects = event.object.split(';');
    let objects = objects.map(|part| part.trim().to_lowercase());
    Act {
        time,
        record: event.id.to_string(),
        kind,
        text,
        actor: event.user.to_string(),
        session: event.session.to_string(),
        objects: objects.filter(|part| !part.is_empty()).collect(),
        seeded: false,
    }
}

/// Names what an act is about by the record's own words, an application by its name too.
fn named(event: &Event<'_>) -> String {
    let object = match event.object.split(';').next() {
        None | Some("") => event.mailbox.as_ref(),
        Some(object) => object,
    };
    match target_name(&event.rest) {
        Some(name) if name != object => format!("`{name}` (`{object}`)"),
        _ => format!("`{object}`"),
    }
}

/// Returns the display name among the targets of a directory record: the one of type 1.
fn target_name(rest: &str) -> Option<String> {
    const DISPLAY_NAME: i64 = 1;
    let mut named = None;
    each_object(body(rest).get_any_case("Target"), &mut |target| {
        let kind = target.get_any_case("Type").and_then(Json::as_integer);
        if named.is_none() && kind == Some(DISPLAY_NAME) {
            let id = target.get_any_case("ID").and_then(Json::as_text);
            named = id.map(str::to_owned);
        }
    });
    named
}

/// Returns whose an act is, or nothing where it does not belong to the case.
fn verdict(act: &Act, attribution: &Attribution) -> Option<Verdict> {
    let own = attribution.context_of(&act.record);
    let is_cleared =
        own.is_some_and(|context| matches!(context.verdict, Verdict::Owner | Verdict::Service));
    let is_intruders = own.is_some_and(|context| context.verdict == Verdict::Intruder)
        || (act.seeded && !is_cleared)
        || by_session_or_app(act, attribution);
    if is_intruders {
        return Some(Verdict::Intruder);
    }
    let is_grant = matches!(act.kind, Kind::Consent | Kind::Grant | Kind::Permission);
    let window = attribution.window?.widened(SKEW, SKEW);
    let named = |text: &String| attribution.person.is_named(text);
    let is_near = window.holds(act.time) && (named(&act.actor) || act.objects.iter().any(named));
    (is_grant && is_near).then(|| own.map_or(Verdict::Unknown, |context| context.verdict))
}

fn by_session_or_app(act: &Act, attribution: &Attribution) -> bool {
    let hostile = |verdict| verdict == Verdict::Intruder;
    attribution
        .contexts
        .iter()
        .filter(|context| hostile(context.verdict))
        .any(|context| {
            let by_session = !act.session.is_empty() && context.session == act.session;
            let by_app = act.kind == Kind::Consent && act.objects.contains(&context.app);
            by_session || by_app
        })
}

/// One decision with every record that it wrote.
struct Decision {
    act: Act,
    verdict: Verdict,
    records: BTreeSet<String>,
}

/// Gathers the records of one decision: a consent writes its grants too, a permission may be
/// written for each of its parts, all within two minutes. The acts come in order of time.
fn decisions(acts: Vec<(Act, Verdict)>) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = Vec::new();
    for (act, verdict) in acts {
        let belongs = |decision: &&mut Decision| decision.takes(&act);
        if let Some(decision) = decisions.iter_mut().rev().find(belongs) {
            decision.records.insert(act.record.clone());
            decision.verdict = decision.verdict.min(verdict);
            if act.kind < decision.act.kind {
                let time = decision.act.time;
                decision.act = Act { time, ..act };
            }
            continue;
        }
        decisions.push(Decision {
            records: [act.record.clone()].into(),
            act,
            verdict,
        });
    }
    decisions
}

impl Decision {
    fn takes(&self, act: &Act) -> bool {
        let is_near = act.time.0.saturating_sub(self.act.time.0) <= 2 * MINUTE;
        let is_same = self.act.kind == act.kind && self.act.text == act.text;
        let kinds = [self.act.kind, act.kind];
        let is_part = kinds.contains(&Kind::Grant)
            && kinds.iter().all(|kind| kind.name() == Kind::Grant.name());
        is_near && self.act.actor == act.actor && (is_same || is_part)
    }
}

fn told(decision: Decision) -> Moment {
    Moment {
        time: decision.act.time,
        kind: decision.act.kind.name().to_owned(),
        text: decision.act.text,
        verdict: decision.verdict.name().to_owned(),
        records: decision.records.into_iter().take(Reason::RECORDS).collect(),
    }
}
