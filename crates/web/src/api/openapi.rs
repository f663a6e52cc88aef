//! The description of the API, by which programs and testers find their way.

use super::Scope;
use serde_json::{Value, json};

/// Returns the description.
pub(super) fn document() -> Value {
    let scopes: Vec<&str> = Scope::ALL.iter().map(|one| one.name()).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Breachscope",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": format!("What the pages show, for programs. A token has one or more of the scopes {}, and sees what its account may see.", scopes.join(", "))
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            "/api/v1/incidents": {"get": {
                "operationId": "listIncidents",
                "summary": "Incidents, worst first",
                "parameters": [
                    query("tenant", "Only of this tenant, by its id", &json!({"type": "string"})),
                    query("least", "Only what is at least this urgent", &severity()),
                    query("limit", "How many at most", &json!({"type": "integer", "minimum": 1, "maximum": 1000, "default": 100})),
                    query("after", "The `next` of the answer before", &json!({"type": "string"}))
                ],
                "responses": incidents()
            }},
            "/api/v1/incidents/{id}": {"get": {
                "operationId": "getIncident",
                "summary": "An incident with its findings",
                "parameters": [{
                    "name": "id", "in": "path", "required": true,
                    "description": "The id, or a beginning of at least eight characters that no other has",
                    "schema": {"type": "string", "minLength": 1}
                }],
                "responses": responses("WholeIncident")
            }},
            "/api/v1/tenants": {"get": {
                "operationId": "listTenants",
                "summary": "How every tenant and its sources stand",
                "responses": responses("Tenants")
            }},
            "/api/v1/openapi.json": {"get": {
                "operationId": "getDescription",
                "summary": "This description",
                "security": [],
                "responses": {"200": {"description": "The description", "content": {"application/json": {"schema": {"type": "object"}}}}}
            }}
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Problem": object(&json!({"status": {"type": "integer"}, "title": text(), "detail": text()})),
                "Incidents": object(&json!({"incidents": list(&reference("Incident")), "next": {"type": ["string", "null"]}})),
                "WholeIncident": object(&json!({"incident": reference("Incident"), "findings": list(&reference("Finding"))})),
                "Incident": object(&json!({
                    "incident": text(), "severity": severity(), "title": text(), "story": text(), "tenant": text(),
                    "users": list(&text()), "from": moment(), "to": moment(), "findings": list(&text()),
                    "seeds": list(&text()), "reasons": list(&text())
                })),
                "Finding": object(&json!({
                    "finding": text(), "detection": text(), "title": text(), "severity": severity(), "tenant": text(),
                    "user": text(), "time": moment(), "last_time": moment(), "ips": list(&text()), "mitre": list(&text()),
                    "why": text(), "records": list(&text()), "incident": text()
                })),
                "Tenants": object(&json!({"tenants": list(&reference("Tenant"))})),
                "Tenant": object(&json!({
                    "tenant": text(), "name": text(), "state": state(), "why": text(), "incidents": count(),
                    "gaps": count(), "paused": {"type": "boolean"}, "feeds": list(&reference("Feed"))
                })),
                "Feed": object(&json!({
                    "feed": text(), "state": state(), "until": perhaps_moment(), "caught_up": perhaps_moment(),
                    "waiting": count(), "gaps": count(), "trouble": text(), "hint": text()
                }))
            }
        }
    })
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema})
}

/// A page of them leads to each, and may be gone on from no more.
fn incidents() -> Value {
    let mut all = responses("Incidents");
    all["200"]["links"] = json!({"first": {
        "operationId": "getIncident",
        "description": "The first of them, with its findings",
        "parameters": {"id": "$response.body#/incidents/0/incident"}
    }});
    all["409"] = problem("`after` is no incident of the list, or no more: begin without it");
    all
}

fn problem(description: &str) -> Value {
    json!({"description": description, "content": {"application/problem+json": {"schema": reference("Problem")}}})
}

fn responses(schema: &str) -> Value {
    json!({
        "200": {"description": "What was asked for", "content": {"application/json": {"schema": reference(schema)}}},
        "401": problem("No token that counts"),
        "403": problem("The token may not be used for this"),
        "404": problem("It is not there, or not for this account"),
        "422": problem("The question makes no sense")
    })
}

/// Every field is always there.
fn object(properties: &Value) -> Value {
    let names: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    json!({"type": "object", "required": names, "properties": properties})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn perhaps_moment() -> Value {
    json!({"type": ["string", "null"], "format": "date-time"})
}

fn severity() -> Value {
    json!({"type": "string", "enum": ["info", "low", "medium", "high", "critical"]})
}

fn state() -> Value {
    json!({"type": "string", "enum": ["clear", "unknown", "found", "failed"]})
}
