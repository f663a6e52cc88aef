//! EDI-02: somebody may search everybody's mail from now on.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EDI-02",
    title: "eDiscovery rights granted",
    decides: "A member added to the role groups that search, export or organise (eDiscovery, Organization \
              Management, Compliance), or an eDiscovery administrator added.",
    severity: "high; medium for known administrators; low for a hold",
    benign: "Administrators set up a legal team once. Removing members, and other role groups, are silent.",
    attack: &["T1098"],
    sources: &[Source::Purview, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of such a grant was at hand.",
};

const GROUPS: &[&str] = &[
    "ediscovery",
    "discovery management",
    "discoverymanagement",
    "organization management",
    "organizationmanagement",
    "compliance administrator",
    "compliancedatainvestigator",
    "compliance management",
    "mailbox import export",
    "dataminvestigator",
    "data investigator",
];

pub(super) struct Edi02;

impl Detection for Edi02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add-RoleGroupMember",
            "Update-RoleGroupMember",
            "Add-eDiscoveryCaseAdmin",
            "Add-ComplianceCaseMember",
            "CaseAdminAdded",
            "New-CaseHoldPolicy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let group = group(seen);
        let is_group = seen.is_action(&["Add-RoleGroupMember", "Update-RoleGroupMember"]);
        let is_ours = GROUPS
            .iter()
            .any(|name| group.to_lowercase().contains(name));
        if is_group && !is_ours {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = match (seen.is_action(&["New-CaseHoldPolicy"]), is_known_admin) {
            (true, _) => Severity::Low,
            (false, true) => Severity::Medium,
            (false, false) => Severity::High,
        };
        let member = ["Member", "Members", "User", "ExchangeLocation"]
            .iter()
            .find_map(|name| seen.parameter(name))
            .unwrap_or("somebody");
        let why = format!(
            "{} gave {} the rights of {}",
            seen.person(),
            quoted(member),
            quoted(&group)
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(format!("{group} {member}"))
                .compared(
                    "Identity",
                    group,
                    "role groups that search, export or organise",
                )
                .because("Member", member)
                .silent_if("the role group were another"),
        );
    }
}

/// Older records of Purview keep the whole command line in one text.
fn group(seen: &Seen<'_>) -> String {
    let named = ["Identity", "Name", "Case"]
        .iter()
        .find_map(|name| seen.parameter(name));
    match named {
        Some(name) => name.to_owned(),
        None if !seen.word("Parameters").is_empty() => seen.word("Parameters").to_owned(),
        None if !seen.object().is_empty() => seen.object().to_owned(),
        None => "eDiscovery".to_owned(),
    }
}
