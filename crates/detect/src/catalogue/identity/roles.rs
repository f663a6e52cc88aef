//! Directory roles: what may be done with them.

use super::changes::{Difference, detail, new_word};
use crate::seen::Seen;
use model::Json;
use model::bags::each_object;

/// How much a role can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    /// Reads, or next to nothing.
    Reader,
    /// Administers a service.
    Service,
    /// Administers people, applications, mail or protection.
    Privileged,
    /// Can become anything.
    Everything,
}

/// Roles that can become anything, by template and name.
const EVERYTHING: &[(&str, &str)] = &[
    (
        "62e90394-69f5-4237-9190-012177145e10",
        "global administrator",
    ),
    (
        "e8611ab8-c189-46e8-94e1-60213ab1f814",
        "privileged role administrator",
    ),
    (
        "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8",
        "partner tier2 support",
    ),
];

/// Roles with which an intruder reads mail, resets people or opens doors, by template and name.
const PRIVILEGED: &[(&str, &str)] = &[
    (
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
        "privileged authentication administrator",
    ),
    (
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        "exchange administrator",
    ),
    (
        "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
        "sharepoint administrator",
    ),
    (
        "194ae4cb-b126-40b2-bd5b-6091b380977d",
        "security administrator",
    ),
    ("fe930be7-5e62-47db-91af-98c3a49a38b1", "user administrator"),
    (
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",
        "helpdesk administrator",
    ),
    (
        "966707d0-3269-4727-9be2-8c3a10f19b9d",
        "password administrator",
    ),
    (
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",
        "authentication administrator",
    ),
    (
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
        "application administrator",
    ),
    (
        "158c047a-c907-4556-b7ef-446551a6b5f7",
        "cloud application administrator",
    ),
    (
        "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",
        "hybrid identity administrator",
    ),
    (
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
        "conditional access administrator",
    ),
    (
        "be2f45a1-457d-42af-a067-6ec1fa63bc45",
        "external identity provider administrator",
    ),
    (
        "8329153b-31d0-4727-b945-745eb3bc5f31",
        "domain name administrator",
    ),
    (
        "17315797-102d-40b4-93e0-432062caca18",
        "compliance administrator",
    ),
    (
        "4ba39ca4-527c-499a-b93d-d9b492c50246",
        "partner tier1 support",
    ),
    (
        "d29b2b05-8046-44ba-8758-1e26182fcf32",
        "directory synchronization accounts",
    ),
];

/// The appId under which Microsoft's privileged identity management acts.
const PIM: &str = "01fc33a7-78ba-4d2f-a4b7-768e336e890e";

/// A role that a record gives to somebody.
pub(super) struct Role {
    /// What it is called; empty where the record does not say.
    pub(super) name: String,
    /// What it can do.
    pub(super) power: Power,
}

impl Role {
    /// Returns the role that a record is about.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let named = new_word(seen, &["Role.DisplayName"]);
        let name = named.or_else(|| target_of_type(seen, "role"));
        let name = name.unwrap_or_default();
        let template = new_word(seen, &["Role.TemplateId", "TemplateId"]);
        let power = power(&template.unwrap_or_default(), &name);
        Self { name, power }
    }
}

fn power(template: &str, name: &str) -> Power {
    let (template, name) = (template.to_lowercase(), name.to_lowercase());
    let is_in = |list: &[(&str, &str)]| {
        list.iter()
            .any(|(known, called)| *known == template || *called == name)
    };
    if is_in(EVERYTHING) || name == "company administrator" {
        return Power::Everything;
    }
    if is_in(PRIVILEGED) {
        return Power::Privileged;
    }
    let is_reader = ["reader", "guest", "viewer", "search editor"]
        .iter()
        .any(|part| name.contains(part));
    if is_reader {
        Power::Reader
    } else {
        Power::Service
    }
}

/// Returns what the first target of a type is called.
pub(super) fn target_of_type(seen: &Seen<'_>, kind: &str) -> Option<String> {
    let mut found = None;
    each_object(seen.body().get_any_case("TargetResources"), &mut |one| {
        let word = |key| one.get_any_case(key).and_then(Json::as_word);
        let is_kind = word("type").is_some_and(|own| own.eq_ignore_ascii_case(kind));
        if is_kind && found.is_none() {
            let name = word("userPrincipalName").or_else(|| word("displayName"));
            found = name.filter(|name| !name.is_empty()).map(str::to_owned);
        }
    });
    found
}

/// Returns whether the assignment came through privileged identity management, which writes
/// records of its own about it.
pub(super) fn is_through_pim(seen: &Seen<'_>) -> bool {
    let is_service = ["ms-pim", PIM].contains(&seen.user()) || seen.app() == PIM;
    let names = Difference::of(seen, &["ActorId.ServicePrincipalNames", "SPN"]);
    let acts_as = names.is_some_and(|names| {
        let is_pim = |name: &&str| name.split(';').any(|one| one == PIM);
        names.new_at("").iter().any(is_pim)
    });
    let is_request =
        !detail(seen, "RoleDefinitionOriginId").is_empty() && !detail(seen, "RequestId").is_empty();
    is_service || acts_as || is_request
}
