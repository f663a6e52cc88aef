//! EVA-03: less of what happens in a mailbox is recorded.

use super::switch::Switch;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-03",
    title: "Mailbox audit reduced",
    decides: "`Set-Mailbox` with `AuditEnabled` false, with actions taken out of `AuditOwner`, \
              `AuditDelegate` or `AuditAdmin` or those emptied, or with `AuditLogAgeLimit` under \
              90 days; `Set-OrganizationConfig` with `AuditDisabled` true.",
    severity: "high; low for a list of actions that leaves reading mail out without taking \
               anything away by name.",
    benign: "Scripts that set the list of audited actions: adding is silent, and so is the \
             default of 90 days.",
    attack: &["T1562.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Difference,
    untested: "No real record with these parameters was at hand; how a removal is written in \
               them is Microsoft's documented spelling.",
};

const LISTS: &[&str] = &["AuditOwner", "AuditDelegate", "AuditAdmin"];
const AGE: &str = "AuditLogAgeLimit";
/// How long Exchange keeps a mailbox's audit log if nobody says otherwise.
const USUAL_DAYS: u64 = 90;

pub(super) struct Eva03;

impl Detection for Eva03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Set-Mailbox", "Set-OrganizationConfig"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let found = if cmdlet.noun().eq_ignore_ascii_case("OrganizationConfig") {
            of_all(&cmdlet)
        } else {
            of_mailbox(&cmdlet)
        };
        if let Some(switch) = found {
            let silent_if = "nothing less were recorded than before";
            let hit = switch.hit(&cmdlet, seen, world, silent_if);
            hits.push(hit.keyed(cmdlet.name().to_lowercase()));
        }
    }
}

fn of_all<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    let is_off = cmdlet.truth("AuditDisabled") == Some(true);
    is_off.then(|| Switch {
        severity: Severity::High,
        what: "switched off mailbox audit for the whole organisation".to_owned(),
        field: "AuditDisabled",
        value: "True",
        baseline: "False",
    })
}

fn of_mailbox<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    if cmdlet.truth("AuditEnabled") == Some(false) {
        return Some(Switch {
            severity: Severity::High,
            what: "switched off the audit of a mailbox".to_owned(),
            field: "AuditEnabled",
            value: "False",
            baseline: "True",
        });
    }
    let age = cmdlet.value(AGE).filter(|age| days(age) < USUAL_DAYS);
    if let Some(value) = age {
        return Some(Switch {
            severity: Severity::High,
            what: format!(
                "has the audit log of a mailbox kept for {} days only",
                days(value)
            ),
            field: AGE,
            value,
            baseline: "90 days",
        });
    }
    LISTS
        .iter()
        .find_map(|field| of_list(field, cmdlet.given(field)?))
}

/// `90.00:00:00`, `90` or `00:00:00`.
fn days(age: &str) -> u64 {
    let whole = age.split(['.', ':', ' ']).next().unwrap_or_default();
    let has_days = age.contains('.') || !age.contains(':');
    let number = whole.parse().unwrap_or(u64::MAX);
    if has_days || number == u64::MAX {
        number
    } else {
        0
    }
}

fn of_list<'c>(field: &'c str, value: &'c str) -> Option<Switch<'c>> {
    let plain: String = value.to_ascii_lowercase().replace([' ', '"', '\''], "");
    let is_removal = plain.contains("remove=") || plain.contains("remove:");
    let is_emptied = matches!(plain.as_str(), "" | "none" | "$null" | "{}" | "@()");
    let leaves_out = !plain.contains("add=") && !plain.contains("mailitemsaccessed");
    let (severity, how) = if is_removal {
        (Severity::High, "took actions out of")
    } else if is_emptied {
        (Severity::High, "emptied")
    } else if leaves_out {
        (Severity::Low, "left reading mail out of")
    } else {
        return None;
    };
    Some(Switch {
        severity,
        what: format!("{how} the list of audited actions {field} of a mailbox"),
        field,
        value,
        baseline: "the default list",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_read_in_days() {
        for (age, expected) in [
            ("90.00:00:00", 90),
            ("7.00:00:00", 7),
            ("00:00:00", 0),
            ("180", 180),
            ("Unlimited", u64::MAX),
        ] {
            assert_eq!(days(age), expected, "{age}");
        }
    }
}
