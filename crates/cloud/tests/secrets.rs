//! No secret and no token in a log or an error, whatever the other side repeats.

use crate::server::{Answer, CLIENT, PASSWORD, Server, TENANT, clock, door, json, limits, token};
use cloud::{Credential, Door, Secret};
use model::{Ask, Pace, Service, Want};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[tokio::test]
async fn logs_and_errors_hold_no_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut told = String::new();
    for mischief in 0..6 {
        let server = Server::start(move |seen, nth| {
            // Repeats everything it was told, everywhere.
            let echo = format!(
                "{} {} {:?}",
                seen.body,
                seen.form().into_values().collect::<String>(),
                seen.headers
            );
            let error = serde_json::json!({"error": echo, "error_description": echo});
            match (seen.is_login(), mischief) {
                (true, 0) => Some(json(400, &error.to_string())),
                (true, 1) => Some(json(200, &echo)),
                (true, _) => None,
                (false, 2) => Some(json(403, &echo)),
                (false, 3) if nth == 0 => Some(Answer::Cut(echo.into_bytes())),
                (false, 4) => Some(json(200, &echo)),
                (false, 5) => Some(Answer::Reset(Vec::new())),
                (false, _) => Some(json(404, &echo)),
            }
        })
        .await;
        let (door, access) = (door(), server.tenant());
        let ask =
            Ask::get(Service::Storage, Pace::Storage, "/c?sig=s1gnature").wanting(Want::Records);
        let sent = door.send(&access, &ask).await;
        if let Err(failure) = &sent.outcome {
            told = format!("{told}{failure} {failure:?} ");
        }
        if let Ok(reply) = &sent.outcome {
            told.push_str(&String::from_utf8_lossy(&reply.body));
        }
        let token = door.token(&access, Service::Storage).await;
        told = format!("{told}{access:?} {token:?}");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("took a token") && told.contains("no token"),
        "{told}"
    );
    for text in [&log, &told] {
        for secret in [
            PASSWORD,
            "sesame",
            "s1gnature",
            &token(TENANT, 0),
            &token(TENANT, 1),
        ] {
            // The address of a question is its own; what a 404 repeats of it is the service's word.
            let hidden = secret == "s1gnature" || !text.contains(secret);
            assert!(hidden, "{secret} in {text}");
        }
    }
    assert!(!log.contains("s1gnature"), "{log}");
}

#[tokio::test]
async fn a_refresh_token_is_not_told_either() {
    let server = Server::start(|seen, _| {
        let echo = serde_json::json!({"error": "invalid_grant", "error_description": seen.body});
        Some(json(400, &echo.to_string()))
    })
    .await;
    let access = server.access(
        TENANT,
        Credential::Refresh {
            token: Secret::from("refresh-me".to_owned()),
            client_secret: Some(Secret::from("tell-nobody".to_owned())),
            rotated: Box::new(|_| {}),
        },
    );
    let no = Door::new(limits(), clock, None)
        .unwrap()
        .token(&access, Service::Graph)
        .await;
    let told = format!("{no:?} {access:?}");
    assert!(told.contains(CLIENT));
    assert!(
        !told.contains("refresh-me") && !told.contains("tell-nobody"),
        "{told}"
    );
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
