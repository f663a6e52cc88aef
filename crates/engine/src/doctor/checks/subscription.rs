//! Whether each content type of the audit log that is collected has a subscription.

use crate::doctor::answers::Subscription;
use crate::doctor::finding::{About, Finding, Shell};
use crate::doctor::question::Heard;
use crate::doctor::script::quoted;

pub(in crate::doctor) const ABOUT: About = About {
    name: "subscription",
    why: "The audit log is handed out only from when a subscription was started, and for seven days: what falls between is never had this way.",
    link: "https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference",
};

/// Judges `subscriptions/list` for the tenant's feeds.
pub(in crate::doctor) fn judge(
    subscriptions: &Heard<Subscription>,
    feeds: &[String],
    tenant: &str,
) -> Vec<Finding> {
    let wanted: Vec<&str> = feeds
        .iter()
        .filter_map(|feed| feed.strip_prefix("activity/"))
        .collect();
    let listed = match subscriptions {
        Ok(listed) => listed,
        Err(_) if wanted.is_empty() => return Vec::new(),
        Err(refusal) => return vec![ABOUT.unknown(refusal.because()).fix(refusal.fix())],
    };
    let start = format!("breachscope --tenant {} collect", quoted(tenant));
    let judged = wanted.into_iter().map(|content| {
        let mut known = listed.iter();
        let found = known.find(|one| one.content_type.eq_ignore_ascii_case(content));
        let finding = match found.map(|one| one.status.to_ascii_lowercase()) {
            Some(status) if status == "enabled" => ABOUT.well("there is a subscription"),
            Some(status) if status == "disabled" => ABOUT
                .blind("the subscription was disabled by somebody")
                .fix("find out who disabled it; collecting starts it again")
                .step(Shell::Here, start.clone()),
            Some(_) => ABOUT.unknown("there is a subscription, and it does not say how it stands"),
            None => ABOUT
                .blind("there is no subscription: nothing of it is made available")
                .fix("collecting starts it; the first content can take 12 hours")
                .step(Shell::Here, start.clone()),
        };
        finding.of(content)
    });
    judged.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn doctor_misses_a_subscription_by_content_type() {
        let listed = serde_json::from_str(
            r#"[{"contentType":"Audit.Exchange","status":"enabled","webhook":null},
                {"contentType":"Audit.General","status":"disabled"},{"contentType":"Audit.SharePoint"}]"#,
        )
        .expect("a list");
        let feeds = [
            "activity/Audit.Exchange",
            "activity/Audit.General",
            "activity/Audit.SharePoint",
            "activity/Audit.AzureActiveDirectory",
            "risk-detections",
        ]
        .map(str::to_owned);
        let judged = judge(&Ok(listed), &feeds, "contoso");
        let states: Vec<_> = judged.iter().map(|finding| finding.state).collect();
        assert_eq!(
            states,
            [State::Well, State::Blind, State::Unknown, State::Blind]
        );
        assert_eq!(
            judged[3].steps[0].line,
            "breachscope --tenant 'contoso' collect"
        );
    }
}
