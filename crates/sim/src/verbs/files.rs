//! Files are opened, downloaded, changed: SharePoint.

use serde::Deserialize;
use serde_json::json;

use super::stage::Stage;
use crate::office_names::FILES;
use crate::record::ContentType;
use crate::story_time::{SECOND, bare};

/// Some files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Files {
    /// In which session.
    pub(crate) session: String,
    /// What is done.
    pub(crate) act: FileAct,
    /// How many.
    pub(crate) count: usize,
    /// Only from folders that end so.
    pub(crate) folder: Option<String>,
}

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FileAct {
    /// Opened.
    Accessed,
    /// Downloaded.
    Downloaded,
    /// Changed.
    Modified,
    /// Uploaded.
    Uploaded,
}

impl FileAct {
    fn operation(self) -> &'static str {
        match self {
            Self::Accessed => "FileAccessed",
            Self::Downloaded => "FileDownloaded",
            Self::Modified => "FileModified",
            Self::Uploaded => "FileUploaded",
        }
    }
}

impl Files {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let wanted = |folder: &str| {
            self.folder
                .as_deref()
                .is_none_or(|end| folder.ends_with(end))
        };
        let known: Vec<_> = FILES.iter().filter(|(folder, ..)| wanted(folder)).collect();
        if known.is_empty() {
            return Err("there is no such folder".to_owned());
        }
        let site = crate::seed::Seed::new(0)
            .fork(&stage.here().id)
            .fork("site")
            .guid();
        let word = stage
            .here()
            .initial_domain
            .split('.')
            .next()
            .unwrap_or_default()
            .to_owned();
        let url = format!("https://{word}.sharepoint.example/sites/Office/");
        let mut at = stage.now;
        for _ in 0..self.count {
            let (folder, name, extension) = **stage.chance.pick(&known);
            let number = stage.chance.between(10, 60).to_string();
            let file = format!("{}.{extension}", name.replace('#', &number));
            let (id, correlation) = (stage.chance.guid(), stage.chance.guid());
            let item = crate::seed::Seed::new(1).fork(&site).fork(&file).guid();
            let user = stage.user(session.user);
            let dress = session.client.dress();
            let object = format!("{url}{folder}/{file}");
            let body = json!({
                "Id": id,
                "CreationTime": bare(at),
                "Operation": self.act.operation(),
                "OrganizationId": stage.here().id,
                "RecordType": 6,
                "UserKey": format!("i:0h.f|membership|{}@live.com", user.puid.to_lowercase()),
                "UserType": 0,
                "Version": 1,
                "Workload": "SharePoint",
                "ClientIP": session.place.address,
                "ObjectId": object,
                // SharePoint writes names in lower case.
                "UserId": user.upn.to_lowercase(),
                "AppAccessContext": {
                    "AADSessionId": session.id,
                    "ClientAppId": dress.app.0,
                    "CorrelationId": correlation,
                    "UniqueTokenId": session.token,
                },
                "CorrelationId": correlation,
                "EventSource": "SharePoint",
                "ItemType": "File",
                "ListId": crate::seed::Seed::new(2).fork(&site).guid(),
                "ListItemUniqueId": item,
                "Site": site,
                "WebId": crate::seed::Seed::new(3).fork(&site).guid(),
                "UserAgent": dress.user_agent,
                "FileSizeBytes": stage.chance.clone().between(8_000, 900_000),
                "HighPriorityMediaProcessing": false,
                "SourceFileExtension": extension,
                "SourceFileName": file,
                "SourceRelativeUrl": folder,
                "SiteUrl": url,
            });
            stage.unified(ContentType::SharePoint, at, &body);
            if stage.intruding() {
                stage.truth.files.insert(object);
            }
            at += stage.chance.between(2, 40) * SECOND;
        }
        Ok(())
    }
}
