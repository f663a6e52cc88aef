//! Invented records for tests.

use model::{
    ActorKind, Address, Event, Family, MailItem, Normalised, Outcome, Place, RecordId, TenantId,
    Timestamp, Touch,
};

/// The source file that the invented records stand in.
pub(crate) const FILE: &str = "6f1ed002ab5595859014ebf0951522d96e1ed002ab5595859014ebf0951522d9";

/// Returns a whole record of Contoso's in July 2021, distinct by its number.
pub(crate) fn record(number: u64) -> Normalised<'static> {
    Normalised {
        event: event(number),
        items: Vec::new(),
        delivery: None,
        errors: Vec::new(),
        damaged: false,
    }
}

/// Returns a record that names so many messages.
pub(crate) fn reading(number: u64, messages: u64) -> Normalised<'static> {
    let item = |message: u64| MailItem {
        touch: Touch::Bind,
        internet_message_id: format!("<{number}.{message}@mail.contoso.example>").into(),
        item_id: "".into(),
        subject: "".into(),
        folder_id: "F1".into(),
        folder: "\\Inbox".into(),
        to_folder: "".into(),
        size_bytes: Some(4096),
    };
    Normalised {
        items: (0..messages).map(item).collect(),
        ..record(number)
    }
}

/// Returns a place in the source file, distinct by its number.
pub(crate) fn place(number: u64) -> Place {
    Place {
        member: None,
        offset: number * 1000,
        length: 900,
        line: number + 1,
    }
}

fn event(number: u64) -> Event<'static> {
    let address = Address::read("203.0.113.7");
    Event {
        family: Family::Unified,
        source: "unified",
        tenant: TenantId("contoso".into()),
        id: RecordId(format!("00000000-0000-4000-8000-{number:012}").into()),
        id_made: false,
        fingerprint: 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(number + 1),
        time: Timestamp::from_civil(
            2021,
            7,
            1 + (number % 28) as u32,
            12,
            6,
            (number % 60) as u32,
            0,
        ),
        time_text: "2021-07-12T12:06:50 (about)".into(),
        record_type: Some(50),
        workload: "Exchange".into(),
        operation: "MailItemsAccessed".into(),
        action: "MailItemsAccessed".into(),
        user: "anna@contoso.example".into(),
        user_text: "Anna@Contoso.example".into(),
        user_key: "10032001AAAAAAAA".into(),
        user_kind: ActorKind::Person,
        mailbox: "anna@contoso.example".into(),
        mailbox_id: "".into(),
        object: "".into(),
        outcome: Outcome::Success,
        result: "Succeeded".into(),
        error: "".into(),
        address,
        address_text: "203.0.113.7:51234".into(),
        session: "5c2a1f3e-0000-4000-8000-000000000001".into(),
        token: "".into(),
        app: "d3590ed6-52b3-4102-aeff-aad2292ab01c".into(),
        resource_app: "".into(),
        agent: "Client=OWA;Action=ViaProxy".into(),
        device: "".into(),
        correlation: "".into(),
        logon_type: Some(0),
        rest: format!(r#"{{"OrganizationName":"contoso.example","Number":{number}}}"#),
    }
}
