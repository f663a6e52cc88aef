//! A link of ours: the only thing in a card that may be pressed.

use minijinja::value::{Object, ObjectRepr};
use reqwest::Url;
use std::fmt;
use std::sync::Arc;

/// The longest link.
const LONGEST: usize = 2000;

/// An address that the engine made. Templates put it out as it is, and nothing else.
#[derive(Debug)]
pub(crate) struct Link(String);

impl Link {
    /// Returns the link, or nothing where it is none that may be pressed: HTTPS, or plain HTTP
    /// to this machine, without a name and a password.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let sure = url.scheme() == "https" || url.scheme() == "http" && is_near(&url);
        if !sure || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let mut text = String::from(url);
        // What a URL may hold and Markdown, Slack or a quoted attribute would take for its own.
        for (letter, code) in [
            ('\'', "%27"),
            ('(', "%28"),
            (')', "%29"),
            ('*', "%2A"),
            ('|', "%7C"),
            ('<', "%3C"),
            ('>', "%3E"),
            ('"', "%22"),
            ('`', "%60"),
            ('\\', "%5C"),
        ] {
            text = text.replace(letter, code);
        }
        (text.len() <= LONGEST).then_some(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Object for Link {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns whether a URL leads to this machine.
pub(crate) fn is_near(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    is_near_host(host)
}

/// Returns whether a host is this machine.
pub(crate) fn is_near_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_of_ours_is_a_link() {
        let of = |text: &str| Link::of(text).map(|link| link.0);
        assert_eq!(
            of("https://ir.example.net/s/a_b-c").as_deref(),
            Some("https://ir.example.net/s/a_b-c")
        );
        assert_eq!(
            of("http://127.0.0.1:8443/x").as_deref(),
            Some("http://127.0.0.1:8443/x")
        );
        assert_eq!(
            of("https://ir.example.net/a)|(<b>\"'`").as_deref(),
            Some("https://ir.example.net/a%29%7C%28%3Cb%3E%22%27%60")
        );
        for text in [
            "http://ir.example.net/",
            "javascript:alert(1)",
            "https://a:b@ir.example.net/",
            "//ir.example.net",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(
            of(&format!("https://ir.example.net/{}", "a".repeat(3000))),
            None
        );
    }
}
