//! The way of a mail to its server.

use crate::email::{Email, Letter, Security};
use crate::inert::marked;
use crate::link::is_near_host;
use crate::outcome::{Certainty, Outcome};
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use model::Timestamp;
use std::error::Error as StdError;
use std::time::{Duration, UNIX_EPOCH};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Says that no person wrote the mail, so that no automaton answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

/// The same for Exchange.
#[derive(Clone)]
struct Suppress;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Header for Suppress {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Auto-Response-Suppress")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "All".to_owned())
    }
}

/// Hands a mail to its server.
pub(crate) async fn send(
    settings: &Email,
    letter: &Letter,
    roots: Option<&[u8]>,
    timeout: Duration,
    now: Timestamp,
) -> Outcome {
    if letter.to.is_empty() {
        return Outcome::refused(
            "no address is left: each belongs to an affected mailbox or a delegate",
        );
    }
    let mail = match mail(settings, letter, now) {
        Ok(mail) => mail,
        Err(why) => return Outcome::refused(why),
    };
    let transport = match transport(settings, roots, timeout) {
        Ok(transport) => transport,
        Err(why) => return Outcome::refused(why),
    };
    let envelope = mail.envelope().clone();
    let bytes = mail.formatted();
    match transport.send_raw(&envelope, &bytes).await {
        Ok(response) => taken(&response),
        Err(error) if envelope.to().len() > 1 && is_about_one(&error) => {
            one_by_one(&transport, &envelope, &bytes).await
        }
        Err(error) => failed(&error),
    }
}

/// Returns whether a failure may be that of one address among several.
fn is_about_one(error: &SmtpError) -> bool {
    let code = error.status().map(u16::from);
    code.is_some_and(|code| matches!(code, 450..=452 | 550..=553))
}

/// Sends to each receiver alone, so that one address that is refused does not cost the others
/// their mail. Whoever has it does not get it again for the sake of the others.
async fn one_by_one(transport: &Transport, envelope: &Envelope, bytes: &[u8]) -> Outcome {
    let (mut count, mut last, mut unsure) = (0, Outcome::refused("no address"), None);
    for to in envelope.to() {
        let Ok(alone) = Envelope::new(envelope.from().cloned(), vec![to.clone()]) else {
            continue;
        };
        match transport.send_raw(&alone, bytes).await {
            Ok(_) => count += 1,
            Err(error) => match failed(&error) {
                retry @ Outcome::Retry { .. } => unsure = Some(retry),
                refused => last = refused,
            },
        }
    }
    let failure = unsure.unwrap_or(last);
    if count == 0 {
        return failure;
    }
    let why = match failure {
        Outcome::Retry { why, .. } | Outcome::Refused { why } => why,
        Outcome::Delivered { receipt, .. } => receipt,
    };
    Outcome::Delivered {
        certainty: Certainty::Accepted,
        receipt: format!(
            "taken for {count} of {} addresses; {why}",
            envelope.to().len()
        ),
    }
}

fn taken(response: &Response) -> Outcome {
    let line = words(response.first_line().unwrap_or_default());
    Outcome::Delivered {
        certainty: Certainty::Accepted,
        receipt: format!("{} {line}", response.code()),
    }
}

fn failed(error: &SmtpError) -> Outcome {
    if error.is_permanent() {
        Outcome::refused(told(error))
    } else {
        Outcome::retry(told(error))
    }
}

fn told(error: &SmtpError) -> String {
    let mut told = error.to_string();
    let mut cause = StdError::source(error);
    while let Some(next) = cause {
        let next_told = next.to_string();
        if !told.contains(&next_told) {
            told = format!("{told}: {next_told}");
        }
        cause = next.source();
    }
    format!("the mail server: {}", words(&told))
}

/// Returns the words of a server; what is too long for one could be what it was told.
fn words(text: &str) -> String {
    let short = |word: &&str| word.chars().count() <= 40;
    let words: Vec<&str> = text.split_whitespace().filter(short).collect();
    marked(&words.join(" "), 200)
}

fn transport(
    settings: &Email,
    roots: Option<&[u8]>,
    timeout: Duration,
) -> Result<Transport, String> {
    let tls = match settings.security {
        Security::None if is_near_host(&settings.server) => Tls::None,
        Security::None => {
            return Err("without TLS mail goes to a server on this machine only".to_owned());
        }
        Security::StartTls => Tls::Required(parameters(settings, roots)?),
        Security::Tls => Tls::Wrapper(parameters(settings, roots)?),
    };
    let domain = settings
        .from
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain);
    let domain = domain.trim_end_matches('>').trim();
    let hello = if settings.hello.is_empty() {
        domain
    } else {
        &settings.hello
    };
    let mut transport = Transport::builder_dangerous(&settings.server)
        .port(settings.port)
        .tls(tls)
        .timeout(Some(timeout))
        .hello_name(ClientId::Domain(hello.to_owned()));
    if let Some((user, password)) = &settings.login {
        transport =
            transport.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(transport.build())
}

fn parameters(settings: &Email, roots: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(settings.server.clone());
    if let Some(pem) = roots {
        let roots = Certificate::from_pem(pem).map_err(|error| told(&error))?;
        builder = builder.add_root_certificate(roots);
    }
    builder.build().map_err(|error| told(&error))
}

/// Builds the mail. Each header goes through a type that cannot hold a second one.
pub(crate) fn mail(settings: &Email, letter: &Letter, now: Timestamp) -> Result<Message, String> {
    let from: Mailbox = mailbox(&settings.from)?;
    let domain = from.email.domain().to_owned();
    let id = |update: u32| format!("<{}.{update}@{domain}>", letter.thread);
    let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.0).unwrap_or_default());
    let mut builder = Message::builder()
        .from(from)
        .subject(&letter.subject)
        .date(date)
        .message_id(Some(id(letter.update)))
        .header(AutoSubmitted)
        .header(Suppress);
    if letter.update > 0 {
        builder = builder.in_reply_to(id(0)).references(id(0));
    }
    for to in &letter.to {
        builder = builder.to(mailbox(to)?);
    }
    let body = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    builder
        .multipart(body)
        .map_err(|error| format!("the mail cannot be written: {error}"))
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let told = || marked(text, 100);
    if let Ok(address) = text.parse::<Address>() {
        return Ok(Mailbox::new(None, address));
    }
    text.parse::<Mailbox>()
        .map_err(|error| format!("`{}` is no mail address: {error}", told()))
}
