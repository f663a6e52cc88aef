//! A browser as far as the tests need one: requests over a socket, cookies, the codes of an
//! authenticator worked out here.

use ring::hmac;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

/// A browser.
#[derive(Clone, Debug)]
pub(super) struct Browser {
    address: String,
    cookies: BTreeMap<String, String>,
    head: String,
}

impl Browser {
    pub(super) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            cookies: BTreeMap::new(),
            head: String::new(),
        }
    }

    /// Returns its cookies, as they are sent.
    #[allow(dead_code, reason = "shared with the tests in a real browser")]
    pub(super) fn cookie(&self) -> String {
        let pairs: Vec<String> = (self.cookies.iter())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// Returns the address that it asks.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Goes on at another address, with its cookie.
    pub(super) fn move_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Asks, as a page of the server would, and returns status and body.
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (u16, String) {
        let body: Vec<String> = (fields.iter())
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let body = body.join("&");
        let cookies: Vec<String> = (self.cookies.iter())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {2}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        )
        .expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        for line in head.lines() {
            let cookie = line.strip_prefix("set-cookie: ");
            let pair = cookie.and_then(|cookie| cookie.split(';').next()?.split_once('='));
            match pair {
                Some((name, "")) => drop(self.cookies.remove(name)),
                Some((name, value)) => {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                None => {}
            }
        }
        head.clone_into(&mut self.head);
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    /// Returns a header of the last answer.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

fn escaped(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    bytes.concat()
}

/// Returns the code of this moment for a seed in base 32.
pub(super) fn code(seed: &str) -> String {
    code_after(seed, 0)
}

/// Returns the code of so many half minutes later. The neighbours of this moment's count too, each
/// once: whoever needs a second code need not wait for it.
#[allow(
    clippy::disallowed_methods,
    reason = "an authenticator goes by the clock of its machine, and so does the product"
)]
pub(super) fn code_after(seed: &str, later: i64) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let number = since.expect("after 1970").as_secs() / 30;
    let number = number.saturating_add_signed(later);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decoded(seed));
    let tag = hmac::sign(&key, &number.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
    format!(
        "{:06}",
        (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
    )
}

fn decoded(seed: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut many) = (Vec::new(), 0_u32, 0);
    for letter in seed.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            _ => letter - b'2' + 26,
        };
        bits = (bits << 5 | u32::from(value)) & 0xffff;
        many += 5;
        if many >= 8 {
            many -= 8;
            bytes.push((bits >> many) as u8);
        }
    }
    bytes
}
