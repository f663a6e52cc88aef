//! When the certificate ends by which an application proves itself.

use crate::access::Credential;
use crate::assertion::pair;
use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, SliceReader, Tag, Tagged as _};
use model::Timestamp;

impl Credential {
    /// Returns when the certificate ends, or why that cannot be told; nothing where there is none.
    #[must_use]
    pub fn certificate_ends(&self) -> Option<Result<Timestamp, &'static str>> {
        let Self::Certificate { pem } = self else {
            return None;
        };
        let end = pair(pem.reveal()).and_then(|(_, certificate)| {
            ends(&certificate).map_err(|_| "the certificate makes no sense")
        });
        Some(end)
    }
}

/// Reads the end out of a certificate (RFC 5280, section 4.1): version where it is told, serial
/// number, algorithm, issuer, and then from when until when it holds.
fn ends(certificate: &[u8]) -> der::Result<Timestamp> {
    let whole = AnyRef::from_der(certificate)?;
    let mut outside = SliceReader::new(whole.value())?;
    let mut inside = SliceReader::new(AnyRef::decode(&mut outside)?.value())?;
    let first = AnyRef::decode(&mut inside)?;
    let before_validity = if first.tag() == Tag::Integer { 2 } else { 3 };
    for _ in 0..before_validity {
        AnyRef::decode(&mut inside)?;
    }
    let mut validity = SliceReader::new(AnyRef::decode(&mut inside)?.value())?;
    AnyRef::decode(&mut validity)?;
    let seconds = if Tag::peek(&validity)? == Tag::UtcTime {
        UtcTime::decode(&mut validity)?.to_unix_duration()
    } else {
        GeneralizedTime::decode(&mut validity)?.to_unix_duration()
    };
    Ok(Timestamp(0).plus_seconds(seconds.as_secs() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    /// The expected end is what `openssl x509 -enddate` says.
    #[test]
    fn doctor_knows_when_a_certificate_ends() {
        let of = |pem: &str| {
            let pem = Secret::from(pem.to_owned());
            Credential::Certificate { pem }.certificate_ends()
        };
        let ends = of(include_str!("../tests/key.pem"));
        assert_eq!(ends, Some(Ok(Timestamp(4_948_896_660 * 1_000_000))));
        assert!(of("no PEM").is_some_and(|end| end.is_err()));
        let secret = Credential::Secret(Secret::from("s".to_owned()));
        assert_eq!(secret.certificate_ends(), None);
        assert!(super::ends(&[0x30, 0x03, 0x02, 0x01, 0x01]).is_err());
    }
}
