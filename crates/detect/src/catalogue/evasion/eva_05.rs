//! EVA-05: what protects mailboxes from bad mail is removed or weakened.

use super::switch::{Switch, gone};
use crate::about::{About, Method, Source};
use crate::catalogue::mail_flow::list::added;
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-05",
    title: "Mail protection removed or weakened",
    decides: "`Remove-` or `Disable-` of a policy or rule against phishing, malware, spam, unsafe \
              links or attachments; `Set-` of one with a protection switched off, clicking \
              through allowed, an action that lets mail pass, or senders and people excepted; \
              `Set-DkimSigningConfig` and `Set-AtpPolicyForO365` likewise.",
    severity: "high for a removal; medium for a weaker setting; one step more after a doubtful \
               sign-in.",
    benign: "A change of vendor. Settings that protect more, or as much, are silent, and so are \
             new policies.",
    attack: &["T1562.001"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of these cmdlets was at hand.",
};

/// What protects while it is true.
const PROTECTS: &[&str] = &[
    "Enabled",
    "Enable",
    "EnableMailboxIntelligence",
    "EnableMailboxIntelligenceProtection",
    "EnableSpoofIntelligence",
    "EnableUnauthenticatedSender",
    "EnableTargetedUserProtection",
    "EnableTargetedDomainsProtection",
    "EnableOrganizationDomainsProtection",
    "EnableFirstContactSafetyTips",
    "EnableSimilarUsersSafetyTips",
    "HonorDmarcPolicy",
    "EnableSafeLinksForEmail",
    "EnableSafeLinksForTeams",
    "EnableSafeLinksForOffice",
    "EnableForInternalSenders",
    "ScanUrls",
    "DeliverMessageAfterScan",
    "TrackClicks",
    "EnableFileFilter",
    "ZapEnabled",
    "PhishZapEnabled",
    "SpamZapEnabled",
    "MarkAsSpamSpfRecordHardFail",
    "EnableATPForSPOTeamsODB",
    "EnableSafeDocs",
];
/// What lets pass while it is true.
const LETS_PASS: &[&str] = &["AllowClickThrough", "AllowSafeDocsOpen", "EnableSafeList"];
/// What is done with bad mail.
const ACTIONS: &[&str] = &[
    "Action",
    "SpamAction",
    "HighConfidenceSpamAction",
    "PhishSpamAction",
    "HighConfidencePhishAction",
    "AuthenticationFailAction",
    "TargetedUserProtectionAction",
    "TargetedDomainProtectionAction",
    "MailboxIntelligenceProtectionAction",
];
/// Actions that deliver it.
const DELIVERS: &[&str] = &["Allow", "NoAction", "None", "AddXHeader", "ModifySubject"];
/// Whom or what a policy leaves out.
const EXCEPTS: &[&str] = &[
    "ExceptIfSentTo",
    "ExceptIfSentToMemberOf",
    "ExceptIfRecipientDomainIs",
    "ExcludedSenders",
    "ExcludedDomains",
    "DoNotRewriteUrls",
];

pub(super) struct Eva05;

impl Detection for Eva05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Remove-AntiPhish*",
            "Disable-AntiPhish*",
            "Set-AntiPhish*",
            "Remove-SafeLinks*",
            "Disable-SafeLinks*",
            "Set-SafeLinks*",
            "Remove-SafeAttachment*",
            "Disable-SafeAttachment*",
            "Set-SafeAttachment*",
            "Remove-MalwareFilter*",
            "Disable-MalwareFilter*",
            "Set-MalwareFilter*",
            "Remove-HostedContentFilter*",
            "Disable-HostedContentFilter*",
            "Set-HostedContentFilter*",
            "Disable-EOPProtectionPolicyRule",
            "Remove-EOPProtectionPolicyRule",
            "Disable-ATPProtectionPolicyRule",
            "Remove-ATPProtectionPolicyRule",
            "Set-HostedConnectionFilterPolicy",
            "Set-DkimSigningConfig",
            "Set-AtpPolicyForO365",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if cmdlet.is_verb("Remove") || cmdlet.is_verb("Disable") {
            let what = format!("mail protection, a {}", cmdlet.noun());
            hits.push(gone(Severity::High, &what, &cmdlet, seen, world));
        } else if let Some(switch) = weakened(&cmdlet) {
            let silent_if = "the new value protected as much as the old one";
            hits.push(switch.hit(&cmdlet, seen, world, silent_if));
        }
    }
}

fn weakened<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    let noun = cmdlet.noun();
    let switch = |field, value, baseline| Switch {
        severity: Severity::Medium,
        what: format!("weakened a {noun}: {field} is {}", quoted(value)),
        field,
        value,
        baseline,
    };
    if let Some(field) = cmdlet.first_saying(PROTECTS, false) {
        return Some(switch(field, "False", "True"));
    }
    if let Some(field) = cmdlet.first_saying(LETS_PASS, true) {
        return Some(switch(field, "True", "False"));
    }
    let delivers = |value: &str| DELIVERS.iter().any(|one| one.eq_ignore_ascii_case(value));
    for field in ACTIONS {
        if let Some(value) = cmdlet.value(field).filter(|value| delivers(value)) {
            return Some(switch(field, value, "actions that hold mail back"));
        }
    }
    let excepted = EXCEPTS.iter().find_map(|field| {
        let value = cmdlet.value(field)?;
        (!added(value).is_empty()).then_some((*field, value))
    });
    excepted.map(|(field, value)| switch(field, value, "nobody excepted"))
}
