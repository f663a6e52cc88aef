//! The services of this cloud, each on an origin of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Entra: tokens.
    Login,
    /// Office 365 Management Activity API.
    Manage,
    /// Microsoft Graph.
    Graph,
    /// Exchange Online's administration.
    Exchange,
    /// Azure Resource Manager.
    Arm,
    /// Azure DevOps auditing.
    Devops,
    /// Blob storage with diagnostic logs.
    Storage,
    /// Not Microsoft's: where a link of a lying answer leads.
    Elsewhere,
    /// Not Microsoft's: where a test asks and turns.
    Admin,
}

impl Service {
    /// Every service, in the order of their ports.
    pub const ALL: [Self; 9] = [
        Self::Login,
        Self::Manage,
        Self::Graph,
        Self::Exchange,
        Self::Arm,
        Self::Devops,
        Self::Storage,
        Self::Elsewhere,
        Self::Admin,
    ];

    /// Returns the name by which reports and dials know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Manage => "manage",
            Self::Graph => "graph",
            Self::Exchange => "exchange",
            Self::Arm => "arm",
            Self::Devops => "devops",
            Self::Storage => "storage",
            Self::Elsewhere => "elsewhere",
            Self::Admin => "admin",
        }
    }

    /// Returns the names that a token for it can be asked by, in every cloud; the first is the
    /// audience that the token carries.
    pub(crate) fn audiences(self) -> &'static [&'static str] {
        match self {
            Self::Manage => &[
                "https://manage.office.com",
                "https://manage-gcc.office.com",
                "https://manage.office365.us",
                "https://manage.protection.apps.mil",
                "c5393580-f805-4401-95e8-94b7a6ef2fc2",
            ],
            Self::Graph => &[
                "https://graph.microsoft.com",
                "https://graph.microsoft.us",
                "https://dod-graph.microsoft.us",
                "https://microsoftgraph.chinacloudapi.cn",
                "00000003-0000-0000-c000-000000000000",
            ],
            Self::Exchange => &[
                "https://outlook.office365.com",
                "https://outlook.office.com",
                "https://outlook.office365.us",
                "https://outlook-dod.office365.us",
                "https://partner.outlook.cn",
                "00000002-0000-0ff1-ce00-000000000000",
            ],
            Self::Arm => &[
                "https://management.azure.com",
                "https://management.core.windows.net",
                "https://management.usgovcloudapi.net",
                "https://management.chinacloudapi.cn",
                "797f4846-ba00-4fd7-ba43-dac1f8f63013",
            ],
            Self::Devops => &[
                "499b84ac-1321-427f-aa17-267ca6975798",
                "https://app.vssps.visualstudio.com",
            ],
            Self::Storage => &[
                "https://storage.azure.com",
                "e406a681-f3d4-42a8-90b6-c2b029497af1",
            ],
            Self::Login | Self::Elsewhere | Self::Admin => &[],
        }
    }

    /// Returns the application id by which permissions for it are granted.
    pub(crate) fn application(self) -> &'static str {
        self.audiences().last().copied().unwrap_or_default()
    }
}

/// Where each service listens, as `http://127.0.0.1:41234`, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    by_service: BTreeMap<Service, String>,
}

impl Addresses {
    pub(crate) fn new(by_service: BTreeMap<Service, String>) -> Self {
        Self { by_service }
    }

    /// Returns the base address of a service.
    #[must_use]
    pub fn of(&self, service: Service) -> &str {
        self.by_service.get(&service).map_or("", String::as_str)
    }

    /// Returns every service with its base address.
    pub fn iter(&self) -> impl Iterator<Item = (Service, &str)> {
        self.by_service
            .iter()
            .map(|(service, base)| (*service, base.as_str()))
    }

    /// Returns the service that a token is asked for, by the name of the resource.
    pub(crate) fn resource(&self, name: &str) -> Option<Service> {
        let name = name.trim_end_matches('/');
        Service::ALL.into_iter().find(|service| {
            let audiences = service.audiences();
            !audiences.is_empty() && (audiences.contains(&name) || self.of(*service) == name)
        })
    }
}
