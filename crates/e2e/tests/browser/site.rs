//! The pages as they are served by the real binary, with an administrator.

use crate::asking::{Browser, code_after};
use crate::house::House;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

pub(crate) const NAME: &str = "root";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Pages that are served until the test ends.
pub(crate) struct Site {
    child: Child,
    /// Without a slash at the end.
    pub(crate) base: String,
    /// Of the administrator's authenticator, in base 32.
    pub(crate) seed: String,
    /// Where the administrator is signed in.
    pub(crate) browser: Browser,
}

impl Site {
    /// Serves a data folder and makes its administrator.
    pub(crate) fn serve(house: &House) -> Self {
        let mut child = house
            .command(&[
                "serve",
                "--pages-only",
                "--listen",
                "127.0.0.1:0",
                "--once-link",
            ])
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let out = child.stdout.take().expect("its standard output");
        let mut link = String::new();
        BufReader::new(out)
            .read_line(&mut link)
            .expect("it prints a link");
        let at = link.find("/link/").expect("a link");
        let base = link[..at].to_owned();
        let (_, address) = base.split_once("//").expect("an address");
        let mut browser = Browser::new(address);
        let seed = redeem(&mut browser, link[at..].trim());
        Self {
            child,
            base,
            seed,
            browser,
        }
    }

    /// Returns what a story of the browser needs to know.
    pub(crate) fn given(&self) -> Value {
        json!({
            "base": self.base, "cookie": self.browser.cookie(), "seed": self.seed,
            "name": NAME, "password": PASSWORD,
        })
    }

    /// Makes an account, and returns its one-time link, which nobody has opened.
    pub(crate) fn invite(&mut self, name: &str, role: &str) -> String {
        let form = self.form("/accounts");
        let fields = [
            ("form", form.as_str()),
            ("name", name),
            ("tenant", "*"),
            ("role", role),
        ];
        let (status, page) = self.browser.ask("POST", "/accounts", &fields);
        assert_eq!(status, 200, "{page}");
        between(&page, "<code data-copy>", "</code>")
    }

    /// Makes a token of the API that may read everything.
    pub(crate) fn token(&mut self) -> String {
        let form = self.form("/me");
        let fields = [
            ("form", form.as_str()),
            ("name", "a program"),
            ("scope", "incidents:read"),
            ("scope", "tenants:read"),
        ];
        let (status, page) = self.browser.ask("POST", "/me/tokens", &fields);
        assert_eq!(status, 200, "{page}");
        between(&page, "<code data-copy>", "</code>")
    }

    fn form(&mut self, path: &str) -> String {
        let (status, page) = self.browser.ask("GET", path, &[]);
        assert_eq!(status, 200, "{page}");
        between(&page, "name=\"form\" value=\"", "\"")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Opens a one-time link, chooses a password, and returns the seed of the codes. The code is the one
/// before this moment's, so that this moment's still counts.
fn redeem(browser: &mut Browser, link: &str) -> String {
    let (status, page) = browser.ask("GET", link, &[]);
    assert_eq!(status, 200, "{page}");
    let seed = between(&page, "<code data-copy>", "</code>").replace(' ', "");
    // It counts no more where the half minute ends meanwhile; the link still does, and the next one.
    let taken = (0..2).any(|_| {
        let code = code_after(&seed, -1);
        let fields = [
            ("name", NAME),
            ("password", PASSWORD),
            ("again", PASSWORD),
            ("code", &code),
        ];
        browser.ask("POST", link, &fields).0 == 303
    });
    assert!(taken, "the link is taken");
    seed
}

pub(crate) fn between(text: &str, begin: &str, end: &str) -> String {
    let (_, rest) = text
        .split_once(begin)
        .unwrap_or_else(|| panic!("`{begin}` in {text}"));
    rest.split_once(end).expect("it ends").0.to_owned()
}
