//! DEL-03: a folder of mail is opened to everybody or to an outsider.

use super::folder::{Audience, Folder, Opened};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::Severity;

const ABOUT: About = About {
    id: "DEL-03",
    title: "Mail folder opened to others",
    decides: "`Add-`/`Set-MailboxFolderPermission`, or a mailbox's `AddFolderPermissions`, \
              `ModifyFolderPermissions`, `UpdateFolderPermissions`, that lets somebody read: \
              `Default`, `Anonymous`, `Everyone`, an outside address, or a colleague.",
    severity: "to everybody or an outsider: high for the inbox, sent mail or the whole mailbox, \
               medium for other mail, low for calendars and contacts. To a colleague: low for \
               mail, medium after a doubtful sign-in.",
    benign: "Calendars: with colleagues silent. Rights that let nothing be read (`None`, free and \
             busy), the folders of a group's mailbox and what services set are silent.",
    attack: &["T1098.002", "T1114.002"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Context,
    untested: "Real records were at hand of calendars only, none of a folder of mail.",
};

pub(super) struct Del03;

impl Detection for Del03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add-MailboxFolderPermission",
            "Set-MailboxFolderPermission",
            "AddFolderPermissions",
            "ModifyFolderPermissions",
            "UpdateFolderPermissions",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some(opened) = Opened::read(&cmdlet, seen, world.tenant) else {
            return;
        };
        let raised = doubt(seen.fact(), seen.user(), world);
        let Some(severity) = severity(&opened, raised.is_some()) else {
            return;
        };
        let why = why(seen, &opened);
        let destination = domain(&opened.member).unwrap_or_default().to_owned();
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(opened.member.to_lowercase())
                .to_destination(destination)
                .because("Identity", opened.owner)
                .compared("Path", opened.path, "calendars and contacts")
                .compared("Member", opened.member, "the accepted domains")
                .because("Rights", opened.rights)
                .silent_if("it were a calendar shared with a colleague, or nothing could be read")
                .with(raised.map(|raised| &raised.fact)),
        );
    }
}

fn severity(opened: &Opened, is_doubted: bool) -> Option<Severity> {
    let severity = match (opened.folder, opened.audience, is_doubted) {
        (Folder::Planning, Audience::Somebody, _) => return None,
        (Folder::Planning, _, _) => Severity::Low,
        (_, Audience::Somebody, false) => Severity::Low,
        (_, Audience::Somebody, true) | (Folder::Mail, _, false) => Severity::Medium,
        (Folder::Mail, _, true) | (Folder::Heart, _, _) => Severity::High,
    };
    Some(severity)
}

fn why(seen: &Seen<'_>, opened: &Opened) -> String {
    let whom = match opened.audience {
        Audience::All => format!("everybody ({})", quoted(&opened.member)),
        Audience::Outsider => format!("{}, an outsider", quoted(&opened.member)),
        Audience::Somebody => quoted(&opened.member),
    };
    let whose = if opened.owner == seen.user() {
        String::new()
    } else {
        format!(" of {}", quoted(&opened.owner))
    };
    let path = quoted(&opened.path);
    format!("{} lets {whom} read the folder {path}{whose}", seen.user())
}
