//! A way to prove who one is goes from an account.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, one, word};
use crate::respond::heard::{self, Heard, Retry};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::said::Said;
use crate::respond::state::State;
use crate::respond::written::{kept, object as json, part, quoted};
use model::{Ask, Change, Reply, Verb};

const ABOUT: About = About {
    id: "remove-method",
    title: "Remove sign-in method",
    sentence: "Removes a sign-in method from the account.",
    permissions: &["UserAuthenticationMethod.ReadWrite.All"],
    stage: Stage::Methods,
    reversible: Reversible::Partly(
        "only a telephone number can be put back; everything else has to be registered anew by the person",
    ),
    notices: "The person cannot use this method any more; whoever has no other has to register one.",
    limits: "The password is no such method. The default method can only go after the others. For a holder of a \
             directory role the application needs a role at least as high.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1556.006", "T1098.005"],
};

/// The kinds of methods: their type, the part of the path, and the words for a person.
const KINDS: [(&str, &str, &str); 11] = [
    ("phone", "v1.0 phoneMethods", "telephone"),
    ("email", "v1.0 emailMethods", "email address"),
    ("fido2", "v1.0 fido2Methods", "security key"),
    (
        "microsoftAuthenticator",
        "v1.0 microsoftAuthenticatorMethods",
        "Microsoft Authenticator",
    ),
    (
        "passwordlessMicrosoftAuthenticator",
        "beta passwordlessMicrosoftAuthenticatorMethods",
        "Microsoft Authenticator without password",
    ),
    (
        "softwareOath",
        "v1.0 softwareOathMethods",
        "authenticator app with codes",
    ),
    (
        "temporaryAccessPass",
        "v1.0 temporaryAccessPassMethods",
        "temporary access pass",
    ),
    (
        "windowsHelloForBusiness",
        "v1.0 windowsHelloForBusinessMethods",
        "Windows Hello for Business",
    ),
    (
        "platformCredential",
        "v1.0 platformCredentialMethods",
        "platform credential",
    ),
    (
        "external",
        "v1.0 externalAuthenticationMethods",
        "external method",
    ),
    ("qrCodePin", "beta qrCodePinMethod", "QR code with PIN"),
];

/// What of a method is shown and kept; the rest moves by itself.
const FIELDS: [&str; 6] = [
    "displayName",
    "phoneNumber",
    "phoneType",
    "emailAddress",
    "createdDateTime",
    "model",
];

/// Removes a sign-in method. The object's extra `type` is the one of Graph, without its dressing.
pub(crate) struct RemoveMethod;

/// Returns the type of a method without its dressing: `phone` for
/// `#microsoft.graph.phoneAuthenticationMethod`.
pub(crate) fn kind(odata_type: &str) -> &str {
    let bare = odata_type.rsplit('.').next().unwrap_or_default();
    bare.strip_suffix("AuthenticationMethod").unwrap_or(bare)
}

/// Returns the words for a kind of method.
pub(crate) fn words(kind: &str) -> &str {
    let known = KINDS.iter().find(|(own, _, _)| *own == kind);
    known.map_or(kind, |(_, _, words)| words)
}

impl Action for RemoveMethod {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        path(object).map(get).into_iter().collect()
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        path(object)?;
        let asked = format!("a sign-in method of {}", object.user);
        let read = one(&ABOUT, &asked, replies.first(), |method| {
            if !is_same(&word(method, "id"), &object.id) {
                return Err(format!("graph was asked for {asked} and told of another"));
            }
            let state = State::default().with_text("type", object.extra("type"));
            let said = FIELDS.into_iter().filter(|name| method.get(name).is_some());
            Ok(said.fold(state, |state, name| state.with(name, field(method, name))))
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the method is not there any more".to_owned());
        }
        Ok(vec![change(Verb::Delete, path(object)?, None)])
    }

    fn heard(&self, _: &Object, reply: &Reply) -> Heard {
        let said = Said::of(reply);
        let is_default = said.speaks_of("Cannot delete default method")
            || said.speaks_of("current default authentication method");
        if !reply.is_success() && is_default {
            let hint = "the default method goes after the others; where it is the only one left, the person \
                        registers another first";
            return heard::refused(said.line(), hint, Retry::AfterOthers);
        }
        heard::plainly(&ABOUT, reply)
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if object.extra("type") != "phone" {
            return Err(ABOUT.reversible.why().to_owned());
        }
        let fields = ["phoneNumber", "phoneType"];
        let body = json(&fields.map(|name| (name, kept(before.json(name)))));
        let user = part(object.extra("userId"));
        let path = format!("/v1.0/users/{user}/authentication/phoneMethods");
        Ok(vec![change(Verb::Post, path, Some(body))])
    }

    fn is_undone(&self, _: &Object, before: &State, after: &State) -> bool {
        let fields = ["type", "phoneNumber", "phoneType"];
        !after.is_gone()
            && fields
                .iter()
                .all(|name| before.json(name) == after.json(name))
    }

    fn manual(&self, object: &Object) -> String {
        let (user, id) = (quoted(&object.user), quoted(&object.id));
        let mut kind = object.extra("type").to_owned();
        if let Some(first) = kind.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        format!(
            "Remove-MgUserAuthentication{kind}Method -UserId {user} -{kind}AuthenticationMethodId {id}"
        )
    }
}

/// There is no path for methods of whatever kind.
fn path(object: &Object) -> Result<String, String> {
    let kind = object.extra("type");
    if kind == "password" {
        return Err("a password cannot be removed: it is reset".to_owned());
    }
    let known = KINDS.iter().find(|(own, _, _)| *own == kind);
    let (_, place, _) =
        known.ok_or_else(|| format!("methods of the kind `{kind}` are not known"))?;
    let (version, segment) = place.split_once(' ').unwrap_or(("v1.0", place));
    let (user, id) = (part(object.extra("userId")), part(&object.id));
    // Of this one there is one at most, and it has no id in its path.
    if kind == "qrCodePin" {
        return Ok(format!("/{version}/users/{user}/authentication/{segment}"));
    }
    Ok(format!(
        "/{version}/users/{user}/authentication/{segment}/{id}"
    ))
}
