//! Reads what stands in a tenant, as a state machine without I/O.

use super::mailbox::GraphRule;
use super::rows::{Page, judge, rows};
use super::{Live, Part, account, applications, directory, mail_flow, mailbox, sharing};
use crate::respond::catalogue;
use crate::respond::footholds::{Foothold, FootholdKind, Sign};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::plan::{Policy, Scope, matching};
use model::{Ask, Failure, Reply, Target};
use std::collections::{BTreeMap, BTreeSet};

/// How many pages one question may have: a service that hands out links without end is stopped.
const MOST_PAGES: usize = 500;

/// Reads what stands in a tenant.
///
/// Send what [`asks`](Self::asks) returns, in any order and at once if you like; hand each answer
/// to [`hear`](Self::hear); ask again until nothing is wanted any more; then
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct Looking {
    pub(super) live: Live,
    pub(super) footholds: Vec<Foothold>,
    pub(super) policy: Policy,
    scope: Scope,
    queue: Vec<(Part, Ask)>,
    under_way: BTreeMap<Part, UnderWay>,
    /// What was asked for once is not asked for again.
    asked: BTreeSet<Part>,
    candidates: Option<Vec<(&'static str, Object)>>,
    /// The kind of method that the account prefers, as Graph names it.
    pub(super) preferred: Vec<String>,
    /// By mailbox: the ids of the rules that its owner can see.
    pub(super) visible: BTreeMap<String, BTreeSet<String>>,
    /// By mailbox: the rules that Graph can change.
    pub(super) by_graph: BTreeMap<String, Vec<GraphRule>>,
    has_looked_around: bool,
}

#[derive(Debug)]
struct UnderWay {
    ask: Ask,
    /// Further questions of the same part.
    rest: Vec<Ask>,
    replies: Vec<Reply>,
}

impl Looking {
    /// Looks at an account, and at all that footholds speak of.
    #[must_use]
    pub fn at_user(tenant: &str, user: &str, footholds: &[Foothold], policy: &Policy) -> Self {
        let mut looking = Self::new(tenant, user, footholds, policy, Scope::User);
        looking.want(Part::Account, account::ask(user));
        looking.want(
            Part::Mailbox(user.to_lowercase()),
            mailbox::ask(tenant, user),
        );
        applications::begin(&mut looking);
        directory::begin(&mut looking);
        sharing::begin(&mut looking);
        mailbox::begin(&mut looking);
        looking
    }

    /// Looks at what concerns the whole tenant.
    #[must_use]
    pub fn at_tenant(tenant: &str, footholds: &[Foothold], policy: &Policy) -> Self {
        let mut looking = Self::new(tenant, "", footholds, policy, Scope::Tenant);
        mail_flow::begin(&mut looking);
        looking
    }

    fn new(
        tenant: &str,
        user: &str,
        footholds: &[Foothold],
        policy: &Policy,
        scope: Scope,
    ) -> Self {
        let is_of_tenant = scope == Scope::Tenant;
        let own = footholds
            .iter()
            .filter(|one| one.kind.is_of_tenant() == is_of_tenant);
        Self {
            live: Live {
                tenant: tenant.to_owned(),
                user: user.to_owned(),
                ..Live::default()
            },
            footholds: own.cloned().collect(),
            policy: policy.clone(),
            scope,
            queue: Vec::new(),
            under_way: BTreeMap::new(),
            asked: BTreeSet::new(),
            candidates: None,
            preferred: Vec::new(),
            visible: BTreeMap::new(),
            by_graph: BTreeMap::new(),
            has_looked_around: false,
        }
    }

    /// Returns what is to be asked now, each once; nothing while answers are awaited, or when all
    /// is read.
    pub fn asks(&mut self) -> Vec<(Part, Ask)> {
        if self.queue.is_empty() && self.under_way.is_empty() {
            self.next_round();
        }
        std::mem::take(&mut self.queue)
    }

    /// Hears the answer to a question, or why there is none.
    pub fn hear(&mut self, part: &Part, answer: Result<&Reply, &Failure>) {
        let Some(mut under_way) = self.under_way.remove(part) else {
            return;
        };
        let reply = match answer {
            Ok(reply) => reply.clone(),
            Err(failure) => {
                let words = model::shown::shown(&failure.to_string()).into_owned();
                self.miss(part, format!("{part} could not be asked for: {words}"));
                return;
            }
        };
        if let Part::State(action, at) = part {
            under_way.replies.push(reply);
            self.hear_state(part.clone(), action, *at, under_way);
            return;
        }
        let (page, next) = judge(part, under_way.ask.service, &reply);
        match page {
            Page::Unfit(why) => self.miss(part, why),
            Page::Gone => self.read(part, &[], true),
            Page::Read => {
                under_way.replies.push(reply);
                self.turn_page(part, under_way, next);
            }
        }
    }

    /// Returns what was read. What was asked for and not heard is unread.
    #[must_use]
    pub fn finish(mut self) -> Live {
        let left: Vec<Part> = self.under_way.keys().cloned().collect();
        for part in left {
            self.miss(&part, format!("{part} was not read to the end"));
        }
        self.live
            .found
            .sort_by(|left, right| (left.kind, &left.object).cmp(&(right.kind, &right.object)));
        self.live
            .found
            .dedup_by(|left, right| (left.kind, &left.object) == (right.kind, &right.object));
        self.live.unread.sort();
        self.live.unread.dedup();
        self.live
    }

    /// Wants a part, unless it was asked for before.
    pub(super) fn want(&mut self, part: Part, ask: Ask) {
        self.want_all(part, vec![ask]);
    }

    fn want_all(&mut self, part: Part, asks: Vec<Ask>) {
        let mut asks = asks.into_iter();
        if let Some(first) = asks.next()
            && self.asked.insert(part.clone())
        {
            self.send(part, first, asks.collect(), Vec::new());
        }
    }

    fn send(&mut self, part: Part, ask: Ask, rest: Vec<Ask>, replies: Vec<Reply>) {
        self.queue.push((part.clone(), ask.clone()));
        let under_way = UnderWay { ask, rest, replies };
        self.under_way.insert(part, under_way);
    }

    fn turn_page(&mut self, part: &Part, under_way: UnderWay, next: Option<String>) {
        let UnderWay { ask, replies, .. } = under_way;
        match next {
            None => self.read(part, &replies, false),
            Some(_) if replies.len() >= MOST_PAGES => {
                self.miss(part, format!("{part} did not end after {MOST_PAGES} pages"));
            }
            Some(link) => {
                let ask = Ask {
                    target: Target::Link(link),
                    ..ask
                };
                self.send(part.clone(), ask, Vec::new(), replies);
            }
        }
    }

    pub(super) fn miss(&mut self, part: &Part, why: String) {
        self.live.unread.push((part.clone(), why.clone()));
        if let (Part::State(action, at), Some(candidates)) = (part, &self.candidates)
            && let Some((_, object)) = candidates.get(*at)
        {
            self.live.states.insert((action, object.clone()), Err(why));
        }
        self.after(part);
    }

    fn read(&mut self, part: &Part, replies: &[Reply], is_gone: bool) {
        let rows = rows(replies);
        match part {
            Part::Account => account::read(self, &rows, is_gone),
            Part::Roles => account::read_roles(self, &rows),
            Part::Methods => account::read_methods(self, &rows),
            Part::DefaultMethod => account::read_preferences(self, &rows),
            Part::Devices => directory::read_devices(self, &rows),
            Part::Person(name) => directory::read_person(self, name, &rows),
            Part::RoleAssignments(id) => directory::read_assignments(self, id, &rows),
            Part::Grants => applications::read_grants(self, &rows),
            Part::TenantGrants => applications::read_tenant_grants(self, &rows),
            Part::Principal(_) | Part::App(_) => applications::read_principals(self, &rows),
            Part::Own(_) => applications::read_own(self, &rows),
            Part::Registration(id) => applications::read_registration(self, id, &rows),
            Part::AppRoles(id) => applications::read_roles(self, id, &rows),
            Part::Mailbox(name) => mailbox::read(self, name, &rows),
            Part::Rules(name) => mailbox::read_rules(self, name, &rows),
            Part::VisibleRules(name) => mailbox::read_visible_rules(self, name, &rows),
            Part::GraphRules(name) => mailbox::read_graph_rules(self, name, &rows),
            Part::SweepRules(name) => mailbox::read_sweep_rules(self, name, &rows),
            Part::AutoReply(name) => mailbox::read_auto_reply(self, name, &rows),
            Part::Permissions(name) => mailbox::read_permissions(self, name, &rows),
            Part::SendAs(name) => mailbox::read_send_as(self, name, &rows),
            Part::Folders(name) => mailbox::read_folders(self, name, &rows),
            Part::Folder(name, path) => mailbox::read_folder(self, name, path, &rows),
            Part::Item(address) => sharing::read_item(self, address, &rows),
            Part::ItemPermissions(address, place) => {
                sharing::read_permissions(self, address, place, &rows);
            }
            Part::TransportRules => mail_flow::read_rules(self, &rows),
            Part::InboundConnectors => mail_flow::read_connectors(self, "inbound", &rows),
            Part::OutboundConnectors => mail_flow::read_connectors(self, "outbound", &rows),
            Part::OutboundPolicies => mail_flow::read_policies(self, &rows),
            Part::AuditBypass(name) => mailbox::read_bypass(self, name, &rows),
            Part::AuditLog => mail_flow::read_audit_log(self, &rows),
            Part::State(..) => {}
        }
        self.after(part);
    }

    /// Other mailboxes are looked at when the own one's names are known, or cannot be.
    fn after(&mut self, part: &Part) {
        let is_own = matches!(part, Part::Mailbox(name) if is_same(name, &self.live.user));
        if is_own && !self.has_looked_around {
            self.has_looked_around = true;
            mailbox::look_around(self);
        }
        if let Part::Folders(name) = part {
            mailbox::look_at_named_folders(self, name);
        }
    }

    /// When everything is read, how each object stands that a step could be about is asked with
    /// the question of its own action: what is planned is then what is compared later.
    fn next_round(&mut self) {
        if self.candidates.is_some() {
            return;
        }
        account::mark_default(self);
        applications::settle(self);
        mailbox::mark_hidden(self);
        mailbox::mark_changeable(self);
        let drafts = matching::drafts(&self.live, &self.footholds, &self.policy, self.scope);
        let candidates: Vec<_> = drafts
            .steps
            .iter()
            .map(|draft| (draft.action, draft.object.clone()))
            .collect();
        for (at, (id, object)) in candidates.iter().enumerate() {
            if let Some(action) = catalogue::action(id) {
                let part = Part::State(action.about().id, at);
                self.want_all(part, action.look(object));
            }
        }
        self.candidates = Some(candidates);
    }

    fn hear_state(&mut self, part: Part, action: &'static str, at: usize, mut heard: UnderWay) {
        if !heard.rest.is_empty() {
            let next = heard.rest.remove(0);
            self.send(part, next, heard.rest, heard.replies);
            return;
        }
        let candidate = self.candidates.as_ref().and_then(|all| all.get(at));
        let found = catalogue::action(action).zip(candidate);
        let Some((action, (id, object))) = found else {
            return;
        };
        let (id, object) = (*id, object.clone());
        let seen = action.seen(&object, &heard.replies);
        if let Err(why) = &seen {
            self.live.unread.push((part, why.clone()));
        }
        self.live.states.insert((id, object), seen);
    }

    /// Returns whether the rights to a folder were asked for, under whatever case of its path.
    pub(super) fn has_asked_for_folder(&self, upn: &str, path: &str) -> bool {
        let is_it = |part: &Part| matches!(part, Part::Folder(own, asked) if own == upn && is_same(asked, path));
        self.asked.iter().any(is_it)
    }

    /// Returns the footholds of a kind.
    pub(super) fn of_kind(&self, kinds: &[FootholdKind]) -> Vec<Foothold> {
        let of = |one: &&Foothold| kinds.contains(&one.kind);
        self.footholds.iter().filter(of).cloned().collect()
    }

    /// Returns the signs of all footholds of some kinds.
    pub(super) fn signs(&self, kinds: &[FootholdKind]) -> BTreeSet<Sign> {
        self.of_kind(kinds)
            .into_iter()
            .flat_map(|one| one.signs)
            .collect()
    }
}
