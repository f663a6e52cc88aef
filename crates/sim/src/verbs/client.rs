//! What a person holds in hand: programs, and how each introduces itself.

use serde::Deserialize;

use crate::office_apps::{
    EXCHANGE, GRAPH, OFFICE_DESKTOP, OFFICE_HOME, OUTLOOK_MOBILE, OUTLOOK_WEB, PORTAL,
};

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Client {
    /// Edge on the company's laptop.
    Edge,
    /// Outlook on the company's laptop.
    Outlook,
    /// Outlook on the telephone.
    Phone,
    /// The Azure portal in Edge.
    Portal,
    /// Chrome on somebody's own computer.
    Chrome,
    /// Firefox on Linux.
    Firefox,
    /// An older Outlook on a computer that nobody here knows.
    OutlookElsewhere,
    /// A script that asks for a token with a password.
    Script,
}

/// How a program introduces itself.
pub(crate) struct Dress {
    /// The application that signs in.
    pub(crate) app: (&'static str, &'static str),
    /// What it signs in to.
    pub(crate) resource: (&'static str, &'static str),
    /// The application that Exchange names.
    pub(crate) mail_app: &'static str,
    /// User agent.
    pub(crate) user_agent: &'static str,
    /// Browser as Entra reads it, and as the audit log does.
    pub(crate) browser: (&'static str, &'static str),
    /// System as Entra reads it.
    pub(crate) system: &'static str,
    /// `clientAppUsed`.
    pub(crate) kind: &'static str,
    /// `ClientInfoString` in Exchange.
    pub(crate) exchange: &'static str,
    /// `ClientProcessName` and `ClientVersion`, of a desktop program.
    pub(crate) process: Option<(&'static str, &'static str)>,
}

const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36 Edg/134.0.0.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const OUTLOOK: &str = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18526; Pro)";
const OLD_OUTLOOK: &str =
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.14332; Pro)";
const PHONE: &str = "Outlook-iOS/723.4127.prod.iphone (5.2.0)";

const EXCHANGE_ONLINE: (&str, &str) = (EXCHANGE, "Office 365 Exchange Online");
const OFFICE: (&str, &str) = (OFFICE_DESKTOP, "Microsoft Office");
const HOME: (&str, &str) = (OFFICE_HOME, "OfficeHome");

impl Client {
    /// Returns how it introduces itself.
    pub(crate) fn dress(self) -> Dress {
        match self {
            Self::Edge => web(
                EDGE,
                ("Edge 134.0.0", "Edge"),
                "Windows10",
                "Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36 Edg/134.0.0.0;",
            ),
            Self::Chrome => web(
                CHROME,
                ("Chrome 131.0.0", "Chrome"),
                "Windows10",
                "Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36;",
            ),
            Self::Firefox => web(
                FIREFOX,
                ("Firefox 128.0", "Firefox"),
                "Linux",
                "Client=OWA;Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0;",
            ),
            Self::Outlook => desktop(OUTLOOK, "16.0.18526.20168"),
            Self::OutlookElsewhere => desktop(OLD_OUTLOOK, "16.0.14332.20721"),
            Self::Phone => Dress {
                app: (OUTLOOK_MOBILE, "Outlook Mobile"),
                mail_app: OUTLOOK_MOBILE,
                user_agent: PHONE,
                browser: ("", "Other"),
                system: "Ios 18.3",
                kind: "Mobile Apps and Desktop clients",
                exchange: "Client=OutlookService;Outlook-iOS/2.0;",
                process: None,
                resource: EXCHANGE_ONLINE,
            },
            Self::Portal => Dress {
                app: (PORTAL, "Azure Portal"),
                resource: (
                    crate::office_apps::AZURE,
                    "Windows Azure Service Management API",
                ),
                ..Self::Edge.dress()
            },
            Self::Script => Dress {
                app: OFFICE,
                resource: (GRAPH, "Microsoft Graph"),
                mail_app: OFFICE_DESKTOP,
                user_agent: "python-requests/2.32.3",
                browser: ("Python Requests 2.32", "Other"),
                system: "",
                kind: "Mobile Apps and Desktop clients",
                exchange: "Client=REST;;",
                process: None,
            },
        }
    }

    /// Whether it is the company's own.
    pub(crate) fn is_managed(self) -> bool {
        matches!(self, Self::Edge | Self::Outlook | Self::Portal)
    }
}

fn web(
    user_agent: &'static str,
    browser: (&'static str, &'static str),
    system: &'static str,
    exchange: &'static str,
) -> Dress {
    Dress {
        app: HOME,
        resource: EXCHANGE_ONLINE,
        mail_app: OUTLOOK_WEB,
        user_agent,
        browser,
        system,
        kind: "Browser",
        exchange,
        process: None,
    }
}

fn desktop(user_agent: &'static str, version: &'static str) -> Dress {
    Dress {
        app: OFFICE,
        resource: EXCHANGE_ONLINE,
        mail_app: OFFICE_DESKTOP,
        user_agent,
        browser: ("", "Other"),
        system: "Windows10",
        kind: "Mobile Apps and Desktop clients",
        exchange: "Client=MSExchangeRPC",
        process: Some(("OUTLOOK.EXE", version)),
    }
}
