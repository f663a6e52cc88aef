//! Applications of a tenant: service principals, what they were granted, and the one that collects.

use crate::record::Micros;

/// An application as a tenant knows it: its service principal, and its registration when it is
/// the tenant's own.
#[derive(Clone, Debug)]
pub struct App {
    /// Object id of the service principal.
    pub id: String,
    /// `appId`.
    pub app_id: String,
    /// How it is shown.
    pub display_name: String,
    /// `publisherName`.
    pub publisher: String,
    /// `verifiedPublisher.displayName`.
    pub verified_publisher: Option<String>,
    /// `appOwnerOrganizationId`: Microsoft's tenant for Microsoft's own.
    pub owner_organization: String,
    /// `accountEnabled`.
    pub enabled: bool,
    /// `tags`.
    pub tags: Vec<String>,
    /// `replyUrls`.
    pub reply_urls: Vec<String>,
    /// `servicePrincipalNames` besides the app id.
    pub names: Vec<String>,
    /// When the tenant got it.
    pub created: Micros,
    /// `appRoles`: what an application can be granted here.
    pub app_roles: Vec<Permission>,
    /// `oauth2PermissionScopes`: what a person can delegate here.
    pub scopes: Vec<Permission>,
    /// Secrets and certificates on the service principal or the registration.
    pub credentials: Vec<Credential>,
    /// Object id of the registration, when the tenant owns the application.
    pub registration: Option<String>,
}

/// A permission that a resource offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Its id.
    pub id: String,
    /// Its value, e.g. `Mail.Read`.
    pub value: String,
}

/// A secret or a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// `keyId`.
    pub key_id: String,
    /// `displayName`.
    pub name: String,
    /// `Password` or `AsymmetricX509Cert`.
    pub kind: &'static str,
    /// When it was added.
    pub added: Micros,
    /// When it ends.
    pub ends: Micros,
}

/// A delegated grant, `oauth2PermissionGrants`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// Object id of the client's service principal.
    pub client_id: String,
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// The person, or `None` for everybody (`AllPrincipals`).
    pub principal_id: Option<String>,
    /// Scopes, separated by blanks.
    pub scope: String,
    /// When it was given; not on the wire.
    pub given: Micros,
}

/// An application permission, `appRoleAssignments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// Its id.
    pub id: String,
    /// Object id of the service principal that has it.
    pub principal_id: String,
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// Which role; see [`App::app_roles`].
    pub app_role_id: String,
    /// Its value, e.g. `Mail.Read`.
    pub value: String,
    /// When it was given.
    pub created: Micros,
}

/// An app registration of the product: the one that may read a tenant, or the one that may
/// change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// `client_id`: the same application in every tenant.
    pub client_id: String,
    /// A secret that is accepted.
    pub secret: String,
    /// SHA-1 thumbprint in upper-case hexadecimal of a certificate that is accepted.
    pub thumbprint: String,
    /// Object id of its service principal in this tenant.
    pub service_principal: String,
    /// What it was granted, by the app id of the resource: `roles` in a token.
    pub permissions: Vec<(String, Vec<String>)>,
    /// Directory roles of its service principal, e.g. `Global Reader`.
    pub directory_roles: Vec<String>,
}
