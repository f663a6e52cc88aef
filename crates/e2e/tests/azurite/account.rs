//! A storage account that the test writes into as Azure's own services would: over TLS, signed
//! with the account's key. What reads from it is the product, with a token.

use crate::azurite::service::now;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// The name and the key of the emulator's account, which everybody knows.
pub(crate) const NAME: &str = "devstoreaccount1";
const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A connection to the account, kept alive from one request to the next.
pub(crate) struct Account {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    key: hmac::Key,
    port: u16,
    containers: BTreeSet<String>,
}

impl Account {
    pub(crate) fn open(port: u16, trust: &Arc<ClientConfig>) -> Self {
        let server = ServerName::try_from("127.0.0.1").expect("an address");
        let session = ClientConnection::new(Arc::clone(trust), server).expect("a session");
        let socket = TcpStream::connect(("127.0.0.1", port)).expect("Azurite listens");
        socket.set_nodelay(true).expect("a socket");
        let key = STANDARD.decode(KEY).expect("a key");
        Self {
            stream: BufReader::new(StreamOwned::new(session, socket)),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            port,
            containers: BTreeSet::new(),
        }
    }

    /// Makes a container, unless it did before.
    pub(crate) fn make_container(&mut self, container: &str) {
        if self.containers.insert(container.to_owned()) {
            let status = self.put(container, &[("restype", "container")], &[], "");
            assert_eq!(status, 201, "{container}");
        }
    }

    /// Makes an append blob, empty.
    pub(crate) fn make_blob(&mut self, container: &str, name: &str) {
        let kind = [("x-ms-blob-type", "AppendBlob")];
        let status = self.put(&format!("{container}/{name}"), &[], &kind, "");
        assert_eq!(status, 201, "{container}/{name}");
    }

    pub(crate) fn append(&mut self, container: &str, name: &str, text: &str) {
        let block = [("comp", "appendblock")];
        let status = self.put(&format!("{container}/{name}"), &block, &[], text);
        assert_eq!(status, 201, "{container}/{name}");
    }

    fn put(&mut self, path: &str, query: &[(&str, &str)], own: &[(&str, &str)], body: &str) -> u16 {
        let date = httpdate::fmt_http_date(now());
        let mut headers = BTreeMap::from([("x-ms-date", &*date), ("x-ms-version", "2021-12-02")]);
        headers.extend(own.iter().copied());
        let signature = self.sign(path, query, &headers, body.len());
        let query: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = format!(
            "PUT /{NAME}/{path}?{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n\
             Authorization: SharedKey {NAME}:{signature}\r\n",
            query.join("&"),
            self.port,
            body.len()
        );
        for (name, value) in &headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        let stream = self.stream.get_mut();
        stream.write_all(request.as_bytes()).expect("it is sent");
        stream.flush().expect("it is sent");
        self.answer()
    }

    /// Signs as "Authorize with Shared Key" tells. The account is named twice: in an emulator it
    /// is a part of the path as well.
    fn sign(
        &self,
        path: &str,
        query: &[(&str, &str)],
        headers: &BTreeMap<&str, &str>,
        length: usize,
    ) -> String {
        let length = Some(length).filter(|length| *length > 0);
        let length = length.map(|length| length.to_string()).unwrap_or_default();
        let mut text = format!("PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n");
        for (name, value) in headers {
            let _ = writeln!(text, "{name}:{value}");
        }
        let _ = write!(text, "/{NAME}/{NAME}/{path}");
        for (name, value) in query {
            let _ = write!(text, "\n{name}:{value}");
        }
        STANDARD.encode(hmac::sign(&self.key, text.as_bytes()))
    }

    /// Reads an answer to its end and returns its status.
    fn answer(&mut self) -> u16 {
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|text| text.parse().ok());
        let mut length = 0;
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            assert!(!line.starts_with("transfer-encoding"), "{line}");
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a whole body");
        status.expect("a status")
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }
}
