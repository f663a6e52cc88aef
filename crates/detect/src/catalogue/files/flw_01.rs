//! FLW-01: a flow carries mail or files out.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::Severity;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "FLW-01",
    title: "Flow from mail or files to outside",
    decides: "A flow made or changed whose connectors read mail or files and can write to somewhere else: \
              plain HTTP, other mail, other drives, messengers.",
    severity: "medium for a person's first such flow, once the records reach back two weeks; high after a \
               doubtful sign-in; low otherwise",
    benign: "People automate their work: flows that stay within Microsoft 365 are silent.",
    attack: &["T1020", "T1567"],
    sources: &[Source::PowerAutomate],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a flow was at hand.",
};

const SOURCES: &[&str] = &[
    "outlook",
    "office 365",
    "office365",
    "sharepoint",
    "onedrive",
    "exchange",
];
const SINKS: &[&str] = &[
    "http",
    "gmail",
    "google",
    "dropbox",
    "box",
    "ftp",
    "sftp",
    "smtp",
    "mail",
    "sendgrid",
    "mailchimp",
    "telegram",
    "slack",
    "discord",
    "pushbullet",
    "amazon s3",
    "outlook.com",
    "webhook",
    "twilio",
];

#[derive(Default)]
pub(super) struct Flw01 {
    known: BTreeSet<(Word, Word)>,
}

impl Detection for Flw01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["CreateFlow", "EditFlow"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let fact = seen.fact();
        let connectors = seen.word("FlowConnectorNames");
        let Some(sink) = way_out(connectors) else {
            return;
        };
        let is_first = self.known.insert((fact.tenant, fact.user));
        let taint = doubt(fact, seen.person(), world);
        let severity = match (taint.is_some(), is_first) {
            (true, _) => Severity::High,
            (false, true) if world.tenant.is_warm(seen.time(), 14) => Severity::Medium,
            (false, _) => Severity::Low,
        };
        let why = format!(
            "{} has a flow carry mail or files to {sink}: {}",
            seen.person(),
            quoted(connectors)
        );
        let flow = [seen.word("FlowDetailsUrl"), seen.object()].concat();
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(flow)
                .compared(
                    "FlowConnectorNames",
                    connectors,
                    "connectors of Microsoft 365",
                )
                .silent_if("no connector led outside"),
        );
    }
}

fn way_out(connectors: &str) -> Option<&'static str> {
    let lower = connectors.to_lowercase();
    let names: Vec<&str> = lower.split([',', ';']).map(str::trim).collect();
    let is_source = |name: &&str| SOURCES.iter().any(|source| name.contains(source));
    let has_source = names
        .iter()
        .any(|name| is_source(name) && !name.contains("outlook.com"));
    let sink = names.iter().find_map(|name| {
        let is_ours = is_source(name) && !name.contains("outlook.com");
        let words: Vec<&str> = name.split([' ', '(', ')', '-']).collect();
        SINKS.iter().filter(|_| !is_ours).find(|sink| {
            words.contains(*sink) || (sink.contains([' ', '.']) && name.contains(*sink))
        })
    })?;
    has_source.then_some(sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_leads_out_only_with_both_ends() {
        for (connectors, expected) in [
            ("Office 365 Outlook, HTTP", Some("http")),
            ("SharePoint;Dropbox", Some("dropbox")),
            ("OneDrive for Business, Outlook.com", Some("outlook.com")),
            ("Office 365 Outlook, SharePoint, Microsoft Teams", None),
            ("HTTP", None),
            ("Office 365 Outlook, Inbox rules", None),
            ("", None),
        ] {
            assert_eq!(way_out(connectors), expected, "{connectors}");
        }
    }
}
