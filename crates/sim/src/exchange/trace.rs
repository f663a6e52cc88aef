//! `Get-MessageTraceV2`: no pages, but a place to go on from.

use serde_json::{Value, json};
use tokio::time::Duration;

use super::{Failure, Order, Output};
use crate::record::Stream;
use crate::stamp::{self, DAY, HOUR};

pub(super) fn run(order: &Order<'_>) -> Result<Output, Failure> {
    let cloud = order.cloud;
    let quota = cloud.faults.dials().traces_per_five_minutes;
    if !cloud.quotas.take(
        format!("traces {}", order.tenant.id),
        quota,
        Duration::from_mins(5),
    ) {
        let text = "The number of requests exceeds the limit of 100 requests in 5 minutes.";
        return Err(Failure::new(
            429,
            "Microsoft.Exchange.Management.Tasks.ThrottlingException",
            text,
        ));
    }
    let parameters = &order.parameters;
    let now = cloud.now();
    let to = parameters.moment("EndDate").unwrap_or(now);
    let from = parameters.moment("StartDate").unwrap_or(to - 2 * DAY);
    if from > to || to - from > 10 * DAY || from < now - 90 * DAY - HOUR {
        let text = "Invalid StartDate value. The StartDate can't be older than 90 days from today, and a query \
                    covers 10 days at most.";
        return Err(Failure::new(
            400,
            "Microsoft.Exchange.Management.Tasks.InvalidExpressionException",
            text,
        ));
    }
    let size = parameters.number("ResultSize").unwrap_or(1000);
    if !(1..=5000).contains(&size) {
        let text = "The value of the parameter ResultSize must be between 1 and 5000.";
        return Err(Failure::new(
            400,
            "System.Management.Automation.ParameterBindingException",
            text,
        ));
    }
    let starting = parameters
        .text("StartingRecipientAddress")
        .map(str::to_lowercase);
    let mut found: Vec<(usize, Value)> = cloud
        .happened(order.place, Stream::Trace, from..to + 1)
        .into_iter()
        .filter(|row| cloud.record(*row).available <= now)
        .map(|row| {
            (
                row,
                serde_json::from_str(&cloud.record(row).body).unwrap_or_default(),
            )
        })
        .filter(|(_, row)| wanted(order, row))
        .collect();
    let recipient = |row: &Value| {
        row["recipientAddress"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase()
    };
    found.sort_by_cached_key(|(place, row)| {
        (std::cmp::Reverse(cloud.record(*place).time), recipient(row))
    });
    // Rows of the very moment are continued from a recipient on; the border itself is repeated.
    found.retain(|(place, row)| {
        let border = cloud.record(*place).time == to;
        !border
            || starting
                .as_ref()
                .is_none_or(|starting| recipient(row) >= *starting)
    });
    found.truncate(size);
    Ok(Output {
        rows: found.iter().map(|(place, _)| *place).collect(),
        objects: found.into_iter().map(|(_, row)| dressed(&row)).collect(),
        warnings: Vec::new(),
    })
}

/// `Get-MessageTraceDetailV2`.
pub(super) fn detail(order: &Order<'_>) -> Result<Output, Failure> {
    let id = order.parameters.text("MessageTraceId").unwrap_or_default();
    let recipient = order
        .parameters
        .text("RecipientAddress")
        .unwrap_or_default();
    let cloud = order.cloud;
    let row = cloud
        .arrivals(order.place, Stream::Trace)
        .iter()
        .filter_map(|row| serde_json::from_str::<Value>(&cloud.record(*row).body).ok())
        .find(|row| row["id"] == id && row["recipientAddress"] == recipient)
        .ok_or_else(|| Failure::not_found(id))?;
    let received = row["receivedDateTime"]
        .as_str()
        .and_then(stamp::parse)
        .unwrap_or_default();
    let event = |at, event: &str, detail: &str| {
        json!({"Date": stamp::seconds(at), "Event": event, "Action": "", "Detail": detail, "Data": "",
            "MessageTraceId": id, "MessageId": row["messageId"]})
    };
    Ok(Output::of(vec![
        event(received, "Receive", "Message received."),
        event(
            received + 2_000_000,
            "Deliver",
            "The message was delivered.",
        ),
    ]))
}

fn wanted(order: &Order<'_>, row: &Value) -> bool {
    let lists = [
        ("SenderAddress", "senderAddress"),
        ("RecipientAddress", "recipientAddress"),
        ("MessageTraceId", "id"),
        ("MessageId", "messageId"),
        ("Status", "status"),
        ("FromIP", "fromIP"),
        ("ToIP", "toIP"),
    ];
    let listed = lists.iter().all(|(name, field)| {
        let list = order.parameters.list(name);
        let value = row[*field].as_str().unwrap_or_default();
        list.is_empty() || list.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
    });
    let subject = row["subject"].as_str().unwrap_or_default().to_lowercase();
    let kind = order
        .parameters
        .text("SubjectFilterType")
        .unwrap_or("Contains");
    let said = order.parameters.text("Subject").is_none_or(|wanted| {
        let wanted = wanted.to_lowercase();
        match kind {
            "StartsWith" => subject.starts_with(&wanted),
            "EndsWith" => subject.ends_with(&wanted),
            _ => subject.contains(&wanted),
        }
    });
    listed && said
}

/// Graph's names in the cmdlet's spelling.
fn dressed(row: &Value) -> Value {
    let status = row["status"].as_str().unwrap_or_default();
    let mut letters = status.chars();
    let status: String = letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect();
    json!({
        "MessageTraceId": row["id"], "Received": row["receivedDateTime"],
        "Received@data.type": "System.DateTime", "SenderAddress": row["senderAddress"],
        "RecipientAddress": row["recipientAddress"], "Subject": row["subject"], "Status": status,
        "FromIP": row["fromIP"], "ToIP": row["toIP"], "Size": row["size"], "MessageId": row["messageId"],
    })
}
