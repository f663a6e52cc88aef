//! What rules ask of every record, from an event or from a fact that detection kept of it.

use crate::gather::{OBJECT, RESULT, Surface};
use crate::seen::Seen;
use model::{Event, Family, Json, Outcome};

/// The typed columns of a record; an empty text means that the record does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) family: Family,
    pub(crate) record_type: i32,
    pub(crate) outcome: Outcome,
    pub(crate) workload: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) action: &'a str,
    pub(crate) user: &'a str,
    pub(crate) user_text: &'a str,
    pub(crate) user_key: &'a str,
    pub(crate) mailbox: &'a str,
    pub(crate) object: &'a str,
    pub(crate) result: &'a str,
    pub(crate) error: &'a str,
    pub(crate) address: &'a str,
    pub(crate) session: &'a str,
    pub(crate) app: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) device: &'a str,
    pub(crate) id: &'a str,
    pub(crate) tenant: &'a str,
    pub(crate) time: &'a str,
    pub(crate) correlation: &'a str,
}

impl<'a> Columns<'a> {
    /// Returns the columns of an event.
    pub(crate) fn of_event(event: &'a Event<'_>) -> Self {
        Self {
            family: event.family,
            record_type: event.record_type.unwrap_or(-1),
            outcome: event.outcome,
            workload: &event.workload,
            operation: &event.operation,
            action: &event.action,
            user: &event.user,
            user_text: &event.user_text,
            user_key: &event.user_key,
            mailbox: &event.mailbox,
            object: &event.object,
            result: &event.result,
            error: &event.error,
            address: &event.address_text,
            session: &event.session,
            app: &event.app,
            resource: &event.resource_app,
            agent: &event.agent,
            device: &event.device,
            id: event.id.as_str(),
            tenant: event.tenant.as_str(),
            time: &event.time_text,
            correlation: &event.correlation,
        }
    }

    /// Returns the columns that stand on the surface of a unified audit record.
    pub(crate) fn of_surface(surface: &Surface<'a>) -> Self {
        Self {
            family: Family::Unified,
            record_type: surface.record_type,
            outcome: Outcome::Unknown,
            workload: surface.workload,
            operation: surface.action,
            action: surface.action,
            tenant: surface.tenant,
            user: "",
            user_text: "",
            user_key: "",
            mailbox: "",
            object: "",
            result: "",
            error: "",
            address: "",
            session: "",
            app: "",
            resource: "",
            agent: "",
            device: "",
            id: "",
            time: "",
            correlation: "",
        }
    }

    /// Returns the columns of a fact with its words: what was dropped on the way is empty.
    pub(crate) fn of_seen(seen: &'a Seen<'_>) -> Self {
        let kept = |key: &str| seen.body().text(key).unwrap_or_default();
        Self {
            family: seen.fact().family,
            record_type: seen.fact().record_type,
            outcome: seen.outcome(),
            workload: seen.workload(),
            operation: seen.action(),
            action: seen.action(),
            user: seen.user(),
            user_text: seen.user(),
            user_key: "",
            mailbox: seen.mailbox(),
            object: kept(OBJECT),
            result: kept(RESULT),
            error: seen.error(),
            address: seen.ip(),
            session: seen.session(),
            app: seen.app(),
            resource: seen.resource(),
            agent: seen.agent(),
            device: seen.device(),
            id: "",
            tenant: seen.text_of(seen.fact().tenant),
            time: "",
            correlation: "",
        }
    }

    /// Returns the word for how it ended, as Entra's logs spell it.
    pub(crate) fn ending(&self) -> &'a str {
        match self.outcome {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Interrupted => "interrupted",
            Outcome::Partial => "partial",
            Outcome::Unknown => self.result,
        }
    }

    /// Visits every text.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(&str)) {
        for text in [
            self.workload,
            self.operation,
            self.action,
            self.user_text,
            self.user_key,
            self.mailbox,
            self.object,
            self.result,
            self.error,
            self.address,
            self.session,
            self.app,
            self.resource,
            self.agent,
            self.device,
            self.id,
        ] {
            if !text.is_empty() {
                visit(text);
            }
        }
    }
}

/// Returns whether a key was written by detection itself into a body that it keeps.
pub(crate) fn is_own_key(key: &str) -> bool {
    matches!(key, OBJECT | RESULT | "$")
}

/// Returns a body's entries, whether it is folded or not an object at all.
pub(crate) fn entries_of<'o, 'a>(
    body: &'o Json<'a>,
) -> &'o [(std::borrow::Cow<'a, str>, Json<'a>)] {
    match body {
        Json::Object(entries) => entries,
        _ => &[],
    }
}
