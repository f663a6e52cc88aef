//! The keys of a unified audit record that this room reads, found in one pass.

use model::Json;

macro_rules! fields {
    ($($name:ident: $key:literal,)*) => {
        /// What a record says under each key; none where the key is absent or null.
        #[derive(Debug, Default)]
        pub(crate) struct Fields<'r> {
            $(pub(crate) $name: Option<&'r Json<'r>>,)*
        }

        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy)]
        enum Name {
            $($name,)*
        }

        const KEYS: &[(&str, Name)] = &[$(($key, Name::$name),)*];

        impl<'r> Fields<'r> {
            fn place(&mut self, name: Name) -> &mut Option<&'r Json<'r>> {
                match name {
                    $(Name::$name => &mut self.$name,)*
                }
            }
        }
    };
}

fields! {
    actor: "Actor",
    actor_info: "ActorInfoString",
    actor_ip: "ActorIP",
    actor_ip_address: "ActorIpAddress",
    affected_items: "AffectedItems",
    app_access: "AppAccessContext",
    app_id: "AppId",
    application_id: "ApplicationId",
    client_app_id: "ClientAppId",
    client_info: "ClientInfoString",
    client_ip: "ClientIP",
    client_ip_address: "ClientIPAddress",
    client_process: "ClientProcessName",
    client_version: "ClientVersion",
    correlation: "CorrelationId",
    dest_folder: "DestFolder",
    device: "DeviceId",
    device_properties: "DeviceProperties",
    error_code: "ErrorCode",
    error_number: "ErrorNumber",
    extended_properties: "ExtendedProperties",
    folder: "Folder",
    folders: "Folders",
    id: "Id",
    inter_systems: "InterSystemsId",
    item: "Item",
    logon_type: "LogonType",
    mailbox_guid: "MailboxGuid",
    mailbox_owner: "MailboxOwnerUPN",
    messages: "Messages",
    object: "ObjectId",
    operation: "Operation",
    operation_properties: "OperationProperties",
    organization: "OrganizationId",
    parameters: "Parameters",
    record_type: "RecordType",
    result: "ResultStatus",
    session: "SessionId",
    target: "Target",
    time: "CreationTime",
    user: "UserId",
    user_agent: "UserAgent",
    user_key: "UserKey",
    user_type: "UserType",
    workload: "Workload",
}

impl<'r> Fields<'r> {
    /// Reads the keys of a record; a body without one of Microsoft's own spellings is read in any case.
    pub(crate) fn read(body: &'r Json<'r>) -> Self {
        let mut fields = Self::default();
        let said = body
            .entries()
            .iter()
            .filter(|(_, value)| !matches!(value, Json::Null));
        for (key, value) in said.clone() {
            if let Some(name) = find(key) {
                *fields.place(name) = Some(value);
            }
        }
        let is_other_case =
            fields.operation.is_none() || fields.id.is_none() || fields.time.is_none();
        if is_other_case {
            for (key, value) in said {
                if let Some((_, name)) = KEYS
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(key))
                {
                    fields.place(*name).get_or_insert(value);
                }
            }
        }
        fields
    }
}

/// A table made at compile time, because a record has thirty keys and comparing each with
/// all of ours takes longer than everything else about it.
const SLOTS: usize = 256;
static TABLE: [u8; SLOTS] = table();

const fn table() -> [u8; SLOTS] {
    let mut table = [0; SLOTS];
    let mut index = 0;
    while index < KEYS.len() {
        let mut at = slot(KEYS[index].0.as_bytes());
        while table[at] != 0 {
            at = (at + 1) % SLOTS;
        }
        index += 1;
        table[at] = index as u8;
    }
    table
}

const fn slot(key: &[u8]) -> usize {
    if key.is_empty() {
        return 0;
    }
    let middle = key[key.len() / 2] as usize;
    (key.len() * 7 + key[0] as usize * 31 + key[key.len() - 1] as usize * 17 + middle * 5) % SLOTS
}

/// Returns the place of a key in exactly Microsoft's spelling.
fn find(key: &str) -> Option<Name> {
    let mut at = slot(key.as_bytes());
    loop {
        let index = usize::from(TABLE[at]).checked_sub(1)?;
        let (known, name) = KEYS[index];
        if known == key {
            return Some(name);
        }
        at = (at + 1) % SLOTS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_own_place() {
        for (key, name) in KEYS {
            assert_eq!(
                find(key).map(|found| found as usize),
                Some(*name as usize),
                "{key}"
            );
            assert!(find(&key.to_lowercase()).is_none(), "{key}");
        }
        assert!(find("").is_none());
    }
}
