//! G1 to G4: stretches in which auditing was off, for the tenant, the mailbox or an actor.

use super::reads::Reads;
use super::scope::{Scope, is_called};
use super::switches::{Known, Logon, Off, Setting, Switches, Turn, off};
use super::words::{count, lasting, moment};
use super::{Gap, GapId};
use crate::attribution::Verdict;
use crate::interval::{HOUR, Interval, SECOND};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The first moments that prove auditing alive.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Life {
    /// The first unified record of the tenant.
    pub(super) unified: Option<Timestamp>,
    /// The first mailbox record of any mailbox.
    pub(super) any_mailbox: Option<Timestamp>,
    /// The first record of the scoped mailbox.
    pub(super) mailbox: Option<Timestamp>,
}

/// How long a switch takes to reach every server: records of that time contradict nothing.
const PROPAGATION: i64 = HOUR;

/// What G1 to G4 are told from.
#[derive(Clone, Copy, Debug)]
pub(super) struct AuditOff<'a> {
    /// Every turn of every switch.
    pub(super) switches: &'a Switches,
    /// What they are held against.
    pub(super) scope: &'a Scope<'a>,
    /// What proves auditing alive.
    pub(super) life: Life,
    /// The reads of the mailbox, which prove it too.
    pub(super) reads: &'a Reads,
}

impl AuditOff<'_> {
    /// Returns G1 to G4.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let Self {
            switches,
            scope,
            life,
            ..
        } = *self;
        let mut gaps = self.of_all(
            GapId::G1,
            &switches.of(Setting::Ingestion),
            life.unified,
            INGESTION,
        );
        let organisation = switches.of(Setting::Organisation);
        gaps.extend(self.of_all(GapId::G2, &organisation, life.any_mailbox, ORGANISATION));
        let mut mailbox = switches.of(Setting::Mailbox);
        mailbox.retain(|turn| concerns_mailbox(turn, scope));
        let words = Words {
            scope: scope.mailbox(),
            ..MAILBOX
        };
        gaps.extend(self.of_all(GapId::G3, &mailbox, life.mailbox, words));
        gaps.extend(audit_sets(switches, scope, self.reads));
        gaps.extend(bypasses(switches, scope));
        gaps.retain(|gap| {
            gap.interval
                .is_none_or(|interval| scope.concerns(&interval))
        });
        gaps
    }

    /// Returns the gaps of a switch that stops every kind of record of the mailbox.
    fn of_all(
        &self,
        id: GapId,
        turns: &[Turn],
        alive: Option<Timestamp>,
        words: Words<'_>,
    ) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for mut off in off(turns, alive) {
            if let Some((until, reads)) = self.contradicted(&off) {
                let effect = format!(
                    "none until {} UTC: the log holds {} of the mailbox of that time",
                    moment(until),
                    count(reads, "read")
                );
                let words = Words {
                    effect: &effect,
                    ..words
                };
                let before = Off {
                    interval: Interval::new(off.interval.from, until),
                    ..off.clone()
                };
                gaps.push(gap(id, self.scope, &before, false, words));
                off.interval.from = until;
            }
            gaps.push(gap(id, self.scope, &off, true, words));
        }
        gaps
    }

    /// Returns until when reads were recorded although auditing is said to have been off, and how
    /// many. Exchange ignores a mailbox's own switch while auditing is on by default for the
    /// organisation; but a switch that was ignored once may hold later.
    /// <https://learn.microsoft.com/purview/audit-mailboxes>
    fn contradicted(&self, off: &Off) -> Option<(Timestamp, u64)> {
        if !matches!(off.known, Known::Both | Known::Begun) {
            return None;
        }
        let settled = off.interval.from.plus_seconds(PROPAGATION / SECOND);
        self.reads
            .last_within(&Interval::new(settled, off.interval.to))
    }
}

/// What a register says of one kind of gap.
#[derive(Clone, Copy)]
struct Words<'a> {
    scope: &'a str,
    effect: &'a str,
    what: &'a str,
    fix: &'a str,
}

const INGESTION: Words<'_> = Words {
    scope: "tenant",
    effect: "no record of anything reached the unified audit log",
    what: "ingestion into the unified audit log",
    fix: "Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true; what was not ingested cannot be had later",
};

const ORGANISATION: Words<'_> = Words {
    scope: "tenant",
    effect: "no mailbox of the organisation was audited",
    what: "mailbox auditing in the organisation",
    fix: "Set-OrganizationConfig -AuditDisabled $false; look for mailboxes whose own audit setting was on all the same",
};

const MAILBOX: Words<'_> = Words {
    scope: "",
    effect: "nothing done in the mailbox was recorded",
    what: "auditing of the mailbox",
    fix: "Set-Mailbox -AuditEnabled $true; ask for sign-in and message trace records of the time",
};

fn concerns_mailbox(turn: &Turn, scope: &Scope<'_>) -> bool {
    turn.names.iter().any(|name| scope.names_mailbox(name))
}

fn audit_sets(switches: &Switches, scope: &Scope<'_>, reads: &Reads) -> Vec<Gap> {
    let seen: BTreeSet<Logon> = scope
        .contexts()
        .filter(|context| context.verdict != Verdict::Service)
        .filter_map(|context| Logon::of_type(context.logon_type?))
        .chain([Logon::Owner])
        .collect();
    let mut gaps = Vec::new();
    for logon in Logon::ALL {
        let is_seen = seen.contains(&logon);
        for setting in [Setting::Reading(logon), Setting::Sending(logon)] {
            let mut turns = switches.of(setting);
            turns.retain(|turn| concerns_mailbox(turn, scope));
            let words = Words {
                scope: scope.mailbox(),
                effect: &set_effect(setting, logon, is_seen),
                what: &set_what(setting, logon),
                fix: "Set-Mailbox -DefaultAuditSet Admin,Delegate,Owner; what was not recorded cannot be had later",
            };
            let blind = is_seen && setting == Setting::Reading(logon);
            let off = off(&turns, reads.first());
            gaps.extend(
                off.iter()
                    .map(|off| gap(GapId::G3, scope, off, blind, words)),
            );
        }
    }
    gaps
}

fn set_what(setting: Setting, logon: Logon) -> String {
    let action = match setting {
        Setting::Sending(_) => "Send",
        _ => "MailItemsAccessed",
    };
    format!("{action} in the audit set for {} logons", logon.name())
}

fn set_effect(setting: Setting, logon: Logon, is_seen: bool) -> String {
    let name = logon.name();
    match setting {
        Setting::Sending(_) => format!(
            "messages sent by {name} logons left no record in the mailbox: only a message trace shows them"
        ),
        _ if is_seen => format!("no read by {name} logons was recorded"),
        _ => format!(
            "no read by {name} logons was recorded; nobody else than services is seen to have used one"
        ),
    }
}

fn bypasses(switches: &Switches, scope: &Scope<'_>) -> Vec<Gap> {
    let mut actors: BTreeMap<String, Vec<Turn>> = BTreeMap::new();
    for turn in switches.of(Setting::Actor) {
        actors.entry(actor_of(&turn, scope)).or_default().push(turn);
    }
    let mut gaps = Vec::new();
    for (actor, turns) in &actors {
        let is_of_the_case = scope.names_actor(actor) || turned_by_intruder(turns, scope);
        let effect = if is_of_the_case {
            format!("nothing that `{actor}` did in any mailbox was recorded")
        } else {
            format!(
                "nothing that `{actor}` did in any mailbox was recorded; no record connects them with this case"
            )
        };
        let words = Words {
            scope: actor,
            effect: &effect,
            what: "auditing of the actor",
            fix: "Set-MailboxAuditBypassAssociation -AuditBypassEnabled $false; ask why it was set, and look for that actor's sign-ins",
        };
        let alive = first_of_actor(actor, scope);
        gaps.extend(
            off(turns, alive)
                .iter()
                .map(|off| gap(GapId::G4, scope, off, is_of_the_case, words)),
        );
    }
    gaps
}

/// One actor has many spellings: those the case knows come under one name.
fn actor_of(turn: &Turn, scope: &Scope<'_>) -> String {
    if turn.names.iter().any(|name| scope.names_person(name)) {
        return scope.brief.user.clone();
    }
    let known = scope.contexts().map(|context| context.actor.as_str());
    let known: BTreeSet<&str> = known.collect();
    let called = |actor: &&&str| turn.names.iter().any(|name| is_called(name, actor));
    if let Some(actor) = known.iter().find(called) {
        return (*actor).to_owned();
    }
    let name = turn.names.first().map_or("", String::as_str);
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split('@').next().unwrap_or_default().to_owned()
}

/// A bypass that the intruder sets is for an account the intruder means to use.
fn turned_by_intruder(turns: &[Turn], scope: &Scope<'_>) -> bool {
    turns.iter().any(|turn| {
        let context = scope.attribution.context_of(&turn.record);
        context.is_some_and(|context| context.verdict == Verdict::Intruder)
    })
}

fn first_of_actor(actor: &str, scope: &Scope<'_>) -> Option<Timestamp> {
    scope
        .contexts()
        .filter(|context| context.actor == actor)
        .filter_map(|context| context.first)
        .min()
}

fn gap(id: GapId, scope: &Scope<'_>, off: &Off, blind: bool, words: Words<'_>) -> Gap {
    Gap {
        id,
        interval: (off.known != Known::Undated).then(|| scope.told(off.interval)),
        scope: words.scope.to_owned(),
        effect: words.effect.to_owned(),
        proof: proof(off, words.what),
        records: off.records.clone(),
        blind,
        fix: words.fix.to_owned(),
    }
}

fn proof(off: &Off, what: &str) -> String {
    let by = if off.by.is_empty() {
        "somebody"
    } else {
        &off.by
    };
    match off.known {
        Known::Both => format!(
            "`{by}` switched {what} off, and it was on again {} later",
            lasting(off.lasted)
        ),
        Known::Begun => {
            format!("`{by}` switched {what} off, and no record shows it switched on again")
        }
        Known::Ended => {
            format!("`{by}` switched {what} on, and no record shows it had been on before")
        }
        Known::Undated => {
            format!("`{by}` switched {what} off at a time that cannot be read")
        }
    }
}
