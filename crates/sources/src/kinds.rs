//! The words of each kind of feed, and how one is made.
//!
//! To add a kind: its file, and an entry in [`CATALOGUE`].

use crate::activity::{Activity, CONTENT_TYPES};
use crate::catalogue::{Cloud, FeedKind, Permission};
use crate::settings::FeedSettings;
use crate::window::reader::Reader;
use crate::window::source::Source;
use crate::{Feed, Memory};
use crate::{audit_query, azure_activity, devops, diagnostic, directory, message_trace};
use crate::{message_trace_exchange, risk, search_ual, signins};
use model::Service;

/// Every kind of feed, those that a tenant should have first.
pub(crate) const CATALOGUE: &[FeedKind] = &[
    ACTIVITY,
    SIGNINS,
    DIRECTORY,
    RISK,
    PROVISIONING,
    MESSAGE_TRACE,
    MESSAGE_TRACE_EXCHANGE,
    AZURE_ACTIVITY,
    AZURE_TENANT,
    DEVOPS,
    DIAGNOSTIC,
    AUDIT_QUERY,
    SEARCH_UAL,
];

/// Entra's reports and the unified audit log's queries are not in the cloud run by 21Vianet.
const CHINA: &[Cloud] = &[Cloud::China];
/// What the commercial cloud alone has.
const GLOBAL_ALONE: &[Cloud] = &[Cloud::GccHigh, Cloud::Dod, Cloud::China];

const AUDIT_LOG: Permission = Permission {
    name: "AuditLog.Read.All",
    why: "reads Entra's sign-ins, changes and provisioning",
};
const DIRECTORY_READ: Permission = Permission {
    name: "Directory.Read.All",
    why: "is asked for beside `AuditLog.Read.All`, without which it may answer 403",
};
const POLICY_READ: Permission = Permission {
    name: "Policy.Read.All",
    why: "lets a sign-in tell which Conditional Access policies were applied; they are blank without it",
};
const MANAGE_AS_APP: Permission = Permission {
    name: "Exchange.ManageAsApp",
    why: "calls Exchange's cmdlets as an application",
};
const READER: Permission = Permission {
    name: "Reader (Azure role)",
    why: "reads the activity log of a subscription",
};

fn boxed<S: Source + 'static>(
    source: S,
    settings: &FeedSettings,
    memory: &Memory,
) -> Box<dyn Feed> {
    Box::new(Reader::new(source, settings.since, memory).pausing(settings.first_pause))
}

const ACTIVITY: FeedKind = FeedKind {
    name: "activity/<content type>",
    about: "The unified audit log as the Office 365 Management Activity API hands it out: one feed for each of its five content types.",
    service: Service::Manage,
    permissions: &[
        Permission {
            name: "ActivityFeed.Read",
            why: "lists and fetches the content of the audit log",
        },
        Permission {
            name: "ActivityFeed.ReadDlp",
            why: "lets `DLP.All` hold what a policy found; needed for that content type alone",
        },
    ],
    licence: "unified auditing must be on, and the tenant must have Exchange Online",
    delay: "60 to 90 minutes for most workloads, days at worst",
    keeps: "7 days",
    absent_in: CHINA,
    by_default: true,
    names: |_| {
        let name = |content_type: &&str| format!("activity/{content_type}");
        CONTENT_TYPES.iter().map(name).collect()
    },
    make: |name, settings, memory, _| {
        let wanted = name.strip_prefix("activity/")?;
        let content_type = CONTENT_TYPES.into_iter().find(|known| *known == wanted)?;
        Some(Box::new(Activity::new(content_type, settings, memory)))
    },
};

const SIGNINS: FeedKind = FeedKind {
    name: "signins/<kind>",
    about: "Sign-ins to Entra ID: interactive, non-interactive, of service principals and of managed identities, each a feed with a place of its own.",
    service: Service::Graph,
    permissions: &[AUDIT_LOG, DIRECTORY_READ, POLICY_READ],
    licence: "Entra ID P1 or P2",
    delay: "2 to 15 minutes as a rule, hours for sign-ins without a person",
    keeps: "30 days",
    absent_in: CHINA,
    by_default: true,
    names: |_| signins::NAMES.iter().map(|&name| name.to_owned()).collect(),
    make: |name, settings, memory, _| Some(boxed(signins::log(name, settings)?, settings, memory)),
};

const DIRECTORY: FeedKind = FeedKind {
    name: "directory-audits",
    about: "Changes to the directory: users, groups, applications, roles, policies.",
    service: Service::Graph,
    permissions: &[AUDIT_LOG, DIRECTORY_READ],
    licence: "none; 30 days instead of 7 with Entra ID P1 or P2",
    delay: "minutes to an hour",
    keeps: "30 days, 7 without a premium licence",
    absent_in: CHINA,
    by_default: true,
    names: |_| vec!["directory-audits".to_owned()],
    make: |_, settings, memory, _| Some(boxed(directory::audits(settings), settings, memory)),
};

const RISK: FeedKind = FeedKind {
    name: "risk-detections",
    about: "What Entra ID Protection found risky in sign-ins and accounts; a detection comes again each time it changes.",
    service: Service::Graph,
    permissions: &[Permission {
        name: "IdentityRiskEvent.Read.All",
        why: "reads risk detections",
    }],
    licence: "Entra ID P2 for details; P1 shows limited types",
    delay: "at once to 48 hours",
    keeps: "90 days",
    absent_in: CHINA,
    by_default: true,
    names: |_| vec!["risk-detections".to_owned()],
    make: |_, settings, memory, _| Some(boxed(risk::detections(settings), settings, memory)),
};

const PROVISIONING: FeedKind = FeedKind {
    name: "provisioning",
    about: "What the provisioning service did to accounts in other systems.",
    service: Service::Graph,
    permissions: &[AUDIT_LOG, DIRECTORY_READ],
    licence: "Entra ID P1 or P2",
    delay: "minutes to an hour",
    keeps: "30 days",
    absent_in: CHINA,
    by_default: false,
    names: |_| vec!["provisioning".to_owned()],
    make: |_, settings, memory, _| Some(boxed(directory::provisioning(settings), settings, memory)),
};

const MESSAGE_TRACE: FeedKind = FeedKind {
    name: "message-trace",
    about: "Mail sent and received, a row per message and recipient, through Microsoft Graph.",
    service: Service::Graph,
    permissions: &[Permission {
        name: "ExchangeMessageTrace.Read.All",
        why: "reads the message trace",
    }],
    licence: "Exchange Online, and the service principal 8bd644d1-64a1-4d4b-ae52-2e0cbf64e373 made in the tenant once",
    delay: "minutes; the status of a message changes for a day",
    keeps: "90 days",
    absent_in: GLOBAL_ALONE,
    by_default: true,
    names: |_| vec!["message-trace".to_owned()],
    make: |_, settings, memory, _| Some(boxed(message_trace::trace(settings), settings, memory)),
};

const MESSAGE_TRACE_EXCHANGE: FeedKind = FeedKind {
    name: "message-trace-exchange",
    about: "The same message trace through Exchange's cmdlet, for clouds in which Graph has none.",
    service: Service::Exchange,
    permissions: &[
        MANAGE_AS_APP,
        Permission {
            name: "Global Reader (Entra role)",
            why: "may call `Get-MessageTraceV2`",
        },
    ],
    licence: "Exchange Online",
    delay: "minutes; the status of a message changes for a day",
    keeps: "90 days",
    absent_in: &[],
    by_default: false,
    names: |_| vec!["message-trace-exchange".to_owned()],
    make: |_, settings, memory, _| {
        Some(boxed(
            message_trace_exchange::Trace::new(settings),
            settings,
            memory,
        ))
    },
};

const AZURE_ACTIVITY: FeedKind = FeedKind {
    name: "azure-activity",
    about: "What was done to the resources of Azure subscriptions: those that are named, or all that can be seen.",
    service: Service::Arm,
    permissions: &[READER],
    licence: "none",
    delay: "15 to 20 minutes",
    keeps: "90 days",
    absent_in: &[],
    by_default: true,
    names: |_| vec!["azure-activity".to_owned()],
    make: |_, settings, memory, _| {
        Some(boxed(
            azure_activity::Activity::of_subscriptions(settings),
            settings,
            memory,
        ))
    },
};

const AZURE_TENANT: FeedKind = FeedKind {
    name: "azure-activity-tenant",
    about: "What was done in Azure above all subscriptions, such as taking control of them.",
    service: Service::Arm,
    permissions: &[Permission {
        name: "Reader at the scope `/` (Azure role)",
        why: "reads the activity log of the tenant; only an administrator with elevated access can assign it",
    }],
    licence: "none",
    delay: "15 to 20 minutes",
    keeps: "90 days",
    absent_in: &[],
    by_default: false,
    names: |_| vec!["azure-activity-tenant".to_owned()],
    make: |_, settings, memory, _| {
        Some(boxed(
            azure_activity::Activity::of_tenant(settings),
            settings,
            memory,
        ))
    },
};

const DEVOPS: FeedKind = FeedKind {
    name: "devops-audit/<organisation>",
    about: "The audit log of an Azure DevOps organisation that the settings name.",
    service: Service::DevOps,
    permissions: &[Permission {
        name: "View audit log (permission of the organisation)",
        why: "reads its audit log; the application must be a member",
    }],
    licence: "an organisation connected to Entra ID, with auditing switched on",
    delay: "minutes",
    keeps: "90 days",
    absent_in: GLOBAL_ALONE,
    by_default: true,
    names: |settings| {
        let name = |organization: &String| format!("devops-audit/{organization}");
        settings.devops_organizations.iter().map(name).collect()
    },
    make: |name, settings, memory, _| {
        let wanted = name.strip_prefix("devops-audit/")?;
        let mut known = settings.devops_organizations.iter();
        let organization = known.find(|known| *known == wanted)?;
        Some(boxed(
            devops::Audit::new(organization, settings),
            settings,
            memory,
        ))
    },
};

const DIAGNOSTIC: FeedKind = FeedKind {
    name: "diagnostic-blobs",
    about: "What diagnostic settings write into a storage account: Entra's logs, Graph's activity, resources.",
    service: Service::Storage,
    permissions: &[Permission {
        name: "Storage Blob Data Reader (Azure role)",
        why: "lists and reads the containers `insights-*` of the account",
    }],
    licence: "a diagnostic setting that writes to a storage account",
    delay: "2 to 8 minutes, half a day at worst",
    keeps: "as long as the account keeps it",
    absent_in: &[],
    by_default: false,
    names: |_| vec!["diagnostic-blobs".to_owned()],
    make: |_, settings, memory, _| Some(Box::new(diagnostic::Diagnostic::new(settings, memory))),
};

const AUDIT_QUERY: FeedKind = FeedKind {
    name: "audit-query",
    about: "The unified audit log by Purview's queries: reaches back as far as the licence keeps it, and is slow.",
    service: Service::Graph,
    permissions: &[Permission {
        name: "AuditLogsQuery.Read.All",
        why: "makes queries of the audit log and reads what they found",
    }],
    licence: "unified auditing must be on; 180 days, a year with Audit Premium",
    delay: "as the unified audit log, and minutes to hours for the query",
    keeps: "180 days",
    absent_in: GLOBAL_ALONE,
    by_default: false,
    names: |_| vec!["audit-query".to_owned()],
    make: |_, settings, memory, _| {
        Some(boxed(audit_query::Queries::new(settings), settings, memory))
    },
};

const SEARCH_UAL: FeedKind = FeedKind {
    name: "search-ual",
    about: "The unified audit log searched by Exchange's cmdlet, where neither of the other ways is open.",
    service: Service::Exchange,
    permissions: &[
        MANAGE_AS_APP,
        Permission {
            name: "Security Reader (Entra role)",
            why: "may call `Search-UnifiedAuditLog`; a role group with View-Only Audit Logs does as well",
        },
    ],
    licence: "unified auditing must be on",
    delay: "as the unified audit log; the hours behind now are searched again",
    keeps: "180 days",
    absent_in: CHINA,
    by_default: false,
    names: |_| vec!["search-ual".to_owned()],
    make: |_, settings, memory, _| Some(boxed(search_ual::Search::new(settings), settings, memory)),
};
