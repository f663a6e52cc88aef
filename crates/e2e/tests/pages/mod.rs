//! `breachscope serve` from outside: the first link, a session, an incident, and the end of both.

mod browser;
mod issuer;

use crate::house::{House, checkout};
use browser::{Browser, code};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A server that is ended with the test.
struct Server {
    child: Child,
    /// The first line that it prints.
    link: String,
}

impl Server {
    fn start(house: &House) -> Self {
        Self::start_at(house, "127.0.0.1:0")
    }

    fn start_at(house: &House, address: &str) -> Self {
        let mut child = house
            .command(&["serve", "--listen", address, "--once-link"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let out = child.stdout.take().expect("its standard output");
        let mut link = String::new();
        BufReader::new(out)
            .read_line(&mut link)
            .expect("it prints a link");
        Self {
            child,
            link: link.trim().to_owned(),
        }
    }

    fn address(&self) -> &str {
        let (_, rest) = self.link.split_once("http://").expect("an address");
        rest.split_once('/').expect("a path").0
    }

    fn path(&self) -> String {
        let at = self.link.find("/link/").expect("a link");
        self.link[at..].to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_link_leads_to_the_incident_of_the_demo_and_sign_out_ends_it() {
    let house = House::new();
    assert_eq!(house.import(&[checkout().join("demo/export")]).1, 0);
    let detected = house.run(&["detect", "--quiet"]);
    assert_eq!(detected.code, 0, "{}", detected.stderr);
    let server = Server::start(&house);
    let (address, link) = (server.address(), server.path());
    let mut scanner = Browser::new(address);
    for method in ["GET", "HEAD", "GET"] {
        assert_eq!(scanner.ask(method, &link, &[]).0, 200, "{method}");
    }
    let mut owner = Browser::new(address);
    let (_, page) = owner.ask("GET", &link, &[]);
    let seed = between(&page, "<code data-copy>", "</code>").replace(' ', "");
    let fields = [
        ("name", "root"),
        ("password", "correct horse battery"),
        ("again", "correct horse battery"),
        ("code", &code(&seed)),
    ];
    let (status, body) = owner.ask("POST", &link, &fields);
    assert_eq!(status, 303, "{body}");
    assert_eq!(scanner.ask("GET", &link, &[]).0, 410, "it is used up");

    let (status, triage) = owner.ask("GET", "/", &[]);
    assert_eq!(status, 200);
    let id = between(&triage, "scope=\"row\"><a href=\"/a/", "\"");
    let incident = format!("/a/{id}");
    let (status, page) = owner.ask("GET", &incident, &[]);
    assert_eq!(status, 200);
    assert!(page.contains("nora.lindqvist"), "{page}");
    assert!(page.contains("breachscope investigate"));
    assert_eq!(scanner.ask("GET", &incident, &[]).0, 303, "to sign in");

    let mut stolen = owner.clone();
    let form = between(&page, "name=\"form\" value=\"", "\"");
    assert_eq!(owner.ask("POST", "/sign-out", &[("form", &form)]).0, 303);
    assert_eq!(stolen.ask("GET", &incident, &[]).0, 303);
}

#[test]
fn a_second_start_prints_no_link_and_the_session_goes_on() {
    let house = House::new();
    let mut owner = Browser::new("");
    {
        let server = Server::start(&house);
        owner.move_to(server.address());
        let (_, page) = owner.ask("GET", &server.path(), &[]);
        let seed = between(&page, "<code data-copy>", "</code>").replace(' ', "");
        let fields = [
            ("name", "root"),
            ("password", "correct horse battery"),
            ("again", "correct horse battery"),
            ("code", &code(&seed)),
        ];
        assert_eq!(owner.ask("POST", &server.path(), &fields).0, 303);
    }
    let server = Server::start(&house);
    owner.move_to(server.address());
    assert_eq!(owner.ask("GET", "/t", &[]).0, 200);
    let (_, page) = Browser::new(server.address()).ask("GET", "/sign-in", &[]);
    assert!(!page.contains("Nobody can sign in yet"));
}

#[test]
fn other_machines_are_never_answered_in_the_clear() {
    let house = House::new();
    let run = house.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--tls-cert"), "{}", run.stderr);
    let run = house.run(&["serve", "--tls-cert", "none.pem", "--tls-key", "none.pem"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

fn between(text: &str, begin: &str, end: &str) -> String {
    let (_, rest) = text
        .split_once(begin)
        .unwrap_or_else(|| panic!("`{begin}` in {text}"));
    rest.split_once(end).expect("it ends").0.to_owned()
}
