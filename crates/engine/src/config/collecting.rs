//! What the operator says of collecting: which tenants, with what credentials, which sources.

use super::detection::DraftDetect;
use super::origins::{BUILT_IN, Origin};
use super::secrets::Reference;
use cloud::Endpoints;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A tenant that is collected.
#[derive(Clone, Debug)]
pub(crate) struct Onboarded {
    /// Its id, in lower case.
    pub(crate) id: String,
    /// What the operator calls it.
    pub(crate) name: String,
    /// Words that the operator sorts tenants by.
    pub(crate) tags: Vec<String>,
    /// The cloud that it is in.
    pub(crate) cloud: String,
    /// Where the services of that cloud are.
    pub(crate) endpoints: Arc<Endpoints>,
    /// The application that reads.
    pub(crate) client_id: String,
    /// How it proves itself.
    pub(crate) proof: Proof,
    /// The application that changes, by its id and how it proves itself: another one, or none.
    pub(crate) responder: Option<(String, Proof)>,
    /// Feeds, or groups of them by what stands before `/`; those that are on by themselves where none is said.
    pub(crate) sources: Vec<String>,
    /// Content types of the Management Activity API.
    pub(crate) content: Vec<String>,
    /// How far back a first run reaches; nothing is as far as each service keeps its records.
    pub(crate) since: Option<Duration>,
    /// How long to wait between two looks.
    pub(crate) poll: Duration,
    /// The tenant of the publisher whose quota is used; the tenant itself where none is said.
    pub(crate) publisher: Option<String>,
    /// Azure DevOps organisations.
    pub(crate) devops: Vec<String>,
    /// Azure subscriptions; all that can be seen where none is said.
    pub(crate) subscriptions: Vec<String>,
    /// Every value, and where it was said.
    pub(crate) origins: Vec<Origin>,
}

impl Onboarded {
    /// Returns whether this is its id or its name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name.trim()) || self.name.eq_ignore_ascii_case(name.trim())
    }
}

/// How an application proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A client secret.
    Secret(Reference),
    /// A certificate with its key, PEM.
    Certificate(Reference),
    /// A token of another identity provider, read anew each time.
    Federated(Reference),
    /// The identity of the machine that this runs on.
    ManagedIdentity,
    /// A refresh token of a person or a partner's service account.
    Refresh {
        /// The token.
        token: Reference,
        /// The application's secret, where it has one.
        secret: Option<Reference>,
    },
}

/// What can be said of a tenant, or of all.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftTenant {
    pub(super) id: String,
    pub(super) detect: DraftDetect,
    name: Option<String>,
    tags: Option<Vec<String>>,
    timezone: Option<String>,
    cloud: Option<String>,
    sources: Option<Vec<String>>,
    content: Option<Vec<String>>,
    since: Option<String>,
    poll: Option<String>,
    publisher: Option<String>,
    devops: Option<Vec<String>>,
    subscriptions: Option<Vec<String>>,
    storage: Option<String>,
    collect: DraftCredential,
    respond: DraftCredential,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftCredential {
    client_id: Option<String>,
    secret: Option<String>,
    cert: Option<String>,
    federated: Option<String>,
    managed_identity: Option<bool>,
    refresh_token: Option<String>,
}

impl DraftTenant {
    /// Returns whether it says what can only be said of one tenant.
    pub(super) fn is_of_one_tenant(&self) -> bool {
        !self.id.is_empty() || self.name.is_some() || self.detect != DraftDetect::default()
    }
}

/// A cloud of the operator's own: a built-in one with other addresses.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct DraftCloud {
    like: Option<String>,
    #[serde(flatten)]
    addresses: BTreeMap<String, String>,
}

/// Collects each value with its origin: the tenant's own word, then the word for all, then what is built in.
struct Chosen<'a> {
    own: &'a Path,
    main: &'a Path,
    origins: Vec<Origin>,
}

impl Chosen<'_> {
    fn note(&mut self, key: &str, value: String, from: String) {
        self.origins.push(Origin {
            key: key.to_owned(),
            value,
            from,
        });
    }

    fn of<T: Clone>(
        &mut self,
        key: &str,
        said: (Option<&T>, Option<&T>),
        otherwise: T,
        told: impl Fn(&T) -> String,
    ) -> T {
        let (value, from) = match said {
            (Some(own), _) => (own.clone(), self.own.display().to_string()),
            (None, Some(all)) => (all.clone(), self.main.display().to_string()),
            (None, None) => (otherwise, BUILT_IN.to_owned()),
        };
        self.note(key, told(&value), from);
        value
    }
}

/// What `since` is where nothing is said: as far back as each service keeps its records.
const EVERYTHING: &str = "everything";

const CONTENT: &[&str] = &[
    "Audit.AzureActiveDirectory",
    "Audit.Exchange",
    "Audit.SharePoint",
    "Audit.General",
];

/// Checks what is said of a tenant; nothing where it has no credentials, for then it is only known.
pub(super) fn onboarded(
    id: String,
    own: &DraftTenant,
    all: &DraftTenant,
    clouds: &BTreeMap<String, DraftCloud>,
    (own_path, main): (&Path, &Path),
) -> Result<Option<Onboarded>, String> {
    if own.collect == DraftCredential::default() && all.collect == DraftCredential::default() {
        return Ok(None);
    }
    let mut chosen = Chosen {
        own: own_path,
        main,
        origins: Vec::new(),
    };
    let text = |value: &String| value.clone();
    let list = |value: &Vec<String>| value.join(", ");
    let name = chosen.of("name", (own.name.as_ref(), None), id.clone(), text);
    let tags = chosen.of(
        "tags",
        (own.tags.as_ref(), all.tags.as_ref()),
        Vec::new(),
        list,
    );
    let cloud = chosen.of(
        "cloud",
        (own.cloud.as_ref(), all.cloud.as_ref()),
        "commercial".to_owned(),
        text,
    );
    let sources = chosen.of(
        "sources",
        (own.sources.as_ref(), all.sources.as_ref()),
        Vec::new(),
        list,
    );
    let content = chosen.of(
        "content",
        (own.content.as_ref(), all.content.as_ref()),
        words(CONTENT),
        list,
    );
    let since = chosen.of(
        "since",
        (own.since.as_ref(), all.since.as_ref()),
        EVERYTHING.to_owned(),
        text,
    );
    let poll = chosen.of(
        "poll",
        (own.poll.as_ref(), all.poll.as_ref()),
        "1m".to_owned(),
        text,
    );
    let publisher = own.publisher.clone().or_else(|| all.publisher.clone());
    let devops = chosen.of("devops", (own.devops.as_ref(), None), Vec::new(), list);
    let subscriptions = chosen.of(
        "subscriptions",
        (own.subscriptions.as_ref(), None),
        Vec::new(),
        list,
    );
    let (client_id, proof) = credential("collect", &own.collect, &all.collect, &mut chosen)?;
    let responder = responder((&own.respond, &all.respond), &client_id, &mut chosen)?;
    let mut endpoints = endpoints(&cloud, clouds)?;
    if let Some(address) = &own.storage {
        endpoints
            .set("storage", address)
            .map_err(|error| error.to_string())?;
        chosen.note("storage", address.clone(), own_path.display().to_string());
    }
    Ok(Some(Onboarded {
        id,
        name,
        tags,
        cloud,
        endpoints: Arc::new(endpoints),
        client_id,
        proof,
        responder,
        sources,
        content,
        since: (since != EVERYTHING)
            .then(|| period("since", &since))
            .transpose()?,
        poll: period("poll", &poll)?.max(Duration::from_secs(1)),
        publisher,
        devops,
        subscriptions,
        origins: chosen.origins,
    }))
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// Returns the application that changes the tenant. One that reads is never it: whoever takes what
/// collects must not be able to change anything.
fn responder(
    (own, all): (&DraftCredential, &DraftCredential),
    reader: &str,
    chosen: &mut Chosen<'_>,
) -> Result<Option<(String, Proof)>, String> {
    if *own == DraftCredential::default() && *all == DraftCredential::default() {
        return Ok(None);
    }
    let (client_id, proof) = credential("respond", own, all, chosen)?;
    if client_id.eq_ignore_ascii_case(reader) {
        return Err(
            "`respond` names the application of `collect`: register another one for changes"
                .to_owned(),
        );
    }
    Ok(Some((client_id, proof)))
}

fn credential(
    what: &str,
    own: &DraftCredential,
    all: &DraftCredential,
    chosen: &mut Chosen<'_>,
) -> Result<(String, Proof), String> {
    let client_id = own.client_id.as_ref().or(all.client_id.as_ref());
    // A tenant that says how its application proves itself says it whole.
    let (draft, from) = if own.proofs() > 0 {
        (own, chosen.own)
    } else {
        (all, chosen.main)
    };
    if draft.proofs() != 1 {
        return Err(format!(
            "`{what}` needs exactly one of `secret`, `cert`, `federated`, `managed_identity` or \
             `refresh_token` (which may have a `secret` beside it)"
        ));
    }
    let from = from.display().to_string();
    let mut refer = |key: &str, text: &Option<String>| -> Result<Option<Reference>, String> {
        let Some(text) = text else { return Ok(None) };
        let reference = Reference::read(key, text)?;
        chosen.note(&format!("{what}.{key}"), reference.told(), from.clone());
        Ok(Some(reference))
    };
    let secret = refer("secret", &draft.secret)?;
    let cert = refer("cert", &draft.cert)?;
    let federated = refer("federated", &draft.federated)?;
    let refresh = refer("refresh_token", &draft.refresh_token)?;
    let proof = match (refresh, secret, cert, federated) {
        (Some(token), secret, None, None) => Proof::Refresh { token, secret },
        (None, Some(secret), None, None) => Proof::Secret(secret),
        (None, None, Some(cert), None) => Proof::Certificate(cert),
        (None, None, None, Some(federated)) => Proof::Federated(federated),
        _ => Proof::ManagedIdentity,
    };
    let client_id = match client_id {
        Some(client_id) => client_id.clone(),
        None if proof == Proof::ManagedIdentity => String::new(),
        None => return Err(format!("`{what}` names no `client_id`")),
    };
    let from = if own.client_id.is_some() {
        chosen.own
    } else {
        chosen.main
    };
    let from = from.display().to_string();
    chosen.note(&format!("{what}.client_id"), client_id.clone(), from);
    Ok((client_id, proof))
}

impl DraftCredential {
    /// Returns how many ways of proof are given; a secret beside a refresh token is part of that way.
    fn proofs(&self) -> usize {
        let secret = self.secret.is_some() && self.refresh_token.is_none();
        [
            secret,
            self.cert.is_some(),
            self.federated.is_some(),
            self.managed_identity == Some(true),
            self.refresh_token.is_some(),
        ]
        .into_iter()
        .filter(|given| *given)
        .count()
    }
}

/// Returns the addresses of a cloud: a built-in one, or one of the operator's own.
pub(super) fn endpoints(
    cloud: &str,
    clouds: &BTreeMap<String, DraftCloud>,
) -> Result<Endpoints, String> {
    let built_in = |name: &str| {
        Endpoints::of(name).ok_or_else(|| {
            format!(
                "there is no cloud `{name}`: it is one of {}, or one of your own under `[clouds.{name}]`",
                Endpoints::names().join(", ")
            )
        })
    };
    let Some(draft) = clouds.get(cloud) else {
        return built_in(cloud);
    };
    let mut endpoints = built_in(draft.like.as_deref().unwrap_or("commercial"))?;
    for (service, address) in &draft.addresses {
        endpoints
            .set(service, address)
            .map_err(|error| format!("`[clouds.{cloud}]`: {error}"))?;
    }
    Ok(endpoints)
}

/// The units of a period, each with its milliseconds; `ms` comes before `s`, which it ends in.
const UNITS: [(&str, u64); 5] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

const LONGEST_PERIOD: u64 = 10 * 366 * 86_400_000;

/// Reads a period such as `500ms`, `90s`, `15m`, `24h` or `7d`.
pub(crate) fn period(key: &str, text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{key} = \"{text}\"` is no period: write `90s`, `15m`, `24h` or `7d`");
    let text = text.trim();
    let read = |(unit, millis): &(&str, u64)| Some((text.strip_suffix(unit)?, *millis));
    let (number, millis) = UNITS.iter().find_map(read).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number
        .checked_mul(millis)
        .filter(|millis| (1..=LONGEST_PERIOD).contains(millis))
        .map(Duration::from_millis)
        .ok_or_else(wrong)
}
