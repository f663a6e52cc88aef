//! One thing that happens: when, where, by whose hand, and which verb.

use serde::Deserialize;

use super::{
    alert::Alert, app_reads::AppReads, audit_off::AuditOff, azure::Azure, azure::DevOps,
    connector::Connector, consent::Consent, credential::Credential, delegate::Delegate,
    deliver::Deliver, device::Device, discard::Discard, files::Files, forward::Forward,
    method::Method, password::Password, read::Read, risk::Risk, role::Role, rule::NewRule,
    rule::RemoveRule, send::Send, service::Service, share::Share, sign_in::SignIn, spray::Spray,
    stage::Stage, sync::Sync, teams::Teams, transport::Transport, upkeep::Upkeep,
};
use crate::record::Micros;
use crate::seed::Seed;

/// One thing that happens.
pub(crate) struct Act {
    pub(crate) at: Micros,
    pub(crate) tenant: usize,
    pub(crate) hand: Hand,
    pub(crate) verb: Verb,
    /// Chance of its own, so that a step more in a story changes nothing beside it.
    pub(crate) chance: Seed,
}

/// Whose hand it is, whatever account is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Hand {
    /// Who the account belongs to, or a service.
    #[default]
    Owner,
    /// The intruder, or an insider who should not.
    Intruder,
}

/// A verb and what it is done with.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Verb {
    /// A sign-in, or the attempt.
    SignIn(SignIn),
    /// One password for many.
    Spray(Spray),
    /// Somebody outside writes.
    Deliver(Deliver),
    /// Messages are opened one by one.
    Read(Read),
    /// Outlook copies whole folders.
    Sync(Sync),
    /// A message is written.
    Send(Send),
    /// Messages are moved or deleted.
    Discard(Discard),
    /// A rule for what comes in.
    NewRule(NewRule),
    /// It is gone again.
    RemoveRule(RemoveRule),
    /// The whole mailbox is forwarded, or no more.
    Forward(Forward),
    /// Somebody else gets a right to a mailbox.
    Delegate(Delegate),
    /// A rule for the mail of all.
    Transport(Transport),
    /// A way by which mail enters or leaves.
    Connector(Connector),
    /// An application is allowed to act for somebody, or for all.
    Consent(Consent),
    /// An application reads mail.
    AppReads(AppReads),
    /// An application gets a secret.
    Credential(Credential),
    /// Somebody gets a directory role.
    Role(Role),
    /// A second factor is registered.
    Method(Method),
    /// A device is registered.
    Device(Device),
    /// A password is set, and sessions end.
    Password(Password),
    /// Auditing is switched off.
    AuditOff(AuditOff),
    /// Entra doubts a sign-in.
    Risk(Risk),
    /// Defender raises an alert.
    Alert(Alert),
    /// Files are opened, downloaded, changed.
    Files(Files),
    /// A file is opened to whoever has a link.
    Share(Share),
    /// Somebody works in Teams.
    Teams(Teams),
    /// A profile or a group is looked after.
    Upkeep(Upkeep),
    /// A resource of Azure is changed.
    Azure(Azure),
    /// Somebody works in Azure DevOps.
    DevOps(DevOps),
    /// Microsoft's own services do what they do at night.
    Service(Service),
}

impl Verb {
    /// Plays it, or says why it cannot be.
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        match self {
            Self::SignIn(verb) => verb.play(stage),
            Self::Spray(verb) => verb.play(stage),
            Self::Deliver(verb) => verb.play(stage),
            Self::Read(verb) => verb.play(stage),
            Self::Sync(verb) => verb.play(stage),
            Self::Send(verb) => verb.play(stage),
            Self::Discard(verb) => verb.play(stage),
            Self::NewRule(verb) => verb.play(stage),
            Self::RemoveRule(verb) => verb.play(stage),
            Self::Forward(verb) => verb.play(stage),
            Self::Delegate(verb) => verb.play(stage),
            Self::Transport(verb) => verb.play(stage),
            Self::Connector(verb) => verb.play(stage),
            Self::Consent(verb) => verb.play(stage),
            Self::AppReads(verb) => verb.play(stage),
            Self::Credential(verb) => verb.play(stage),
            Self::Role(verb) => verb.play(stage),
            Self::Method(verb) => verb.play(stage),
            Self::Device(verb) => verb.play(stage),
            Self::Password(verb) => verb.play(stage),
            Self::AuditOff(verb) => verb.play(stage),
            Self::Risk(verb) => verb.play(stage),
            Self::Alert(verb) => verb.play(stage),
            Self::Files(verb) => verb.play(stage),
            Self::Share(verb) => verb.play(stage),
            Self::Teams(verb) => verb.play(stage),
            Self::Upkeep(verb) => verb.play(stage),
            Self::Azure(verb) => verb.play(stage),
            Self::DevOps(verb) => verb.play(stage),
            Self::Service(verb) => verb.play(stage),
        }
    }
}
