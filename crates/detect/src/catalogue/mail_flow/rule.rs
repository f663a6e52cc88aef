//! What a mail flow rule was told: on which mail, whether in earnest, under which name.

use crate::cmdlet::Cmdlet;
use crate::quoted::quoted;

/// What narrows a rule to some mail.
const CONDITIONS: &[&str] = &[
    "SubjectOrBodyContainsWords",
    "SubjectContainsWords",
    "SubjectOrBodyMatchesPatterns",
    "SubjectMatchesPatterns",
    "FromAddressContainsWords",
    "FromAddressMatchesPatterns",
    "From",
    "FromMemberOf",
    "FromScope",
    "SenderDomainIs",
    "SenderIpRanges",
    "SentTo",
    "SentToMemberOf",
    "SentToScope",
    "RecipientDomainIs",
    "RecipientAddressContainsWords",
    "AnyOfRecipientAddressContainsWords",
    "HeaderContainsWords",
    "HeaderMatchesPatterns",
    "AttachmentNameMatchesPatterns",
    "AttachmentContainsWords",
    "AttachmentExtensionMatchesWords",
    "AttachmentHasExecutableContent",
    "AttachmentIsPasswordProtected",
    "HasSenderOverride",
    "MessageTypeMatches",
];

/// Returns on which mail a rule acts: its conditions, or that a new rule has none.
pub(super) fn on_what(cmdlet: &Cmdlet<'_, '_>) -> String {
    let conditions = conditions(cmdlet);
    match conditions.first() {
        Some((name, value)) => format!(" on mail whose {name} is {}", quoted(value)),
        None if cmdlet.is_verb("New") => " on all mail".to_owned(),
        None => String::new(),
    }
}

/// Returns the conditions of a rule and their values.
pub(super) fn conditions<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Vec<(&'static str, &'c str)> {
    let all = CONDITIONS.iter();
    all.filter_map(|name| Some((*name, cmdlet.value(name)?)))
        .collect()
}

/// Returns whether a rule only watches, or is made but not in force.
pub(super) fn is_idle(cmdlet: &Cmdlet<'_, '_>) -> bool {
    let mode = cmdlet.value("Mode").unwrap_or_default();
    mode.to_ascii_lowercase().starts_with("audit") || cmdlet.truth("Enabled") == Some(false)
}

/// Returns whether a name is made not to be noticed: empty, or signs only.
pub(super) fn is_throwaway(name: &str) -> bool {
    !name.chars().any(char::is_alphanumeric)
}
