//! Where an address is, and what kind of network it belongs to.

use std::net::IpAddr;

/// Where an address is.
#[derive(Clone, Debug, Default, PartialEq, PartialOrd)]
pub struct Place {
    /// The country as ISO 3166 has it, in upper case; empty if it is not known.
    pub country: String,
    /// The city; empty if it is not known.
    pub city: String,
    /// The number of the autonomous system; 0 if it is not known.
    pub asn: u32,
    /// The autonomous system's organisation.
    pub organisation: String,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
}

/// Whoever knows where addresses are: a database that the operator supplies.
pub trait Places {
    /// Returns where an address is.
    fn place(&self, ip: IpAddr) -> Option<Place>;

    /// Returns what the database is and how old, in a line.
    fn about(&self) -> String;
}

/// Knows no place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Places for Nowhere {
    fn place(&self, _ip: IpAddr) -> Option<Place> {
        None
    }

    fn about(&self) -> String {
        "no database of places".to_owned()
    }
}

/// Returns the /24 or /48 in which an address is.
#[must_use]
pub fn prefix(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// Returns how far two places are apart, in kilometres, as the crow flies.
#[must_use]
pub fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    const EARTH_RADIUS_KM: f64 = 6371.0;
    let (from, to) = (
        (from.0.to_radians(), from.1.to_radians()),
        (to.0.to_radians(), to.1.to_radians()),
    );
    let latitude = ((to.0 - from.0) / 2.0).sin().powi(2);
    let longitude = ((to.1 - from.1) / 2.0).sin().powi(2);
    let chord = latitude + from.0.cos() * to.0.cos() * longitude;
    2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_prefix() {
        let prefix = |ip: &str| prefix(ip.parse().expect("an address"));
        assert_eq!(prefix("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(prefix("2001:db8:1:2::7"), "2001:db8:1::/48");
    }

    #[test]
    fn amsterdam_and_paris_are_430_kilometres_apart() {
        let apart = kilometres((52.37, 4.90), (48.86, 2.35));
        assert!((425.0..435.0).contains(&apart), "{apart}");
    }
}
