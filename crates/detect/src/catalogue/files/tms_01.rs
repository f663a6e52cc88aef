//! TMS-01: a stranger writes as the help desk.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::bags::each_object;
use model::{Json, Severity};

const ABOUT: About = About {
    id: "TMS-01",
    title: "Outside chat posing as the help desk",
    decides: "A chat with people of another tenant (`HasForeignTenantUsers`), one of whom has a name or \
              address like a help desk's, an administrator's or Microsoft's.",
    severity: "high",
    benign: "A real help desk that is another company's: accept its domain as a partner's.",
    attack: &["T1566.003"],
    sources: &[Source::Teams],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of such a chat was at hand.",
};

const POSES: &[&str] = &[
    "helpdesk",
    "servicedesk",
    "itsupport",
    "itdesk",
    "techsupport",
    "technicalsupport",
    "supportteam",
    "itdepartment",
    "itadmin",
    "sysadmin",
    "systemadministrator",
    "securityteam",
    "microsoftsupport",
    "microsoftteams",
    "microsoftsecurity",
    "microsoft365",
    "office365support",
    "teamssupport",
    "accountsecurity",
    "mfasupport",
    "identityprotection",
];

pub(super) struct Tms01;

struct Member {
    name: String,
    address: String,
}

impl Detection for Tms01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "ChatCreated",
            "MessageSent",
            "MessageCreatedHasLink",
            "MemberAdded",
            "TeamsImpersonationDetected",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_chat = !seen.word("CommunicationType").eq_ignore_ascii_case("Team");
        if !is_chat || !has_foreigners(seen) {
            return;
        }
        let members = members(seen);
        let Some(poser) = members.iter().find(|one| poses(one, &members, world)) else {
            return;
        };
        let is_met = |one: &&Member| {
            one.address.contains('@') && domain(&one.address) != domain(&poser.address)
        };
        hits.extend(
            members
                .iter()
                .filter(is_met)
                .map(|one| hit(seen, poser, one)),
        );
    }
}

fn hit(seen: &Seen<'_>, poser: &Member, person: &Member) -> Hit {
    let shown = quoted(&format!("{} <{}>", poser.name, poser.address));
    let why = format!(
        "{shown} of another organisation chats with {}",
        person.address
    );
    Hit::of(seen, Severity::High, why)
        .of_user(&person.address)
        .keyed(&poser.address)
        .because("ParticipantInfo.HasForeignTenantUsers", "true")
        .compared("Members", &poser.name, "names of help desks")
        .silent_if("the domain were a partner's, or the name another")
}

fn has_foreigners(seen: &Seen<'_>) -> bool {
    let mut found = seen.is_action(&["TeamsImpersonationDetected"]);
    each_object(seen.body().get_any_case("ParticipantInfo"), &mut |info| {
        let truth = info
            .get_any_case("HasForeignTenantUsers")
            .and_then(Json::as_truth);
        found |= truth == Some(true);
    });
    found
}

/// The one who acts may not be listed among the members.
fn members(seen: &Seen<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    each_object(seen.body().get_any_case("Members"), &mut |one| {
        let word = |key: &str| {
            one.get_any_case(key)
                .and_then(Json::as_word)
                .unwrap_or_default()
        };
        found.push(Member {
            name: word("DisplayName").to_owned(),
            address: word("UPN").to_lowercase(),
        });
    });
    if !found.iter().any(|one| one.address == seen.user()) {
        found.push(Member {
            name: String::new(),
            address: seen.user().to_owned(),
        });
    }
    found
}

/// Whoever writes first makes their own domain look like the organisation's: so a domain that
/// was only learnt speaks for a member while the others' is not known at all.
fn poses(member: &Member, members: &[Member], world: &World<'_>) -> bool {
    let domain = domain(&member.address).unwrap_or_default();
    let tenant = world.tenant;
    let is_own = tenant.settings.domains.contains(domain)
        || (tenant.is_own_domain(domain)
            && members.iter().any(|one| tenant.is_outside(&one.address)));
    !domain.is_empty() && !is_own && !tenant.is_partner_domain(domain) && is_help_desk(member)
}

fn is_help_desk(member: &Member) -> bool {
    let (local, domain) = member.address.split_once('@').unwrap_or_default();
    let domain = domain.split('.').next().unwrap_or_default();
    [member.name.as_str(), local, domain].iter().any(|text| {
        let letters: String = text
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        POSES.iter().any(|pose| letters.contains(pose))
    })
}
