//! An application is allowed to act for somebody, or for everybody.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::{Session, Stage};
use crate::app::{App, Grant, RoleGrant};
use crate::office_apps::{GRAPH, blank, resource_id};
use crate::story_time::SECOND;
use crate::stroke::What;

/// Consent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// In which session.
    pub(crate) session: String,
    /// How the story calls the application.
    pub(crate) app: String,
    /// How it is shown.
    pub(crate) name: String,
    /// What it may do of Microsoft Graph.
    pub(crate) scopes: Vec<String>,
    /// For everybody, by an administrator; also as itself, without a person.
    #[serde(default)]
    pub(crate) for_all: bool,
}

impl Consent {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let app = match stage.apps.get(&self.app) {
            Some(id) => stage
                .here()
                .app(id)
                .cloned()
                .ok_or("the application is gone")?,
            None => self.introduce(stage, &session),
        };
        let user = stage.user(session.user).clone();
        let resource = resource_id(stage.here(), GRAPH);
        let grant = Grant {
            id: stage.chance.base64(43),
            client_id: app.id.clone(),
            resource_id: resource.clone(),
            principal_id: (!self.for_all).then(|| user.id.clone()),
            scope: self.scopes.join(" "),
            given: stage.now,
        };
        self.delegate(stage, &session, &app, &grant);
        if self.for_all {
            self.assign(stage, &session, &app, &resource);
        }
        self.record(stage, &session, &app, &grant);
        stage.stroke(What::Grant(grant));
        if stage.intruding() {
            stage.truth.apps.insert(app.app_id);
        }
        Ok(())
    }

    /// The first consent brings the application into the tenant.
    fn introduce(&self, stage: &mut Stage, session: &Session) -> App {
        let (app_id, owner) = (stage.chance.guid(), stage.chance.guid());
        let now = stage.now;
        let mut app = blank(&mut stage.chance, &app_id, &self.name, &owner, now);
        app.reply_urls = vec![format!("https://{}.example/callback", self.app)];
        stage.apps.insert(self.app.clone(), app.id.clone());
        stage.stroke(What::App(Box::new(app.clone())));
        let listed = |value: &str| format!("[\r\n  \"{value}\"\r\n]");
        let change = Change {
            operation: "Add service principal.",
            category: "ApplicationManagement",
            service: "Core Directory",
            event: "ServicePrincipal",
            target: Target::service_principal(&app),
            modified: vec![
                (
                    "AccountEnabled",
                    "[]".to_owned(),
                    "[\r\n  true\r\n]".to_owned(),
                ),
                ("AppPrincipalId", "[]".to_owned(), listed(&app.app_id)),
                ("DisplayName", "[]".to_owned(), listed(&app.display_name)),
                ("ServicePrincipalName", "[]".to_owned(), listed(&app.app_id)),
                (
                    "Included Updated Properties",
                    String::new(),
                    "AccountEnabled, AppPrincipalId, DisplayName, ServicePrincipalName".to_owned(),
                ),
                (
                    "TargetId.ServicePrincipalNames",
                    String::new(),
                    app.app_id.clone(),
                ),
            ],
            reason: "",
        };
        stage.change(now, session, &change);
        app
    }

    fn delegate(&self, stage: &mut Stage, session: &Session, app: &App, grant: &Grant) {
        let Some(graph) = stage.here().app(GRAPH).cloned() else {
            return;
        };
        let whom = if self.for_all {
            "AllPrincipals"
        } else {
            "Principal"
        };
        let change = Change {
            operation: "Add delegated permission grant.",
            category: "ApplicationManagement",
            service: "Core Directory",
            event: "ServicePrincipal",
            target: Target::service_principal(&graph),
            modified: vec![
                (
                    "DelegatedPermissionGrant.Scope",
                    String::new(),
                    grant.scope.clone(),
                ),
                (
                    "DelegatedPermissionGrant.ConsentType",
                    String::new(),
                    whom.to_owned(),
                ),
                ("ServicePrincipal.ObjectID", String::new(), app.id.clone()),
                (
                    "ServicePrincipal.DisplayName",
                    String::new(),
                    app.display_name.clone(),
                ),
                ("ServicePrincipal.AppId", String::new(), app.app_id.clone()),
                ("ServicePrincipal.Name", String::new(), app.app_id.clone()),
                (
                    "TargetId.ServicePrincipalNames",
                    String::new(),
                    graph.app_id.clone(),
                ),
            ],
            reason: "",
        };
        stage.change(stage.now, session, &change);
        let user = stage.user(session.user).clone();
        let change = Change {
            operation: "Add app role assignment grant to user.",
            category: "UserManagement",
            service: "Core Directory",
            event: "User",
            target: Target::service_principal(app),
            modified: vec![
                (
                    "AppRole.Id",
                    String::new(),
                    "00000000-0000-0000-0000-000000000000".to_owned(),
                ),
                ("AppRole.Value", String::new(), String::new()),
                ("AppRole.DisplayName", String::new(), String::new()),
                ("User.ObjectID", String::new(), user.id),
                ("User.UPN", String::new(), user.upn),
                ("User.PUID", String::new(), user.puid),
                (
                    "TargetId.ServicePrincipalNames",
                    String::new(),
                    app.app_id.clone(),
                ),
            ],
            reason: "",
        };
        stage.change(stage.now, session, &change);
    }

    /// What it may do as itself.
    fn assign(&self, stage: &mut Stage, session: &Session, app: &App, resource: &str) {
        let Some(graph) = stage.here().app(GRAPH).cloned() else {
            return;
        };
        for value in &self.scopes {
            let Some(role) = graph.app_roles.iter().find(|role| role.value == *value) else {
                continue;
            };
            let given = RoleGrant {
                id: stage.chance.base64(43),
                principal_id: app.id.clone(),
                resource_id: resource.to_owned(),
                app_role_id: role.id.clone(),
                value: value.clone(),
                created: stage.now,
            };
            stage.stroke(What::RoleGrant(given));
            let change = Change {
                operation: "Add app role assignment to service principal.",
                category: "ApplicationManagement",
                service: "Core Directory",
                event: "ServicePrincipal",
                target: Target::service_principal(&graph),
                modified: vec![
                    ("AppRole.Id", String::new(), role.id.clone()),
                    ("AppRole.Value", String::new(), role.value.clone()),
                    ("AppRole.DisplayName", String::new(), role.value.clone()),
                    ("ServicePrincipal.ObjectID", String::new(), app.id.clone()),
                    (
                        "ServicePrincipal.DisplayName",
                        String::new(),
                        app.display_name.clone(),
                    ),
                    ("ServicePrincipal.AppId", String::new(), app.app_id.clone()),
                    ("ServicePrincipal.Name", String::new(), app.app_id.clone()),
                    (
                        "TargetId.ServicePrincipalNames",
                        String::new(),
                        graph.app_id.clone(),
                    ),
                ],
                reason: "",
            };
            stage.change(stage.now, session, &change);
        }
    }

    fn record(&self, stage: &mut Stage, session: &Session, app: &App, grant: &Grant) {
        let (flag, whom) = if self.for_all {
            ("True", "AllPrincipals")
        } else {
            ("False", "Principal")
        };
        let permissions = format!(
            "[] => [[Id: {}, ClientId: {}, PrincipalId: {}, ResourceId: {}, ConsentType: {whom}, Scope: {}, CreatedDateTime: , LastModifiedDateTime ]]; ",
            grant.id,
            grant.client_id,
            grant.principal_id.as_deref().unwrap_or_default(),
            grant.resource_id,
            grant.scope,
        );
        let change = Change {
            operation: "Consent to application.",
            category: "ApplicationManagement",
            service: "Core Directory",
            event: "ServicePrincipal",
            target: Target::service_principal(app),
            modified: vec![
                (
                    "ConsentContext.IsAdminConsent",
                    String::new(),
                    flag.to_owned(),
                ),
                (
                    "ConsentContext.IsAppOnly",
                    String::new(),
                    "False".to_owned(),
                ),
                (
                    "ConsentContext.OnBehalfOfAll",
                    String::new(),
                    flag.to_owned(),
                ),
                (
                    "ConsentContext.Tags",
                    String::new(),
                    "WindowsAzureActiveDirectoryIntegratedApp".to_owned(),
                ),
                ("ConsentAction.Permissions", String::new(), permissions),
                (
                    "TargetId.ServicePrincipalNames",
                    String::new(),
                    app.app_id.clone(),
                ),
            ],
            reason: "",
        };
        stage.change(stage.now + SECOND, session, &change);
    }
}
