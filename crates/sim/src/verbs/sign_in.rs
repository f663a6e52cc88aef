//! A sign-in, or the attempt at one.

use serde::Deserialize;

use super::client::Client;
use super::sign_in_wire::Attempt;
use super::stage::{Session, Stage};
use crate::record::SignInKind;

/// A sign-in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Whose account.
    #[serde(rename = "as")]
    pub(crate) account: String,
    /// From which place.
    pub(crate) from: String,
    /// With which program.
    pub(crate) client: Client,
    /// What the session is called afterwards.
    pub(crate) session: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub(crate) outcome: Outcome,
    /// `riskLevelDuringSignIn` when not `none`.
    pub(crate) risk: Option<String>,
    /// Goes on with the tokens of a session, from elsewhere: nobody is prompted.
    pub(crate) replays: Option<String>,
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// Signed in, with a second factor.
    #[default]
    Success,
    /// Signed in with a password alone.
    PasswordOnly,
    /// Wrong password.
    WrongPassword,
    /// Locked for a while.
    Locked,
    /// The password was right; the second factor was not given.
    FactorDenied,
    /// The password was right; a second factor is asked for.
    FactorAsked,
    /// The account is switched off.
    Disabled,
}

impl Outcome {
    /// Whether a session follows.
    pub(crate) fn succeeded(self) -> bool {
        matches!(self, Self::Success | Self::PasswordOnly)
    }

    /// Returns the error's number, the service's sentence and the word in the audit log.
    pub(crate) fn error(self) -> (u32, &'static str, &'static str) {
        match self {
            Self::Success | Self::PasswordOnly => (0, "Other.", ""),
            Self::WrongPassword => (
                50126,
                "Error validating credentials due to invalid username or password.",
                "InvalidUserNameOrPassword",
            ),
            Self::Locked => (
                50053,
                "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
                "IdsLocked",
            ),
            Self::FactorDenied => (
                500121,
                "Authentication failed during strong authentication request.",
                "AuthenticationFailedSasError",
            ),
            Self::FactorAsked => (
                50074,
                "Strong Authentication is required.",
                "UserStrongAuthClientAuthNRequired",
            ),
            Self::Disabled => (50057, "The user account is disabled.", "UserDisabled"),
        }
    }
}

impl SignIn {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let user = stage.person(&self.account)?;
        let place = stage.place(&self.from, user)?;
        let earlier = self.replays.as_deref().map(|name| stage.session(name));
        let earlier = earlier.transpose()?;
        let outcome = if stage.user(user).enabled {
            self.outcome
        } else {
            Outcome::Disabled
        };
        let mut attempt = Attempt::new(stage, user, place, self.client);
        attempt.outcome = outcome;
        attempt.risk.clone_from(&self.risk);
        if let Some(earlier) = earlier {
            attempt.session = earlier.id;
            attempt.kind = SignInKind::NonInteractive;
        }
        attempt.write(stage, stage.now);
        if let Some(name) = self.session.as_deref().filter(|_| outcome.succeeded()) {
            let session = Session {
                id: attempt.session.clone(),
                token: attempt.token.clone(),
                sign_in: (attempt.id.clone(), attempt.correlation.clone()),
                user,
                place: attempt.place.clone(),
                client: self.client,
                since: stage.now,
                hand: stage.hand,
            };
            stage.open(name, session);
        } else if stage.intruding() {
            stage.truth.addresses.insert(attempt.place.address.clone());
        }
        Ok(())
    }
}
