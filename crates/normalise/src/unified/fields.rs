//! The keys of a unified audit record that this room reads, found in one pass.

use crate::places::Places;
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

static PLACES: Places = Places::of(&names());

const fn names() -> [&'static str; KEYS.len()] {
    let mut names = [""; KEYS.len()];
    let mut index = 0;
    while index < KEYS.len() {
        names[index] = KEYS[index].0;
        index += 1;
    }
    names
}

/// Returns the place of a key in exactly Microsoft's spelling.
fn find(key: &str) -> Option<Name> {
    PLACES
        .likely(key)
        .find(|index| KEYS[*index].0 == key)
        .map(|index| KEYS[index].1)
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
