//! Whether the activity log of an Azure subscription can be read.

use crate::doctor::answers::Anything;
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::Heard;
use crate::doctor::script::quoted;

pub(in crate::doctor) const ABOUT: About = About {
    name: "azure-log",
    why: "An intruder who turns to Azure makes machines and copies data there; only its activity log tells.",
    link: "https://learn.microsoft.com/azure/azure-monitor/platform/activity-log",
};

/// Judges the list of subscriptions that can be seen; nothing is said where the feeds do not have it.
pub(in crate::doctor) fn judge(
    seen: Option<&Heard<Anything>>,
    named: &[String],
    client_id: &str,
) -> Option<Finding> {
    let rows = match seen? {
        Ok(rows) => rows,
        Err(refusal) => return Some(ABOUT.unknown(refusal.because()).fix(refusal.fix())),
    };
    let id = |row: &Anything| Some(row.get("subscriptionId")?.as_str()?.to_lowercase());
    let ids: Vec<String> = rows.iter().filter_map(id).collect();
    let missing: Vec<&String> = named
        .iter()
        .filter(|one| !ids.contains(&one.to_lowercase()))
        .collect();
    let reader = |scope: &str| {
        format!(
            "az role assignment create --assignee {} --role Reader --scope {}",
            quoted(client_id),
            quoted(scope)
        )
    };
    if let Some(first) = missing.first() {
        let scopes = missing
            .iter()
            .map(|one| reader(&format!("/subscriptions/{one}")));
        return Some(
            ABOUT
                .blind(format!(
                    "the subscription `{first}` and perhaps others cannot be seen: {} of {}",
                    missing.len(),
                    named.len()
                ))
                .fix("assign the application the role `Reader` of each subscription")
                .steps(Shell::Azure, scopes),
        );
    }
    Some(match ids.len() {
        0 => ABOUT
            .advice("no subscription can be seen: the tenant has none, or the application may read none")
            .fix("where there are any, assign the application the role `Reader` of them or of a management group above them; where there are none, leave `azure-activity` out of `sources`")
            .step(Shell::Azure, reader("/subscriptions/SUBSCRIPTION-ID")),
        many => ABOUT.well(format!("subscriptions that can be seen: {many}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_sees_which_subscriptions_are_closed_to_the_application() {
        let rows = Ok(vec![
            serde_json::from_str(r#"{"subscriptionId":"AAA"}"#).expect("a row"),
        ]);
        let state = |named: &[String]| judge(Some(&rows), named, "c").map(|finding| finding.state);
        assert_eq!(state(&[]), Some(State::Well));
        assert_eq!(state(&["aaa".to_owned()]), Some(State::Well));
        assert_eq!(state(&["bbb".to_owned()]), Some(State::Blind));
        let none = judge(Some(&Ok(Vec::new())), &[], "c").map(|finding| finding.state);
        assert_eq!(none, Some(State::Advice));
    }
}
