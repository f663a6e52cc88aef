//! What each parameter of a rule is for: a condition, an action, or neither.
//!
//! <https://learn.microsoft.com/powershell/module/exchange/new-inboxrule>
//! <https://learn.microsoft.com/powershell/module/exchange/new-transportrule>

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It narrows what the rule applies to. Whatever is unknown is held for one of these: taken for
    /// anything else it would make a rule wider than it was.
    Condition,
    /// It says what is done.
    Action,
    /// It neither narrows nor does anything: names, switches of the cmdlet itself.
    Neither,
}

/// The parameters of inbox rules, transport rules and Outlook's rules that do something.
const ACTIONS: &[&str] = &[
    "AddManagerAsRecipientType",
    "AddToRecipients",
    "ApplyCategory",
    "ApplyClassification",
    "ApplyHtmlDisclaimerFallbackAction",
    "ApplyHtmlDisclaimerLocation",
    "ApplyHtmlDisclaimerText",
    "ApplyOME",
    "ApplyRightsProtectionCustomizationTemplate",
    "ApplyRightsProtectionTemplate",
    "ApplySystemCategory",
    "BlindCopyTo",
    "CopyTo",
    "CopyToFolder",
    "DeleteMessage",
    "DeleteSystemCategory",
    "Disconnect",
    "ForwardAsAttachmentTo",
    "ForwardTo",
    "GenerateIncidentReport",
    "GenerateNotification",
    "IncidentReportContent",
    "IncidentReportOriginalMail",
    "MarkAsRead",
    "MarkImportance",
    "ModerateMessageByManager",
    "ModerateMessageByUser",
    "MoveToFolder",
    "NotifySender",
    "PermanentDelete",
    "PinMessage",
    "PrependSubject",
    "Quarantine",
    "RedirectMessageTo",
    "RedirectTo",
    "RejectMessageEnhancedStatusCode",
    "RejectMessageReasonText",
    "RemoveHeader",
    "RemoveOME",
    "RemoveOMEv2",
    "RemoveRMSAttachmentEncryption",
    "RouteMessageOutboundConnector",
    "RouteMessageOutboundRequireTls",
    "SendTextMessageNotificationTo",
    "SetAuditSeverity",
    "SetHeaderName",
    "SetHeaderValue",
    "SetSCL",
    "SmtpRejectMessageRejectStatusCode",
    "SmtpRejectMessageRejectText",
    "SoftDeleteMessage",
    "StopRuleProcessing",
    // What forwards on the mailbox itself.
    "DeliverToMailboxAndForward",
    "ForwardingAddress",
    "ForwardingSmtpAddress",
];

/// The actions after which a copy of the message goes to somebody.
const SENDING: &[&str] = &[
    "AddToRecipients",
    "BlindCopyTo",
    "CopyTo",
    "ForwardAsAttachmentTo",
    "ForwardAsAttachmentToRecipientsAction",
    "ForwardTo",
    "ForwardToRecipientsAction",
    "ForwardingAddress",
    "ForwardingSmtpAddress",
    "GenerateIncidentReport",
    "ModerateMessageByUser",
    "RedirectMessageTo",
    "RedirectTo",
    "RedirectToRecipientsAction",
    // As a client's own records call them.
    "Delegate",
    "Forward",
    "Redirect",
];

const NEITHER: &[&str] = &[
    "AlwaysDeleteOutlookRulesBlob",
    "Comments",
    "Confirm",
    "Debug",
    "Description",
    "DlpPolicy",
    "DomainController",
    "Enabled",
    "ErrorAction",
    "ErrorVariable",
    "Force",
    "FromMessageId",
    "Identity",
    "InformationAction",
    "InformationVariable",
    "Legacy",
    "Mailbox",
    "Mode",
    "Name",
    "Organization",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "Priority",
    "ProgressAction",
    "RuleErrorAction",
    "RuleSubType",
    "SenderAddressLocation",
    "StopProcessingRules",
    "UseLegacyRegex",
    "ValidateOnly",
    "Verbose",
    "WarningAction",
    "WarningVariable",
    "WhatIf",
];

/// Returns what a parameter is for.
pub(super) fn part(name: &str) -> Part {
    let is_in = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is_in(ACTIONS) || is_in(SENDING) {
        Part::Action
    } else if is_in(NEITHER) {
        Part::Neither
    } else {
        Part::Condition
    }
}

/// Returns whether an action sends a copy of the message to somebody.
pub(super) fn sends(action: &str) -> bool {
    SENDING
        .iter()
        .any(|known| known.eq_ignore_ascii_case(action))
}

/// Returns whether a value takes a parameter away instead of setting it: an empty one, or a switch
/// that is off, unless being off is what it says.
pub(super) fn is_cleared(name: &str, value: &str) -> bool {
    const SAYS_SOMETHING_OFF: &str = "DeliverToMailboxAndForward";
    let is_off = is_off(value);
    let is_empty = value.trim().is_empty() || value.trim().eq_ignore_ascii_case("$null");
    is_empty || (is_off && !name.eq_ignore_ascii_case(SAYS_SOMETHING_OFF))
}

/// Returns whether the value of a switch is off.
pub(super) fn is_off(value: &str) -> bool {
    let value = value.trim();
    ["", "$null", "$false", "false", "null"]
        .iter()
        .any(|none| value.eq_ignore_ascii_case(none))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_parameter_is_a_condition() {
        assert_eq!(part("forwardto"), Part::Action);
        assert_eq!(part("StopProcessingRules"), Part::Neither);
        assert_eq!(part("SubjectContainsWords"), Part::Condition);
        assert_eq!(part("SomethingOfNextYear"), Part::Condition);
    }

    #[test]
    fn hiding_sends_nothing_anywhere() {
        for action in [
            "DeleteMessage",
            "MoveToFolder",
            "MarkAsRead",
            "CopyToFolder",
        ] {
            assert!(!sends(action), "{action}");
        }
        assert!(sends("RedirectTo"));
    }

    #[test]
    fn an_empty_value_or_a_switch_that_is_off_clears() {
        for value in ["", " ", "$null", "False"] {
            assert!(is_cleared("ForwardTo", value), "{value}");
        }
        assert!(!is_cleared("WithinSizeRangeMinimum", "0"));
        assert!(!is_cleared("DeliverToMailboxAndForward", "False"));
        assert!(is_cleared("DeliverToMailboxAndForward", ""));
    }
}
