//! Makes the plan.

use super::caps::capped;
use super::matching::{Draft, drafts, may_be};
use super::{Because, Missing, Plan, Policy, Scope, Step, Subject, order};
use crate::respond::action::{About, Action};
use crate::respond::actions::disable_service_principal::is_microsofts;
use crate::respond::catalogue;
use crate::respond::footholds::{Foothold, FootholdKind, Sign, called};
use crate::respond::live::{Live, Part};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::state::State;
use model::{Secret, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Plans what to do: only what a record shows to be the intruder's, and what cuts the account off
/// from them.
#[must_use]
pub fn plan(
    live: &Live,
    footholds: &[Foothold],
    policy: &Policy,
    subject: Subject,
    made_at: Timestamp,
) -> Plan {
    let drafts = drafts(live, footholds, policy, subject.scope);
    let mut plan = Plan {
        subject,
        made_at,
        steps: Vec::new(),
        kept: Vec::new(),
        gone: Vec::new(),
        unknown: Vec::new(),
        refused: Vec::new(),
        second_approver: Vec::new(),
    };
    unread(live, &mut plan);
    for draft in &drafts.steps {
        judge(live, policy, draft, &mut plan);
    }
    for foothold in &drafts.gone {
        missing(live, foothold, &mut plan);
    }
    plan.kept
        .extend(drafts.kept.into_iter().map(|what| Missing {
            what,
            why: "no record shows that the intruder made it".to_owned(),
        }));
    approvers(live, policy, &mut plan);
    finish(policy, &mut plan);
    plan
}

/// What could not be read is never taken for clean.
fn unread(live: &Live, plan: &mut Plan) {
    for (part, why) in &live.unread {
        let what = match part {
            // Said with the step itself.
            Part::State(..) => continue,
            part => part.to_string(),
        };
        let why = why.clone();
        plan.unknown.push(Missing { what, why });
    }
    if plan.subject.scope == Scope::User && live.account.is_none() {
        plan.refused.push(Missing {
            what: format!("the account {}", live.user),
            why: "it could not be read: blocking, revoking and the password are done by hand, or planned again"
                .to_owned(),
        });
    }
}

fn judge(live: &Live, policy: &Policy, draft: &Draft<'_>, plan: &mut Plan) {
    let Some(action) = catalogue::action(draft.action) else {
        return;
    };
    let about = action.about();
    let what = format!("{}: {}", about.id, draft.words);
    let manual = action.manual(&draft.object);
    if let Some(why) = untouchable(live, policy, &draft.object) {
        plan.refused.push(Missing { what, why });
        return;
    }
    if about.id == "purge-sent" {
        let why = format!("{}; by hand: {manual}", about.limits);
        plan.refused.push(Missing { what, why });
        return;
    }
    let before = match live.states.get(&(draft.action, draft.object.clone())) {
        Some(Ok(before)) => before,
        Some(Err(why)) => {
            let why = format!("{why}; by hand: {manual}");
            plan.unknown.push(Missing { what, why });
            return;
        }
        None => {
            let why = format!("how it stands was not read; by hand: {manual}");
            plan.unknown.push(Missing { what, why });
            return;
        }
    };
    if action.is_done(&draft.object, before, before) {
        let why = format!("it is already as it should be: {before}");
        plan.gone.push(Missing { what, why });
        return;
    }
    if let Some(why) = unfit(live, action, &draft.object, before) {
        let why = format!("{why}; by hand: {manual}");
        plan.refused.push(Missing { what, why });
        return;
    }
    plan.steps.push(step(live, action, draft, before, manual));
}

/// Returns why nothing is ever done to an object.
fn untouchable(live: &Live, policy: &Policy, object: &Object) -> Option<String> {
    let id = live.account.as_ref().map_or("", |account| &account.id);
    let is_own_account = live.is_one(&object.user, &live.user);
    let mut names = vec![object.user.as_str()];
    if is_own_account {
        names.extend([id, live.user.as_str()]);
    }
    names.extend([object.extra("principalId"), object.id.as_str()]);
    if Policy::names(&policy.protected, &names) {
        let who = if object.user.is_empty() {
            &object.name
        } else {
            &object.user
        };
        return Some(format!("{who} is protected by the policy of the tenant"));
    }
    let app = [
        object.extra("appId"),
        object.extra("clientId"),
        object.extra("principalId"),
        object.extra("holder"),
        object.id.as_str(),
    ];
    let client = live.apps.get(object.extra("clientId"));
    let client = client.map_or("", |app| app.app.as_str());
    let is_own = Policy::names(&policy.own_apps, &app)
        || Policy::names(&policy.own_apps, &[client])
        || Policy::names(&live.own, &app);
    if is_own {
        return Some("it is this system's own application".to_owned());
    }
    // A role names an object id alone: whose that is must be known before it is taken away.
    let is_of_an_app = object.kind == ObjectKind::RoleAssignment && object.user.is_empty();
    let mut unread = live.unread.iter();
    if is_of_an_app && unread.any(|(part, _)| matches!(part, Part::Own(_))) {
        return Some("whether it is this system's own application could not be read".to_owned());
    }
    if object.kind == ObjectKind::ServicePrincipal && is_microsofts(object.extra("owner")) {
        return Some("it is an application of Microsoft's own".to_owned());
    }
    None
}

/// Returns why an action cannot be done to an object, as its action says.
fn unfit(live: &Live, action: &dyn Action, object: &Object, before: &State) -> Option<String> {
    let is_guest = live
        .account
        .as_ref()
        .is_some_and(|account| account.is_guest);
    if is_guest && action.about().id == "reset-password" {
        return Some("the password of a guest is in the guest's own tenant".to_owned());
    }
    if action.needs_secret() {
        // What stands in the way is the same whatever the secret.
        let secret = Secret::from(String::new());
        return action.change_with(object, before, &secret).err();
    }
    action.change(object, before).err()
}

fn step(
    live: &Live,
    action: &dyn Action,
    draft: &Draft<'_>,
    before: &State,
    manual: String,
) -> Step {
    let about: &'static About = action.about();
    let is_of_account = draft.reasons.is_empty();
    let is_sure = is_of_account || draft.reasons.iter().any(|(_, is_sure)| *is_sure);
    // One act of the intruder's is enough, whatever somebody else did to the same thing.
    let is_theirs = |(foothold, is_sure): &(&Foothold, bool)| *is_sure && foothold.doubt.is_empty();
    let is_decided = is_of_account || draft.reasons.iter().any(is_theirs);
    let mut because: Vec<Because> = draft
        .reasons
        .iter()
        .flat_map(|(foothold, _)| {
            foothold.records.iter().map(|record| Because {
                record: record.clone(),
                sentence: foothold.sentence.clone(),
            })
        })
        .collect();
    if is_of_account {
        because.push(Because {
            record: String::new(),
            sentence: "the account was used by an intruder".to_owned(),
        });
    }
    because.sort();
    because.dedup();
    Step {
        number: 0,
        action: about.id,
        object: draft.object.clone(),
        before: before.clone(),
        wanted: action.wanted(&draft.object, before),
        because,
        sure: is_sure,
        ticked: about.ticked && is_decided,
        reversible: about.reversible,
        notices: about.notices,
        manual,
        caution: caution(live, draft, is_sure, is_decided),
    }
}

fn caution(live: &Live, draft: &Draft<'_>, is_sure: bool, is_decided: bool) -> String {
    let mut said = Vec::new();
    if !is_decided {
        said.extend(doubts(draft));
    }
    if draft.action == "block-sign-in" && draft.object.extra("synced") == "yes" {
        said.push(
            "the account is synchronised from on premises: the next synchronisation takes the block back, so \
             disable it there too"
                .to_owned(),
        );
    }
    let is_rule = matches!(draft.action, "disable-rule" | "remove-rule");
    if is_rule && draft.object.extra("graph").is_empty() {
        said.push(
            "a cmdlet has to do it: rules that only run in a desktop Outlook are lost with it"
                .to_owned(),
        );
    }
    if draft.object.extra("default") == "yes" {
        said.push("it is the default method, and can only go after the others".to_owned());
    }
    if !is_sure {
        said.push(format!(
            "{} may be another one than the records mean: look before you tick it",
            draft.words
        ));
    }
    let is_admin = live
        .account
        .as_ref()
        .is_some_and(|account| !account.roles.is_empty());
    let needs_role = ["block-sign-in", "reset-password", "remove-method"];
    if is_admin && needs_role.contains(&draft.action) {
        said.push(
            "the account holds a directory role: the application needs one that is at least as high".to_owned(),
        );
    }
    said.join("; ")
}

/// Returns what a person has to decide, each with its records.
fn doubts(draft: &Draft<'_>) -> BTreeSet<String> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (foothold, _) in draft
        .reasons
        .iter()
        .filter(|(one, _)| !one.doubt.is_empty())
    {
        let records = foothold.records.iter().map(String::as_str);
        all.entry(&foothold.doubt).or_default().extend(records);
    }
    let said = all.into_iter().map(|(doubt, records)| {
        let records: Vec<&str> = records.into_iter().collect();
        format!("to decide: {doubt} ({})", records.join(", "))
    });
    said.collect()
}

/// Tells of a foothold of which nothing was found: gone, or not to be told.
fn missing(live: &Live, foothold: &Foothold, plan: &mut Plan) {
    let records = foothold.records.join(", ");
    let what = format!("{} ({records})", foothold.sentence);
    match why_unknown(live, foothold, plan.subject.scope) {
        Some(why) => plan.unknown.push(Missing { what, why }),
        None => plan.gone.push(Missing {
            what,
            why: format!("no {} like it stands any more", foothold.kind.name()),
        }),
    }
}

/// Returns why nobody can say that a foothold of which nothing was found is gone.
fn why_unknown(live: &Live, foothold: &Foothold, scope: Scope) -> Option<String> {
    let is_of_account = matches!(
        foothold.kind,
        FootholdKind::Grant | FootholdKind::Method | FootholdKind::Device
    );
    let is_for_all = foothold.signs.contains(&Sign::ForAll);
    let owner = &foothold.owner;
    let is_of_another = !owner.is_empty() && !live.is_one(owner, &live.user);
    if is_of_account && is_of_another && !is_for_all {
        return Some(format!("it is of another account: plan for {owner} too"));
    }
    let mut unread = live.unread.iter();
    if let Some((part, _)) = unread.find(|(part, _)| part.shows(foothold.kind)) {
        return Some(format!("{part} could not be read: it may still stand"));
    }
    let needs_account = is_of_account || (foothold.kind == FootholdKind::Role && !is_of_another);
    if scope == Scope::User && live.account.is_none() && needs_account {
        return Some("the account could not be read: it may still stand".to_owned());
    }
    let may_be = may_be(live, foothold).into_iter();
    let may_be: Vec<&str> = may_be.map(|found| found.words.as_str()).collect();
    if may_be.is_empty() {
        return None;
    }
    let may_be = may_be.join("; ");
    Some(format!(
        "whether it is one of these cannot be told: {may_be}"
    ))
}

/// Two people approve what is done to whoever holds a role, and what the policy says.
fn approvers(live: &Live, policy: &Policy, plan: &mut Plan) {
    if plan.subject.scope == Scope::Tenant {
        let why = "it concerns everybody in the tenant";
        plan.second_approver.push(why.to_owned());
    }
    if let Some(account) = &live.account {
        let names = [
            account.upn.as_str(),
            account.id.as_str(),
            live.user.as_str(),
        ];
        if Policy::names(&policy.second_approver_for, &names) {
            let why = format!(
                "the policy of the tenant wants two people for {}",
                account.upn
            );
            plan.second_approver.push(why);
        }
        if !account.roles.is_empty() {
            let roles: Vec<String> = account.roles.iter().map(|role| called(role)).collect();
            let why = format!("{} holds {}", account.upn, roles.join(", "));
            plan.second_approver.push(why);
        }
    }
    let is_unread = live.unread.iter().any(|(part, _)| *part == Part::Roles);
    if is_unread {
        let why = "which directory roles the account holds could not be read";
        plan.second_approver.push(why.to_owned());
    }
    for step in &plan.steps {
        let is_listed = Policy::names(&policy.second_approver_for, &[&step.object.user]);
        let is_other = !live.is_one(&step.object.user, &live.user);
        if is_listed && is_other {
            let user = &step.object.user;
            let why = format!("the policy of the tenant wants two people for {user}");
            plan.second_approver.push(why);
        }
    }
    plan.second_approver.sort();
    plan.second_approver.dedup();
}

fn finish(policy: &Policy, plan: &mut Plan) {
    let mut steps = std::mem::take(&mut plan.steps);
    steps.sort_by(|left, right| {
        let key = |step: &Step| (order::rank(step), step.object.clone());
        key(left).cmp(&key(right))
    });
    steps = capped(steps, &policy.caps, &mut plan.refused);
    for (number, step) in (1..).zip(&mut steps) {
        step.number = number;
    }
    plan.steps = steps;
    for list in [
        &mut plan.kept,
        &mut plan.gone,
        &mut plan.unknown,
        &mut plan.refused,
    ] {
        list.sort();
        list.dedup();
    }
}
