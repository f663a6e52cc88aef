//! Which licence each mailbox has, against what `MailItemsAccessed` is promised with (gap G5), and
//! what of it was really seen.

use crate::doctor::answers::{Assigned, MailboxRow, Sku, User};
use crate::doctor::finding::{About, Finding, counted, first_few};
use crate::doctor::question::Heard;
use crate::doctor::verdict::Licence;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::doctor) const ABOUT: About = About {
    name: "licence",
    why: "The licence decides whether `MailItemsAccessed` is written, and whether it is kept for 180 days or a year.",
    link: "https://learn.microsoft.com/purview/audit-solutions-overview",
};

/// The service plan that Audit Premium is.
const PREMIUM: &str = "M365_ADVANCED_AUDITING";

/// Service plans with which Microsoft promises `MailItemsAccessed` since 2024.
const STANDARD: [&str; 3] = [
    "EXCHANGE_S_ENTERPRISE",
    "EXCHANGE_S_STANDARD",
    "M365_AUDIT_PLATFORM",
];

/// Returns the licence of each user by the object id in lower case; nothing where they could not be read.
pub(in crate::doctor) fn of_users(
    skus: &Heard<Sku>,
    users: &Heard<User>,
) -> Option<BTreeMap<String, Licence>> {
    let (Ok(skus), Ok(users)) = (skus, users) else {
        return None;
    };
    let skus: BTreeMap<String, &Sku> = skus
        .iter()
        .map(|sku| (sku.sku_id.to_lowercase(), sku))
        .collect();
    let licence = |user: &User| {
        let mut best = Licence::Less;
        for assigned in &user.assigned_licenses {
            let Some(sku) = skus.get(&assigned.sku_id.to_lowercase()) else {
                continue;
            };
            match of_sku(sku, assigned) {
                Licence::Premium => return Licence::Premium,
                Licence::Standard => best = Licence::Standard,
                Licence::Less | Licence::Unknown => {}
            }
        }
        best
    };
    let all = users
        .iter()
        .map(|user| (user.id.to_lowercase(), licence(user)));
    Some(all.collect())
}

fn of_sku(sku: &Sku, assigned: &Assigned) -> Licence {
    let mut best = Licence::Less;
    for plan in &sku.service_plans {
        let switched_off = assigned
            .disabled_plans
            .iter()
            .any(|id| id.eq_ignore_ascii_case(&plan.service_plan_id));
        if switched_off || plan.provisioning_status.eq_ignore_ascii_case("Disabled") {
            continue;
        }
        if plan.service_plan_name == PREMIUM {
            return Licence::Premium;
        }
        if STANDARD.contains(&plan.service_plan_name.as_str()) {
            best = Licence::Standard;
        }
    }
    best
}

/// Judges the licences of mailboxes; `seen` are those of which `MailItemsAccessed` was seen lately.
pub(in crate::doctor) fn judge(
    mailboxes: &Heard<MailboxRow>,
    licences: Option<&BTreeMap<String, Licence>>,
    seen: &BTreeSet<String>,
    refused: &str,
) -> Finding {
    let Some(licences) = licences else {
        return ABOUT
            .unknown(format!("could not be looked at: {refused}"))
            .fix("grant `Directory.Read.All` of Microsoft Graph");
    };
    let Ok(mailboxes) = mailboxes else {
        return ABOUT.unknown(
            "could not be looked at: the mailboxes to which licences belong were not listed",
        );
    };
    let (mut premium, mut standard, mut less, mut unproved) = (0, 0, 0, Vec::new());
    for row in mailboxes.iter().filter(|row| row.is_audited_kind()) {
        let id = row.external_directory_object_id.to_lowercase();
        match licences.get(&id).copied().unwrap_or(Licence::Less) {
            Licence::Premium => premium += 1,
            Licence::Standard => standard += 1,
            Licence::Less | Licence::Unknown => {
                less += 1;
                if !seen.contains(&row.address().to_lowercase()) {
                    unproved.push(row.address());
                }
            }
        }
    }
    let told = format!(
        "{} with Audit Premium (kept a year), {standard} with Audit Standard (180 days), {less} without a licence that promises `MailItemsAccessed`; it was seen of {} in 30 days",
        counted(premium, "mailbox", "mailboxes"),
        counted(seen.len(), "mailbox", "mailboxes"),
    );
    if unproved.is_empty() {
        return ABOUT.well(told);
    }
    ABOUT
        .blind(format!("{told}; neither promised nor seen of {}", first_few(&unproved)))
        .fix("give these mailboxes a licence with Exchange Online Plan 1 or 2 or Audit Premium, or collect for a day: what is seen counts more than what is promised")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    fn skus() -> Vec<Sku> {
        serde_json::from_str(
            r#"[{"skuId":"E5","servicePlans":[{"servicePlanId":"x","servicePlanName":"EXCHANGE_S_ENTERPRISE","provisioningStatus":"Success"},
                 {"servicePlanId":"p","servicePlanName":"M365_ADVANCED_AUDITING","provisioningStatus":"Success"}]},
                {"skuId":"F1","servicePlans":[{"servicePlanId":"k","servicePlanName":"EXCHANGE_S_DESKLESS","provisioningStatus":"Success"}]}]"#,
        )
        .expect("skus")
    }

    fn users() -> Vec<User> {
        serde_json::from_str(
            r#"[{"id":"A","assignedLicenses":[{"skuId":"e5","disabledPlans":[]}]},
                {"id":"B","assignedLicenses":[{"skuId":"e5","disabledPlans":["P"]}]},
                {"id":"C","assignedLicenses":[{"skuId":"f1"}]},
                {"id":"D"}]"#,
        )
        .expect("users")
    }

    #[test]
    fn doctor_reads_a_licence_less_what_was_switched_off_in_it() {
        let licences = of_users(&Ok(skus()), &Ok(users())).expect("read");
        assert_eq!(licences["a"], Licence::Premium);
        assert_eq!(licences["b"], Licence::Standard);
        assert_eq!(licences["c"], Licence::Less);
        assert_eq!(licences["d"], Licence::Less);
    }

    #[test]
    fn doctor_believes_a_record_over_a_licence() {
        let licences = of_users(&Ok(skus()), &Ok(users()));
        let rows = ["a", "b", "c"].map(|id| MailboxRow {
            user_principal_name: format!("{id}@x"),
            external_directory_object_id: id.to_owned(),
            ..MailboxRow::default()
        });
        let mailboxes = Ok(rows.to_vec());
        let judged = judge(&mailboxes, licences.as_ref(), &BTreeSet::new(), "");
        assert_eq!(judged.state, State::Blind);
        assert!(judged.what.contains("`c@x`"), "{}", judged.what);
        let seen = BTreeSet::from(["c@x".to_owned()]);
        assert_eq!(
            judge(&mailboxes, licences.as_ref(), &seen, "").state,
            State::Well
        );
        assert_eq!(
            judge(&mailboxes, None, &seen, "answered 403").state,
            State::Unknown
        );
    }
}
