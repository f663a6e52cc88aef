//! Mail: text and HTML, by SMTP with TLS.
//!
//! Nothing in it loads from afar. All mails of an incident are one thread: their Message-IDs
//! follow from the incident, so that a mail sent twice is the same mail. It goes to no address
//! of an affected mailbox, whatever the settings say.

use crate::about::{About, Need};
use crate::card::Card;
use crate::facts::Reader;
use crate::inert::clipped;
use crate::mailbox;
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Fault, TemplateTrouble, Templates, one_line};
use crate::wire::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::Secret;

pub(crate) const ABOUT: About = About {
    name: "email",
    sentence: "Mailboxes, by a mail server (SMTP) with TLS.",
    needs: &[
        Need::must("server", "The mail server's name."),
        Need::may(
            "port",
            "Its port: 587 with starttls, 465 with tls unless said otherwise.",
        ),
        Need::may(
            "security",
            "`starttls` (the usual), `tls` from the first byte, or `none`, which only a server on this machine may have.",
        ),
        Need::may("user", "Whom to sign in as."),
        Need::may("password", "The password of that user.").hidden(),
        Need::must("from", "The sender's address."),
        Need::must(
            "to",
            "The receivers' addresses; those of an affected mailbox and its delegates are left out, card by card.",
        ),
        Need::may(
            "hello",
            "The name that this machine gives itself; the domain of the sender's address unless said otherwise.",
        ),
    ],
    limits: "That the server took the mail does not mean that it is in a mailbox. \
             Where it takes it for some addresses only, that counts as delivered, and the receipt says for how many: \
             an address that must have it for sure is a destination of its own. \
             What looks like a link in a record's text is broken; a client may still offer to write to a mail address, and to dial a number.",
};

/// How the way to a mail server is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// TLS after a plain greeting; without it nothing is sent.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None, which only a server on this machine may have.
    None,
}

/// Settings of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// The mail server's name.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the way there is secured.
    pub security: Security,
    /// User and password, where the server wants them.
    pub login: Option<(String, Secret)>,
    /// The sender.
    pub from: String,
    /// The receivers.
    pub to: Vec<String>,
    /// The name that this machine gives itself; empty for the domain of the sender.
    pub hello: String,
}

/// A mail without its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// What all mails of the incident have in common.
    pub(crate) thread: String,
    pub(crate) update: u32,
}

const LONGEST_SUBJECT: usize = 200;

pub(crate) fn render(settings: &Email, card: &Card, templates: &Templates) -> Rendered {
    let ((subject, text, html), troubles) = written(card, templates);
    let to = mailbox::without(&settings.to, &card.never_to);
    let digest = ring::digest::digest(&ring::digest::SHA256, card.incident.as_bytes());
    let letter = Letter {
        to: to.into_iter().map(str::to_owned).collect(),
        subject,
        text,
        html,
        thread: hex(&digest.as_ref()[..16]),
        update: card.update,
    };
    rendered(card, false, troubles, Body::Letter(letter))
}

/// Writes subject, text and HTML.
pub(crate) fn written(
    card: &Card,
    templates: &Templates,
) -> ((String, String, String), Vec<TemplateTrouble>) {
    let subject = templates.events(card, Reader::Person, |facts| Ok(facts.title.clone()));
    let whole = |text: &str| -> Result<String, Fault> { Ok(text.to_owned()) };
    let text = templates.compose("email.txt", card, Reader::Person, whole);
    let html = templates.compose("email.html", card, Reader::Person, whole);
    let mut troubles = subject.troubles;
    for trouble in text.troubles.into_iter().chain(html.troubles) {
        if !troubles.contains(&trouble) {
            troubles.push(trouble);
        }
    }
    let mut title = clipped(
        &one_line(&subject.made.unwrap_or_default()),
        LONGEST_SUBJECT,
    );
    if card.update > 0 {
        title = format!("Re: {title}");
    }
    let text = text.made.unwrap_or_else(|| title.clone());
    ((title, text, html.made.unwrap_or_default()), troubles)
}

/// Returns a password as it is and as signing in sends it.
pub(crate) fn secrets(user: &str, password: &Secret) -> [Secret; 3] {
    let plain = BASE64.encode(format!("\0{user}\0{}", password.reveal()));
    let login = BASE64.encode(password.reveal());
    [password.clone(), Secret::from(plain), Secret::from(login)]
}

/// Returns what a template of HTML must not hold, and its line: what loads from afar or runs,
/// and a link to anything but the card's own pages.
pub(crate) fn fault_of_html(source: &str) -> Option<(usize, String)> {
    const LOADS: [&str; 17] = [
        "<img",
        "<script",
        "<iframe",
        "<object",
        "<embed",
        "<link",
        "<base",
        "<form",
        "<svg",
        "<video",
        "<audio",
        "<meta http-equiv",
        "src=",
        "srcset=",
        "background=",
        "url(",
        "@import",
    ];
    for (nth, line) in source.lines().enumerate() {
        let lower = line.to_ascii_lowercase();
        let dense: String = lower.replace(" =", "=").replace("= ", "=");
        if let Some(found) = LOADS.iter().find(|one| dense.contains(**one)) {
            let what = format!("`{found}` loads from afar or runs, and no mail of ours may");
            return Some((nth + 1, what));
        }
        let hrefs = dense
            .match_indices("href=")
            .map(|(at, name)| &dense[at + name.len()..]);
        for target in hrefs {
            let is_own = [
                "\"{{ links.",
                "\"{{links.",
                "\"{{ button.url",
                "\"{{button.url",
            ]
            .iter()
            .any(|start| target.starts_with(start));
            let fixed = target
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            let is_fixed =
                fixed.is_some_and(|url| url.starts_with("https://") && !url.contains("{{"));
            if !is_own && !is_fixed {
                let what =
                    "a link leads to one of `links`, or is a fixed https address, in double quotes";
                return Some((nth + 1, what.to_owned()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_loads_nothing_and_links_to_our_pages_alone() {
        let fine =
            "<p>a</p>\n<a href=\"{{ links.review }}\">x</a><a href=\"https://soc.example/\">y</a>";
        assert_eq!(fault_of_html(fine), None);
        for (source, line) in [
            ("<p>\n<IMG SRC=\"https://x\">", 2),
            ("<p style=\"background-image: url(https://x)\">", 1),
            ("<a href = \"{{ headline }}\">", 1),
            ("<a href='{{ links.review }}'>", 1),
            ("<a href=\"https://x/{{ who }}\">", 1),
            ("<a href=\"http://x/\">", 1),
            ("a\nb\n<script>", 3),
        ] {
            assert_eq!(
                fault_of_html(source).map(|(line, _)| line),
                Some(line),
                "{source}"
            );
        }
    }
}
