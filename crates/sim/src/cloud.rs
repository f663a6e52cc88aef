//! The whole cloud: one world, one clock, and what every service shares. It answers requests
//! without waiting for anything, so that a service is a function and not a task.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use tokio::time::{Duration, Instant};

use crate::activity::Activity;
use crate::activity::content::Library;
use crate::clock::{self, Clock};
use crate::entra::Entra;
use crate::exchange::search::Sessions;
use crate::faults::{Dials, Fault, Faults, Rule, Site};
use crate::graph::query::Queries;
use crate::growth::Growth;
use crate::live::Live;
use crate::quota::Quotas;
use crate::record::{Micros, Record, Stream};
use crate::report::{Book, Leak};
use crate::seed::Seed;
use crate::server::ServeOptions;
use crate::service::{Addresses, Service};
use crate::shelf::Shelves;
use crate::stamp::SECOND;
use crate::storage::Storage;
use crate::token::{Claims, Refusal, Tokens};
use crate::wire::{Answer, Ask};
use crate::world::{Tenant, World};
use crate::{activity, admin, azure, devops, entra, exchange, graph, refusal, storage};

/// The cloud.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) world: World,
    pub(crate) options: ServeOptions,
    /// The virtual moment in which it was started.
    pub(crate) began: Micros,
    pub(crate) live: Live,
    shelves: RwLock<Shelves>,
    growth: Growth,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) book: Book,
    pub(crate) tokens: Tokens,
    pub(crate) quotas: Quotas,
    pub(crate) entra: Entra,
    pub(crate) activity: Activity,
    pub(crate) queries: Queries,
    pub(crate) sessions: Sessions,
    pub(crate) storage: Storage,
    started: Instant,
    addresses: OnceLock<Addresses>,
    given: AtomicU64,
}

/// What a connection is to do.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Send this.
    Answer(Answer),
    /// Announce all of this and send half.
    Cut(Answer),
    /// Reset the connection.
    Reset,
    /// Say nothing for a while, then close.
    Hang(Duration),
}

impl Cloud {
    pub(crate) fn new(world: World, options: ServeOptions) -> Self {
        let shelves = Shelves::new(&world);
        let faults = Faults::new(options.seed, options.dials.clone());
        let library = Library::new(&world, &shelves, &faults, options.blob_records);
        let last = world.records.iter().map(|record| record.available).max();
        let began = options
            .start
            .unwrap_or_else(|| last.unwrap_or(world.until).max(world.until) + SECOND);
        Self {
            live: Live::new(&world),
            shelves: RwLock::new(shelves),
            growth: Growth::default(),
            clock: Clock::new(began, options.speed),
            began,
            book: Book::new(world.records.len()),
            tokens: Tokens::new(options.seed),
            quotas: Quotas::default(),
            entra: Entra::default(),
            activity: Activity::new(library),
            queries: Queries::default(),
            sessions: Sessions::default(),
            storage: Storage::default(),
            started: clock::real(),
            addresses: OnceLock::new(),
            given: AtomicU64::new(0),
            faults,
            world,
            options,
        }
    }

    /// Answers a request.
    pub(crate) fn answer(&self, ask: &Ask) -> Reply {
        match ask.service {
            Service::Admin => return Reply::Answer(admin::answer(self, ask)),
            Service::Elsewhere => return Reply::Answer(self.elsewhere(ask)),
            _ => {}
        }
        let site = self.site(ask);
        self.book.begins(&site);
        let reply = self.reply(ask, &site);
        match &reply {
            Reply::Answer(answer) => {
                self.book.ends(&site, answer.status);
                self.book.serves(&answer.rows);
            }
            Reply::Cut(answer) => self.book.ends(&site, answer.status),
            Reply::Reset | Reply::Hang(_) => self.book.ends(&site, 0),
        }
        reply
    }

    /// Answers a request or a part of one, without counting it.
    pub(crate) fn reply(&self, ask: &Ask, site: &Site) -> Reply {
        if let Some(reply) = self.before(ask, site) {
            return reply;
        }
        let answer = match ask.service {
            Service::Login => entra::answer(self, ask, site.call),
            _ => match self.bearer(ask, site) {
                Ok(claims) => self.serve(&claims, ask, site),
                Err(refusal) => refusal::unauthorized(self, ask, &refusal),
            },
        };
        self.after(ask, answer, site)
    }

    /// Answers a request whose token is good.
    pub(crate) fn serve(&self, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
        match ask.service {
            Service::Manage => activity::answer(self, claims, ask, site),
            Service::Graph => graph::answer(self, claims, ask, site),
            Service::Exchange => exchange::answer(self, claims, ask, site),
            Service::Arm => azure::answer(self, claims, ask, site),
            Service::Devops => devops::answer(self, claims, ask, site),
            Service::Storage => storage::answer(self, claims, ask),
            Service::Login | Service::Elsewhere | Service::Admin => Answer::empty(404),
        }
    }

    /// What goes wrong before a service sees the request.
    fn before(&self, ask: &Ask, site: &Site) -> Option<Reply> {
        if self.strikes(Fault::Reset, site) {
            return Some(Reply::Reset);
        }
        if let Some(rule) = self.strike(Fault::Hang, site) {
            return Some(Reply::Hang(Duration::from_secs(
                rule.seconds.unwrap_or(120),
            )));
        }
        let answer = if let Some(rule) = self.strike(Fault::Throttle, site) {
            let seconds = rule.seconds.unwrap_or(self.faults.dials().retry_after);
            refusal::throttled(self, ask, site, seconds)
        } else if let Some(rule) = self.strike(Fault::Error, site) {
            refusal::broken(self, ask, rule.status.unwrap_or(500))
        } else if self.strikes(Fault::Redirect, site) {
            let elsewhere = format!("{}{}", self.base(Service::Elsewhere), ask.path);
            Answer::empty(302).with("location", elsewhere)
        } else if ask.service != Service::Login && self.strikes(Fault::Unauthorized, site) {
            refusal::unauthorized(self, ask, &Refusal::Expired)
        } else {
            return None;
        };
        Some(Reply::Answer(answer))
    }

    /// What goes wrong on the way back.
    fn after(&self, ask: &Ask, mut answer: Answer, site: &Site) -> Reply {
        if answer.changed
            && let Some(rule) = self.strike(Fault::LostAnswer, site)
        {
            return match rule.status.unwrap_or(503) {
                0 => Reply::Reset,
                status => Reply::Answer(refusal::broken(self, ask, status)),
            };
        }
        if answer.status >= 300 || answer.body.is_empty() {
            return Reply::Answer(answer);
        }
        if self.strikes(Fault::Html, site) {
            return Reply::Answer(Answer::html(200, "We'll be right back"));
        }
        if self.strikes(Fault::Cut, site) {
            return Reply::Cut(answer);
        }
        if self.strikes(Fault::CutJson, site) {
            answer.body.truncate(answer.body.len() / 2);
            answer.rows.clear();
        } else if self.strikes(Fault::HostileLink, site) {
            self.mislead(&mut answer, site.service);
        }
        Reply::Answer(answer)
    }

    /// Lets every link of an answer lead elsewhere.
    fn mislead(&self, answer: &mut Answer, service: Service) {
        let (here, elsewhere) = (self.base(service), self.base(Service::Elsewhere));
        let body = String::from_utf8_lossy(&answer.body).replace(here, elsewhere);
        answer.body = body.into_bytes();
        for (_, value) in &mut answer.headers {
            *value = value.replace(here, elsewhere);
        }
    }

    /// The host that no token should ever reach.
    fn elsewhere(&self, ask: &Ask) -> Answer {
        let token = ask.header("authorization").unwrap_or_default();
        if !token.is_empty() {
            let claims = ask.bearer().and_then(|token| self.tokens.open(token));
            self.leak(ask, claims.as_ref());
        }
        Answer::text(200, "[]".to_owned())
    }

    fn bearer(&self, ask: &Ask, site: &Site) -> Result<Claims, Refusal> {
        let frozen_at = self.clock.frozen().then(|| self.told_now());
        let read = self.tokens.read(ask.bearer(), site.service, frozen_at);
        if let Err(Refusal::Audience(claims)) = &read {
            self.leak(ask, Some(claims));
        }
        read
    }

    fn leak(&self, ask: &Ask, claims: Option<&Claims>) {
        self.book.leaks(Leak {
            arrived: ask.service,
            audience: claims.map_or("unknown", |claims| &claims.aud).to_owned(),
            tenant: claims.map_or("unknown", |claims| &claims.tid).to_owned(),
            path: ask.path.clone(),
        });
    }

    /// Returns where a request belongs.
    pub(crate) fn site(&self, ask: &Ask) -> Site {
        let (call, tenant) = match ask.service {
            Service::Login => entra::call(ask),
            Service::Manage => activity::call(ask),
            Service::Graph => (graph::call(ask), None),
            Service::Exchange => exchange::call(ask),
            Service::Arm => (azure::call(ask), None),
            Service::Devops => (devops::call(ask), None),
            Service::Storage => (storage::call(ask), None),
            Service::Elsewhere | Service::Admin => ("unknown", None),
        };
        let of_token = || Some(self.tokens.open(ask.bearer()?)?.tid);
        let tenant = tenant.or_else(of_token).map(|name| {
            let known = self.tenant(&name);
            known.map_or(name, |place| self.world.tenants[place].id.clone())
        });
        Site::new(ask, call, tenant)
    }

    /// Whether a fault strikes here, this time.
    pub(crate) fn strikes(&self, fault: Fault, site: &Site) -> bool {
        self.strike(fault, site).is_some()
    }

    pub(crate) fn strike(&self, fault: Fault, site: &Site) -> Option<Rule> {
        let rule = self.faults.strikes(fault, site)?;
        self.book.struck(fault);
        Some(rule)
    }

    /// Turns the dials.
    pub(crate) fn turn(&self, dials: Dials) {
        self.faults.turn(dials);
        let blob_records = self.options.blob_records;
        let mut library = Library::new(&self.world, &self.shelves(), &self.faults, blob_records);
        for number in 0..self.growth.len() {
            let row = self.world.records.len() + number;
            library.add((&self.world, &self.faults), (number, row), self.record(row));
        }
        self.activity.lay(library);
    }

    fn shelves(&self) -> RwLockReadGuard<'_, Shelves> {
        self.shelves.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a record of the world, or one that came into being since.
    ///
    /// # Panics
    ///
    /// When there is no such row: rows are never made up.
    pub(crate) fn record(&self, row: usize) -> &Record {
        let told = &self.world.records;
        let known = match told.get(row) {
            Some(record) => Some(record),
            None => self.growth.get(row - told.len()),
        };
        known.expect("rows come from the shelves, which hold nothing else")
    }

    /// Returns every record with its row, those of the world first.
    pub(crate) fn records(&self) -> impl Iterator<Item = (usize, &Record)> {
        (0..self.count()).map(|row| (row, self.record(row)))
    }

    /// Returns how many records there are.
    pub(crate) fn count(&self) -> usize {
        self.world.records.len() + self.growth.len()
    }

    /// Lets a record come into being.
    pub(crate) fn add(&self, record: Record) {
        let Some(number) = self.growth.add(record) else {
            return;
        };
        let row = self.world.records.len() + number;
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        shelves.add(row, |row| self.record(row));
        drop(shelves);
        self.activity.add(|library| {
            library.add((&self.world, &self.faults), (number, row), self.record(row));
        });
    }

    /// Returns what happened in a span, whether or not it has arrived, oldest first.
    pub(crate) fn happened(
        &self,
        tenant: usize,
        stream: Stream,
        span: Range<Micros>,
    ) -> Vec<usize> {
        let shelves = self.shelves();
        let rows = shelves.happened(|row| self.record(row), (tenant, stream), span);
        rows.to_vec()
    }

    /// Returns a whole stream, as it arrived.
    pub(crate) fn arrivals(&self, tenant: usize, stream: Stream) -> Vec<usize> {
        self.shelves().arrivals(tenant, stream).to_vec()
    }

    /// Returns the records of an id: those of several streams may share one.
    pub(crate) fn named(&self, id: &str) -> Vec<usize> {
        self.shelves().named(id).to_vec()
    }

    /// Returns a tenant as it stands.
    pub(crate) fn stands(&self, place: usize) -> Arc<Tenant> {
        self.live.tenant(&self.world, place, self.now())
    }

    /// Returns a tenant as a request sees it: with a fault, as it stood before the last change.
    pub(crate) fn seen(&self, place: usize, site: &Site) -> Arc<Tenant> {
        let old = self.faults.laid_on(Fault::StaleRead, site);
        let old = old.and_then(|_| self.live.stale(place));
        match old {
            Some(tenant) => {
                self.book.struck(Fault::StaleRead);
                tenant
            }
            None => self.stands(place),
        }
    }

    /// Changes a tenant as it stands.
    pub(crate) fn change<T>(&self, place: usize, work: impl FnOnce(&mut Tenant) -> T) -> T {
        self.live.change(&self.world, (place, self.now()), work)
    }

    /// Returns the virtual moment.
    pub(crate) fn now(&self) -> Micros {
        self.clock.now()
    }

    /// Returns the moment that the cloud says it is.
    pub(crate) fn told_now(&self) -> Micros {
        self.now() + self.faults.dials().clock_skew * SECOND
    }

    /// Returns the real milliseconds since the start.
    pub(crate) fn real(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// Says where the services listen, once.
    pub(crate) fn settle(&self, addresses: Addresses) {
        let _ = self.addresses.set(addresses);
    }

    pub(crate) fn addresses(&self) -> &Addresses {
        self.addresses
            .get_or_init(|| Addresses::new(std::collections::BTreeMap::default()))
    }

    pub(crate) fn base(&self, service: Service) -> &str {
        self.addresses().of(service)
    }

    /// Returns a tenant's place, by its id or one of its domains.
    pub(crate) fn tenant(&self, name: &str) -> Option<usize> {
        self.world.tenants.iter().position(|tenant| {
            tenant.id.eq_ignore_ascii_case(name)
                || tenant.initial_domain.eq_ignore_ascii_case(name)
                || tenant
                    .domains
                    .iter()
                    .any(|domain| domain.eq_ignore_ascii_case(name))
        })
    }

    /// Returns records as a JSON array.
    pub(crate) fn array(&self, rows: &[usize]) -> String {
        let size: usize = rows
            .iter()
            .map(|row| self.record(*row).body.len() + 1)
            .sum();
        let mut array = String::with_capacity(size + 2);
        array.push('[');
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                array.push(',');
            }
            array.push_str(&self.record(*row).body);
        }
        array.push(']');
        array
    }

    /// Returns chance that was not drawn from before.
    pub(crate) fn chance_of(&self, name: &str) -> Seed {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        Seed::new(self.options.seed).fork(name).child(number)
    }

    /// Returns an id that was not given out before.
    pub(crate) fn guid(&self, name: &str) -> String {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        entra::named_guid(&format!("{} {name} {number}", self.options.seed))
    }
}
