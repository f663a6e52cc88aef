//! Signing in at an issuer from outside: the program, a browser, and the simulator as Entra.

use super::browser::Browser;
use super::{Server, between};
use crate::house::House;
use sim::{Running, ServeOptions, Service, WebApp, World, WorldOptions};
use std::net::TcpListener;
use std::time::{SystemTime, UNIX_EPOCH};

const APP: &str = "b0a9c3b2-6a55-4b0e-9d0c-3a8f1a6c2d11";
const SECRET: &str = "s~ecret";
/// How far the simulator's clock is behind at first.
const BEHIND_SECONDS: i64 = 20 * 60;

struct Trial {
    house: House,
    cloud: Running,
    server: Server,
    /// The people of the simulator: the first acts, the second looks on, the third has no role.
    people: Vec<String>,
}

/// One person's browser: it knows the pages and the issuer.
struct Person {
    pages: Browser,
    issuer: Browser,
}

impl Trial {
    fn new() -> Self {
        let world = World::tell(
            "quiet-month",
            &WorldOptions {
                people: 8,
                ..WorldOptions::default()
            },
        );
        let world = world.expect("the story is told");
        let people: Vec<String> = world.tenants[0]
            .users
            .iter()
            .map(|one| one.upn.clone())
            .collect();
        // Where browsers come back to is said before the program answers: a port that was free now.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
        let home = free.expect("a free port").to_string();
        let role = |upn: &str, value: &str| (upn.to_owned(), vec![value.to_owned()]);
        let options = ServeOptions {
            start: Some(now_micros() - BEHIND_SECONDS * 1_000_000),
            web_apps: vec![WebApp {
                client_id: APP.to_owned(),
                secret: Some(SECRET.to_owned()),
                redirect_uris: vec![format!("http://{home}/sign-in/oidc")],
                roles: vec![
                    role(&people[0], "Breachscope.Admin"),
                    role(&people[1], "Breachscope.Viewer"),
                    role(&people[2], "Something.Else"),
                ],
                ..WebApp::default()
            }],
            ..ServeOptions::default()
        };
        let cloud = sim::start(world, options).expect("the cloud is served");
        let house = House::new();
        std::fs::create_dir_all(house.path("data")).expect("a folder can be made");
        let tenant = &cloud.world().tenants[0].id;
        let config = format!(
            "[serve.oidc]\nname = \"Contoso\"\nissuer = \"{}/{tenant}/v2.0\"\nclient_id = \"{APP}\"\n\
             client_secret = \"cmd:echo {SECRET}\"\npublic_url = \"http://{home}\"\n\
             [[serve.oidc.role]]\nvalue = \"Breachscope.Admin\"\nrole = \"admin\"\ntenants = [\"*\"]\n\
             [[serve.oidc.role]]\nvalue = \"Breachscope.Viewer\"\nrole = \"viewer\"\ntenants = [\"{tenant}\"]\n",
            cloud.base(Service::Login)
        );
        house.write("data/config.toml", config);
        let checked = house.run(&["config", "check"]);
        assert_eq!(checked.code, 0, "{}", checked.stderr);
        let server = Server::start_at(&house, &home);
        Self {
            house,
            cloud,
            server,
            people,
        }
    }

    fn person(&self) -> Person {
        let login = self.cloud.base(Service::Login);
        Person {
            pages: Browser::new(self.server.address()),
            issuer: Browser::new(login.strip_prefix("http://").expect("plain HTTP")),
        }
    }

    /// Signs somebody in, up to where the browser is sent back.
    fn back(who: &mut Person, upn: &str) -> String {
        let (status, page) = who.pages.ask("POST", "/sign-in/oidc", &[("next", "/me")]);
        assert_eq!(status, 200, "{page}");
        who.at_issuer(upn)
    }
}

impl Person {
    /// Follows the way to the issuer, picks an account where it is asked, and returns where it is sent back to.
    fn at_issuer(&mut self, upn: &str) -> String {
        let refresh = self.pages.header("refresh").to_owned();
        let (_, address) = refresh.split_once("url=").expect("an address");
        let (_, path) = address[7..].split_once('/').expect("a path");
        let path = format!("/{path}");
        let (status, page) = self.issuer.ask("GET", &path, &[]);
        if status == 200 {
            assert!(page.contains("Pick an account"), "{page}");
            let (status, page) = self.issuer.ask("POST", &path, &[("user", upn)]);
            assert_eq!(status, 302, "{page}");
        }
        let location = self.issuer.header("location");
        let at = location.find("/sign-in/oidc").expect("back to the pages");
        location[at..].to_owned()
    }

    /// Opens the address and sends the form that is on it.
    fn goes_on(&mut self, back: &str) -> (u16, String) {
        let (status, page) = self.pages.ask("GET", back, &[]);
        assert_eq!(status, 200, "{page}");
        let state = between(&page, "name=\"state\" value=\"", "\"");
        let code = between(&page, "name=\"code\" value=\"", "\"");
        let fields = [("state", state.as_str()), ("code", code.as_str())];
        self.pages.ask("POST", "/sign-in/oidc/done", &fields)
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the program goes by the clock of the machine, and so must the issuer"
)]
fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_micros()).expect("a moment")
}

#[test]
fn a_person_of_the_issuer_comes_in_by_its_role_and_proves_it_anew_before_acting() {
    let trial = Trial::new();
    let mut ann = trial.person();
    let (_, page) = ann.pages.ask("GET", "/sign-in", &[]);
    assert!(page.contains("Sign in at Contoso"), "{page}");
    let back = Trial::back(&mut ann, &trial.people[0]);

    // Whatever else opens the address, with scripts or without, does nothing to it.
    let mut scanner = trial.person();
    for method in ["GET", "HEAD", "GET"] {
        assert_eq!(scanner.pages.ask(method, &back, &[]).0, 200);
    }
    let (status, page) = scanner.goes_on(&back);
    assert_eq!(status, 410, "{page}");
    assert_eq!(scanner.pages.ask("GET", "/me", &[]).0, 303);

    let (status, page) = ann.goes_on(&back);
    assert_eq!(
        (status, ann.pages.header("location")),
        (303, "/me"),
        "{page}"
    );
    let (status, page) = ann.pages.ask("GET", "/me", &[]);
    assert_eq!(status, 200);
    assert!(page.contains("admin of every tenant"), "{page}");
    let (status, page) = ann.goes_on(&back);
    assert_eq!(status, 410, "{page}");

    // The issuer says that she signed in twenty minutes ago: nothing is done for her before she does again.
    let (_, page) = ann.pages.ask("GET", "/me", &[]);
    let form = between(&page, "name=\"form\" value=\"", "\"");
    let make = |ann: &mut Person, form: &str| {
        let fields = [("form", form), ("name", "n"), ("scope", "incidents:read")];
        ann.pages.ask("POST", "/me/tokens", &fields).0
    };
    assert_eq!(make(&mut ann, &form), 403);
    trial.cloud.advance(BEHIND_SECONDS);
    // Another sign-in is silent, and proves no more than the first.
    let silent = Trial::back(&mut ann, "nobody");
    assert_eq!(ann.goes_on(&silent).0, 303);
    let (_, page) = ann.pages.ask("GET", "/me", &[]);
    let form = between(&page, "name=\"form\" value=\"", "\"");
    assert_eq!(make(&mut ann, &form), 403);
    let (_, page) = ann.pages.ask("GET", "/prove?next=/me", &[]);
    assert!(page.contains("Sign in at Contoso again"), "{page}");
    let fields = [("form", form.as_str()), ("next", "/me")];
    assert_eq!(ann.pages.ask("POST", "/prove/oidc", &fields).0, 200);
    let back = ann.at_issuer(&trial.people[0]);
    let (status, page) = ann.goes_on(&back);
    assert_eq!(status, 303, "{page}");
    let (_, page) = ann.pages.ask("GET", "/me", &[]);
    let form = between(&page, "name=\"form\" value=\"", "\"");
    assert_eq!(make(&mut ann, &form), 200);

    let (status, page) = ann.pages.ask("POST", "/sign-out", &[("form", &form)]);
    assert_eq!(status, 200);
    let end = between(&page, "class=\"button\" href=\"", "\"").replace("&#38;", "&");
    assert!(end.contains("/oauth2/v2.0/logout?client_id="), "{end}");
    let (_, path) = end[7..].split_once('/').expect("a path");
    assert_eq!(ann.issuer.ask("GET", &format!("/{path}"), &[]).0, 302);
    assert_eq!(ann.pages.ask("GET", "/me", &[]).0, 303);
}

#[test]
fn who_has_no_role_or_brings_anothers_code_stays_outside() {
    let trial = Trial::new();
    let mut carl = trial.person();
    let back = Trial::back(&mut carl, &trial.people[2]);
    let (status, page) = carl.goes_on(&back);
    assert_eq!(status, 403, "{page}");
    assert!(page.contains("gives you no role here"), "{page}");
    assert_eq!(carl.pages.ask("GET", "/me", &[]).0, 303);

    // A code that was made for one browser is put into the address of another.
    let (mut bob, mut eve) = (trial.person(), trial.person());
    let of_bob = Trial::back(&mut bob, &trial.people[1]);
    let of_eve = Trial::back(&mut eve, &trial.people[2]);
    let code = |back: &str| between(back, "code=", "&");
    let mixed = of_eve.replace(&code(&of_eve), &code(&of_bob));
    let (status, page) = eve.goes_on(&mixed);
    assert_eq!(status, 410, "{page}");
    assert!(page.contains("does not count"), "{page}");
    assert_eq!(eve.pages.ask("GET", "/me", &[]).0, 303);
    // The issuer saw it used: it is good for nobody any more, and he begins anew.
    assert_eq!(bob.goes_on(&of_bob).0, 410);
    let again = Trial::back(&mut bob, &trial.people[1]);
    assert_eq!(bob.goes_on(&again).0, 303);
    let (_, page) = bob.pages.ask("GET", "/me", &[]);
    assert!(page.contains("viewer of"), "{page}");
    assert_eq!(bob.pages.ask("GET", "/accounts", &[]).0, 403);

    // Another issuer, or a secret that is wrong, lets nobody in, and the local way stays open.
    let path = trial.house.path("data/config.toml");
    let config = std::fs::read_to_string(&path).expect("a configuration");
    std::fs::write(&path, config.replace(SECRET, "wrong")).expect("written");
    drop(trial.server);
    let address = bob.pages.address().to_owned();
    let server = Server::start_at(&trial.house, &address);
    let mut dora = Person {
        pages: Browser::new(&address),
        issuer: bob.issuer.clone(),
    };
    let (status, _) = dora.pages.ask("POST", "/sign-in/oidc", &[]);
    assert_eq!(status, 200);
    let back = dora.at_issuer("nobody");
    let (status, page) = dora.goes_on(&back);
    assert_eq!(status, 410, "{page}");
    assert_eq!(
        dora.pages.ask("GET", &server.path(), &[]).0,
        200,
        "the first link"
    );
}
