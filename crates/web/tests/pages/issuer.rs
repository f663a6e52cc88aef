//! Signing in at an issuer: who gets in, in which browser, how often, and as whom.
//!
//! The issuer here tells what a test says; what it takes to believe one is tested at the door to it.

use crate::site::{Answer, Browser, ONE, OTHER, Site, browser};
use axum::http::StatusCode;
use engine::EngineError;
use engine::pages::{Begun, Identity, Person, Returned};
use model::Timestamp;
use std::sync::{Arc, Mutex};

/// An issuer that tells what a test says.
#[derive(Default)]
struct Told {
    person: Mutex<Person>,
    begun: Mutex<Vec<Begun>>,
    finished: Mutex<Vec<(Begun, Returned)>>,
}

impl Identity for Told {
    fn called(&self) -> String {
        "Contoso <b>".to_owned()
    }

    fn home(&self) -> String {
        "https://ir.example.net/".to_owned()
    }

    fn begin(&self, begun: &Begun) -> Result<String, EngineError> {
        self.begun
            .lock()
            .expect("nobody panicked")
            .push(begun.clone());
        Ok(format!(
            "https://idp.example/authorize?state={}&a=b",
            begun.state
        ))
    }

    fn finish(&self, begun: &Begun, returned: &Returned) -> Result<Person, EngineError> {
        let pair = (begun.clone(), returned.clone());
        self.finished.lock().expect("nobody panicked").push(pair);
        Ok(self.person.lock().expect("nobody panicked").clone())
    }

    fn end(&self) -> Option<String> {
        Some("https://idp.example/logout?x=<y>".to_owned())
    }
}

struct Trial {
    site: Site,
    told: Arc<Told>,
}

fn person(site: &Site) -> Person {
    Person {
        issuer: "https://idp.example".to_owned(),
        subject: "AAAA".to_owned(),
        name: "ann@contoso.example".to_owned(),
        roles: vec![(ONE.to_owned(), "responder".to_owned())],
        is_cut_short: false,
        proved: Some(Timestamp(site.now())),
    }
}

impl Trial {
    fn new() -> Self {
        let told = Arc::new(Told::default());
        let site = Site::at_issuer(told.clone());
        let trial = Self { site, told };
        trial.tell(person(&trial.site));
        trial
    }

    fn tell(&self, person: Person) {
        *self.told.person.lock().expect("nobody panicked") = person;
    }

    /// Begins a sign-in; returns the browser with its ticket, and the state.
    async fn leave(&self, next: &str) -> (Browser, String) {
        let site = &self.site;
        let nobody = Browser::default();
        let away = site.post(&nobody, "/sign-in/oidc", &[("next", next)]).await;
        assert_eq!(away.status, StatusCode::OK, "{}", away.body);
        (browser(&away), self.state())
    }

    fn state(&self) -> String {
        let begun = self.told.begun.lock().expect("nobody panicked");
        begun.last().expect("it began").state.clone()
    }

    async fn done(&self, browser: &Browser, state: &str) -> Answer {
        let fields = [("state", state), ("code", "the-code")];
        self.site.post(browser, "/sign-in/oidc/done", &fields).await
    }

    async fn signed_in(&self) -> Browser {
        let (away, state) = self.leave("/").await;
        let done = self.done(&away, &state).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        browser(&done)
    }

    fn finished(&self) -> usize {
        self.told.finished.lock().expect("nobody panicked").len()
    }
}

#[tokio::test]
async fn a_person_goes_away_comes_back_and_sees_what_the_issuer_tells() {
    let trial = Trial::new();
    let site = &trial.site;
    let page = site
        .get(&Browser::default(), "/sign-in?next=%2Ft%3Fx%3D1")
        .await;
    assert!(
        page.body.contains("Sign in at Contoso &#60;b&#62;"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("Nobody can sign in yet"));
    let away = site
        .post(&Browser::default(), "/sign-in/oidc", &[("next", "/t?x=1")])
        .await;
    let state = trial.state();
    assert_eq!(
        away.header("refresh"),
        format!("0; url=https://idp.example/authorize?state={state}&a=b")
    );
    let cookie = away.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=600"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let begun = trial.told.begun.lock().expect("nobody panicked")[0].clone();
    for secret in [&begun.state, &begun.nonce, begun.verifier.reveal()] {
        assert_eq!(secret.len(), 43, "256 bits");
        assert!(!cookie.contains(secret), "it is sealed");
    }
    let watcher = site.watcher();
    let before = watcher.version().expect("asked");
    let query = format!("/sign-in/oidc?code=c%2B1&state={state}&iss=https%3A%2F%2Fidp.example");
    let back = site.get(&Browser::default(), &query).await;
    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(back.between("name=\"code\" value=\"", "\""), "c+1");
    assert_eq!(watcher.version().expect("asked"), before, "it only shows");
    assert_eq!(trial.finished(), 0);
    let fields = [
        ("state", state.as_str()),
        ("code", "c+1"),
        ("iss", "https://idp.example"),
    ];
    let done = site
        .post(&browser(&away), "/sign-in/oidc/done", &fields)
        .await;
    assert_eq!(done.header("location"), "/t?x=1");
    let set: Vec<_> = done.headers.get_all("set-cookie").iter().collect();
    assert_eq!(set.len(), 2, "a session is given and the ticket is taken");
    let ann = browser(&done);
    let seen = site.incidents(&ann).await;
    assert_eq!(seen, [site.incident_of(ONE)]);
    let (finished, returned) = trial.told.finished.lock().expect("nobody panicked")[0].clone();
    assert_eq!(finished, begun);
    assert_eq!(returned.code.reveal(), "c+1");
    assert_eq!(returned.issuer.as_deref(), Some("https://idp.example"));
}

#[tokio::test]
async fn only_the_browser_that_began_completes_it_once_and_in_time() {
    let trial = Trial::new();
    let (away, state) = trial.leave("/").await;
    let (other, other_state) = trial.leave("/").await;
    for (who, browser, state) in [
        ("no ticket", &Browser::default(), state.as_str()),
        ("another browser's ticket", &other, state.as_str()),
        ("another browser's state", &away, other_state.as_str()),
        ("no state", &away, ""),
        ("a guess", &away, "guess"),
    ] {
        let refused = trial.done(browser, state).await;
        assert_eq!(refused.status, StatusCode::GONE, "{who}");
        assert_eq!(refused.header("set-cookie"), "", "{who}");
    }
    let mut forged = away.clone();
    forged.cookie.truncate(forged.cookie.len() - 4);
    assert_eq!(trial.done(&forged, &state).await.status, StatusCode::GONE);
    assert_eq!(trial.finished(), 0, "the issuer hears of none of it");
    let foreign = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let fields = [("state", state.as_str()), ("code", "c")];
    let path = "/sign-in/oidc/done";
    let refused = trial.site.post_from(&away, path, &fields, &foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        trial.done(&away, &state).await.status,
        StatusCode::SEE_OTHER
    );
    let replayed = trial.done(&away, &state).await;
    assert_eq!(replayed.status, StatusCode::GONE);
    assert!(replayed.body.contains("It counts once"));
    assert_eq!(trial.finished(), 1);
    trial.site.wait_minutes(10);
    assert_eq!(
        trial.done(&other, &other_state).await.status,
        StatusCode::GONE
    );
    assert_eq!(trial.finished(), 1);
}

#[tokio::test]
async fn an_address_that_an_issuer_does_not_make_is_told_in_our_words() {
    let trial = Trial::new();
    for (query, words) in [
        ("", "nothing here"),
        ("?state=a", "nothing here"),
        ("?code=a", "nothing here"),
        ("?state=a&state=b&code=c", "not one that an issuer makes"),
        (
            "?error=access_denied&error_description=call+0900",
            "declined",
        ),
        (
            "?error=%3Cscript%3E&error_description=%3Cscript%3E",
            "did not sign you in",
        ),
        ("?error=login_required&state=a&code=c", "wants something"),
    ] {
        let path = format!("/sign-in/oidc{query}");
        let page = trial.site.get(&Browser::default(), &path).await;
        assert_eq!(page.status, StatusCode::GONE, "{query}");
        assert!(page.body.contains(words), "{}", page.body);
        assert!(!page.body.contains("0900") && !page.body.contains("<script>"));
    }
    let hostile = "/sign-in/oidc?state=%22%3E%3Cscript%3E&code=%22onfocus%3D";
    let page = trial.site.get(&Browser::default(), hostile).await;
    assert!(!page.body.contains("\"><script>") && !page.body.contains("\"onfocus"));
    let site = Site::new();
    for path in ["/sign-in/oidc", "/sign-in/oidc?state=a&code=c"] {
        let page = site.get(&Browser::default(), path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "there is no issuer");
    }
    let refused = site.post(&Browser::default(), "/sign-in/oidc", &[]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn roles_are_what_the_issuer_tells_now_and_without_one_nobody_is_in() {
    let trial = Trial::new();
    let ann = trial.signed_in().await;
    let of_one = trial.site.incident_of(ONE);
    let path = format!("/a/{of_one}");
    assert_eq!(trial.site.get(&ann, &path).await.status, StatusCode::OK);
    let mut moved = person(&trial.site);
    moved.roles = vec![(OTHER.to_owned(), "viewer".to_owned())];
    trial.tell(moved);
    let again = trial.signed_in().await;
    for browser in [&ann, &again] {
        let page = trial.site.get(browser, &path).await;
        assert_eq!(
            page.status,
            StatusCode::NOT_FOUND,
            "also in the older session"
        );
    }
    let mut gone = person(&trial.site);
    gone.roles.clear();
    trial.tell(gone.clone());
    let (away, state) = trial.leave("/").await;
    let refused = trial.done(&away, &state).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.body.contains("gives you no role here"),
        "{}",
        refused.body
    );
    assert_eq!(refused.header("set-cookie"), "");
    let page = trial.site.get(&again, "/").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "the sessions are over");
    let events = trial.site.watcher().account_events(3).expect("read");
    assert!(events[0].what.contains("no role here"), "{events:?}");
    assert_eq!(events[0].account, "ann@contoso.example");
    // A stranger whom the issuer knows leaves an event and no account.
    gone.subject = "BBBB".to_owned();
    gone.name = "root".to_owned();
    gone.is_cut_short = true;
    trial.tell(gone);
    let (away, state) = trial.leave("/").await;
    let refused = trial.done(&away, &state).await;
    assert!(
        refused.body.contains("more groups than"),
        "{}",
        refused.body
    );
    let watcher = trial.site.watcher();
    assert_eq!(watcher.accounts().expect("read").len(), 1);
    assert_eq!(
        watcher.account_events(1).expect("read")[0].account,
        "unknown: root"
    );
}

#[tokio::test]
async fn a_person_is_the_issuers_word_and_never_a_name() {
    let trial = Trial::new();
    let (admin, _) = trial.site.administrator().await;
    let mut eve = person(&trial.site);
    eve.name = "ROOT".to_owned();
    trial.tell(eve.clone());
    trial.signed_in().await;
    eve.issuer = "https://other.example".to_owned();
    trial.tell(eve);
    trial.signed_in().await;
    let accounts = trial.site.watcher().accounts().expect("read");
    let names: Vec<&str> = accounts.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "root");
    assert!(names[1..].iter().all(|name| name.starts_with("root-")));
    assert!(
        accounts[0].identity.is_none(),
        "the local account is not touched"
    );
    assert_eq!(
        trial.site.get(&admin, "/accounts").await.status,
        StatusCode::OK
    );
    // What the issuer decides is not changed here; that an account is ended is.
    let path = format!("/accounts/{}", names[1]);
    let page = trial.site.get(&admin, &path).await;
    let form = page.form();
    let roles = [("form", form.as_str()), ("tenant", "*"), ("role", "admin")];
    for what in ["roles", "link"] {
        let refused = trial
            .site
            .post(&admin, &format!("{path}/{what}"), &roles)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    }
    for (at, expected) in [
        (StatusCode::FORBIDDEN, "was ended"),
        (StatusCode::SEE_OTHER, ""),
    ] {
        let end = format!("{path}/end");
        let ended = trial.site.post(&admin, &end, &[("form", &form)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        trial.tell(Person {
            issuer: accounts[1].identity.clone().expect("told").issuer,
            name: "another name".to_owned(),
            ..person(&trial.site)
        });
        let (away, state) = trial.leave("/").await;
        let answer = trial.done(&away, &state).await;
        assert_eq!(answer.status, at, "{}", answer.body);
        assert!(answer.body.contains(expected), "{}", answer.body);
    }
    assert_eq!(trial.site.watcher().accounts().expect("read").len(), 3);
}

#[tokio::test]
async fn proving_it_again_is_a_fresh_sign_in_of_the_same_person() {
    let trial = Trial::new();
    let mut admin = person(&trial.site);
    admin.roles = vec![("*".to_owned(), "admin".to_owned())];
    trial.tell(admin.clone());
    let ann = trial.signed_in().await;
    let form = trial.site.get(&ann, "/me").await.form();
    let token = |form: String| {
        [
            ("form".to_owned(), form),
            ("name".to_owned(), "n".to_owned()),
        ]
    };
    let make = |browser: Browser, form: String| {
        let site = &trial.site;
        async move {
            let fields = token(form);
            let mut fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(a, b)| (a.as_str(), b.as_str()))
                .collect();
            fields.push(("scope", "incidents:read"));
            site.post(&browser, "/me/tokens", &fields).await.status
        }
    };
    assert_eq!(make(ann.clone(), form.clone()).await, StatusCode::OK);
    trial.site.wait_minutes(16);
    assert_eq!(make(ann.clone(), form.clone()).await, StatusCode::FORBIDDEN);

    // A sign-in that the issuer had long ago is no proof, though it lets in.
    trial.tell(admin.clone());
    let stale = trial.signed_in().await;
    let stale_form = trial.site.get(&stale, "/me").await.form();
    assert_eq!(make(stale.clone(), stale_form).await, StatusCode::FORBIDDEN);
    trial.tell(Person {
        proved: None,
        ..admin.clone()
    });
    let untold = trial.signed_in().await;
    let untold_form = trial.site.get(&untold, "/me").await.form();
    assert_eq!(make(untold, untold_form).await, StatusCode::FORBIDDEN);

    let page = trial.site.get(&ann, "/prove?next=%2Fme").await;
    assert!(page.body.contains("/prove/oidc"), "{}", page.body);
    let fields = [("form", form.as_str()), ("next", "/me")];
    let prove = || async {
        let away = trial.site.post(&ann, "/prove/oidc", &fields).await;
        assert_eq!(away.status, StatusCode::OK, "{}", away.body);
        (browser(&away), trial.state())
    };
    let (away, state) = prove().await;
    assert!(
        trial
            .told
            .begun
            .lock()
            .unwrap()
            .last()
            .expect("begun")
            .fresh
    );
    trial.tell(Person {
        subject: "BBBB".to_owned(),
        proved: Some(Timestamp(trial.site.now())),
        ..admin.clone()
    });
    let refused = trial.done(&away, &state).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Somebody else"), "{}", refused.body);
    assert_eq!(trial.site.watcher().accounts().expect("read").len(), 1);

    let (away, state) = prove().await;
    trial.tell(Person {
        proved: Some(Timestamp(trial.site.now())),
        ..admin
    });
    let done = trial.done(&away, &state).await;
    assert_eq!(done.header("location"), "/me");
    let fresh = browser(&done);
    let form = trial.site.get(&fresh, "/me").await.form();
    assert_eq!(make(fresh, form).await, StatusCode::OK);
    let old = trial.site.get(&ann, "/me").await;
    assert_eq!(
        old.status,
        StatusCode::SEE_OTHER,
        "the session it follows is over"
    );
}

#[tokio::test]
async fn a_token_of_a_person_of_whom_nothing_is_heard_counts_no_more() {
    let trial = Trial::new();
    let ann = trial.signed_in().await;
    let form = trial.site.get(&ann, "/me").await.form();
    let fields = [
        ("form", form.as_str()),
        ("name", "n"),
        ("scope", "incidents:read"),
    ];
    let made = trial.site.post(&ann, "/me/tokens", &fields).await;
    let token = made.between("<code data-copy>", "</code>");
    let asked = || async {
        let request = axum::http::Request::builder()
            .uri("/api/v1/incidents")
            .header("authorization", format!("Bearer {token}"))
            .body(axum::body::Body::empty());
        trial.site.ask(request.expect("a request")).await.status
    };
    assert_eq!(asked().await, StatusCode::OK);
    trial.site.wait_minutes(29 * 24 * 60);
    assert_eq!(asked().await, StatusCode::OK);
    trial.site.wait_minutes(25 * 60);
    assert_eq!(asked().await, StatusCode::UNAUTHORIZED);
    trial.signed_in().await;
    assert_eq!(asked().await, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_it_here_and_leads_to_the_issuer() {
    let trial = Trial::new();
    let ann = trial.signed_in().await;
    let form = trial.site.get(&ann, "/me").await.form();
    let out = trial.site.post(&ann, "/sign-out", &[("form", &form)]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let link = "href=\"https://idp.example/logout?x=&#60;y&#62;\"";
    assert!(out.body.contains(link), "{}", out.body);
    assert_eq!(
        trial.site.get(&ann, "/me").await.status,
        StatusCode::SEE_OTHER
    );
}
