//! An inbox rule is removed.

use super::rules::{RULE_PERMISSIONS, all, by_graph, call, find, identity, seen, state};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::change;
use crate::respond::graph;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, part, quoted, text};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "remove-rule",
    title: "Remove inbox rule",
    sentence: "Removes an inbox rule.",
    permissions: RULE_PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Partly(
        "the rule is made anew with another id; a hidden rule cannot be, and where a cmdlet has to do it, the place \
         in the order and the rules that only run in a desktop Outlook are lost",
    ),
    notices: "Mail that the rule moved, deleted or forwarded arrives in the inbox.",
    limits: "Switching the rule off does the same and keeps the evidence. Rules that only run in a desktop Outlook \
             are lost with any change of rules by a cmdlet.",
    automatic: false,
    ticked: false,
    on_request: true,
    attack: &["T1564.008", "T1114.003"],
};

/// What a rule can be made with: what a listing shows beside that, Exchange makes by itself.
/// <https://learn.microsoft.com/powershell/module/exchange/new-inboxrule>
const PARAMETERS: &[&str] = &[
    "ApplyCategory",
    "ApplySystemCategory",
    "BodyContainsWords",
    "CopyToFolder",
    "DeleteMessage",
    "DeleteSystemCategory",
    "ExceptIfBodyContainsWords",
    "ExceptIfFlaggedForAction",
    "ExceptIfFrom",
    "ExceptIfFromAddressContainsWords",
    "ExceptIfHasAttachment",
    "ExceptIfHasClassification",
    "ExceptIfHeaderContainsWords",
    "ExceptIfMessageTypeMatches",
    "ExceptIfMyNameInCcBox",
    "ExceptIfMyNameInToBox",
    "ExceptIfMyNameInToOrCcBox",
    "ExceptIfMyNameNotInToBox",
    "ExceptIfReceivedAfterDate",
    "ExceptIfReceivedBeforeDate",
    "ExceptIfRecipientAddressContainsWords",
    "ExceptIfSentOnlyToMe",
    "ExceptIfSentTo",
    "ExceptIfSubjectContainsWords",
    "ExceptIfSubjectOrBodyContainsWords",
    "ExceptIfWithImportance",
    "ExceptIfWithSensitivity",
    "ExceptIfWithinSizeRangeMaximum",
    "ExceptIfWithinSizeRangeMinimum",
    "FlaggedForAction",
    "ForwardAsAttachmentTo",
    "ForwardTo",
    "From",
    "FromAddressContainsWords",
    "HasAttachment",
    "HasClassification",
    "HeaderContainsWords",
    "MarkAsRead",
    "MarkImportance",
    "MessageTypeMatches",
    "MoveToFolder",
    "MyNameInCcBox",
    "MyNameInToBox",
    "MyNameInToOrCcBox",
    "MyNameNotInToBox",
    "Name",
    "PinMessage",
    "ReceivedAfterDate",
    "ReceivedBeforeDate",
    "RecipientAddressContainsWords",
    "RedirectTo",
    "SendTextMessageNotificationTo",
    "SentOnlyToMe",
    "SentTo",
    "SoftDeleteMessage",
    "StopProcessingRules",
    "SubjectContainsWords",
    "SubjectOrBodyContainsWords",
    "WithImportance",
    "WithSensitivity",
    "WithinSizeRangeMaximum",
    "WithinSizeRangeMinimum",
];

/// Removes an inbox rule.
pub(crate) struct RemoveRule;

impl Action for RemoveRule {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        seen(&ABOUT, object, replies, |rules| {
            Ok(find(rules, object)?.map_or_else(State::gone, state))
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the rule is not there any more".to_owned());
        }
        if let Some(change) = by_graph(object, Verb::Delete, None) {
            return Ok(vec![change]);
        }
        let more = [
            ("Confirm", Json::Bool(false)),
            ("Force", Json::Bool(true)),
            ("AlwaysDeleteOutlookRulesBlob", Json::Bool(true)),
        ];
        Ok(vec![call(object, "Remove-InboxRule", &more)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if object.extra("hidden") == "yes" {
            return Err("a hidden rule cannot be made by a cmdlet".to_owned());
        }
        if before.is_gone() {
            return Err("the rule was not there".to_owned());
        }
        if !object.extra("graphRule").is_empty() {
            let user = part(&object.user);
            let path = format!("/v1.0/users/{user}/mailFolders/inbox/messageRules");
            let body = object.extra("graphRule").to_owned();
            return Ok(vec![graph::change(Verb::Post, path, Some(body))]);
        }
        let name = before.word("Name").unwrap_or_default();
        let mut parameters = vec![
            ("Mailbox", text(&object.user)),
            ("Force", Json::Bool(true)),
            ("AlwaysDeleteOutlookRulesBlob", Json::Bool(true)),
        ];
        for (field, value) in &before.0 {
            let is_parameter = PARAMETERS.iter().any(|known| known == field);
            if is_parameter {
                parameters.push((field, kept(Some(value))));
            }
        }
        let mut changes = vec![change(&object.tenant, "New-InboxRule", &parameters)];
        if before.truth("Enabled") == Some(false) {
            let parameters = [
                ("Mailbox", text(&object.user)),
                ("Identity", text(&name)),
                ("Force", Json::Bool(true)),
                ("AlwaysDeleteOutlookRulesBlob", Json::Bool(true)),
            ];
            changes.push(change(&object.tenant, "Disable-InboxRule", &parameters));
        }
        Ok(changes)
    }

    /// The rule that was made anew has another id: it is known by all that it does.
    fn seen_undone(
        &self,
        object: &Object,
        before: &State,
        replies: &[Reply],
    ) -> Result<State, String> {
        seen(&ABOUT, object, replies, |rules| {
            let mut states = rules.iter().map(state);
            Ok(states.find(|one| one == before).unwrap_or_default())
        })
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, rule) = (quoted(&object.user), quoted(identity(object)));
        format!("Remove-InboxRule -Mailbox {mailbox} -Identity {rule}")
    }
}
