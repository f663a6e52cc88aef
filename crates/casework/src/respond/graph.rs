//! Asking and changing Microsoft Graph.

use super::action::About;
use super::heard::unanswered;
use super::said::Said;
use model::bags::body;
use model::{Ask, Change, Json, Pace, Reply, Service, Verb};

/// Asks for something of the directory.
pub(crate) fn get(path: impl Into<String>) -> Ask {
    Ask::get(Service::Graph, Pace::Directory, path)
}

/// Changes something of the directory.
pub(crate) fn change(verb: Verb, path: impl Into<String>, body: Option<String>) -> Change {
    Change {
        service: Service::Graph,
        pace: Pace::Directory,
        verb,
        path: path.into(),
        headers: Vec::new(),
        body,
    }
}

/// Reads the one object that was asked for; nothing where the service says that it is not there.
pub(crate) fn one<'r, T>(
    about: &About,
    asked: &str,
    reply: Option<&'r Reply>,
    read: impl FnOnce(&Json<'r>) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let reply = reply.ok_or_else(|| format!("graph was not asked for {asked}"))?;
    if Said::of(reply).is_gone() {
        return Ok(None);
    }
    let text = sound(about, asked, reply)?;
    read(&body(text)).map(Some)
}

/// Reads the rows of a list that has to be whole; nothing where what the list hangs on is not there.
pub(crate) fn rows<'r, T>(
    about: &About,
    asked: &str,
    reply: Option<&'r Reply>,
    read: impl FnOnce(&[Json<'r>]) -> Result<T, String>,
) -> Result<Option<T>, String> {
    one(about, asked, reply, |page| {
        if page.text("@odata.nextLink").is_some() {
            return Err(format!(
                "graph gave only a part of {asked}: the object cannot be told to be there or not"
            ));
        }
        let rows = page
            .get("value")
            .filter(|rows| matches!(rows, Json::Array(_)));
        let rows = rows.ok_or_else(|| format!("graph answered no list of {asked}"))?;
        read(rows.items())
    })
}

fn sound<'r>(about: &About, asked: &str, reply: &'r Reply) -> Result<&'r str, String> {
    if !reply.is_success() {
        return Err(unanswered(about.permissions, Service::Graph, asked, reply));
    }
    let text = std::str::from_utf8(&reply.body).ok();
    let is_object = |text: &&str| matches!(body(text), Json::Object(_));
    text.filter(is_object)
        .ok_or_else(|| format!("graph was asked for {asked} and the answer is damaged"))
}

/// Returns a field as JSON: what the answer leaves out is `null`.
pub(crate) fn field<'j, 'r>(object: &'j Json<'r>, name: &str) -> &'j Json<'r> {
    object.get(name).unwrap_or(&Json::Null)
}

/// Returns a field's text; empty where there is none.
pub(crate) fn word(object: &Json<'_>, name: &str) -> String {
    field(object, name).as_word().unwrap_or_default().to_owned()
}
