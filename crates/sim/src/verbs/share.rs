//! A file of a person's OneDrive is opened by a link to whoever has it.

use serde::Deserialize;
use serde_json::json;

use super::stage::Stage;
use super::write::with;
use crate::drive::SharingLink;
use crate::record::ContentType;
use crate::story_time::bare;
use crate::stroke::What;

/// A link is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    /// In which session, to a file of its own account.
    pub(crate) session: String,
    /// The file's name.
    pub(crate) file: String,
    /// Whether whoever has the link may change the file.
    #[serde(default)]
    pub(crate) edit: bool,
}

impl Share {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = stage.user(session.user);
        let drive = user.drive.clone();
        let item = drive.items.iter().find(|item| item.name == self.file);
        let item = item.ok_or_else(|| format!("no file is `{}`", self.file))?;
        let (upn, puid) = (user.upn.to_lowercase(), user.puid.to_lowercase());
        let link = SharingLink {
            id: stage.chance.guid(),
            kind: if self.edit { "edit" } else { "view" },
            scope: "anonymous",
            created: stage.now,
            expires: None,
        };
        let (word, role) = if self.edit {
            ("Edit", "Contribute")
        } else {
            ("View", "Read")
        };
        let (correlation, site) = (stage.chance.guid(), drive.id.clone());
        let object = drive.url_of(item);
        let common = json!({
            "CreationTime": bare(stage.now),
            "OrganizationId": stage.here().id,
            "RecordType": 14,
            "UserKey": format!("i:0h.f|membership|{puid}@live.com"),
            "UserType": 0,
            "Version": 1,
            "Workload": "OneDrive",
            "ClientIP": session.place.address,
            "ObjectId": object,
            "UserId": upn,
            "AppAccessContext": {
                "AADSessionId": session.id,
                "CorrelationId": correlation,
                "UniqueTokenId": session.token,
            },
            "CorrelationId": correlation,
            "EventSource": "SharePoint",
            "ItemType": "File",
            "ListId": crate::seed::Seed::new(2).fork(&site).guid(),
            "ListItemUniqueId": item.unique_id,
            "Site": crate::seed::Seed::new(1).fork(&site).guid(),
            "WebId": crate::seed::Seed::new(3).fork(&site).guid(),
            "UserAgent": session.client.dress().user_agent,
            "SourceFileExtension": item.name.rsplit('.').next().unwrap_or_default(),
            "SourceFileName": item.name,
            "SourceRelativeUrl": "Documents",
            "SiteUrl": format!("{}/", drive.url),
        });
        let group = format!(
            "SharingLinks.{}.Anonymous{word}.{}",
            item.unique_id, link.id
        );
        let records = [
            json!({
                "Id": stage.chance.guid(),
                "Operation": "SharingSet",
                "EventData": format!("<Permissions granted>{role}</Permissions granted>"),
                "TargetUserOrGroupName": group,
                "TargetUserOrGroupType": "SharePointGroup",
            }),
            json!({
                "Id": stage.chance.guid(),
                "Operation": "AnonymousLinkCreated",
                "EventData": format!("<Type>{word}</Type>"),
                "UniqueSharingId": link.id,
            }),
        ];
        for more in records {
            let body = with(common.clone(), more);
            stage.unified(ContentType::SharePoint, stage.now, &body);
        }
        if stage.intruding() {
            stage.truth.files.insert(object);
        }
        stage.stroke(What::Link {
            user: session.user,
            item: item.id.clone(),
            link,
        });
        Ok(())
    }
}
