//! Names of record types, as Graph and `Search-UnifiedAuditLog` write them.

/// Returns a record type's name.
pub(crate) fn name(number: u64) -> &'static str {
    match number {
        1 => "ExchangeAdmin",
        2 => "ExchangeItem",
        3 => "ExchangeItemGroup",
        4 => "SharePoint",
        6 => "SharePointFileOperation",
        7 => "OneDrive",
        8 => "AzureActiveDirectory",
        9 => "AzureActiveDirectoryAccountLogon",
        11 => "ComplianceDLPSharePoint",
        13 => "ComplianceDLPExchange",
        14 => "SharePointSharingOperation",
        15 => "AzureActiveDirectoryStsLogon",
        18 => "SecurityComplianceCenterEOPCmdlet",
        19 => "ExchangeAggregatedOperation",
        20 => "PowerBIAudit",
        24 => "Discovery",
        25 => "MicrosoftTeams",
        28 => "ThreatIntelligence",
        30 => "MicrosoftFlow",
        36 => "SharePointListOperation",
        40 => "SecurityComplianceAlerts",
        41 => "ThreatIntelligenceUrl",
        50 => "ExchangeItemAggregated",
        57 => "MicrosoftTeamsAdmin",
        64 => "AirInvestigation",
        65 => "Quarantine",
        78 => "WDATPAlerts",
        _ => "unknownFutureValue",
    }
}

/// Returns a user type's name.
pub(crate) fn user_type(number: u64) -> &'static str {
    match number {
        0 => "Regular",
        1 => "Reserved",
        2 => "Admin",
        3 => "DcAdmin",
        4 => "System",
        5 => "Application",
        6 => "ServicePrincipal",
        7 => "CustomPolicy",
        8 => "SystemPolicy",
        9 => "PartnerTechnician",
        10 => "Guest",
        _ => "unknownFutureValue",
    }
}
