//! Mailboxes: rules, forwarding, automatic replies, and who else has rights over them.

use super::{Found, Looking, Part};
use crate::respond::actions::rights::is_own_grant;
use crate::respond::actions::{
    auto_reply_off, disable_sweep_rule, end_audit_bypass, remove_folder_permission,
    remove_mailbox_permission, remove_recipient_permission, rules,
};
use crate::respond::exchange::{self, field, word, words};
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::graph::get;
use crate::respond::names::{
    bare_address, folder_path, is_everybody, is_owner_or_system, is_same, last, rule_id,
};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::written::{self, base64, part, text};
use model::recipients::recipients;
use model::{Ask, Json};
use std::collections::BTreeSet;

/// Rules that Exchange keeps by itself.
const OWN_RULES: [&str; 2] = ["Junk E-Mail Rule", "Microsoft.Exchange.OOF."];

/// The kinds of footholds that are in a mailbox.
const KINDS: [FootholdKind; 8] = [
    FootholdKind::InboxRule,
    FootholdKind::SweepRule,
    FootholdKind::Forwarding,
    FootholdKind::AutoReply,
    FootholdKind::FullAccess,
    FootholdKind::SendAs,
    FootholdKind::SendOnBehalf,
    FootholdKind::FolderRight,
];

/// The folders of the owner's mailbox whose rights are looked at whatever the records say.
const WATCHED: [&str; 4] = ["Root", "Inbox", "SentItems", "Calendar"];

/// Asks for a mailbox.
pub(super) fn ask(tenant: &str, mailbox: &str) -> Ask {
    let identity = [("Identity", text(mailbox))];
    exchange::ask(tenant, "Get-Mailbox", &identity)
}

/// Asks of whom footholds say that nothing is recorded.
pub(super) fn begin(looking: &mut Looking) {
    for foothold in looking.of_kind(&[FootholdKind::AuditBypass]) {
        let ask = end_audit_bypass::one(&looking.live.tenant, &foothold.owner);
        looking.want(Part::AuditBypass(foothold.owner), ask);
    }
}

/// Reads whether nothing of an account is recorded.
pub(super) fn read_bypass(looking: &mut Looking, name: &str, rows: &[Json<'_>]) {
    let is_on = |row: &&Json<'_>| field(row, "AuditBypassEnabled").as_truth() == Some(true);
    if rows.first().is_some_and(|row| is_on(&row)) {
        let tenant = &looking.live.tenant;
        looking.live.found.push(Found {
            kind: FootholdKind::AuditBypass,
            object: Object::new(tenant, ObjectKind::Mailbox, name, name, name),
            signs: BTreeSet::from([Sign::Name(name.to_lowercase())]),
            made: None,
            words: format!("audit bypass of {name}"),
        });
    }
}

/// Asks for the mailboxes that footholds are in, beside the own one.
pub(super) fn look_around(looking: &mut Looking) {
    let (tenant, user) = (looking.live.tenant.clone(), looking.live.user.clone());
    for foothold in looking.of_kind(&KINDS) {
        let name = if foothold.owner.contains('/') {
            last(&foothold.owner).to_owned()
        } else {
            foothold.owner.clone()
        };
        if !name.is_empty() && !looking.live.is_one(&name, &user) {
            let ask = ask(&tenant, &name);
            looking.want(Part::Mailbox(name), ask);
        }
    }
}

/// Reads a mailbox, and asks for what is in it.
pub(super) fn read(looking: &mut Looking, name: &str, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let upn = match word(row, "UserPrincipalName") {
        upn if upn.is_empty() => name.to_owned(),
        upn => upn,
    };
    let mut names: BTreeSet<String> = [
        "UserPrincipalName",
        "Alias",
        "Identity",
        "Name",
        "DisplayName",
        "DistinguishedName",
        "ExternalDirectoryObjectId",
        "ExchangeGuid",
        "Guid",
        "PrimarySmtpAddress",
        "LegacyExchangeDN",
    ]
    .iter()
    .map(|field| word(row, field))
    .collect();
    names.insert(name.to_owned());
    let addresses = words(row, "EmailAddresses");
    names.extend(addresses.iter().map(|one| bare_address(one).to_owned()));
    let names = names.iter().map(|one| one.trim().to_lowercase());
    let names = names.filter(|one| !one.is_empty()).collect();
    looking.live.mailboxes.insert(upn.clone(), names);
    forwarding(looking, &upn, row);
    on_behalf(looking, &upn, row);
    ask_for_the_rest(looking, &upn);
}

fn ask_for_the_rest(looking: &mut Looking, upn: &str) {
    let tenant = looking.live.tenant.clone();
    let is_own = looking.live.is_one(upn, &looking.live.user);
    let has = |looking: &Looking, kind: FootholdKind| {
        let here = looking.of_kind(&[kind]);
        here.iter().any(|one| looking.live.is_one(&one.owner, upn))
    };
    let name = upn.to_owned();
    looking.want(Part::Rules(name.clone()), rules::all(&tenant, upn));
    looking.want(
        Part::VisibleRules(name.clone()),
        rules::visible(&tenant, upn),
    );
    let user = part(upn);
    looking.want(
        Part::GraphRules(name.clone()),
        get(format!(
            "/v1.0/users/{user}/mailFolders/inbox/messageRules?$top=999"
        )),
    );
    looking.want(
        Part::Permissions(name.clone()),
        remove_mailbox_permission::all(&tenant, upn),
    );
    looking.want(
        Part::SendAs(name.clone()),
        remove_recipient_permission::all(&tenant, upn),
    );
    if is_own || has(looking, FootholdKind::SweepRule) {
        let ask = disable_sweep_rule::all(&tenant, upn);
        looking.want(Part::SweepRules(name.clone()), ask);
    }
    if is_own || has(looking, FootholdKind::AutoReply) {
        let ask = auto_reply_off::one(&tenant, upn);
        looking.want(Part::AutoReply(name.clone()), ask);
    }
    if is_own || has(looking, FootholdKind::FolderRight) {
        let identity = [("Identity", text(upn))];
        let ask = exchange::ask(&tenant, "Get-MailboxFolderStatistics", &identity);
        looking.want(Part::Folders(name), ask);
    }
}

fn want_folder(looking: &mut Looking, upn: &str, path: &str) {
    let path = folder_path(path);
    let ask = remove_folder_permission::all(&looking.live.tenant, upn, &path);
    looking.want(Part::Folder(upn.to_owned(), path), ask);
}

fn forwarding(looking: &mut Looking, upn: &str, row: &Json<'_>) {
    let values = [
        word(row, "ForwardingSmtpAddress"),
        word(row, "ForwardingAddress"),
    ];
    if values.iter().all(String::is_empty) {
        return;
    }
    let mut signs = BTreeSet::new();
    for value in values.iter().filter(|value| !value.is_empty()) {
        signs.extend(recipients(value).addresses.into_iter().map(Sign::Address));
        signs.insert(Sign::Name(last(value).to_lowercase()));
    }
    let to = values.join(" ");
    let tenant = &looking.live.tenant;
    looking.live.found.push(Found {
        kind: FootholdKind::Forwarding,
        object: Object::new(tenant, ObjectKind::Mailbox, upn, upn, upn),
        signs,
        made: None,
        words: format!("forwarding of {upn} to {}", called(&to)),
    });
}

fn on_behalf(looking: &mut Looking, upn: &str, row: &Json<'_>) {
    for whom in words(row, "GrantSendOnBehalfTo") {
        let found = right(
            looking,
            FootholdKind::SendOnBehalf,
            ObjectKind::SendOnBehalf,
            upn,
            &whom,
        );
        looking.live.found.push(found);
    }
}

fn right(
    looking: &Looking,
    kind: FootholdKind,
    object: ObjectKind,
    upn: &str,
    whom: &str,
) -> Found {
    Found {
        kind,
        object: Object::new(&looking.live.tenant, object, upn, whom, whom),
        signs: BTreeSet::from([Sign::Trustee(whom.trim().to_lowercase())]),
        made: None,
        words: format!("{} of {} over {upn}", kind.name(), called(whom)),
    }
}

/// Reads who has full access.
pub(super) fn read_permissions(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    rights(looking, upn, rows, "User");
}

/// Reads who may send as the mailbox.
pub(super) fn read_send_as(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    rights(looking, upn, rows, "Trustee");
}

fn rights(looking: &mut Looking, upn: &str, rows: &[Json<'_>], holder: &str) {
    let (kind, object) = match holder {
        "Trustee" => (FootholdKind::SendAs, ObjectKind::RecipientPermission),
        _ => (FootholdKind::FullAccess, ObjectKind::MailboxPermission),
    };
    for row in rows.iter().filter(|row| is_own_grant(row)) {
        let whom = word(row, holder);
        if whom.is_empty() || is_owner_or_system(&whom) || looking.live.is_one(&whom, upn) {
            continue;
        }
        let found = right(looking, kind, object, upn, &whom);
        looking.live.found.push(found);
    }
}

/// Reads the rules, but those that Exchange keeps by itself.
pub(super) fn read_rules(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    for row in rows {
        let (id, name) = (rule_id(&word(row, "RuleIdentity")), word(row, "Name"));
        if OWN_RULES.iter().any(|own| name.starts_with(own)) {
            continue;
        }
        let object = Object::new(&looking.live.tenant, ObjectKind::InboxRule, upn, &id, &name);
        let mut signs = BTreeSet::from([Sign::Id(id), Sign::Name(name.trim().to_lowercase())]);
        let mut does = Vec::new();
        for action in ["ForwardTo", "ForwardAsAttachmentTo", "RedirectTo"] {
            let to = words(row, action).join(";");
            let to = recipients(&to).addresses;
            does.extend(to.iter().map(|one| format!("sends to {}", called(one))));
            signs.extend(to.into_iter().map(Sign::Address));
        }
        for (action, what) in [("MoveToFolder", "moves to"), ("CopyToFolder", "copies to")] {
            let folder = word(row, action);
            if !folder.is_empty() {
                does.push(format!("{what} {}", called(&folder)));
            }
        }
        if field(row, "DeleteMessage").as_truth() == Some(true) {
            does.push("deletes".to_owned());
        }
        let does = match does.join(", ") {
            none if none.is_empty() => String::new(),
            some => format!(", which {some}"),
        };
        looking.live.found.push(Found {
            kind: FootholdKind::InboxRule,
            object,
            signs,
            made: None,
            words: format!("inbox rule {} of {upn}{does}", called(&name)),
        });
    }
}

/// Reads which rules the owner can see.
pub(super) fn read_visible_rules(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    let ids = rows.iter().map(|row| rule_id(&word(row, "RuleIdentity")));
    looking.visible.insert(upn.to_owned(), ids.collect());
}

/// Marks the rules that are not among those: no mail program shows them.
pub(super) fn mark_hidden(looking: &mut Looking) {
    for found in &mut looking.live.found {
        let visible = looking.visible.get(&found.object.user);
        let is_hidden = visible.is_some_and(|visible| !visible.contains(&found.object.id));
        if found.kind == FootholdKind::InboxRule && is_hidden {
            found.object = found.object.clone().with("hidden", "yes");
            found.words = format!("hidden {}", found.words);
        }
    }
}

/// A rule as Graph shows it.
#[derive(Debug)]
pub(super) struct GraphRule {
    id: String,
    name: String,
    /// What it is made of, to make it anew.
    parts: String,
}

/// What Graph takes to make a rule.
const PARTS: [&str; 6] = [
    "displayName",
    "sequence",
    "isEnabled",
    "conditions",
    "exceptions",
    "actions",
];

/// Reads which rules Graph can change: not those that another program keeps for itself.
pub(super) fn read_graph_rules(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    let is_open = |row: &&Json<'_>| field(row, "isReadOnly").as_truth() == Some(false);
    let rules = rows.iter().filter(is_open).map(|row| {
        let parts = PARTS.map(|name| (name, field(row, name).clone()));
        let said = parts.into_iter().filter(|(_, part)| *part != Json::Null);
        GraphRule {
            id: word(row, "id"),
            name: word(row, "displayName"),
            parts: written::object(&said.collect::<Vec<_>>()),
        }
    });
    looking.by_graph.insert(upn.to_owned(), rules.collect());
}

/// Tells each rule what Graph calls it: by its number, or by a name that no other rule has.
pub(super) fn mark_changeable(looking: &mut Looking) {
    let is_rule = |found: &&mut Found| found.kind == FootholdKind::InboxRule;
    let names: Vec<(String, String)> = looking
        .live
        .found
        .iter()
        .filter(|found| found.kind == FootholdKind::InboxRule)
        .map(|found| (found.object.user.clone(), found.object.name.clone()))
        .collect();
    let may_be_removed = looking.policy.asked.contains("remove-rule");
    for found in looking.live.found.iter_mut().filter(is_rule) {
        let object = &found.object;
        let Some(shown) = looking.by_graph.get(&object.user) else {
            continue;
        };
        let number = graph_id(&object.id);
        let by_number = shown.iter().find(|rule| Some(&rule.id) == number.as_ref());
        let mut named = shown.iter().filter(|rule| rule.name == object.name);
        let twins = names
            .iter()
            .filter(|(user, name)| (user, name) == (&object.user, &object.name));
        let by_name = match (named.next(), named.next()) {
            (Some(only), None) if twins.count() == 1 => Some(only),
            _ => None,
        };
        if let Some(rule) = by_number.or(by_name) {
            found.object = object.clone().with("graph", &rule.id);
            if may_be_removed {
                found.object = found.object.clone().with("graphRule", &rule.parts);
            }
        }
    }
}

/// Graph writes the 64 bits of a rule's number, the last byte first, in base64.
fn graph_id(number: &str) -> Option<String> {
    let number: u64 = number.parse().ok()?;
    Some(base64(&number.to_le_bytes()))
}

/// Reads the sweep rules.
pub(super) fn read_sweep_rules(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    for row in rows {
        let (id, name) = (disable_sweep_rule::id(row), word(row, "Name"));
        let tenant = &looking.live.tenant;
        looking.live.found.push(Found {
            kind: FootholdKind::SweepRule,
            object: Object::new(tenant, ObjectKind::SweepRule, upn, &id, &name),
            signs: BTreeSet::from([
                Sign::Id(id.to_lowercase()),
                Sign::Name(name.trim().to_lowercase()),
            ]),
            made: None,
            words: format!("sweep rule {} of {upn}", called(&name)),
        });
    }
}

/// Reads whether the mailbox answers by itself.
pub(super) fn read_auto_reply(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let state = word(row, "AutoReplyState");
    if state.is_empty() || is_same(&state, "Disabled") {
        return;
    }
    let tenant = &looking.live.tenant;
    looking.live.found.push(Found {
        kind: FootholdKind::AutoReply,
        object: Object::new(tenant, ObjectKind::Mailbox, upn, upn, upn),
        signs: BTreeSet::from([Sign::Name("automatic reply".to_owned())]),
        made: None,
        words: format!("automatic reply of {upn}"),
    });
}

/// Reads which folders there are, and asks for the rights to those that matter most or that
/// records name.
pub(super) fn read_folders(looking: &mut Looking, upn: &str, rows: &[Json<'_>]) {
    let is_own = looking.live.is_one(upn, &looking.live.user);
    let named = named_folders(looking, upn);
    for row in rows {
        let (kind, path) = (word(row, "FolderType"), word(row, "FolderPath"));
        let path = if is_same(&kind, "Root") { "\\" } else { &path };
        let is_watched = is_own && WATCHED.iter().any(|known| is_same(known, &kind));
        let is_named = named.contains(&folder_path(path).to_lowercase());
        if (is_watched || is_named) && !path.is_empty() {
            want_folder(looking, upn, path);
        }
    }
}

/// Asks for the rights to the folders that records name and no list of folders showed.
pub(super) fn look_at_named_folders(looking: &mut Looking, upn: &str) {
    for path in named_folders(looking, upn) {
        if !looking.has_asked_for_folder(upn, &path) {
            want_folder(looking, upn, &path);
        }
    }
}

/// Returns the paths that records name, lower case.
fn named_folders(looking: &Looking, upn: &str) -> BTreeSet<String> {
    let rights = looking.of_kind(&[FootholdKind::FolderRight]).into_iter();
    let here = rights.filter(|one| looking.live.is_one(&one.owner, upn));
    let signs = here.flat_map(|one| one.signs);
    signs
        .filter_map(|sign| match sign {
            Sign::Folder(path) => Some(path),
            _ => None,
        })
        .collect()
}

/// Reads who has rights to a folder.
pub(super) fn read_folder(looking: &mut Looking, upn: &str, path: &str, rows: &[Json<'_>]) {
    for row in rows {
        let (id, shown) = remove_folder_permission::holder(row);
        let rights = words(row, "AccessRights");
        let harmless = ["None", "AvailabilityOnly", "LimitedDetails"];
        let is_harmless = rights
            .iter()
            .all(|right| harmless.iter().any(|known| is_same(known, right)));
        if id.is_empty() || is_owner_or_system(&id) || looking.live.is_one(&id, upn) || is_harmless
        {
            continue;
        }
        let tenant = &looking.live.tenant;
        let object = Object::new(tenant, ObjectKind::FolderPermission, upn, &id, &shown);
        let whom = if is_everybody(&id) {
            "everybody".to_owned()
        } else {
            called(&shown)
        };
        looking.live.found.push(Found {
            kind: FootholdKind::FolderRight,
            object: object.with("folder", path),
            signs: BTreeSet::from([
                Sign::Trustee(id.trim().to_lowercase()),
                Sign::Trustee(shown.trim().to_lowercase()),
                Sign::Folder(path.to_lowercase()),
            ]),
            made: None,
            words: format!("right of {whom} to the folder {} of {upn}", called(path)),
        });
    }
}
