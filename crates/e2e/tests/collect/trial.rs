//! One trial: a simulated cloud that is served, a data folder that collects from it, and what
//! the cloud says of what was collected.

use crate::house::{House, Run};
use serde_json::{Value, json};
use sim::{
    BulkOptions, Dials, Running, Scope, ServeOptions, Service, Verdict, World, WorldOptions,
};
use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};

/// The stores of the cloud, each with the table that its records end up in.
pub(crate) const FAMILIES: [&str; 7] = [
    "unified",
    "signins",
    "directory_audits",
    "risk",
    "messages",
    "azure_activity",
    "devops_audit",
];

/// Everything that a tenant has, without the quotas of Microsoft's services, which would make a
/// small world take minutes.
const LIMITS: &str = "\
[limits]
quota_factor = 1000
backoff = \"200ms\"
retry_pause = \"20ms\"
tries = 6
first_pause = \"1s\"
patience = \"40s\"
lease = \"3s\"
";

/// Returns a record of a tenant that nobody collects.
pub(crate) fn record(number: u32) -> Value {
    json!({
        "CreationTime": "2026-03-02T09:41:00", "Id": format!("{number:08x}-0003-4000-8000-000000000003"),
        "Operation": "FileAccessed", "OrganizationId": "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413",
        "RecordType": 6, "UserType": 0, "UserId": "nora@fabrikam.example", "UserKey": "1",
        "Version": 1, "Workload": "SharePoint", "ObjectId": format!("https://fabrikam.example/{number}"),
    })
}

/// A cloud and a house that collects from it.
pub(crate) struct Trial {
    pub(crate) house: House,
    pub(crate) cloud: Running,
}

/// Tells a story as small as it can be told.
pub(crate) fn story(name: &str) -> World {
    story_of(name, WorldOptions::default().seed)
}

/// The same with other people, addresses and ids.
pub(crate) fn story_of(name: &str, seed: u64) -> World {
    let options = WorldOptions {
        seed,
        people: 8,
        ..WorldOptions::default()
    };
    World::tell(name, &options).expect("the story is told")
}

/// Makes records of the unified audit log by number, over some hours.
pub(crate) fn bulk(tenants: usize, records: u64) -> World {
    bulk_over(tenants, records, 1_772_409_600_000_000, 6 * 3_600_000_000)
}

/// The same from a moment on, over a span.
pub(crate) fn bulk_over(tenants: usize, records: u64, began: i64, span: i64) -> World {
    World::bulk(&BulkOptions {
        tenants,
        records,
        seed: 7,
        began,
        span,
    })
}

impl Trial {
    pub(crate) fn new(world: World) -> Self {
        Self::with(world, ServeOptions::default())
    }

    /// Serves a world with something that goes wrong.
    pub(crate) fn with_dials(world: World, dials: Dials) -> Self {
        Self::with(
            world,
            ServeOptions {
                dials,
                ..ServeOptions::default()
            },
        )
    }

    pub(crate) fn with(world: World, options: ServeOptions) -> Self {
        let stands_still = options.speed == 0.0;
        let cloud = sim::start(world, options).expect("the cloud is served");
        if stands_still {
            // What came in this very second is not listed as yet: a server's date has whole seconds.
            cloud.advance(60);
        }
        let trial = Self {
            house: House::new(),
            cloud,
        };
        trial.configure(LIMITS);
        trial
    }

    /// Writes the configuration by which every tenant of the cloud is collected.
    pub(crate) fn configure(&self, limits: &str) {
        let mut text = format!("{limits}\n[clouds.sim]\nlike = \"commercial\"\n");
        for service in Service::ALL {
            if !matches!(service, Service::Elsewhere | Service::Admin) {
                let base = self.cloud.base(service);
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{} = \"{base}\"", service.name());
            }
        }
        std::fs::create_dir_all(self.house.path("data")).expect("a folder can be made");
        for tenant in &self.cloud.world().tenants {
            let devops: Vec<String> = tenant
                .devops
                .iter()
                .map(|one| format!("{:?}", one.name))
                .collect();
            let _ = write!(
                text,
                "\n[[tenant]]\nid = \"{id}\"\nname = {name:?}\ncloud = \"sim\"\ndevops = [{devops}]\n\
                 collect = {{ client_id = \"{client}\", secret = \"file:{secret}\" }}\n\
                 respond = {{ client_id = \"{responder}\", secret = \"file:{changing}\" }}\n",
                id = tenant.id,
                name = tenant.name,
                devops = devops.join(", "),
                client = tenant.collector.client_id,
                secret = self.secret(&tenant.id, &tenant.collector.secret),
                responder = tenant.responder.client_id,
                changing = self.secret(&format!("{}.respond", tenant.id), &tenant.responder.secret),
            );
        }
        self.house.write("data/config.toml", text);
    }

    /// Writes a secret that only its owner can read, and returns where.
    pub(crate) fn secret(&self, name: &str, secret: &str) -> String {
        let path = self.house.write(&format!("{name}.secret"), secret);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let owner = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&path, owner).expect("a file can be closed to others");
        }
        path.display().to_string()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let words = [&["--format", "json", "collect"], words].concat();
        self.house.command(&words)
    }

    /// Collects until everything that can be had was had.
    pub(crate) fn collect(&self, words: &[&str]) -> Collected {
        let output = self.command(words).output().expect("the binary starts");
        Collected::of(Run::of(output))
    }

    /// Starts collecting, with nobody who reads what it prints.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the binary starts")
    }

    /// Returns what `collect status` says.
    pub(crate) fn status(&self) -> Value {
        let run = self.house.run(&["--format", "json", "collect", "status"]);
        run.json()
    }

    /// Returns the ids of a table, each as often as it is there.
    pub(crate) fn ids(&self, table: &str) -> Vec<String> {
        let query = format!("SELECT record_id FROM {table}");
        let run = self.house.run(&["--format", "jsonl", "sql", &query]);
        assert_eq!(run.code, 0, "{query}: {}", run.stderr);
        let id = |line: Value| {
            let id = line["record_id"].as_str().expect("an id");
            // An entry of Azure DevOps is named within its organisation.
            let id = id.split_once('/').filter(|_| table == "devops_audit");
            let whole = line["record_id"].as_str().unwrap_or_default();
            id.map_or(whole, |(_, id)| id).to_owned()
        };
        run.lines().into_iter().map(id).collect()
    }

    /// Lets the cloud judge what is in the table of one of its stores.
    pub(crate) fn judge(&self, family: &str) -> Verdict {
        let ids = self.ids(family);
        let scope = Scope::stream(family);
        let mut verdict = self.cloud.judge(&scope, ids.iter().map(String::as_str));
        verdict.missing.retain(|id| !self.is_at_the_edge(id));
        verdict
    }

    /// Returns an id with its stream and how many minutes ago it came.
    fn told(&self, id: &str) -> String {
        let mut records = self.cloud.world().records.iter();
        records.find(|record| record.id == id).map_or_else(
            || id.to_owned(),
            |record| {
                let ago = (self.cloud.now() - record.available) / 60_000_000;
                format!("{id} of {:?}, {ago} minutes ago", record.stream)
            },
        )
    }

    /// Returns whether a record came so long ago that its content ends in these minutes: a first
    /// run does not begin at the very edge of what is kept, and the dials make the cloud's clock wrong.
    fn is_at_the_edge(&self, id: &str) -> bool {
        const MINUTE: i64 = 60_000_000;
        const REDELIVERED: i64 = 5 * 24 * 60 * MINUTE;
        let oldest = self.cloud.now() - 7 * 24 * 60 * MINUTE;
        let mut records = self.cloud.world().records.iter();
        let came = records.find(|record| record.id == id);
        came.is_some_and(|record| {
            let edge = oldest - 5 * MINUTE..oldest + 25 * MINUTE;
            let came = [record.available, record.available + REDELIVERED];
            matches!(record.stream, sim::Stream::Unified(_))
                && came.iter().any(|at| edge.contains(at))
        })
    }

    /// Demands of these stores that nothing is missing and nothing is there twice.
    pub(crate) fn holds_everything_once(&self, families: &[&str], story: &str) {
        for family in families {
            let verdict = self.judge(family);
            let first = |ids: &[String]| {
                let first = ids.iter().take(3);
                first.map(|id| self.told(id)).collect::<Vec<_>>()
            };
            assert!(
                verdict.missing.is_empty()
                    && verdict.duplicate.is_empty()
                    && verdict.unknown.is_empty(),
                "{story}, {family}: of {} expected {} missing {:?}, {} twice {:?}, {} unknown {:?}; {}",
                verdict.expected,
                verdict.missing.len(),
                first(&verdict.missing),
                verdict.duplicate.len(),
                first(&verdict.duplicate),
                verdict.unknown.len(),
                first(&verdict.unknown),
                self.status(),
            );
        }
        let rejected = self.house.count("SELECT count(*) FROM rejects");
        let conflicts = self.house.count("SELECT count(*) FROM conflicts");
        assert_eq!((rejected, conflicts), (0, 0), "{story}");
    }

    /// Demands that no token went where it is not for.
    pub(crate) fn leaked_nothing(&self, story: &str) {
        let report = self.cloud.report();
        assert!(report.leaked.is_empty(), "{story}: {:?}", report.leaked);
        assert_eq!(report.without_publisher, 0, "{story}");
    }
}

/// What a run of `collect` said.
pub(crate) struct Collected {
    pub(crate) code: i32,
    pub(crate) stderr: String,
    /// What it printed; null where that was nothing.
    pub(crate) report: Value,
}

impl Collected {
    pub(crate) fn of(run: Run) -> Self {
        Self {
            report: serde_json::from_str(&run.stdout).unwrap_or(Value::Null),
            code: run.code,
            stderr: run.stderr,
        }
    }

    pub(crate) fn brought(&self) -> u64 {
        self.report["new"].as_u64().unwrap_or_default()
    }

    /// Returns the feeds of all tenants.
    pub(crate) fn feeds(&self) -> Vec<&Value> {
        let tenants = self.report["tenants"].as_array().into_iter().flatten();
        tenants
            .flat_map(|tenant| tenant["feeds"].as_array().into_iter().flatten())
            .collect()
    }

    /// Returns the gaps of all feeds.
    pub(crate) fn gaps(&self) -> Vec<&Value> {
        let feeds = self.feeds().into_iter();
        feeds
            .flat_map(|feed| feed["gaps"].as_array().into_iter().flatten())
            .collect()
    }

    /// Returns what is wrong with any feed.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let feeds = self.feeds().into_iter();
        feeds
            .filter_map(|feed| Some(feed["trouble"]["what"].as_str()?.to_owned()))
            .collect()
    }
}
