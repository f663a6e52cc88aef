//! Letting a result outlive the text it was read from.
//!
//! Only records that stand in a string of another record need this; all others lend their
//! text to the result.

use model::{Delivery, Event, MailItem, Normalised, RecordId, TenantId};
use std::borrow::Cow;

/// Returns the same result, borrowing nothing.
pub(crate) fn owned(found: Normalised<'_>) -> Normalised<'static> {
    Normalised {
        event: event(found.event),
        items: found.items.into_iter().map(mail_item).collect(),
        delivery: found.delivery.map(delivery),
        errors: found.errors,
        damaged: found.damaged,
    }
}

/// Returns the same mail item, borrowing nothing.
pub(crate) fn mail_item(item: MailItem<'_>) -> MailItem<'static> {
    MailItem {
        touch: item.touch,
        internet_message_id: text(item.internet_message_id),
        item_id: text(item.item_id),
        subject: text(item.subject),
        folder_id: text(item.folder_id),
        folder: text(item.folder),
        to_folder: text(item.to_folder),
        size_bytes: item.size_bytes,
    }
}

fn event(event: Event<'_>) -> Event<'static> {
    Event {
        family: event.family,
        source: event.source,
        tenant: TenantId(text(event.tenant.0)),
        id: RecordId(text(event.id.0)),
        id_made: event.id_made,
        fingerprint: event.fingerprint,
        time: event.time,
        time_text: text(event.time_text),
        record_type: event.record_type,
        workload: text(event.workload),
        operation: text(event.operation),
        action: text(event.action),
        user: text(event.user),
        user_text: text(event.user_text),
        user_key: text(event.user_key),
        user_kind: event.user_kind,
        mailbox: text(event.mailbox),
        mailbox_id: text(event.mailbox_id),
        object: text(event.object),
        outcome: event.outcome,
        result: text(event.result),
        error: text(event.error),
        address: event.address,
        address_text: text(event.address_text),
        session: text(event.session),
        token: text(event.token),
        app: text(event.app),
        resource_app: text(event.resource_app),
        agent: text(event.agent),
        device: text(event.device),
        correlation: text(event.correlation),
        logon_type: event.logon_type,
        rest: event.rest,
    }
}

fn delivery(delivery: Delivery<'_>) -> Delivery<'static> {
    Delivery {
        internet_message_id: text(delivery.internet_message_id),
        network_message_id: text(delivery.network_message_id),
        sender: text(delivery.sender),
        recipient: text(delivery.recipient),
        subject: text(delivery.subject),
        status: text(delivery.status),
        direction: text(delivery.direction),
        location: text(delivery.location),
        size_bytes: delivery.size_bytes,
    }
}

fn text(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
