//! What the services of one tenant say when they are asked for what the checks judge. They are asked
//! side by side; a service without a token is not asked again and again for want of it.

use super::answers::{
    Anything, AuditConfig, Bypass, MAILBOX_COLUMNS, MailboxRow, Organisation, Sku, Subscription,
    User,
};
use super::checks::token::Tokens;
use super::known::Known;
use super::question::{Asker, Heard, Refusal};
use cloud::{Access, Door};
use model::{Pace, Service};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::join;

/// All that was heard.
pub(super) struct HeardAll {
    pub(super) tokens: Tokens,
    pub(super) audit: Heard<AuditConfig>,
    pub(super) organisation: Heard<Organisation>,
    pub(super) mailboxes: Heard<MailboxRow>,
    pub(super) bypass: Heard<Bypass>,
    pub(super) skus: Heard<Sku>,
    pub(super) users: Heard<User>,
    pub(super) subscriptions: Heard<Subscription>,
    pub(super) signins: Heard<Anything>,
    pub(super) risk: Heard<Anything>,
    /// Where the tenant's feeds have it.
    pub(super) trace: Option<Heard<Anything>>,
    pub(super) azure: Option<Heard<Anything>>,
    /// By how many seconds each service is ahead of this machine.
    pub(super) skews: Vec<(Service, i64)>,
}

impl HeardAll {
    /// Returns whether any service answered as it was asked: then something can be collected.
    pub(super) fn any_answer(&self) -> bool {
        fn refused<T>(heard: &Heard<T>) -> bool {
            heard.as_ref().is_err_and(Refusal::is_access)
        }
        let all = refused(&self.audit)
            && refused(&self.subscriptions)
            && refused(&self.signins)
            && refused(&self.risk)
            && refused(&self.users);
        !all
    }
}

/// Asks one tenant.
pub(super) async fn hear(door: &Door, access: &Arc<Access>, known: &Known) -> HeardAll {
    let tokens = tokens(door, access, known).await;
    let asker = Asker {
        door,
        access,
        tokens: &tokens,
    };
    let all = [("ResultSize", "Unlimited")];
    let id = &known.tenant.id;
    let publisher = known.tenant.publisher.as_ref().unwrap_or(id);
    let subscriptions =
        format!("/api/v1.0/{id}/activity/feed/subscriptions/list?PublisherIdentifier={publisher}");
    // A service's clock counts for what it is asked about.
    let to = door.now(access, Service::Graph);
    let from = to.plus_seconds(-3600);
    let trace = format!(
        "/v1.0/admin/exchange/tracing/messageTraces?$filter=receivedDateTime%20ge%20{from}%20and%20receivedDateTime%20le%20{to}&$top=1"
    );
    let users = "/v1.0/users?$select=id,assignedLicenses&$top=999";
    let signins = "/v1.0/auditLogs/signIns?$top=1";
    let risk = "/v1.0/identityProtection/riskDetections?$top=1";
    let azure = "/subscriptions?api-version=2020-01-01";
    let settings = async {
        join!(
            asker.cmdlet("Get-AdminAuditLogConfig", &[], ""),
            asker.cmdlet("Get-OrganizationConfig", &[], ""),
            asker.cmdlet("Get-Mailbox", &all, MAILBOX_COLUMNS),
            asker.cmdlet("Get-MailboxAuditBypassAssociation", &all, ""),
        )
    };
    let logs = async {
        join!(
            asker.glance(Service::Graph, Pace::Reporting, signins),
            asker.glance(Service::Graph, Pace::Risk, risk),
            asker.glance(Service::Graph, Pace::Trace, trace),
            asker.rows(Service::Arm, Pace::AzureActivity, azure),
            asker.rows(Service::Manage, Pace::Activity, subscriptions),
        )
    };
    let licences = async {
        join!(
            asker.rows(Service::Graph, Pace::Directory, "/v1.0/subscribedSkus"),
            asker.rows(Service::Graph, Pace::Directory, users),
        )
    };
    // Each is large for what it holds on its way; together they would be too large for a stack.
    let (settings, logs, licences) = join!(Box::pin(settings), Box::pin(logs), Box::pin(licences));
    let (audit, organisation, mailboxes, bypass) = settings;
    let (signins, risk, trace, azure, subscriptions) = logs;
    let (skus, users) = licences;
    let has = |name: &str| known.feeds.iter().any(|feed| feed == name);
    let answered = tokens.iter().filter(|(_, token)| token.is_ok());
    let skews = answered.filter_map(|(service, _)| Some((*service, door.skew(access, *service)?)));
    HeardAll {
        skews: skews.collect(),
        audit,
        organisation,
        mailboxes,
        bypass,
        skus,
        users,
        subscriptions,
        signins,
        risk,
        trace: has("message-trace").then_some(trace),
        azure: has("azure-activity").then_some(azure),
        tokens,
    }
}

/// Asks for the token of every service that the feeds ask, and of those that tell the settings.
async fn tokens(door: &Door, access: &Arc<Access>, known: &Known) -> Tokens {
    let mut services = BTreeSet::from([Service::Graph, Service::Exchange]);
    services.extend(
        known
            .feeds
            .iter()
            .filter_map(|feed| sources::kind_of(feed))
            .map(|kind| kind.service),
    );
    let asked = services.into_iter().map(|service| async move {
        let token = door.token(access, service).await;
        (service, token)
    });
    futures::future::join_all(asked).await.into_iter().collect()
}
