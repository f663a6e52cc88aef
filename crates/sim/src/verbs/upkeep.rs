//! What an administrator does with the directory on any day: a profile, a group.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::seed::Seed;

/// A change of no consequence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upkeep {
    /// In which session.
    pub(crate) session: String,
    /// Whom it concerns.
    pub(crate) of: String,
    /// What is done.
    pub(crate) what: Chore,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Chore {
    /// The profile gets a telephone number.
    Profile,
    /// The person joins a group.
    Group,
}

impl Upkeep {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = stage.person(&self.of)?;
        let listed = |value: &str| format!("[\r\n  \"{value}\"\r\n]");
        let number = format!("+46 31 555 {:04}", stage.chance.between(0, 10_000));
        let group = Seed::new(6).fork(&stage.here().id).guid();
        let (operation, category, event, modified) = match self.what {
            Chore::Profile => (
                "Update user.",
                "UserManagement",
                "User",
                vec![
                    ("TelephoneNumber", "[]".to_owned(), listed(&number)),
                    (
                        "Included Updated Properties",
                        String::new(),
                        "TelephoneNumber".to_owned(),
                    ),
                    ("TargetId.UserType", String::new(), "Member".to_owned()),
                ],
            ),
            Chore::Group => (
                "Add member to group.",
                "GroupManagement",
                "Group",
                vec![
                    ("Group.ObjectID", String::new(), group),
                    ("Group.DisplayName", String::new(), "Warehouse".to_owned()),
                ],
            ),
        };
        let change = Change {
            operation,
            category,
            service: "Core Directory",
            event,
            target: Target::user(stage.user(user)),
            modified,
            reason: "",
        };
        stage.change(stage.now, &session, &change);
        Ok(())
    }
}
