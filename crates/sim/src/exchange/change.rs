//! Cmdlets that change something: who may run them, what they take, and what they leave behind
//! in the log.

mod connectors;
mod folders;
mod mailboxes;
mod organization;
mod permissions;
mod rules;
mod sweep;

use serde_json::Value;

use super::mailboxes::is;
use super::{Failure, Order, Output};
use crate::faults::Fault;
use crate::live::trail::By;
use crate::mailbox::Mailbox;
use crate::person::User;

/// A cmdlet that changes something.
pub(super) struct Cmdlet {
    pub(super) name: &'static str,
    /// Directory roles that hold it.
    roles: &'static [&'static str],
    /// Parameters besides those of every cmdlet.
    parameters: &'static [&'static str],
    run: fn(&Order<'_>) -> Result<Done, Failure>,
}

/// What a cmdlet did.
struct Done {
    /// `ObjectId` in the log.
    object: String,
    output: Output,
}

impl Done {
    fn on(object: impl Into<String>) -> Self {
        Self {
            object: object.into(),
            output: Output::default(),
        }
    }

    fn showing(mut self, object: Value) -> Self {
        self.output.objects.push(object);
        self
    }

    fn warning(mut self, text: String) -> Self {
        self.output.warnings.push(text);
        self
    }

    /// A `Set-` cmdlet that found everything as it was told to make it.
    fn unchanged(object: &str) -> Self {
        Self::on(object).warning(format!(
            "The command completed successfully but no settings of '{object}' have been modified."
        ))
    }
}

const RECIPIENTS: &[&str] = &[
    "Global Administrator",
    "Exchange Administrator",
    "Exchange Recipient Administrator",
];
const ORGANIZATION: &[&str] = &["Global Administrator", "Exchange Administrator"];
const SECURITY: &[&str] = &[
    "Global Administrator",
    "Exchange Administrator",
    "Security Administrator",
];

/// Parameters that every cmdlet takes.
const COMMON: [&str; 7] = [
    "Identity",
    "Confirm",
    "Force",
    "WhatIf",
    "ErrorAction",
    "WarningAction",
    "Verbose",
];

/// Every cmdlet that changes something.
pub(super) const CMDLETS: &[&[Cmdlet]] = &[
    rules::CMDLETS,
    sweep::CMDLETS,
    mailboxes::CMDLETS,
    permissions::CMDLETS,
    folders::CMDLETS,
    organization::CMDLETS,
    connectors::CMDLETS,
];

/// Finds a cmdlet by its name, without regard to case.
pub(super) fn find(name: &str) -> Option<&'static Cmdlet> {
    let mut all = CMDLETS.iter().copied().flatten();
    all.find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name))
}

/// Runs a cmdlet, and records that it ran.
pub(super) fn run(cmdlet: &Cmdlet, order: &Order<'_>) -> Result<Output, Failure> {
    let roles = super::roles(order.tenant, order.claims);
    if !roles
        .iter()
        .any(|role| cmdlet.roles.contains(&role.as_str()))
    {
        return Err(Failure::not_allowed(cmdlet.name));
    }
    let known = |name: &str| {
        let mut all = COMMON.iter().chain(cmdlet.parameters);
        all.any(|known| known.eq_ignore_ascii_case(name))
    };
    if let Some(name) = order.parameters.names().find(|name| !known(name)) {
        return Err(bad(&format!(
            "A parameter cannot be found that matches parameter name '{name}'."
        )));
    }
    if order.parameters.is_on("WhatIf") {
        return Ok(Output::default());
    }
    meddle(order);
    let done = (cmdlet.run)(order)?;
    let by = By {
        place: order.place,
        tenant: order.tenant,
        claims: order.claims,
    };
    order
        .cloud
        .note_cmdlet(&by, cmdlet.name, &done.object, &recorded(order));
    Ok(done.output)
}

/// Lets somebody else be quicker, when the dials say so.
fn meddle(order: &Order<'_>) {
    let named = ["Mailbox", "Identity"];
    let name = named.iter().find_map(|name| order.parameters.text(name));
    let name = name.unwrap_or_default();
    let name = name.split([':', '\\']).next().unwrap_or_default();
    if let Ok(user) = person(order, name)
        && order.cloud.strikes(Fault::Meddling, order.site)
    {
        order.cloud.meddle(order.place, user);
    }
}

/// The parameters as a record lists them.
fn recorded(order: &Order<'_>) -> Vec<(String, String)> {
    let names = order.parameters.names();
    names
        .map(|name| {
            let value = order.parameters.value(name).map(words);
            (name.to_owned(), value.unwrap_or_default())
        })
        .collect()
}

/// A parameter as cmdlets keep it: lists joined by `;`, switches as words.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(";"),
        Value::Object(table) => {
            let fields = table.iter().filter(|(name, _)| !name.starts_with('@'));
            let fields: Vec<String> = fields
                .map(|(name, value)| format!("{name}={}", words(value)))
                .collect();
            fields.join(";")
        }
        Value::Number(number) => number.to_string(),
    }
}

fn bad(message: &str) -> Failure {
    Failure::new(
        400,
        "System.Management.Automation.ParameterBindingException",
        message,
    )
}

/// Returns the place of a person with a mailbox, by any of its names.
fn person(order: &Order<'_>, name: &str) -> Result<usize, Failure> {
    let mut users = order.tenant.users.iter();
    let fits = |user: &User| {
        let mailbox = user.mailbox.as_ref();
        mailbox.is_some_and(|mailbox| is(user, mailbox, name))
    };
    users.position(fits).ok_or_else(|| Failure::not_found(name))
}

/// Returns a parameter that must be there.
fn needed<'a>(order: &'a Order<'_>, name: &str) -> Result<&'a str, Failure> {
    order.parameters.text(name).ok_or_else(|| {
        bad(&format!(
            "Cannot process command because of one or more missing mandatory parameters: {name}."
        ))
    })
}

/// Changes a mailbox.
fn mailbox<T>(
    order: &Order<'_>,
    user: usize,
    work: impl FnOnce(&mut Mailbox) -> Result<T, Failure>,
) -> Result<T, Failure> {
    order.cloud.change(order.place, |tenant| {
        let user = &mut tenant.users[user];
        let mailbox = user.mailbox.as_mut();
        work(mailbox.ok_or_else(|| Failure::not_found(&user.upn))?)
    })
}

/// Returns the UPN of somebody who is named in any way.
fn upn(order: &Order<'_>, name: &str) -> Result<String, Failure> {
    let place = person(order, name)?;
    Ok(order.tenant.users[place].upn.clone())
}
