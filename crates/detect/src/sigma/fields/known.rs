//! What is known of a log before any record is read: which fields name the operation, which are
//! ever answered, and which give one of a few words.

use crate::sigma::route::Route;

/// Returns whether a field answers the record's one operation.
pub(crate) fn is_operation(route: Route, name: &str) -> bool {
    let name = name.strip_prefix("properties.").unwrap_or(name);
    match route {
        Route::Unified => name == "Operation",
        Route::Security => matches!(name, "Operation"),
        Route::Directory => [
            "operationName",
            "activityDisplayName",
            "activityType",
            "message",
            "operation",
        ]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(name)),
        Route::Activity => matches!(
            name,
            "operationName" | "OperationName" | "OperationNameValue" | "operationName.value"
        ),
        Route::Intune | Route::DevOps | Route::Storage => {
            matches!(
                name,
                "Operation" | "operation" | "operationName" | "OperationName"
            )
        }
        Route::SignIn | Route::Risk | Route::Pim | Route::Kubernetes => false,
    }
}

/// Returns the only words that a field gives, where there are few of them; case does not count.
pub(crate) fn closed_words(route: Route, name: &str) -> Option<&'static [&'static str]> {
    let bare = name
        .strip_prefix("properties.")
        .unwrap_or(name)
        .to_ascii_lowercase();
    Some(match (route, bare.as_str()) {
        (Route::Directory, "status" | "result") => {
            &["success", "failure", "timeout", "unknownFutureValue"]
        }
        (Route::Directory, "targetresources.type") => &[
            "User",
            "Device",
            "Directory",
            "App",
            "Application",
            "Role",
            "Group",
            "Policy",
            "ServicePrincipal",
            "AdministrativeUnit",
            "Domain",
            "Tenant",
            "Request",
            "Provider",
            "N/A",
            "Other",
            "NotSet",
        ],
        (Route::SignIn, "conditionalaccessstatus") => {
            &["success", "failure", "notApplied", "unknownFutureValue"]
        }
        (Route::SignIn, "authenticationrequirement") => {
            &["singleFactorAuthentication", "multiFactorAuthentication"]
        }
        (Route::SignIn, "activitydetails") => {
            &["Sign-in activity", "UserLoggedIn", "UserLoginFailed"]
        }
        (Route::SignIn, "riskstate") => &[
            "none",
            "confirmedSafe",
            "remediated",
            "dismissed",
            "atRisk",
            "confirmedCompromised",
            "unknownFutureValue",
        ],
        _ => return None,
    })
}

/// The first names of the fields that Entra's logs have, in lower case; the typed columns and
/// bags of every record come on top.
const DIRECTORY: &[&str] = &[
    "aadoperationtype",
    "aadtenantid",
    "activitydatetime",
    "activitydisplayname",
    "activitytype",
    "actor",
    "actorcontextid",
    "additionaldetails",
    "azureactivedirectoryeventtype",
    "category",
    "consentcontext",
    "correlationid",
    "durationms",
    "extendedproperties",
    "failure_status_reason",
    "id",
    "identity",
    "initiatedby",
    "intersystemsid",
    "intrasystemid",
    "level",
    "location",
    "loggedbyservice",
    "message",
    "modifiedproperties",
    "operationname",
    "operationtype",
    "operationversion",
    "resource",
    "resourcegroup",
    "resourceid",
    "resourceprovider",
    "result",
    "resultdescription",
    "resultreason",
    "resultsignature",
    "resulttype",
    "sourcesystem",
    "status",
    "supportticketid",
    "target",
    "targetcontextid",
    "targetresources",
    "tenantid",
    "time",
    "timegenerated",
    "type",
    "useragent",
    "usertype",
];

/// Names that every record answers to, in lower case.
const EVERY: &[&str] = &[
    "applicationid",
    "appid",
    "clientappid",
    "clientip",
    "clientipaddress",
    "actoripaddress",
    "calleripaddress",
    "ipaddress",
    "creationtime",
    "deviceid",
    "errornumber",
    "objectid",
    "operation",
    "organizationid",
    "recordtype",
    "requesttype",
    "resultstatus",
    "sessionid",
    "userid",
    "userkey",
    "workload",
    "parameters",
    "deviceproperties",
    "operationproperties",
];

/// Returns whether any record of a log ever answers a field. Of logs whose records have no fixed
/// fields every field is believed.
pub(crate) fn is_ever_answered(route: Route, name: &str) -> bool {
    if route != Route::Directory {
        return true;
    }
    let name = name.strip_prefix("properties.").unwrap_or(name);
    let front = name
        .split(['.', '['])
        .next()
        .unwrap_or(name)
        .to_ascii_lowercase();
    let is_in = |list: &[&str]| list.contains(&front.as_str());
    is_in(DIRECTORY) || is_in(EVERY)
}
