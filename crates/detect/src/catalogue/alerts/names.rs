//! Names of alerts and products, as Microsoft's documentation has them.
//! <https://learn.microsoft.com/defender-xdr/alert-policies>

/// What an alert's name contains, in lower case, where it matters in mail whatever severity it has.
const OF_USE: &[&str] = &[
    "forwarding/redirect rule",
    "suspicious email forwarding",
    "suspicious inbox",
    "suspicious inbound connector",
    "suspicious connector",
    "ediscovery search started or exported",
    "user restricted from",
    "restricted from sending",
    "suspicious email sending patterns",
    "suspicious tenant sending",
    "email sending limit exceeded",
    "elevation of exchange admin privilege",
    "unusual volume of external file sharing",
    "click was detected",
    "clicked through to a potentially malicious url",
    "impossible travel",
    "anonymous ip address",
    "infrequent country",
    "attacker in the middle",
    "adversary-in-the-middle",
    "aitm",
    "bec financial fraud",
    "compromised user",
    "stolen session cookie",
    "credentials to an oauth app",
];

/// What the name of a product that watches machines contains, in lower case.
const ENDPOINTS: &[&str] = &[
    "mdatp",
    "windowsdefenderatp",
    "defender advanced threat protection",
    "defender for endpoint",
    "defenderforendpoint",
    "defender for servers",
];

/// What the name of a product that watches mail and compliance contains, in lower case.
const MAIL: &[&str] = &[
    "oatp",
    "office 365 advanced threat protection",
    "defender for office",
    "defenderforoffice",
    "security & compliance",
    "data loss prevention",
    "datalossprevention",
];

/// Returns whether an alert's name is one that matters in mail.
pub(super) fn is_of_use(name: &str) -> bool {
    contains(OF_USE, name)
}

/// Returns whether a product watches machines.
pub(super) fn is_endpoint(product: &str) -> bool {
    contains(ENDPOINTS, product)
}

/// Returns whether a product watches mail and compliance.
pub(super) fn is_mail(product: &str) -> bool {
    contains(MAIL, product)
}

/// Risk detections that tell of a session or a mailbox in other hands, in lower case.
const GRAVE_RISKS: &[&str] = &[
    "anomaloustoken",
    "attackerinthemiddle",
    "adminconfirmedusercompromised",
    "investigationsthreatintelligence",
    "leakedcredentials",
    "maliciousipaddressvalidcredentialsblockedip",
    "mcassuspiciousinboxmanipulationrules",
    "mcasimpossibletravel",
    "nationstateip",
    "passwordspray",
    "suspiciousinboxforwarding",
    "suspiciousapitraffic",
    "tokenissueranomaly",
    "userreportedsuspiciousactivity",
];

/// Returns whether a risk detection is one that tells of a session or a mailbox in other hands.
pub(super) fn is_grave_risk(kind: &str) -> bool {
    GRAVE_RISKS.contains(&kind.to_ascii_lowercase().as_str())
}

fn contains(list: &[&str], text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    list.iter().any(|one| text.contains(one))
}
