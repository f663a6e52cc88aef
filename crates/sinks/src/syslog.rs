//! Syslog: RFC 5424 over UDP, TCP (octet counting, RFC 6587) or TLS (RFC 5425), with the facts
//! as structured data, or as CEF.

use crate::about::{About, Need};
use crate::card::Card;
use crate::escape::{cef_header, cef_value, structured};
use crate::facts::{Facts, Reader};
use crate::inert::clipped;
use crate::limits::Limits;
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Composed, Fault, Templates, one_line};
use model::{Severity, Timestamp};
use std::net::IpAddr;

pub(crate) const ABOUT: About = About {
    name: "syslog",
    sentence: "A syslog server (RFC 5424), with structured data or CEF.",
    needs: &[
        Need::must("host", "The server's name or address."),
        Need::may(
            "port",
            "Its port: 514 for udp, 601 for tcp, 6514 for tls unless said otherwise.",
        ),
        Need::may("transport", "`tls` (the usual), `tcp` or `udp`."),
        Need::may(
            "facility",
            "The facility, 0 to 23; 16 (local0) unless said otherwise.",
        ),
        Need::may("hostname", "The name of this machine in each line."),
        Need::may(
            "cef",
            "Whether the message is CEF, as a collector for Sentinel expects it.",
        ),
    ],
    limits: "Syslog acknowledges nothing: a line that left counts as sent. A datagram holds about 2,000 bytes, so a longer card is shortened. \
             Texts are as the record has them, hidden characters apart: whoever shows them escapes them.",
};

/// How lines travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// One datagram a line: what is lost is lost.
    Udp,
    /// A stream in the clear.
    Tcp,
    /// A stream in TLS.
    #[default]
    Tls,
}

/// Settings of a syslog server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syslog {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How lines travel.
    pub transport: Transport,
    /// The facility, 0 to 23.
    pub facility: u8,
    /// The name of this machine in each line; empty where nobody says.
    pub hostname: String,
    /// Whether the message is CEF.
    pub cef: bool,
}

/// A line without its time, which is that of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    priority: u8,
    hostname: String,
    structured: String,
    message: String,
}

/// The number that RFC 5612 keeps for examples: this project has none of its own.
const ENTERPRISE: u32 = 32473;
const LONGEST_STREAMED: usize = 64 << 10;

pub(crate) fn render(
    settings: &Syslog,
    card: &Card,
    templates: &Templates,
    limits: &Limits,
) -> Rendered {
    let most = match settings.transport {
        Transport::Udp => limits.datagram,
        Transport::Tcp | Transport::Tls => LONGEST_STREAMED,
    };
    // The header and a time take their room too.
    let room = most.saturating_sub(128 + settings.hostname.len());
    let (structured, message, shortened, troubles) = if settings.cef {
        let composed = templates.events(card, Reader::Machine, |facts| {
            bounded(room, cef(card, facts))
        });
        let bare = || clipped(&crate::inert::marked(&card.headline, 60), 60);
        (
            "-".to_owned(),
            composed.made.unwrap_or_else(bare),
            composed.shortened,
            composed.troubles,
        )
    } else {
        let composed = message(card, templates, room);
        let (data, message) = composed
            .made
            .unwrap_or_else(|| ("-".to_owned(), crate::inert::marked(&card.headline, 60)));
        (data, message, composed.shortened, composed.troubles)
    };
    let line = Line {
        priority: settings.facility.min(23) * 8 + level(card.severity),
        hostname: header(&settings.hostname, 255),
        structured,
        message,
    };
    rendered(card, shortened, troubles, Body::Line(line))
}

/// Writes structured data and the message.
pub(crate) fn message(
    card: &Card,
    templates: &Templates,
    room: usize,
) -> Composed<(String, String)> {
    // The facts that go beside the message are as short as it is.
    let data = templates.events(card, Reader::Machine, |facts| {
        bounded(room / 2, data(facts))
    });
    let data_made = data.made.unwrap_or_else(|| "-".to_owned());
    let mut composed = templates.compose("syslog.txt", card, Reader::Machine, |text| {
        let text = one_line(text);
        // Text beyond ASCII says that it is UTF-8.
        let text = if text.is_ascii() {
            text
        } else {
            format!("\u{feff}{text}")
        };
        bounded(room.saturating_sub(data_made.len()), text)
    });
    composed.shortened |= data.shortened;
    Composed {
        made: composed.made.map(|text| (data_made, text)),
        troubles: composed.troubles,
        shortened: composed.shortened,
    }
}

fn bounded(room: usize, text: String) -> Result<String, Fault> {
    if text.len() > room {
        Err(Fault::TooLong)
    } else {
        Ok(text)
    }
}

impl Line {
    /// Returns what does not depend on the time.
    pub(crate) fn preview(&self) -> String {
        format!("{} {}", self.structured, self.message)
    }

    /// Returns the line as it is sent.
    pub(crate) fn at(&self, now: Timestamp) -> String {
        let Self {
            priority,
            hostname,
            structured,
            message,
        } = self;
        format!("<{priority}>1 {now} {hostname} breachscope - incident {structured} {message}")
    }
}

fn level(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
        Severity::Info => 6,
    }
}

/// Returns a field of the header: visible ASCII without a space, or a dash for nothing.
fn header(text: &str, longest: usize) -> String {
    let visible: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    if visible.is_empty() {
        "-".to_owned()
    } else {
        visible
    }
}

fn data(facts: &Facts) -> String {
    let rules: Vec<&str> = facts
        .why
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect();
    let update = facts.update.to_string();
    let attack = facts.attack.join(",");
    let rules = rules.join(",");
    let fields = [
        ("incident", facts.incident.as_str()),
        ("update", &update),
        ("state", facts.state),
        ("severity", facts.severity),
        ("tenant", &facts.tenant),
        ("tenant_id", &facts.tenant_id),
        ("who", &facts.who),
        ("when", &facts.when.iso),
        ("src", &facts.place.address),
        ("place", &facts.place.name),
        ("rules", &rules),
        ("attack", &attack),
        ("complete_to", &facts.data.complete_to),
    ];
    let fields = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!(" {name}=\"{}\"", structured(value)));
    format!("[breachscope@{ENTERPRISE}{}]", fields.collect::<String>())
}

fn cef(card: &Card, facts: &Facts) -> String {
    let severity = match card.severity {
        Severity::Critical => 10,
        Severity::High => 8,
        Severity::Medium => 5,
        Severity::Low => 3,
        Severity::Info => 1,
    };
    let rules: Vec<&str> = facts
        .why
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect();
    let when = card.when.0.div_euclid(1000).to_string();
    // A field for addresses takes nothing else.
    let source = facts
        .place
        .address
        .parse::<IpAddr>()
        .map(|ip| ip.to_string());
    let rules = rules.join(",");
    let attack = facts.attack.join(",");
    let what = facts.what.join("; ");
    let review = crate::link::Link::of(card.links.review.as_deref().unwrap_or_default());
    let fields = [
        ("externalId", facts.incident.as_str()),
        ("rt", &when),
        ("suser", &facts.who),
        ("src", source.as_deref().unwrap_or_default()),
        ("act", facts.state),
        ("msg", &what),
        ("cs1Label", "tenant"),
        ("cs1", &facts.tenant),
        ("cs2Label", "rules"),
        ("cs2", &rules),
        ("cs3Label", "attack"),
        ("cs3", &attack),
        ("cs4Label", "completeTo"),
        ("cs4", &facts.data.complete_to),
        (
            "request",
            review
                .as_ref()
                .map(crate::link::Link::as_str)
                .unwrap_or_default(),
        ),
        ("cn1Label", "update"),
        ("cn1", &facts.update.to_string()),
    ]
    .map(|(name, value)| (name, cef_value(value)));
    let fields: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "CEF:0|Breachscope|Breachscope|{}|incident|{}|{severity}|{}",
        env!("CARGO_PKG_VERSION"),
        cef_header(&facts.title),
        fields.join(" ")
    )
}
