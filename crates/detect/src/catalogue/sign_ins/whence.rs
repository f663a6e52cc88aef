//! From where somebody came, as far as it says anything of the person.

use crate::lists::networks::{self, NetworkKind};
use crate::places::prefix;
use crate::seen::Seen;
use crate::world::World;
use model::AddressClass;

/// From where somebody came: an address of the Internet that is neither Microsoft's, nor the
/// organisation's own, nor a security gateway's.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whence {
    /// The network: its number where that is known, else a /24 or /48.
    pub(super) network: String,
    /// The number of the autonomous system; 0 if it is not known.
    pub(super) asn: u32,
    /// The country; empty if it is not known.
    pub(super) country: String,
    /// Latitude and longitude.
    pub(super) position: Option<(f64, f64)>,
    /// What kind of network it is.
    pub(super) kind: NetworkKind,
    /// Whose network it is; empty if that is not known.
    pub(super) organisation: String,
}

impl Whence {
    /// Returns from where a record came, if that says anything of a person.
    pub(super) fn read(seen: &Seen<'_>, world: &World<'_>) -> Option<Self> {
        let address = seen.address()?;
        if address.class() != AddressClass::Public || world.tenant.is_own_network(address.ip) {
            return None;
        }
        let known = networks::country(address.ip).unwrap_or_default();
        let Some(place) = seen.place() else {
            return Some(Self {
                network: prefix(address.ip),
                asn: 0,
                country: known.to_owned(),
                position: None,
                kind: NetworkKind::Access,
                organisation: String::new(),
            });
        };
        let kind = networks::kind(place.asn, &place.organisation);
        let is_unknown = place.country.is_empty();
        let whence = Self {
            network: match place.asn {
                0 => prefix(address.ip),
                asn => format!("AS{asn}"),
            },
            asn: place.asn,
            country: if is_unknown {
                known.to_owned()
            } else {
                place.country.clone()
            },
            position: place.position,
            kind,
            organisation: place.organisation.clone(),
        };
        (kind != NetworkKind::Gateway).then_some(whence)
    }

    /// Returns the network's number and name, for people.
    pub(super) fn name(&self) -> String {
        let organisation = match self.organisation.as_str() {
            "" => networks::name(self.asn),
            name => name,
        };
        match organisation {
            "" => self.network.clone(),
            name => format!("{} ({name})", self.network),
        }
    }

    /// Returns whether both are known to be in different autonomous systems.
    pub(super) fn is_other_system(&self, other: &Self) -> bool {
        self.asn != 0 && other.asn != 0 && self.asn != other.asn
    }

    /// Returns whether both are known to be in different countries.
    pub(super) fn is_other_country(&self, other: &Self) -> bool {
        !self.country.is_empty() && !other.country.is_empty() && self.country != other.country
    }
}
