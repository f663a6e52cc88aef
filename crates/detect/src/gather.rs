//! From records, in whatever order they come, to the facts that detections look at.
//!
//! Most records are told from their operation alone: what no detection wants is counted and let
//! go. Here is also learnt what later decides: which domains are the organisation's own, and
//! where Entra itself says an address is.

use crate::about::Source;
use crate::catalogue::Detection;
use crate::fact::{Fact, Kind, RecordKey};
use crate::lists::{agents, apps};
use crate::places::Place;
use crate::words::{Word, Words};
use crate::world::Tenant;
use model::{ActorKind, Delivery, Event, Family, Json, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The key under which a body keeps what was acted on.
pub const OBJECT: &str = "@object";

/// The key under which a body keeps the record's own word for the result.
pub const RESULT: &str = "@result";

/// Which words of a tenant and its services the records of a run have shown.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    /// The organisation's domains.
    pub domains: BTreeSet<String>,
    /// The first dated record.
    pub since: Option<Timestamp>,
    /// The last dated record.
    pub until: Option<Timestamp>,
}

/// What a run learns besides the facts.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The words, by whose numbers facts are told.
    pub words: Words,
    /// What was learnt of each tenant.
    pub learnt: BTreeMap<Word, Learnt>,
    /// Where the records themselves say that addresses are.
    pub places: BTreeMap<Word, Place>,
    /// The addresses from which anything came.
    pub addresses: BTreeSet<Word>,
    /// From which sources the records came.
    pub sources: BTreeSet<Source>,
}

impl Learnt {
    /// Adds what was learnt of other records of the same tenant.
    pub fn add(&mut self, other: &Self) {
        self.domains.extend(other.domains.iter().cloned());
        self.since = [self.since, other.since].into_iter().flatten().min();
        self.until = self.until.max(other.until);
    }
}

/// What stands on the surface of a unified audit record.
#[derive(Clone, Copy, Debug)]
pub struct Surface<'a> {
    /// Whose record it is.
    pub tenant: &'a str,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The operation, normalised.
    pub action: &'a str,
    /// What kind of actor it was.
    pub actor: ActorKind,
    /// The service.
    pub workload: &'a str,
    /// What the record says of the client.
    pub client: &'a str,
    /// The numeric RecordType; -1 where there is none.
    pub record_type: i32,
}

/// Turns records into facts.
#[derive(Debug)]
pub struct Gatherer {
    known: Known,
    /// By the word of an operation: whether any detection wants it.
    wanted: Vec<Option<bool>>,
    /// By the word of an agent or an application: whether it alone makes a record worth a look.
    notable: Vec<Option<bool>>,
    prefixes: Vec<String>,
    actions: BTreeSet<String>,
    seen: BTreeMap<(Family, Word), u64>,
    body: String,
}

impl Gatherer {
    /// Makes a gatherer of what these detections want.
    #[must_use]
    pub fn new(detections: &[Box<dyn Detection>]) -> Self {
        let mut prefixes = Vec::new();
        let mut actions = BTreeSet::new();
        for action in detections.iter().flat_map(|one| one.wants().actions) {
            match action.strip_suffix('*') {
                Some(front) => prefixes.push(front.to_ascii_lowercase()),
                None => {
                    actions.insert(action.to_ascii_lowercase());
                }
            }
        }
        Self {
            known: Known::default(),
            wanted: Vec::new(),
            notable: Vec::new(),
            prefixes,
            actions,
            seen: BTreeMap::new(),
            body: String::new(),
        }
    }

    /// Goes on from what an earlier run learnt: its facts have these words.
    pub fn remember(&mut self, known: Known) {
        self.known = known;
        // What was decided by the numbers of other words.
        self.wanted.clear();
        self.notable.clear();
    }

    /// Returns what was learnt besides the facts: what a later run can go on from.
    #[must_use]
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// Takes a record; returns its fact and its body where any detection wants to see it, or
    /// `always` says so.
    pub fn take(
        &mut self,
        event: &Event<'_>,
        body: &Json<'_>,
        delivery: Option<&Delivery<'_>>,
        always: bool,
    ) -> Option<(Fact, &str)> {
        let action = self.known.words.of(&event.action);
        self.count(action, event);
        let tenant = self.known.words.of(event.tenant.0.as_ref());
        self.learn_time(tenant, event.time);
        let kind = kind_of(event);
        let is_wanted = self.is_wanted(kind, action, event);
        if !is_wanted && !always {
            return None;
        }
        if is_wanted {
            self.learn_domains(tenant, event, body);
        }
        let mut fact = self.fact(kind, tenant, action, event);
        fact.is_for_rules = !is_wanted;
        if !fact.address.is_none() {
            self.known.addresses.insert(fact.address);
        }
        if kind == Kind::SignIn {
            self.learn_place(&fact, body);
        }
        self.body.clear();
        match delivery {
            Some(delivery) => write_delivery(delivery, &mut self.body),
            None => write_body(kind, &mut fact, event, body, &mut self.body),
        }
        Some((fact, &self.body))
    }

    /// Returns whether [`Self::take`] would let a unified audit record go, from what stands on its
    /// surface; then it is counted and nothing more need be understood of it.
    pub fn lets_go(&mut self, surface: &Surface<'_>) -> bool {
        let action = self.known.words.of(surface.action);
        let known = self.seen.get_mut(&(Family::Unified, action));
        // The first of each operation is taken the long way, so that its source is noted.
        let Some(many) = known else { return false };
        let is_let_go = match surface.action {
            "MailItemsAccessed" => is_background(surface.client),
            _ => match self.wanted.get(action.number()) {
                Some(Some(true)) => is_of_the_service(surface.actor, surface.workload),
                Some(Some(false)) => true,
                _ => false,
            },
        };
        if is_let_go {
            *many += 1;
            let tenant = self.known.words.of(surface.tenant);
            self.learn_time(tenant, surface.time);
        }
        is_let_go
    }

    /// Returns how many records there were, by table and operation.
    #[must_use]
    pub fn seen(&self) -> &BTreeMap<(Family, Word), u64> {
        &self.seen
    }

    fn count(&mut self, action: Word, event: &Event<'_>) {
        let many = self.seen.entry((event.family, action)).or_default();
        *many += 1;
        if *many == 1 {
            self.known.sources.extend(source_of(event));
        }
    }

    fn is_wanted(&mut self, kind: Kind, action: Word, event: &Event<'_>) -> bool {
        if kind == Kind::MailAccess && is_background(&event.agent) {
            return false;
        }
        if kind != Kind::Act {
            return true;
        }
        let is_wanted = self.is_action_wanted(action);
        if is_of_the_service(event.user_kind, &event.workload) {
            return false;
        }
        if is_wanted {
            return true;
        }
        let (agent, app) = (
            self.known.words.of(&event.agent),
            self.known.words.of(&event.app),
        );
        self.is_notable(agent, agents::is_tool) || self.is_notable(app, apps::is_abused)
    }

    fn is_action_wanted(&mut self, action: Word) -> bool {
        let at = action.number();
        if let Some(Some(known)) = self.wanted.get(at) {
            return *known;
        }
        let text = self.known.words.text(action).to_ascii_lowercase();
        let wanted = self.actions.contains(&text)
            || self.prefixes.iter().any(|front| text.starts_with(front));
        remember(&mut self.wanted, at, wanted);
        wanted
    }

    fn is_notable(&mut self, word: Word, judge: fn(&str) -> bool) -> bool {
        let at = word.number();
        if let Some(Some(known)) = self.notable.get(at) {
            return *known;
        }
        let notable = judge(self.known.words.text(word));
        remember(&mut self.notable, at, notable);
        notable
    }

    fn fact(&mut self, kind: Kind, tenant: Word, action: Word, event: &Event<'_>) -> Fact {
        let words = &mut self.known.words;
        Fact {
            time: event.time.unwrap_or_default(),
            record: RecordKey::of(event.id.as_str(), words),
            kind,
            family: event.family,
            outcome: event.outcome,
            actor: event.user_kind,
            is_sync: false,
            is_throttled: false,
            is_for_rules: false,
            logon_type: event.logon_type.map_or(-1, |number| number as i8),
            record_type: event.record_type.unwrap_or(-1),
            count: 1,
            tenant,
            user: words.of(&event.user),
            action,
            workload: words.of(&event.workload),
            mailbox: words.of(&event.mailbox),
            address: event
                .address
                .map_or(Word::NONE, |address| words.of(&address.to_string())),
            session: words.of(&event.session),
            app: words.of(&event.app),
            resource: words.of(&event.resource_app),
            agent: words.of(&event.agent),
            device: words.of(&event.device),
            error: words.of(&event.error),
            object: digest(&event.object),
        }
    }

    fn learn_time(&mut self, tenant: Word, time: Option<Timestamp>) {
        let learnt = self.known.learnt.entry(tenant).or_default();
        if let Some(time) = time {
            learnt.since = Some(learnt.since.map_or(time, |since| since.min(time)));
            learnt.until = Some(learnt.until.map_or(time, |until| until.max(time)));
        }
    }

    /// Only from what is kept, so that whoever lets a record go early learns the same.
    fn learn_domains(&mut self, tenant: Word, event: &Event<'_>, body: &Json<'_>) {
        let learnt = self.known.learnt.entry(tenant).or_default();
        if let Some(own) = event.own_domain()
            && !learnt.domains.contains(own)
        {
            learnt.domains.insert(own.to_owned());
        }
        if let Some(name) = body.get("OrganizationName").and_then(Json::as_word)
            && is_domain(name)
            && !(learnt.domains.iter()).any(|known| known.eq_ignore_ascii_case(name))
        {
            learnt.domains.insert(name.to_lowercase());
        }
    }

    fn learn_place(&mut self, fact: &Fact, body: &Json<'_>) {
        if fact.address.is_none() {
            return;
        }
        let place = recorded_place(body);
        if place == Place::default() {
            return;
        }
        // Records that contradict one another: the one that sorts last, whatever the order they come in.
        let known = self.known.places.entry(fact.address).or_default();
        if place.partial_cmp(known) == Some(std::cmp::Ordering::Greater) {
            *known = place;
        }
    }
}

fn remember(table: &mut Vec<Option<bool>>, at: usize, value: bool) {
    if table.len() <= at {
        table.resize(at + 1, None);
    }
    table[at] = Some(value);
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.contains(['@', ' ', '/', '\\'])
}

/// What Microsoft's own services do in Exchange and Purview is theirs: quotas, provisioning,
/// upgrades. Elsewhere they act for somebody, or tell of mail.
fn is_of_the_service(actor: ActorKind, workload: &str) -> bool {
    const OWN: [&str; 3] = ["Exchange", "SecurityComplianceCenter", "Compliance"];
    actor == ActorKind::System && OWN.contains(&workload)
}

/// Mail that Microsoft's own background client reads: nobody saw it.
fn is_background(agent: &str) -> bool {
    agent.contains("RESTSystem")
}

/// Returns what kind of thing an event tells.
#[must_use]
pub fn kind_of(event: &Event<'_>) -> Kind {
    match event.family {
        Family::SignIn => return Kind::SignIn,
        Family::Risk | Family::Alert => return Kind::Alert,
        Family::Message => return Kind::Delivery,
        Family::Unified => {}
        _ => return Kind::Act,
    }
    unified_kind(&event.action, event.record_type)
}

fn unified_kind(action: &str, record_type: Option<i32>) -> Kind {
    match action {
        "UserLoggedIn" | "UserLoginFailed" => Kind::SignIn,
        "MailItemsAccessed" | "FolderBind" | "MailboxLogin" | "MessageBind" => Kind::MailAccess,
        "Send" | "SendAs" | "SendOnBehalf" | "Move" | "MoveToDeletedItems" | "SoftDelete"
        | "HardDelete" => Kind::MailAct,
        "AlertTriggered" | "AlertEntityGenerated" | "AlertUpdated" => Kind::Alert,
        action if action.starts_with("Hygiene") => Kind::Alert,
        action if action.starts_with("SearchQuery") => Kind::Search,
        action if action.starts_with("File") => Kind::FileAct,
        _ if matches!(record_type, Some(40 | 51 | 98)) => Kind::Alert,
        _ => Kind::Act,
    }
}

/// Returns from which source an event is, as detections name them.
fn source_of(event: &Event<'_>) -> Option<Source> {
    match event.family {
        Family::SignIn => return Some(Source::SignIn),
        Family::DirectoryAudit => return Some(Source::Directory),
        Family::Risk => return Some(Source::Risk),
        Family::Alert => return Some(Source::Alert),
        Family::AzureActivity => return Some(Source::AzureActivity),
        Family::Message => return Some(Source::MessageTrace),
        Family::Unified => {}
        Family::DevOpsAudit | Family::Other => return None,
    }
    if event.action.starts_with("SearchQuery") {
        return Some(Source::Search);
    }
    let is_sign_in = event.action.starts_with("UserLog");
    Some(match (event.workload.as_ref(), event.record_type) {
        ("Exchange", Some(1)) => Source::ExchangeAdmin,
        ("Exchange", Some(2 | 3 | 50)) => Source::Mailbox,
        ("Exchange", _) if kind_of(event) == Kind::Act => Source::ExchangeAdmin,
        ("Exchange", _) => Source::Mailbox,
        ("AzureActiveDirectory", _) if is_sign_in => Source::SignIn,
        ("AzureActiveDirectory", _) => Source::Directory,
        ("SharePoint" | "OneDrive", _) => Source::SharePoint,
        ("MicrosoftTeams", _) => Source::Teams,
        ("SecurityComplianceCenter", Some(40 | 51 | 98)) => Source::Alert,
        ("SecurityComplianceCenter" | "Compliance", _) => Source::Purview,
        ("ThreatIntelligence" | "Quarantine", _) => Source::MailProtection,
        ("MicrosoftFlow" | "PowerPlatform", _) => Source::PowerAutomate,
        ("Copilot", _) => Source::Copilot,
        _ => return None,
    })
}

/// What a body does not repeat: it stands in the fact.
const IN_FACT: &[&str] = &[
    "$",
    "Id",
    "CreationTime",
    "Operation",
    "OrganizationId",
    "RecordType",
    "Version",
    "Workload",
    "UserId",
    "ClientIP",
    "ClientIPAddress",
    "ClientInfoString",
    "Folders",
    "MailboxGuid",
    "MailboxOwnerSid",
    "SessionId",
];

fn write_body(kind: Kind, fact: &mut Fact, event: &Event<'_>, body: &Json<'_>, out: &mut String) {
    if kind == Kind::MailAccess {
        read_access(fact, body);
        if !fact.is_sync && !fact.is_throttled {
            return;
        }
    }
    if kind == Kind::MailAct {
        fact.count = (body
            .get("AffectedItems")
            .map_or(0, |items| items.opened().items().len()) as u32)
            .max(1);
    }
    out.push('{');
    if !event.object.is_empty() {
        write_key(OBJECT, &event.object, out);
    }
    if !event.result.is_empty() {
        write_key(RESULT, &event.result, out);
    }
    for (key, value) in body.entries() {
        if IN_FACT.contains(&key.as_ref()) {
            continue;
        }
        if out.len() > 1 {
            out.push(',');
        }
        model::json::write_string(key, out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

fn write_key(key: &str, value: &str, out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
    model::json::write_string(key, out);
    out.push(':');
    model::json::write_string(value, out);
}

/// Takes from a record of mail access what stands for its items.
fn read_access(fact: &mut Fact, body: &Json<'_>) {
    let count = body.get("OperationCount").and_then(Json::as_integer);
    fact.count = count.map_or(1, |count| count.clamp(1, i64::from(u32::MAX)) as u32);
    let properties = model::bags::Bag::read(body, "OperationProperties");
    fact.is_sync = properties
        .get("MailAccessType")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("Sync"));
    fact.is_throttled = properties.truth("IsThrottled") == Some(true);
}

fn write_delivery(delivery: &Delivery<'_>, out: &mut String) {
    out.push('{');
    for (key, value) in [
        ("sender", &delivery.sender),
        ("recipient", &delivery.recipient),
        ("subject", &delivery.subject),
        ("status", &delivery.status),
        ("direction", &delivery.direction),
        ("location", &delivery.location),
        ("messageId", &delivery.internet_message_id),
    ] {
        write_key(key, value, out);
    }
    out.push('}');
}

/// Returns where the record itself says that its address is: Entra's sign-in logs do.
fn recorded_place(body: &Json<'_>) -> Place {
    let mut place = Place::default();
    let number = |json: &Json<'_>, key: &str| {
        json.get_any_case(key)
            .and_then(Json::as_word)
            .and_then(|word| word.parse::<f64>().ok())
    };
    let inner = body.get("properties").map(Json::opened);
    for body in [Some(body), inner.as_deref()].into_iter().flatten() {
        if let Some(asn) = number(body, "autonomousSystemNumber") {
            place.asn = asn as u32;
        }
        for key in ["location", "LocationDetails"] {
            model::bags::each_object(body.get_any_case(key), &mut |location| {
                let word = |key| location.get_any_case(key).and_then(Json::as_word);
                if let Some(country) = word("countryOrRegion").filter(|code| code.len() == 2) {
                    place.country = country.to_uppercase();
                }
                word("city").unwrap_or_default().clone_into(&mut place.city);
                if let Some(position) = location.get_any_case("geoCoordinates") {
                    let position = position.opened();
                    place.position =
                        number(&position, "latitude").zip(number(&position, "longitude"));
                }
            });
        }
        if let Some(country) = body.get_any_case("location").and_then(Json::as_word)
            && country.len() == 2
        {
            place.country = country.to_uppercase();
        }
    }
    place
}

/// Returns a number that equal texts share.
fn digest(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    // FNV-1a: small texts, no secrets, the same in every run.
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Makes a tenant of what was learnt of it and what the operator says.
#[must_use]
pub fn tenant(learnt: &Learnt, settings: &crate::world::Settings) -> Tenant {
    let since = learnt.since.unwrap_or_default();
    Tenant {
        settings: settings.clone(),
        learnt_domains: learnt.domains.clone(),
        since,
        until: learnt.until.unwrap_or(since),
    }
}
