//! What an operator says of a tenant's feeds; every default stands here once.

use model::Timestamp;

/// The settings of the feeds of one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSettings {
    /// The tenant's id, a GUID.
    pub tenant: String,
    /// The GUID that the Management Activity API counts requests against: the vendor's tenant, or the tenant itself.
    pub publisher: String,
    /// From when on records are wanted; nothing is as far back as the service keeps them.
    pub since: Option<Timestamp>,
    /// Seconds between two looks for new content of the Management Activity API.
    pub activity_poll: i64,
    /// Seconds between two looks for new records of all other services.
    pub poll: i64,
    /// The Azure subscriptions whose activity is read; none means all that can be seen.
    pub azure_subscriptions: Vec<String>,
    /// The Azure DevOps organisations whose audit log is read.
    pub devops_organizations: Vec<String>,
    /// The containers of diagnostic settings that are read; none means all `insights-*` containers.
    pub storage_containers: Vec<String>,
    /// Seconds that a feed waits after a first failure; it doubles with each that follows.
    pub first_pause: i64,
    /// How many audit log queries may be submitted in a rolling day: the tenant's 200 are shared with everybody else.
    pub audit_queries_a_day: u32,
}

impl FeedSettings {
    /// Returns the settings of a tenant as they are where nothing is said.
    #[must_use]
    pub fn of_tenant(tenant: impl Into<String>) -> Self {
        let tenant = tenant.into();
        Self {
            publisher: tenant.clone(),
            tenant,
            since: None,
            activity_poll: 60,
            poll: 300,
            azure_subscriptions: Vec::new(),
            devops_organizations: Vec::new(),
            storage_containers: Vec::new(),
            first_pause: 15,
            audit_queries_a_day: 100,
        }
    }
}
