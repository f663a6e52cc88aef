//! Where cards go: one kind a file, listed here.

use crate::about::About;
use crate::email::Email;
use crate::pagerduty::PagerDuty;
use crate::slack::Slack;
use crate::syslog::Syslog;
use crate::teams::Teams;
use crate::webhook::Webhook;
use crate::{email, pagerduty, slack, syslog, teams, webhook};
use model::Secret;

/// Every kind of destination.
pub const SINKS: [&About; 6] = [
    &teams::ABOUT,
    &slack::ABOUT,
    &email::ABOUT,
    &pagerduty::ABOUT,
    &webhook::ABOUT,
    &syslog::ABOUT,
];

/// A destination with its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A channel or chat of Teams.
    Teams(Teams),
    /// A channel of Slack.
    Slack(Slack),
    /// Mailboxes.
    Email(Email),
    /// A service of PagerDuty.
    PagerDuty(PagerDuty),
    /// A program that takes JSON, such as a ticket system.
    Webhook(Webhook),
    /// A syslog server.
    Syslog(Syslog),
}

impl Destination {
    /// Returns what its kind says of itself.
    #[must_use]
    pub fn about(&self) -> &'static About {
        match self {
            Self::Teams(_) => &teams::ABOUT,
            Self::Slack(_) => &slack::ABOUT,
            Self::Email(_) => &email::ABOUT,
            Self::PagerDuty(_) => &pagerduty::ABOUT,
            Self::Webhook(_) => &webhook::ABOUT,
            Self::Syslog(_) => &syslog::ABOUT,
        }
    }

    /// Returns the mail addresses that it reaches, so that a route never leads to an affected mailbox.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        match self {
            Self::Email(settings) => &settings.to,
            _ => &[],
        }
    }

    /// Returns its secrets in every form in which they are sent: none of them may stand in what
    /// is told of a delivery.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Teams(settings) => vec![settings.url.clone()],
            Self::Slack(settings) => vec![settings.url.clone()],
            Self::Email(settings) => {
                let login = settings.login.iter();
                login
                    .flat_map(|(user, password)| email::secrets(user, password))
                    .collect()
            }
            Self::PagerDuty(settings) => vec![settings.key.clone()],
            Self::Webhook(settings) => {
                let headers = settings.headers.iter().map(|(_, value)| value);
                let all = headers.chain(&settings.key).chain([&settings.url]);
                all.cloned().collect()
            }
            Self::Syslog(_) => Vec::new(),
        }
    }
}
