//! Exchange Online's administration: `InvokeCommand`, as the official module speaks it.

mod change;
mod cmdlets;
mod mailboxes;
mod parameters;
pub(crate) mod search;
mod trace;

use axum::http::Method;
use serde_json::{Value, json};

use crate::cloud::{Cloud, Reply};
use crate::faults::{Fault, Site};
use crate::refusal;
use crate::service::Service;
use crate::token::Claims;
use crate::wire::{Answer, Ask, error};
use crate::world::Tenant;

use parameters::Parameters;

/// A cmdlet that is called.
pub(crate) struct Order<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) site: &'a Site,
    pub(crate) place: usize,
    /// As it stands.
    pub(crate) tenant: &'a Tenant,
    pub(crate) claims: &'a Claims,
    pub(crate) cmdlet: String,
    pub(crate) parameters: Parameters,
}

/// What a cmdlet puts out.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) objects: Vec<Value>,
    /// The records that the objects show, one each, or none.
    pub(crate) rows: Vec<usize>,
    pub(crate) warnings: Vec<String>,
}

impl Output {
    pub(crate) fn of(objects: Vec<Value>) -> Self {
        Self {
            objects,
            ..Self::default()
        }
    }

    pub(crate) fn warning(text: &str) -> Self {
        Self {
            warnings: vec![text.to_owned()],
            ..Self::default()
        }
    }
}

/// Why a cmdlet fails: the type of the exception and its message.
#[derive(Debug)]
pub(crate) struct Failure {
    status: u16,
    exception: &'static str,
    message: String,
}

impl Failure {
    pub(crate) fn new(status: u16, exception: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            exception,
            message: message.into(),
        }
    }

    pub(crate) fn not_found(name: &str) -> Self {
        let text = format!(
            "The operation couldn't be performed because object '{name}' couldn't be found."
        );
        Self::new(
            404,
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
            text,
        )
    }

    /// A cmdlet that the caller's roles do not hold is not there for the caller.
    pub(crate) fn not_allowed(cmdlet: &str) -> Self {
        Self {
            status: 403,
            ..Self::unknown(cmdlet)
        }
    }

    pub(crate) fn unknown(cmdlet: &str) -> Self {
        let text = format!(
            "The term '{cmdlet}' is not recognized as the name of a cmdlet, function, script file, or operable \
             program. Check the spelling of the name, or if a path was included, verify that the path is correct \
             and try again."
        );
        Self::new(
            404,
            "System.Management.Automation.CommandNotFoundException",
            text,
        )
    }

    /// Writes it in the shape of the service: the cause lies deep inside.
    fn answer(&self) -> Answer {
        let body = json!({"error": {
            "code": match self.status { 403 => "Forbidden", 404 => "NotFound", _ => "BadRequest" },
            "message": "Invalid Operation",
            "details": [{"code": "Context", "target": "", "message": format!("|{}|{}", self.exception, self.message)}],
            "innererror": {
                "message": "Error executing cmdlet",
                "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "",
                "internalexception": {"message": self.message, "type": self.exception, "stacktrace": ""},
            },
        }});
        Answer::json(self.status, &body)
    }
}

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> (&'static str, Option<String>) {
    match ask.parts().as_slice() {
        ["adminapi", _, tenant, what, ..] => {
            let call = match *what {
                "InvokeCommand" => "InvokeCommand",
                "$batch" => "$batch",
                "EXOModuleFile" => "EXOModuleFile",
                _ => "unknown",
            };
            (call, Some((*tenant).to_owned()))
        }
        _ => ("unknown", None),
    }
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
    let Some(place) = site.tenant.as_deref().and_then(|name| cloud.tenant(name)) else {
        return error(404, "NotFound", "The tenant does not exist.");
    };
    let tenant = cloud.stands(place);
    if !claims.tid.eq_ignore_ascii_case(&tenant.id) || !may(claims) {
        return crate::refusal::unauthorized(cloud, ask, &crate::token::Refusal::Malformed);
    }
    if cloud.strikes(Fault::NulBody, site) {
        return Answer::of(403, "application/json; charset=utf-8", vec![0; 64]);
    }
    let by_role = roles(&tenant, claims)
        .iter()
        .any(|role| ROLES.contains(&role.as_str()));
    if !by_role
        || cloud.strikes(Fault::NoDirectoryRole, site)
        || cloud.strikes(Fault::Forbidden, site)
    {
        let text = "The role assigned to application isn't supported in this scenario. Please check online documentation \
                    for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.";
        return error(403, "Forbidden", text);
    }
    if site.call == "EXOModuleFile" && ask.method == Method::GET {
        return Answer::json(200, &json!({"value": cmdlets::names()}));
    }
    if ask.method != Method::POST {
        return error(
            405,
            "MethodNotAllowed",
            "The requested resource does not support http method 'GET'.",
        );
    }
    match site.call {
        "InvokeCommand" => invoke((cloud, claims), (place, &tenant), ask, site),
        "$batch" => batch(cloud, ask),
        _ => error(404, "NotFound", "Resource not found."),
    }
}

/// Directory roles that open the service to an application.
const ROLES: [&str; 8] = [
    "Global Administrator",
    "Exchange Administrator",
    "Exchange Recipient Administrator",
    "Security Administrator",
    "Security Reader",
    "Global Reader",
    "Compliance Administrator",
    "Helpdesk Administrator",
];

/// Returns the directory roles of the caller.
fn roles<'a>(tenant: &'a Tenant, claims: &Claims) -> &'a [String] {
    let known = tenant.registration(&claims.appid);
    known.map_or(&[], |registration| registration.directory_roles.as_slice())
}

fn may(claims: &Claims) -> bool {
    claims.may("Exchange.ManageAsApp") || claims.may("Exchange.Manage")
}

fn invoke(
    (cloud, claims): (&Cloud, &Claims),
    (place, tenant): (usize, &Tenant),
    ask: &Ask,
    site: &Site,
) -> Answer {
    let body = ask.json().unwrap_or_default();
    let input = &body["CmdletInput"];
    let Some(cmdlet) = input["CmdletName"].as_str() else {
        return error(400, "BadRequest", "CmdletInput is missing.");
    };
    if cloud.strikes(Fault::NoCmdlet, site) {
        return Failure::unknown(cmdlet).answer();
    }
    let mut order = Order {
        cloud,
        site,
        place,
        tenant,
        claims,
        cmdlet: cmdlet.to_owned(),
        parameters: Parameters::new(&input["Parameters"]),
    };
    let writes = cmdlets::changes(cmdlet);
    let seen = (!writes).then(|| cloud.seen(place, site));
    if let Some(seen) = &seen {
        order.tenant = seen;
    }
    if writes && let Some(rule) = cloud.strike(Fault::ThrottledWrite, site) {
        let seconds = rule.seconds.unwrap_or(cloud.faults.dials().retry_after);
        return refusal::throttled(cloud, ask, site, seconds);
    }
    let answer = match cmdlets::run(&order) {
        Ok(output) if writes => page(cloud, ask, output).changing(),
        Ok(output) => page(cloud, ask, output),
        Err(failure) => failure.answer(),
    };
    if writes {
        return answer.with("request-id", cloud.guid("request"));
    }
    answer
}

/// Gives out a page; the next is had by posting the same body to its link.
fn page(cloud: &Cloud, ask: &Ask, output: Output) -> Answer {
    let size = ask
        .header("prefer")
        .and_then(|prefer| {
            prefer
                .split("odata.maxpagesize=")
                .nth(1)?
                .split([';', ','])
                .next()?
                .trim()
                .parse()
                .ok()
        })
        .unwrap_or(1000_usize)
        .max(1);
    let from: usize = ask
        .parameter("$skiptoken")
        .and_then(|token| token.parse().ok())
        .unwrap_or(0);
    let chosen = ask
        .parameter("$select")
        .map(|names| names.split(',').map(str::to_owned).collect::<Vec<_>>());
    let total = output.objects.len();
    let objects: Vec<Value> = output
        .objects
        .into_iter()
        .skip(from)
        .take(size)
        .map(|object| select(object, chosen.as_deref()))
        .collect();
    let rows = output.rows.into_iter().skip(from).take(size).collect();
    let base = cloud.base(Service::Exchange);
    let mut body = json!({
        "@odata.context": format!("{base}{}/$metadata#Collection(Exchange.GenericHashTable)", ask.path.trim_end_matches("/InvokeCommand")),
        "value": objects,
    });
    if !output.warnings.is_empty() {
        body["@adminapi.warnings@odata.type"] = json!("#Collection(String)");
        body["@adminapi.warnings"] = json!(output.warnings);
    }
    if from + size < total {
        let select = ask
            .parameter("$select")
            .map_or(String::new(), |names| format!("$select={names}&"));
        body["@odata.nextLink"] = json!(format!(
            "{base}{}?{select}$skiptoken={}",
            ask.path,
            from + size
        ));
    }
    Answer::json(200, &body).holding(rows)
}

fn select(mut object: Value, names: Option<&[String]>) -> Value {
    if let (Some(names), Some(map)) = (names, object.as_object_mut()) {
        map.retain(|name, _| {
            names
                .iter()
                .any(|known| name.split('@').next() == Some(known))
        });
    }
    object
}

/// Up to ten cmdlets in one request, answered in no order.
fn batch(cloud: &Cloud, ask: &Ask) -> Answer {
    let body = ask.json().unwrap_or_default();
    let requests = body["requests"].as_array().cloned().unwrap_or_default();
    if requests.len() > 10 {
        return error(400, "BadRequest", "A batch holds ten requests at most.");
    }
    let mut rows = Vec::new();
    let mut responses: Vec<Value> = Vec::new();
    for request in requests {
        let target = request["url"].as_str().unwrap_or_default();
        let body = request["body"].to_string().into_bytes();
        let part = Ask::new(
            Service::Exchange,
            Method::POST,
            target,
            ask.headers.clone(),
            body,
        );
        let site = cloud.site(&part);
        let answer = match cloud.reply(&part, &site) {
            Reply::Answer(answer) => answer,
            _ => Answer::empty(503),
        };
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        responses.push(
            json!({"id": request["id"], "status": answer.status, "headers": {}, "body": body}),
        );
        rows.extend(answer.rows);
    }
    responses.reverse();
    Answer::json(200, &json!({ "responses": responses })).holding(rows)
}
