//! Auditing switched off and on again: G1 to G4 from the records of the switching itself.
//!
//! What a setting says today says nothing of the window; its history does.

use super::audit_set::keeps;
use crate::interval::Interval;
use model::bags::{Bag, body};
use model::{Event, Outcome, Timestamp};

/// What is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    /// Ingestion into the unified audit log, tenant-wide.
    Ingestion,
    /// Mailbox auditing in the organisation.
    Organisation,
    /// Auditing of one mailbox.
    Mailbox,
    /// Whether reads by a kind of logon are in the mailbox's audit set.
    Reading(Logon),
    /// Whether sends by a kind of logon are in the mailbox's audit set.
    Sending(Logon),
    /// Whether an actor is audited at all: off while a bypass lasts.
    Actor,
}

/// A kind of logon, as audit sets tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Logon {
    /// The owner.
    Owner,
    /// A delegate.
    Delegate,
    /// An administrator.
    Admin,
}

impl Logon {
    pub(super) const ALL: [Self; 3] = [Self::Owner, Self::Delegate, Self::Admin];

    /// Returns the kind of Exchange's LogonType: 0 owner, 1 admin, 2 delegated, 6 delegated admin.
    pub(super) fn of_type(logon_type: i32) -> Option<Self> {
        match logon_type {
            0 => Some(Self::Owner),
            2 => Some(Self::Delegate),
            1 | 6 => Some(Self::Admin),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Delegate => "delegate",
            Self::Admin => "administrator",
        }
    }

    fn parameter(self) -> &'static str {
        match self {
            Self::Owner => "AuditOwner",
            Self::Delegate => "AuditDelegate",
            Self::Admin => "AuditAdmin",
        }
    }

    fn in_default_set(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Delegate => "Delegate",
            Self::Admin => "Admin",
        }
    }
}

/// One turn of a switch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    /// When; none where the record's time cannot be read.
    pub(super) time: Option<Timestamp>,
    /// Whether it ends auditing. Of two turns at one moment the one that blinds holds.
    pub(super) off: bool,
    /// What is switched.
    pub(super) setting: Setting,
    /// The names the record gives for what is switched, the cmdlet's own first; all in lower case.
    pub(super) names: Vec<String>,
    /// Who switched.
    pub(super) by: String,
    /// The record.
    pub(super) record: String,
}

/// Every turn of every switch in the tenant.
#[derive(Debug, Default)]
pub(super) struct Switches(Vec<Turn>);

impl Switches {
    /// Notes what an event switches.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        let Some(read) = reader(&event.action) else {
            return;
        };
        // Most cmdlets on mailboxes have nothing to do with auditing: their JSON is not read.
        if event.outcome == Outcome::Failure || !event.rest.contains("udit") {
            return;
        }
        let parameters = Bag::read_flattened(&body(&event.rest), "Parameters");
        let turns = read(&parameters);
        let names = if turns.is_empty() {
            Vec::new()
        } else {
            names(event, &parameters)
        };
        self.0.extend(turns.into_iter().map(|(setting, on)| Turn {
            time: event.time,
            off: !on,
            setting,
            names: names.clone(),
            by: event.user.to_string(),
            record: event.id.to_string(),
        }));
    }

    /// Returns the turns of one setting, in order of time.
    pub(super) fn of(&self, setting: Setting) -> Vec<Turn> {
        let turns = self.0.iter().filter(|turn| turn.setting == setting);
        let mut turns: Vec<Turn> = turns.cloned().collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }
}

type Reader = fn(&Bag) -> Vec<(Setting, bool)>;

fn reader(action: &str) -> Option<Reader> {
    const READERS: [(&str, Reader); 4] = [
        ("Set-AdminAuditLogConfig", ingestion),
        ("Set-OrganizationConfig", organisation),
        ("Set-Mailbox", mailbox),
        ("Set-MailboxAuditBypassAssociation", bypass),
    ];
    READERS
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(action))
        .map(|(_, read)| read)
}

fn ingestion(parameters: &Bag) -> Vec<(Setting, bool)> {
    let on = parameters.truth("UnifiedAuditLogIngestionEnabled");
    on.map(|on| (Setting::Ingestion, on)).into_iter().collect()
}

fn organisation(parameters: &Bag) -> Vec<(Setting, bool)> {
    let disabled = parameters.truth("AuditDisabled");
    disabled
        .map(|disabled| (Setting::Organisation, !disabled))
        .into_iter()
        .collect()
}

fn bypass(parameters: &Bag) -> Vec<(Setting, bool)> {
    let bypassed = parameters.truth("AuditBypassEnabled");
    bypassed
        .map(|bypassed| (Setting::Actor, !bypassed))
        .into_iter()
        .collect()
}

fn mailbox(parameters: &Bag) -> Vec<(Setting, bool)> {
    let enabled = parameters.truth("AuditEnabled");
    let mut turns: Vec<_> = enabled
        .map(|enabled| (Setting::Mailbox, enabled))
        .into_iter()
        .collect();
    for logon in Logon::ALL {
        turns.extend(audit_set(parameters, logon));
    }
    turns
}

fn audit_set(parameters: &Bag, logon: Logon) -> Vec<(Setting, bool)> {
    let restored = parameters
        .get("DefaultAuditSet")
        .and_then(|set| keeps(set, logon.in_default_set()))
        .filter(|is_restored| *is_restored);
    let value = parameters.get(logon.parameter());
    let says = |action| value.and_then(|value| keeps(value, action)).or(restored);
    [
        (Setting::Reading(logon), says("MailItemsAccessed")),
        (Setting::Sending(logon), says("Send")),
    ]
    .into_iter()
    .filter_map(|(setting, on)| Some((setting, on?)))
    .collect()
}

fn names(event: &Event<'_>, parameters: &Bag) -> Vec<String> {
    [
        parameters.get("Identity").unwrap_or_default(),
        &event.object,
        &event.mailbox,
    ]
    .into_iter()
    .filter(|name| !name.is_empty())
    .map(str::to_lowercase)
    .collect()
}

/// A stretch of time in which a switch was off.
#[derive(Clone, Debug)]
pub(super) struct Off {
    /// From switching off to switching on.
    pub(super) interval: Interval,
    /// How long that is.
    pub(super) lasted: i64,
    /// Who switched off, or on where nobody was seen to switch off.
    pub(super) by: String,
    /// The records that show it.
    pub(super) records: Vec<String>,
    /// How its beginning and end are known.
    pub(super) known: Known,
}

/// How a stretch is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It was switched off and on again.
    Both,
    /// It was switched off and never seen on again.
    Begun,
    /// It was switched on, and nothing shows that it had been on before.
    Ended,
    /// It was switched off at a time that cannot be read.
    Undated,
}

/// Returns when a switch was off. `alive` is the first moment that proves it on.
pub(super) fn off(turns: &[Turn], alive: Option<Timestamp>) -> Vec<Off> {
    let mut found = Vec::new();
    let mut begun: Option<(Timestamp, &Turn)> = None;
    let mut is_first = true;
    for turn in turns {
        let Some(time) = turn.time else {
            found.extend(
                turn.off
                    .then(|| stretch(Interval::ALL, &[turn], Known::Undated)),
            );
            continue;
        };
        match (turn.off, begun) {
            (true, None) => begun = Some((time, turn)),
            (false, Some((from, start))) => {
                found.push(stretch(
                    Interval::new(from, time),
                    &[start, turn],
                    Known::Both,
                ));
                begun = None;
            }
            (false, None) if is_first && alive.is_none_or(|alive| alive >= time) => {
                let before = Interval::new(Timestamp(i64::MIN), time);
                found.push(stretch(before, &[turn], Known::Ended));
            }
            _ => {}
        }
        is_first = false;
    }
    if let Some((from, start)) = begun {
        let since = Interval::new(from, Timestamp(i64::MAX));
        found.push(stretch(since, &[start], Known::Begun));
    }
    found
}

fn stretch(interval: Interval, turns: &[&Turn], known: Known) -> Off {
    Off {
        interval,
        lasted: interval.length(),
        by: turns
            .first()
            .map(|turn| turn.by.clone())
            .unwrap_or_default(),
        records: turns.iter().map(|turn| turn.record.clone()).collect(),
        known,
    }
}
