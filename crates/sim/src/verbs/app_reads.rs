//! An application reads mail through Graph: from Microsoft's addresses, without a session.

use serde::Deserialize;

use super::client::Client;
use super::mail_record::Access;
use super::read::{Read, choose};
use super::sign_in_wire::Attempt;
use super::stage::Stage;
use crate::record::SignInKind;

/// An application reads.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppReads {
    /// How the story calls the application.
    pub(crate) app: String,
    /// For whom.
    pub(crate) of: String,
    /// In which folder, `\Inbox` if nothing is said; with an asterisk, everywhere.
    pub(crate) folder: Option<String>,
    /// Only those whose subject has one of these words.
    #[serde(default)]
    pub(crate) about: Vec<String>,
    /// How many at most, the newest first.
    pub(crate) count: usize,
    /// Over how many minutes.
    #[serde(default)]
    pub(crate) minutes: i64,
    /// Whence its owner fetches a token for the person.
    pub(crate) from: String,
}

impl AppReads {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let user = stage.person(&self.of)?;
        let id = stage.apps.get(&self.app).cloned();
        let id = id.ok_or_else(|| format!("no application is `{}`", self.app))?;
        let app = stage
            .here()
            .app(&id)
            .cloned()
            .ok_or("the application is gone")?;
        let place = stage.place(&self.from, user)?;
        let token = stage.chance.base64(22);
        if stage.intruding() {
            stage.truth.addresses.insert(place.address.clone());
            let upn = stage.user(user).upn.clone();
            stage.truth.victims.insert(upn);
        }
        let mut attempt = Attempt::new(stage, user, place, Client::Script);
        attempt.token.clone_from(&token);
        attempt.kind = SignInKind::NonInteractive;
        attempt.app = Some((app.app_id.clone(), app.display_name.clone()));
        attempt.write(stage, stage.now);
        if stage.intruding() {
            stage.truth.sessions.insert(attempt.session.clone());
        }
        let (now, mut chance) = (stage.now, stage.chance.fork("address"));
        let access = Access::graph(user, &app.app_id, token, now, &mut chance);
        let wanted = Read {
            folder: self.folder.clone(),
            about: self.about.clone(),
            count: self.count,
            ..Read::default()
        };
        let chosen = choose(stage, user, &wanted)?;
        stage.open_messages(&access, &chosen, self.minutes)
    }
}
