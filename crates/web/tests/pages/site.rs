//! A site to be asked: its data, its clock, and browsers with a cookie each.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use data_encoding::BASE32_NOPAD;
use engine::pages::{Identity, Looking};
use engine::{DetectRequest, ImportRequest, Store, Unwatched};
use model::Timestamp;
use ring::hmac;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use tower::ServiceExt;
use web::respond::Responder;
use web::{House, Settings, routes};

pub(crate) const ONE: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const OTHER: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What an intruder would write into a rule's name, and what must never stand in a page.
pub(crate) const HOSTILE: &str =
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u{202e}{{7*7}}";

/// A site with incidents of two tenants.
pub(crate) struct Site {
    pub(crate) house: House,
    pub(crate) folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Returns what stands between two texts of the body.
    pub(crate) fn between(&self, begin: &str, end: &str) -> String {
        let (_, rest) = self.body.split_once(begin).expect("it begins");
        let (found, _) = rest.split_once(end).expect("it ends");
        found.to_owned()
    }

    /// Returns the secret of the forms of the page.
    pub(crate) fn form(&self) -> String {
        self.between("name=\"form\" value=\"", "\"")
    }
}

/// A browser with its cookie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    pub(crate) cookie: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    pub(crate) fn with(responder: Option<Arc<dyn Responder>>) -> Self {
        Self::made(responder, None)
    }

    /// A site at which people sign in by an issuer as well.
    pub(crate) fn at_issuer(identity: Arc<dyn Identity>) -> Self {
        Self::made(None, Some(identity))
    }

    fn made(responder: Option<Arc<dyn Responder>>, identity: Option<Arc<dyn Identity>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ledger.sqlite"), &*FOUND).expect("written");
        // 2026-03-02T00:00:00Z: a day after what was found.
        let clock = Arc::new(AtomicI64::new(1_772_409_600_000_000));
        let hands = Arc::clone(&clock);
        let house = House::open(Settings {
            clock: Arc::new(move || Timestamp(hands.load(Ordering::Relaxed))),
            responder,
            identity,
            ..Settings::of(folder.path().to_owned())
        })
        .expect("a house");
        let router = routes(&house);
        Self {
            house,
            folder,
            clock,
            router,
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub(crate) fn wait_minutes(&self, minutes: i64) {
        self.clock
            .fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// Returns a number that is another one after anything was written.
    pub(crate) fn watcher(&self) -> Looking {
        Looking::open(self.folder.path()).expect("a ledger")
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("answered");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 << 20).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).expect("text"),
        }
    }

    pub(crate) async fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.fetch("GET", browser, path).await
    }

    pub(crate) async fn fetch(&self, method: &str, browser: &Browser, path: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost:8080")
            .header("cookie", &browser.cookie)
            .body(Body::empty());
        self.ask(request.expect("a request")).await
    }

    /// Sends a form the way a browser does from a page of the site.
    pub(crate) async fn post(
        &self,
        browser: &Browser,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let from_here = [("sec-fetch-site", "same-origin"), ("origin", "null")];
        self.post_from(browser, path, fields, &from_here).await
    }

    pub(crate) async fn post_from(
        &self,
        browser: &Browser,
        path: &str,
        fields: &[(&str, &str)],
        from: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut request = Request::builder()
            .method("POST")
            .uri(path)
            .header("host", "localhost:8080")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &browser.cookie);
        for (name, value) in from {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// Opens a one-time link, chooses a password, and returns the signed-in browser with the seed.
    pub(crate) async fn redeem(&self, link: &str, name: &str) -> (Browser, Vec<u8>) {
        let seed = self.seed(link).await;
        let code = self.code(&seed);
        let fields = [
            ("name", name),
            ("password", PASSWORD),
            ("again", PASSWORD),
            ("code", code.as_str()),
        ];
        let answer = self.post(&Browser::default(), link, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        (browser(&answer), seed)
    }

    pub(crate) async fn seed(&self, link: &str) -> Vec<u8> {
        let page = self.get(&Browser::default(), link).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let spelled = page.between("<code data-copy>", "</code>").replace(' ', "");
        BASE32_NOPAD.decode(spelled.as_bytes()).expect("a seed")
    }

    /// Makes the first administrator.
    pub(crate) async fn administrator(&self) -> (Browser, Vec<u8>) {
        let link = self.house.administrator_link().expect("a link");
        self.redeem(&link, "root").await
    }

    /// Makes an account by way of an administrator and signs it in.
    pub(crate) async fn member(
        &self,
        admin: &Browser,
        name: &str,
        tenant: &str,
        role: &str,
    ) -> (Browser, Vec<u8>) {
        let form = self.get(admin, "/accounts").await.form();
        let fields = [
            ("form", form.as_str()),
            ("name", name),
            ("tenant", tenant),
            ("role", role),
        ];
        let made = self.post(admin, "/accounts", &fields).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        let link = made.between("<code data-copy>", "</code>");
        self.redeem(&link, name).await
    }

    /// Returns the code of this moment, worked out here and not by the program.
    pub(crate) fn code(&self, seed: &[u8]) -> String {
        let number = self.now() / 30_000_000;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
        let tag = hmac::sign(&key, &number.to_be_bytes());
        let at = usize::from(tag.as_ref()[19] & 15);
        let word: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
        format!(
            "{:06}",
            (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
        )
    }

    /// Returns the ids of the incidents that stand on the first page of somebody.
    pub(crate) async fn incidents(&self, browser: &Browser) -> Vec<String> {
        let page = self.get(browser, "/").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let links = page.body.split("scope=\"row\"><a href=\"/a/").skip(1);
        links
            .filter_map(|rest| rest.split_once('"'))
            .map(|(id, _)| id.to_owned())
            .collect()
    }

    /// Returns the incident of a tenant.
    pub(crate) fn incident_of(&self, tenant: &str) -> String {
        let standing = self.watcher().standing().expect("read");
        let mut all = standing.incidents.into_iter();
        all.find(|one| one.tenant == tenant)
            .expect("an incident")
            .id
    }
}

/// Returns a browser that keeps the cookie of an answer.
pub(crate) fn browser(answer: &Answer) -> Browser {
    let cookie = answer.header("set-cookie");
    Browser {
        cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
    }
}

/// The ledger of a data folder in which something was found, made once for all tests: by the program
/// itself, out of records. On a thread of its own, for the lake brings a runtime.
static FOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        let filled = scope.spawn(|| fill(folder.path()));
        filled.join().expect("filled");
    });
    std::fs::read(folder.path().join("ledger.sqlite")).expect("a ledger")
});

fn fill(folder: &Path) {
    let mut lines = String::new();
    for (tenant, name) in [(ONE, "joey"), (OTHER, "vera")] {
        for minute in 0..2 {
            let record = serde_json::json!({
                "CreationTime": format!("2026-03-01T10:0{minute}:00"),
                "Id": format!("{}-0000-4000-8000-00000000000{minute}", &tenant[..8]),
                "Operation": "New-InboxRule",
                "OrganizationId": tenant,
                "RecordType": 1,
                "ResultStatus": "True",
                "UserKey": name,
                "UserType": 2,
                "Version": 1,
                "Workload": "Exchange",
                "ClientIP": "203.0.113.47:52378",
                "ObjectId": format!("{name}\\{HOSTILE}"),
                "UserId": format!("{name}@{name}.example"),
                "Parameters": [
                    {"Name": "Name", "Value": HOSTILE},
                    {"Name": "SubjectOrBodyContainsWords", "Value": "invoice;payment;password"},
                    {"Name": "ForwardTo", "Value": "drop@evil.example"},
                    {"Name": "MoveToFolder", "Value": "RSS Feeds"},
                    {"Name": "MarkAsRead", "Value": "True"},
                    {"Name": "StopProcessingRules", "Value": "True"}
                ]
            });
            lines.push_str(&record.to_string());
            lines.push('\n');
        }
    }
    let evidence = folder.join("evidence.jsonl");
    std::fs::write(&evidence, lines).expect("written");
    let data = Store::open(folder).expect("a data folder");
    let request = ImportRequest {
        words: vec![evidence.display().to_string()],
        format: None,
        tenant: None,
    };
    let report = data.import(&request, &mut Unwatched).expect("imported");
    assert_eq!(report.new, 4);
    let request = DetectRequest {
        folder: folder.to_owned(),
        ..DetectRequest::default()
    };
    let found = data.detect(&request, &mut Unwatched).expect("detected");
    assert!(found.incidents.len() >= 2, "each tenant has an incident");
}
