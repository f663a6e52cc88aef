//! What can be typed about the pages.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Where nobody can sign in yet, a one-time link is printed: whoever opens it first becomes an administrator, with a
password and the codes of an authenticator. It counts for fifteen minutes; fetching it does nothing.

Other machines are answered over TLS alone: by `--tls-cert` and `--tls-key`, or by a proxy before it that speaks
TLS, adds X-Forwarded-For and leaves Host as it is (`--behind-proxy`).")]
pub(crate) struct ServeArgs {
    /// Answer here
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The certificate chain, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A proxy that speaks TLS stands before it
    #[arg(long, conflicts_with = "tls_cert")]
    pub(crate) behind_proxy: bool,
    /// Print a one-time link for another administrator, although there is one: for whoever lost all proofs
    #[arg(long)]
    pub(crate) once_link: bool,
    /// Only answer: do not collect, detect or tell anybody
    #[arg(long)]
    pub(crate) pages_only: bool,
    /// Certificates to trust beside the system's, as PEM: of a proxy or a test server
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
}
