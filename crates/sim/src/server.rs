//! Starting and stopping the cloud: one listener a service, each on its own port and so its own
//! origin, on a runtime of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::authority::{Authority, Unfit};
use crate::cloud::Cloud;
use crate::entra::{Federated, WebApp};
use crate::faults::Dials;
use crate::listen::{Gate, Wire, bind};
use crate::live::foothold::FootholdReport;
use crate::live::state;
use crate::live::tries::Attempt;
use crate::record::Micros;
use crate::report::{Report, Scope, Verdict};
use crate::service::{Addresses, Service};
use crate::stamp::SECOND;
use crate::storage::{self, LogBlob};
use crate::world::{Tenant, World};
use crate::{activity, door};

/// How a cloud is served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where chance comes from.
    pub seed: u64,
    /// The virtual moment at the start; when absent, the one in which everything has arrived.
    pub start: Option<Micros>,
    /// Speed of the clock over real time; nought freezes it.
    pub speed: f64,
    /// What goes wrong.
    pub dials: Dials,
    /// Records in a blob, at most.
    pub blob_records: usize,
    /// Rows in a page of content, at most.
    pub page_size: usize,
    /// Requests a real minute for a tenant and a publisher in the Management Activity API;
    /// nought takes any number.
    pub quota_per_minute: u32,
    /// Whether services speak TLS, with certificates of a new authority.
    pub tls: bool,
    /// The first port; the services follow in order. Nought takes whatever is free.
    pub port: u16,
    /// Certificates (DER) by which the collector's application may prove itself.
    pub certificates: Vec<Vec<u8>>,
    /// Identity providers that the collector's application trusts.
    pub federated: Vec<Federated>,
    /// Applications that people sign in to in a browser.
    pub web_apps: Vec<WebApp>,
    /// Secrets that once were good.
    pub expired_secrets: Vec<String>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            start: None,
            speed: 0.0,
            dials: Dials::default(),
            blob_records: 100,
            page_size: 200,
            quota_per_minute: 0,
            tls: false,
            port: 0,
            certificates: Vec::new(),
            federated: Vec::new(),
            web_apps: Vec::new(),
            expired_secrets: Vec::new(),
        }
    }
}

/// Why a cloud cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A port is taken.
    #[error("listen on port {port} for `{}`", service.name())]
    Listen {
        /// Which port.
        port: u16,
        /// For which service.
        service: Service,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No runtime.
    #[error("start a runtime")]
    Runtime(#[source] std::io::Error),
    /// No certificates.
    #[error("make certificates")]
    Certificates(#[source] Unfit),
    /// The thread ended before it began.
    #[error("start the services")]
    Ended,
}

/// A cloud that is served, until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where each service listens.
    pub addresses: Addresses,
    cloud: Arc<Cloud>,
    authority: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Returns the base address of a service, without a slash at the end.
    #[must_use]
    pub fn base(&self, service: Service) -> &str {
        self.addresses.of(service)
    }

    /// Returns the certificate of the authority as PEM, when services speak TLS.
    #[must_use]
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Returns the world that is served.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.cloud.world
    }

    /// Returns what was served and seen so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.cloud.report()
    }

    /// Judges the ids that a client collected.
    pub fn judge<'a>(&self, scope: &Scope, ids: impl IntoIterator<Item = &'a str>) -> Verdict {
        self.cloud.judge(scope, ids)
    }

    /// Says what the intruder of the story can still do in a tenant, by its id or a domain, and
    /// what of everybody else's was damaged; `None` when there is no such tenant.
    ///
    /// ```
    /// use sim::{FootholdKind, ServeOptions, World, WorldOptions};
    ///
    /// let world = World::tell("aitm-invoice", &WorldOptions::default()).unwrap();
    /// // The second Friday, at noon: the intruder is in, and nobody knows yet.
    /// let start = Some(world.began + (11 * 24 + 12) * 3_600_000_000);
    /// let cloud = sim::start(world, ServeOptions { start, ..ServeOptions::default() }).unwrap();
    /// let tenant = cloud.world().tenants[0].id.clone();
    /// let report = cloud.foothold_report(&tenant).unwrap();
    /// assert!(report.holds(FootholdKind::Session) && report.holds(FootholdKind::Rule));
    /// // A response would do this through Graph, with the secret of `tenants[0].responder`.
    /// let victim = report.can[0].on.clone();
    /// cloud.meddle(&tenant, |tenant| {
    ///     let mut users = tenant.users.iter_mut();
    ///     users.find(|user| user.upn == victim).unwrap().enabled = false;
    /// });
    /// assert!(!cloud.foothold_report(&tenant).unwrap().holds(FootholdKind::Session));
    /// ```
    #[must_use]
    pub fn foothold_report(&self, tenant: &str) -> Option<FootholdReport> {
        Some(self.cloud.footholds(self.cloud.tenant(tenant)?))
    }

    /// Lets the intruder of the story try every session and application again, at the virtual
    /// moment. What is recorded of it comes out of the logs later, as everything does.
    pub fn intruder_tries(&self, tenant: &str) -> Vec<Attempt> {
        let place = self.cloud.tenant(tenant);
        place.map_or_else(Vec::new, |place| self.cloud.intruder_tries(place))
    }

    /// Returns a tenant's state at the virtual moment as JSON that is the same whenever the state
    /// is, in two parts: `reversible`, and `lasting` for what no undo brings back.
    #[must_use]
    pub fn live_state(&self, tenant: &str) -> Option<String> {
        let tenant = self.cloud.stands(self.cloud.tenant(tenant)?);
        Some(state::whole(&tenant))
    }

    /// Returns the part of [`Running::live_state`] that an undo brings back.
    #[must_use]
    pub fn reversible_state(&self, tenant: &str) -> Option<String> {
        let tenant = self.cloud.stands(self.cloud.tenant(tenant)?);
        Some(state::reversible(&tenant))
    }

    /// Returns a tenant as it stands at the virtual moment.
    #[must_use]
    pub fn stands(&self, tenant: &str) -> Option<Tenant> {
        let tenant = self.cloud.stands(self.cloud.tenant(tenant)?);
        Some(Tenant::clone(&tenant))
    }

    /// Changes a tenant behind everybody's back, as somebody else's hand would; no record tells.
    pub fn meddle(&self, tenant: &str, work: impl FnOnce(&mut Tenant)) {
        if let Some(place) = self.cloud.tenant(tenant) {
            self.cloud.change(place, work);
        }
    }

    /// Returns the diagnostic logs of all tenants as they stand, for a storage account that is
    /// not this cloud's.
    #[must_use]
    pub fn logs(&self) -> Vec<LogBlob> {
        storage::logs(&self.cloud)
    }

    /// Returns the virtual moment.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.cloud.now()
    }

    /// Moves the clock to a moment.
    pub fn set_now(&self, to: Micros) {
        self.cloud.clock.set(to);
    }

    /// Moves the clock on by virtual seconds.
    pub fn advance(&self, seconds: i64) {
        self.cloud.clock.advance(seconds * SECOND);
    }

    /// Lets the clock go at another speed over real time.
    pub fn set_speed(&self, speed: f64) {
        self.cloud.clock.set_speed(speed);
    }

    /// Turns the dials.
    pub fn turn(&self, dials: Dials) {
        self.cloud.turn(dials);
    }

    /// Makes every token worthless, access and refresh tokens alike.
    pub fn revoke_tokens(&self) {
        self.cloud.tokens.revoke();
        self.cloud.entra.revoke();
    }

    /// Ends all services and returns the last report.
    pub fn stop(mut self) -> Report {
        self.end();
        self.cloud.report()
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Serves a world and returns when all services listen.
///
/// ```
/// use sim::{Dials, ServeOptions, Service, World, WorldOptions};
///
/// let options = WorldOptions { seed: 1, people: 8, tenants: 1, began: 0, days: 1 };
/// let world = World::tell("quiet-month", &options).unwrap();
/// let dials = Dials::preset("throttle").unwrap();
/// let cloud = sim::start(world, ServeOptions { dials, ..ServeOptions::default() }).unwrap();
/// assert!(cloud.base(Service::Graph).starts_with("http://127.0.0.1:"));
/// assert_eq!(cloud.stop().throttled, 0);
/// ```
pub fn start(world: World, options: ServeOptions) -> Result<Running, ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("sim")
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let (stop, stopped) = oneshot::channel();
    let (ready, readied) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        // The cloud counts real time from here, so it is made where the runtime is.
        let begun = runtime.block_on(begin(world, options));
        let good = begun.is_ok();
        let told = ready.send(begun).is_ok();
        if good && told {
            let _ = runtime.block_on(stopped);
        }
        runtime.shutdown_timeout(Duration::from_millis(100));
    });
    let (cloud, authority) = readied.recv().map_err(|_| ServeError::Ended)??;
    Ok(Running {
        addresses: cloud.addresses().clone(),
        cloud,
        authority,
        stop: Some(stop),
        thread: Some(thread),
    })
}

/// As [`start`], without holding up the caller's runtime.
pub async fn serve(world: World, options: ServeOptions) -> Result<Running, ServeError> {
    let (done, running) = oneshot::channel();
    std::thread::spawn(move || done.send(start(world, options)));
    running.await.map_err(|_| ServeError::Ended)?
}

async fn begin(
    world: World,
    options: ServeOptions,
) -> Result<(Arc<Cloud>, Option<String>), ServeError> {
    let authority = if options.tls {
        Some(Authority::new().map_err(ServeError::Certificates)?)
    } else {
        None
    };
    let listeners = listeners(options.port).await?;
    let scheme = if options.tls { "https" } else { "http" };
    let cloud = Arc::new(Cloud::new(world, options));
    let addresses = listeners
        .iter()
        .map(|(service, (_, port))| (*service, format!("{scheme}://127.0.0.1:{port}")))
        .collect();
    cloud.settle(Addresses::new(addresses));
    for (service, (listener, _)) in listeners {
        let tls = authority.as_ref().map(Authority::acceptor);
        let gate = Gate::open(listener, tls);
        let routes =
            door::router(Arc::clone(&cloud), service).into_make_service_with_connect_info::<Wire>();
        tokio::spawn(async move { axum::serve(gate, routes).await });
    }
    tokio::spawn(notify(Arc::clone(&cloud)));
    Ok((cloud, authority.map(|authority| authority.pem().to_owned())))
}

async fn listeners(first: u16) -> Result<BTreeMap<Service, (TcpListener, u16)>, ServeError> {
    let mut listeners = BTreeMap::new();
    for (place, service) in Service::ALL.into_iter().enumerate() {
        let port = if first == 0 { 0 } else { first + place as u16 };
        let (listener, address) = bind(port).await.map_err(|source| ServeError::Listen {
            port,
            service,
            source,
        })?;
        listeners.insert(service, (listener, address.port()));
    }
    Ok(listeners)
}

/// Tells webhooks what came, for as long as the services live.
async fn notify(cloud: Arc<Cloud>) {
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        activity::deliver(&cloud);
    }
}
