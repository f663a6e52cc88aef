//! Which log a rule is written for, and to which of them a record belongs.

use super::columns::Columns;
use model::{Family, Json};

/// A log as Sigma's rules know it. One record may belong to several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `m365/audit`: any record of the unified audit log.
    Unified,
    /// `m365/exchange`, `m365/threat_detection`, `m365/threat_management`: the same log and
    /// Microsoft's alerts, under the names of the old Cloud App Security connector.
    Security,
    /// `azure/auditlogs`: Entra's directory audit.
    Directory,
    /// `azure/signinlogs`: Entra's sign-ins.
    SignIn,
    /// `azure/riskdetection`: Entra ID Protection.
    Risk,
    /// `azure/pim`: alerts of Privileged Identity Management.
    Pim,
    /// `azure/activitylogs`: the Azure activity log.
    Activity,
    /// `azure/storage`: what a storage account's own log says of its blobs.
    Storage,
    /// `azure/intune`: Intune's audit and operational logs.
    Intune,
    /// `azure/devops`: the Azure DevOps audit log.
    DevOps,
    /// `kubernetes/audit`: the audit log of a managed cluster.
    Kubernetes,
}

impl Route {
    /// Returns the logs that a rule's product, service and category name; none if nothing
    /// collected here is meant.
    pub(crate) fn of_logsource(
        product: Option<&str>,
        service: Option<&str>,
        category: Option<&str>,
    ) -> Vec<Self> {
        let lower = |text: Option<&str>| text.unwrap_or_default().to_ascii_lowercase();
        let (product, service) = (lower(product), lower(service));
        match (product.as_str(), service.as_str()) {
            ("kubernetes", "audit") => return vec![Self::Kubernetes],
            _ if category.is_some() => return Vec::new(),
            _ => {}
        }
        match (product.as_str(), service.as_str()) {
            ("m365" | "microsoft365" | "o365" | "office365", service) => match service {
                "" | "audit" => vec![Self::Unified],
                "exchange" | "threat_detection" | "threat_management" => vec![Self::Security],
                _ => Vec::new(),
            },
            ("azure", "auditlogs") => vec![Self::Directory],
            ("azure", "signinlogs") => vec![Self::SignIn],
            ("azure", "riskdetection") => vec![Self::Risk],
            ("azure", "pim") => vec![Self::Pim],
            ("azure", "activitylogs" | "azureactivity") => vec![Self::Activity],
            ("azure", "storage") => vec![Self::Storage],
            ("azure", "intune") => vec![Self::Intune],
            ("azure", "devops") => vec![Self::DevOps],
            _ => Vec::new(),
        }
    }
}

/// The logs that a record belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Routes(u16);

impl Routes {
    /// Returns the logs that a record belongs to.
    pub(crate) fn of_record(columns: &Columns<'_>, body: &Json<'_>) -> Self {
        let routes: &[Route] = match columns.family {
            Family::Unified => match columns.record_type {
                8 => &[Route::Unified, Route::Security, Route::Directory],
                15 => &[Route::Unified, Route::Security, Route::SignIn],
                _ => &[Route::Unified, Route::Security],
            },
            Family::SignIn => &[Route::SignIn],
            Family::DirectoryAudit => &[Route::Directory],
            Family::Risk => &[Route::Risk],
            Family::AzureActivity => &[Route::Activity],
            Family::DevOpsAudit => &[Route::DevOps],
            Family::Alert if is_role_alert(body) => &[Route::Pim],
            Family::Alert => &[Route::Security],
            Family::Other => return of_other(columns, body).map(Self::of).unwrap_or_default(),
            Family::Message => &[],
        };
        routes
            .iter()
            .fold(Self::default(), |sum, one| Self(sum.0 | Self::of(*one).0))
    }

    fn of(route: Route) -> Self {
        Self(1 << route as u16)
    }

    /// Returns whether a log is among them.
    pub(crate) fn has(self, route: Route) -> bool {
        self.0 & Self::of(route).0 != 0
    }

    /// Returns whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What has no table of its own is told by its category, which normalising keeps as workload.
fn of_other(columns: &Columns<'_>, body: &Json<'_>) -> Option<Route> {
    let is = |name: &str| columns.workload.eq_ignore_ascii_case(name);
    if is("kube-audit") || is("kube-audit-admin") {
        return Some(Route::Kubernetes);
    }
    if ["StorageRead", "StorageWrite", "StorageDelete"]
        .into_iter()
        .any(is)
        || body.get("objectKey").is_some()
    {
        return Some(Route::Storage);
    }
    // Intune names its table as Entra does.
    let intune = [
        "AuditLogs",
        "OperationalLogs",
        "DeviceComplianceOrg",
        "Devices",
    ];
    if intune.into_iter().any(is) {
        return Some(Route::Intune);
    }
    let version = body
        .get("apiVersion")
        .and_then(Json::as_text)
        .unwrap_or_default();
    if version.starts_with("audit.k8s.io") || is_cluster_event(body) {
        return Some(Route::Kubernetes);
    }
    is_role_alert(body).then_some(Route::Pim)
}

fn is_cluster_event(body: &Json<'_>) -> bool {
    body.text("kind") == Some("Event") && body.get("verb").is_some()
}

fn is_role_alert(body: &Json<'_>) -> bool {
    let kind = body.text("@odata.type").unwrap_or_default();
    body.get_any_case("alertDefinitionId").is_some() || kind.contains("unifiedRoleManagementAlert")
}
