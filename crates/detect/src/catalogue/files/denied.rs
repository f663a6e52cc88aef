//! From which countries nobody touches the organisation's documents.

use crate::seen::Seen;
use crate::world::{World, is_in};
use std::net::{IpAddr, Ipv4Addr};

/// The one country without an access network that a customer, traveller or employee could use,
/// and all that the registry has allocated to it: so no database is needed to tell it.
const CLOSED: &str = "KP";
const CLOSED_NETWORK: (IpAddr, u8) = (IpAddr::V4(Ipv4Addr::new(175, 45, 176, 0)), 22);

/// Returns the country of a record if the operator denies it, does not allow it, or nobody can
/// be there.
pub(super) fn denied_country(seen: &Seen<'_>, world: &World<'_>) -> Option<String> {
    let address = seen.address()?;
    let country = match seen.place() {
        Some(place) if !place.country.is_empty() => place.country.clone(),
        _ if is_in(CLOSED_NETWORK, address.ip) => CLOSED.to_owned(),
        _ => return None,
    };
    let settings = &world.tenant.settings;
    let is_denied = settings.denied_countries.contains(&country);
    let is_allowed = settings.allowed_countries.contains(&country);
    let is_unlisted = !settings.allowed_countries.is_empty() && !is_allowed;
    (is_denied || is_unlisted || (country == CLOSED && !is_allowed)).then_some(country)
}
