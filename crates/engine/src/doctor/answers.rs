//! What the services say when they are asked for settings, as far as a check wants to know it.
//!
//! Exchange writes a switch as a truth or as a text and a list as a list or as one text; whatever
//! it is, it is read, and what is missing is nothing rather than an error.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// `Get-AdminAuditLogConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct AuditConfig {
    #[serde(deserialize_with = "switch")]
    pub(super) unified_audit_log_ingestion_enabled: Option<bool>,
}

/// `Get-OrganizationConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Organisation {
    #[serde(deserialize_with = "switch")]
    pub(super) audit_disabled: Option<bool>,
    #[serde(deserialize_with = "switch")]
    pub(super) is_dehydrated: Option<bool>,
}

/// A row of `Get-Mailbox`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct MailboxRow {
    #[serde(deserialize_with = "text")]
    pub(super) user_principal_name: String,
    #[serde(deserialize_with = "text")]
    pub(super) primary_smtp_address: String,
    #[serde(deserialize_with = "text")]
    pub(super) external_directory_object_id: String,
    #[serde(deserialize_with = "text")]
    pub(super) guid: String,
    #[serde(deserialize_with = "text")]
    pub(super) identity: String,
    #[serde(deserialize_with = "text")]
    pub(super) recipient_type_details: String,
    #[serde(deserialize_with = "switch")]
    pub(super) audit_enabled: Option<bool>,
    #[serde(deserialize_with = "words")]
    pub(super) audit_owner: Vec<String>,
    #[serde(deserialize_with = "words")]
    pub(super) audit_delegate: Vec<String>,
    #[serde(deserialize_with = "words")]
    pub(super) audit_admin: Vec<String>,
    #[serde(deserialize_with = "words")]
    pub(super) default_audit_set: Vec<String>,
}

/// What of a mailbox is asked for.
pub(super) const MAILBOX_COLUMNS: &str = "UserPrincipalName,PrimarySmtpAddress,ExternalDirectoryObjectId,Guid,Identity,RecipientTypeDetails,AuditEnabled,AuditOwner,AuditDelegate,AuditAdmin,DefaultAuditSet";

/// A row of `Get-MailboxAuditBypassAssociation`. It names no address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Bypass {
    #[serde(deserialize_with = "text")]
    pub(super) identity: String,
    #[serde(deserialize_with = "text")]
    pub(super) external_directory_object_id: String,
    #[serde(deserialize_with = "text")]
    pub(super) object_id: String,
    #[serde(deserialize_with = "text")]
    pub(super) guid: String,
    #[serde(deserialize_with = "switch")]
    pub(super) audit_bypass_enabled: Option<bool>,
    #[serde(rename = "WhenChangedUTC", deserialize_with = "text")]
    pub(super) when_changed: String,
}

/// A licence that the tenant bought.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Sku {
    #[serde(deserialize_with = "text")]
    pub(super) sku_id: String,
    pub(super) service_plans: Vec<Plan>,
}

/// A service within a licence.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Plan {
    #[serde(deserialize_with = "text")]
    pub(super) service_plan_id: String,
    #[serde(deserialize_with = "text")]
    pub(super) service_plan_name: String,
    #[serde(deserialize_with = "text")]
    pub(super) provisioning_status: String,
}

/// A user and the licences that were assigned, through groups as well.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User {
    #[serde(deserialize_with = "text")]
    pub(super) id: String,
    pub(super) assigned_licenses: Vec<Assigned>,
}

/// A licence of a user, less what was switched off in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Assigned {
    #[serde(deserialize_with = "text")]
    pub(super) sku_id: String,
    #[serde(deserialize_with = "words")]
    pub(super) disabled_plans: Vec<String>,
}

/// A subscription to a content type of the Management Activity API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Subscription {
    #[serde(deserialize_with = "text")]
    pub(super) content_type: String,
    #[serde(deserialize_with = "text")]
    pub(super) status: String,
}

/// A row of which nothing but its being there counts, and perhaps one time.
pub(super) type Anything = BTreeMap<String, Value>;

fn switch<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(on) => Some(on),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        _ => String::new(),
    })
}

fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Value::String(text) => text
            .split([',', ';'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doctor_reads_switches_and_lists_in_either_dress() {
        let row: MailboxRow = serde_json::from_str(
            r##"{"UserPrincipalName":"ann@contoso.example","AuditEnabled":"True","AuditOwner":"Send, MailItemsAccessed",
                "AuditDelegate":["MailItemsAccessed"],"AuditAdmin":null,"DefaultAuditSet@odata.type":"#Collection(String)"}"##,
        )
        .expect("a row");
        assert_eq!(row.audit_enabled, Some(true));
        assert_eq!(row.audit_owner, ["Send", "MailItemsAccessed"]);
        assert_eq!(row.audit_delegate, ["MailItemsAccessed"]);
        assert!(row.audit_admin.is_empty() && row.default_audit_set.is_empty());
    }

    #[test]
    fn doctor_takes_a_switch_that_is_not_told_for_unknown() {
        let config: AuditConfig = serde_json::from_str(
            r#"{"Name":"x","UnifiedAuditLogIngestionEnabled@data.type":"System.Boolean"}"#,
        )
        .expect("an object");
        assert_eq!(config.unified_audit_log_ingestion_enabled, None);
    }
}
