//! Where addresses are, from databases that the operator supplies: MaxMind's format (`.mmdb`), or
//! ranges of networks as CSV (`first address, last address, number, organisation`).

use crate::error::EngineError;
use crate::investigate::hex;
use detect::{Place, Places};
use maxminddb::Reader;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// The databases, in the order in which they are asked: each adds what those before did not know.
#[derive(Default)]
pub(crate) struct Databases {
    readers: Vec<(String, Reader<Vec<u8>>)>,
    ranges: Vec<(String, Ranges)>,
}

impl Databases {
    /// Opens the databases at these paths.
    pub(crate) fn open(paths: &[PathBuf]) -> Result<Self, EngineError> {
        let mut new = Self::default();
        for path in paths {
            let name = path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let unreadable = |what: String| EngineError::Places {
                path: path.clone(),
                what,
            };
            if path.extension().is_some_and(|ending| ending == "csv") {
                let ranges = Ranges::read(path).map_err(unreadable)?;
                new.ranges.push((name, ranges));
            } else {
                let reader = Reader::open_readfile(path);
                let reader = reader.map_err(|error| unreadable(error.to_string()))?;
                new.readers.push((name, reader));
            }
        }
        Ok(new)
    }

    /// Returns whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.readers.is_empty() && self.ranges.is_empty()
    }
}

impl Places for Databases {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let mut place = Place::default();
        for (_, reader) in &self.readers {
            let found = reader.lookup(ip).and_then(|found| found.decode::<Value>());
            if let Ok(Some(row)) = found {
                learn(&mut place, &row);
            }
        }
        for (_, ranges) in &self.ranges {
            if place.asn == 0
                && let Some((asn, organisation)) = ranges.find(ip)
            {
                place.asn = asn;
                organisation.clone_into(&mut place.organisation);
            }
        }
        (place != Place::default()).then_some(place)
    }

    fn about(&self) -> String {
        let readers = self.readers.iter().map(|(name, reader)| {
            let built = reader.metadata().build_epoch as i64;
            let day = model::Timestamp(built.saturating_mul(1_000_000)).to_string();
            format!("{name} of {}", day.get(..10).unwrap_or(&day))
        });
        let ranges = self.ranges.iter().map(|(name, ranges)| {
            format!(
                "{name} of {} ranges, digest {}",
                ranges.rows.len(),
                ranges.digest
            )
        });
        readers.chain(ranges).collect::<Vec<_>>().join(", ")
    }
}

/// Takes from a row what is not known yet; the fields are those of MaxMind's own databases and of
/// the flat ones that others publish in its format.
fn learn(place: &mut Place, row: &Value) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    if place.country.is_empty() {
        let own = text(row.pointer("/country/iso_code"));
        let flat = text(row.get("country_code"));
        place.country = if own.is_empty() { flat } else { own }.to_uppercase();
    }
    if place.city.is_empty() {
        let own = text(row.pointer("/city/names/en"));
        place.city = if own.is_empty() {
            text(row.get("city"))
        } else {
            own
        };
    }
    if place.position.is_none() {
        let location = row.get("location").unwrap_or(row);
        let number = |key: &str| location.get(key).and_then(Value::as_f64);
        place.position = number("latitude").zip(number("longitude"));
    }
    if place.asn == 0 {
        let number = row.get("autonomous_system_number").and_then(Value::as_u64);
        place.asn = number
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(0);
        place.organisation = text(row.get("autonomous_system_organization"));
    }
}

/// Ranges of addresses, each with the network that they belong to.
struct Ranges {
    /// First and last address, IPv4 held as IPv6, and which organisation; sorted.
    rows: Vec<(u128, u128, u32, u32)>,
    organisations: Vec<String>,
    /// The beginning of its digest: another edition is another database.
    digest: String,
}

impl Ranges {
    fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut new = Self {
            rows: Vec::new(),
            organisations: Vec::new(),
            digest: hex(&Sha256::digest(&text)[..4]),
        };
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let mut cells = line.splitn(4, ',');
            let mut cell = || cells.next().unwrap_or_default().trim_matches(['"', ' ']);
            let (first, last, asn, name) = (cell(), cell(), cell(), cell());
            let parsed = number(first).zip(number(last)).zip(asn.parse().ok());
            let Some(((first, last), asn)) = parsed else {
                return Err(format!(
                    "line {} is no range of addresses with a number",
                    at + 1
                ));
            };
            let next = new.organisations.len() as u32;
            let organisation = *known.entry(name.to_owned()).or_insert(next);
            if organisation == next {
                new.organisations.push(name.to_owned());
            }
            new.rows.push((first, last, asn, organisation));
        }
        new.rows.sort_unstable();
        Ok(new)
    }

    fn find(&self, ip: IpAddr) -> Option<(u32, &str)> {
        let ip = widened(ip);
        let behind = self.rows.partition_point(|row| row.0 <= ip);
        let (_, last, asn, organisation) = self.rows.get(behind.checked_sub(1)?)?;
        let name = self.organisations.get(*organisation as usize)?;
        (ip <= *last).then_some((*asn, name))
    }
}

fn number(text: &str) -> Option<u128> {
    text.parse().ok().map(widened)
}

fn widened(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ranges_hold_their_addresses_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("asn.csv");
        let text = "203.0.113.0,203.0.113.127,64500,\"Example, Net\"\n2001:db8::,2001:db8::ffff,64501,Six\n198.51.100.0,198.51.100.255,64500,\"Example, Net\"\n";
        std::fs::write(&path, text).expect("written");
        let databases = Databases::open(std::slice::from_ref(&path)).expect("opened");
        let find = |ip: &str| databases.place(ip.parse().expect("an address"));
        let place = find("203.0.113.7").expect("a place");
        assert_eq!(
            (place.asn, place.organisation.as_str()),
            (64500, "Example, Net")
        );
        assert_eq!(find("2001:db8::7").map(|place| place.asn), Some(64501));
        assert_eq!(find("203.0.113.200"), None);
        assert_eq!(find("192.0.2.1"), None);
        std::fs::write(&path, "a,b\n").expect("written");
        assert!(Databases::open(&[path]).is_err());
        assert!(Databases::open(&[folder.path().join("none.mmdb")]).is_err());
    }

    #[test]
    fn rows_of_several_databases_add_up() {
        let mut place = Place::default();
        learn(&mut place, &json!({"country_code": "nl"}));
        learn(
            &mut place,
            &json!({"country": {"iso_code": "DE"}, "city": {"names": {"en": "Delft"}}, "location": {"latitude": 52.0, "longitude": 4.4}}),
        );
        learn(
            &mut place,
            &json!({"autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"}),
        );
        assert_eq!(
            (place.country.as_str(), place.city.as_str()),
            ("NL", "Delft")
        );
        assert_eq!((place.asn, place.position), (64500, Some((52.0, 4.4))));
    }
}
