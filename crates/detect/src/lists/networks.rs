//! Networks that are rented by the hour, and networks that hide where somebody is.
//!
//! By number of the autonomous system, as the registries of the Internet publish them; where a
//! database names the organisation too, by words that only such companies have in their names.
//! Not here: the networks of the operator, who names them in the settings.

use std::net::{IpAddr, Ipv4Addr};

/// What an autonomous system is to somebody who wants to know where a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkKind {
    /// People's access: homes, offices, mobile carriers; or nothing is known of it.
    Access,
    /// Servers for rent.
    Hosting,
    /// A service that sells other addresses: VPN, proxy, residential proxy.
    Vpn,
    /// A relay that browsers and phones of many people use without much thought.
    Relay,
    /// A security gateway through which companies send their people's traffic.
    Gateway,
}

impl NetworkKind {
    /// Returns whether the network says that somebody rented or hides an address.
    #[must_use]
    pub fn is_rented(self) -> bool {
        matches!(self, Self::Hosting | Self::Vpn)
    }

    /// Returns the words that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "an access network",
            Self::Hosting => "a hosting network",
            Self::Vpn => "a VPN or proxy network",
            Self::Relay => "a relay",
            Self::Gateway => "a security gateway",
        }
    }
}

/// Servers for rent, with the name that the registries give.
const HOSTING: &[(u32, &str)] = &[
    (3223, "Voxility"),
    (7203, "Leaseweb USA"),
    (8100, "QuadraNet"),
    (8560, "IONOS"),
    (12876, "Scaleway"),
    (14061, "DigitalOcean"),
    (14618, "Amazon"),
    (14956, "RouterHosting"),
    (16276, "OVH"),
    (16509, "Amazon"),
    (19148, "Leaseweb USA"),
    (19318, "Interserver"),
    (19437, "SecureServer"),
    (19871, "Network Solutions"),
    (19969, "Joe's Datacenter"),
    (20278, "Nexeon"),
    (20473, "Vultr"),
    (21859, "Zenlayer"),
    (22612, "Namecheap"),
    (23470, "ReliableSite"),
    (24940, "Hetzner"),
    (25820, "IT7 Networks"),
    (26347, "DreamHost"),
    (26496, "GoDaddy"),
    (26548, "PureVoltage"),
    (28753, "Leaseweb Deutschland"),
    (29066, "velia.net"),
    (29802, "HIVELOCITY"),
    (30633, "Leaseweb USA"),
    (30823, "combahton"),
    (31898, "Oracle Cloud"),
    (32475, "SingleHop"),
    (32489, "Amanah"),
    (32613, "Leaseweb Canada"),
    (33387, "DataShack"),
    (33438, "StackPath"),
    (34665, "Petersburg Internet Network"),
    (35048, "Biterika"),
    (35916, "MULTACOM"),
    (36007, "Kamatera"),
    (36351, "IBM Cloud"),
    (36352, "ColoCrossing"),
    (37963, "Alibaba Cloud"),
    (39572, "DataWeb"),
    (40021, "Contabo"),
    (40065, "CNSERVERS"),
    (40676, "Psychz Networks"),
    (41564, "Orion Network"),
    (42831, "UK Dedicated Servers"),
    (43260, "DGN Teknoloji"),
    (43350, "NForce"),
    (44066, "firstcolo"),
    (44477, "Stark Industries"),
    (44901, "Belcloud"),
    (45090, "Tencent Cloud"),
    (45102, "Alibaba Cloud"),
    (46475, "Limestone Networks"),
    (46562, "Performive"),
    (46606, "Unified Layer"),
    (46664, "VolumeDrive"),
    (46844, "Sharktech"),
    (47583, "Hostinger"),
    (49392, "LLC Baxet"),
    (49453, "Global Layer"),
    (49505, "Selectel"),
    (49981, "WorldStream"),
    (50304, "Blix Solutions"),
    (50673, "Serverius"),
    (51167, "Contabo"),
    (51396, "Pfcloud"),
    (51765, "Oy Crea Nova"),
    (51852, "Private Layer"),
    (52048, "DataClub"),
    (52393, "Corporacion Dana"),
    (52423, "Data Miners"),
    (53667, "FranTech Solutions"),
    (53850, "GorillaServers"),
    (54290, "Hostwinds"),
    (54600, "PEG TECH"),
    (55286, "B2 Net Solutions"),
    (55293, "A2 Hosting"),
    (56630, "Melbikomas"),
    (56971, "CGI Global"),
    (57043, "Hostkey"),
    (57169, "EDIS"),
    (58061, "Scalaxy"),
    (58065, "Packet Exchange"),
    (59253, "Leaseweb Asia"),
    (60068, "Datacamp"),
    (60117, "Host Sailor"),
    (60404, "Liteserver"),
    (60602, "Inovare-Prim"),
    (60781, "Leaseweb Netherlands"),
    (61317, "Hivelocity"),
    (61414, "EDGENAP"),
    (62005, "BlueVPS"),
    (62217, "VooServers"),
    (62563, "GTHost"),
    (62567, "DigitalOcean"),
    (62904, "Eonix"),
    (63018, "Dedicated.com"),
    (63023, "GTHost"),
    (63473, "HostHatch"),
    (63949, "Akamai Linode"),
    (132203, "Tencent Cloud"),
    (135377, "UCLOUD"),
    (136787, "PacketHub"),
    (136907, "Huawei Cloud"),
    (139646, "HONG KONG Megalayer"),
    (142002, "Scloud"),
    (197540, "netcup"),
    (198610, "Beget"),
    (199524, "G-Core"),
    (200019, "AlexHost"),
    (200651, "FlokiNET"),
    (200740, "First Server"),
    (202053, "UpCloud"),
    (202422, "G-Core"),
    (202425, "IP Volume"),
    (204428, "SS-Net"),
    (204957, "GREEN FLOID"),
    (206092, "SECFIREWALLAS"),
    (206264, "Amarutu"),
    (207651, "Hosting technology"),
    (207713, "Global Internet Solutions"),
    (208046, "HostSlick"),
    (209372, "WS Telecom"),
    (209588, "Flyservers"),
    (210558, "1337 Services"),
    (210644, "Aeza"),
    (211252, "Delis"),
    (212238, "Datacamp"),
    (213230, "Hetzner"),
    (213035, "Serverion"),
    (215540, "Global Connectivity Solutions"),
    (216071, "SERVERS TECH"),
    (394711, "Limenet"),
    (395092, "Shock Hosting"),
    (395954, "Leaseweb USA"),
    (396073, "Majestic Hosting"),
    (396356, "Latitude.sh"),
    (396982, "Google Cloud"),
    (397373, "H4Y Technologies"),
    (398101, "GoDaddy"),
    (398781, "Secure Internet"),
    (399486, "12651980 Canada"),
    (399629, "BL Networks"),
    (399989, "xTom"),
    (400328, "Intelligence Hosting"),
    (400940, "Hosting network"),
    (401115, "EKABI"),
];

/// Companies that sell other addresses.
const VPN: &[(u32, &str)] = &[
    (9009, "M247"),
    (11878, "tzulo"),
    (16247, "M247"),
    (39351, "31173 Services (Mullvad)"),
    (43948, "GlobalAxs"),
    (49367, "Seflow"),
    (49483, "Proton"),
    (50867, "ORG-HNL (residential proxies)"),
    (52041, "Timer"),
    (60729, "Zwiebelfreunde (Tor)"),
    (62041, "Telegram"),
    (62240, "Clouvider"),
    (62371, "Proton"),
    (136557, "Host Universal"),
    (137409, "GSL Networks"),
    (141039, "PacketHub (NordVPN)"),
    (147049, "PacketHub (NordVPN)"),
    (199218, "ProtonVPN"),
    (203020, "HostRoyale"),
    (205016, "HERN Labs (ExpressVPN)"),
    (207137, "PacketHub (NordVPN)"),
    (207990, "HostRoyale"),
    (208172, "Proton"),
    (208294, "CIA Triad Security (Tor)"),
    (208323, "Foundation for Applied Privacy (Tor)"),
    (209103, "Proton"),
    (209854, "Cyberzone (Surfshark)"),
    (210743, "Babbar"),
    (212815, "Dynu"),
];

/// Relays of browsers and phones: common, and silent on where somebody is.
const RELAYS: &[(u32, &str)] = &[
    (13335, "Cloudflare"),
    (20940, "Akamai"),
    (36183, "Akamai"),
    (54113, "Fastly"),
];

/// Security gateways of companies.
const GATEWAYS: &[(u32, &str)] = &[
    (13448, "Forcepoint"),
    (14454, "Perimeter 81"),
    (22843, "Proofpoint"),
    (26211, "Proofpoint"),
    (30031, "Mimecast"),
    (30148, "Sucuri"),
    (36692, "Cisco Umbrella"),
    (42427, "Mimecast"),
    (44273, "Forcepoint"),
    (53813, "Zscaler"),
    (54538, "Palo Alto Networks"),
    (55256, "Netskope"),
    (60890, "Menlo Security"),
    (62044, "Zscaler"),
    (202623, "Cloudflare Gateway"),
    (394089, "Palo Alto Networks"),
    (395403, "Cato Networks"),
    (396421, "iboss"),
];

/// Words that stand in the names of companies that rent servers out.
const HOSTING_WORDS: &[&str] = &[
    "hosting",
    "datacenter",
    "data center",
    "dedicated server",
    "vps",
    "colocation",
    "digitalocean",
    "hetzner",
    "ovh sas",
    "leaseweb",
    "linode",
    "vultr",
    "contabo",
    "choopa",
];

/// Words that stand in the names of companies that sell other addresses.
const VPN_WORDS: &[&str] = &["vpn", "m247", "proxy", "packethub", "mullvad", "tor exit"];

/// Words that stand in the names of security gateways.
const GATEWAY_WORDS: &[&str] = &[
    "zscaler",
    "netskope",
    "proofpoint",
    "mimecast",
    "forcepoint",
    "cisco umbrella",
    "menlo security",
    "cato networks",
    "iboss",
];

/// Address space that a whole country has and nobody else: a database is not needed for it.
const WHOLE_COUNTRIES: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(175, 45, 176, 0), 22, "KP"),
    (Ipv4Addr::new(210, 52, 109, 0), 24, "KP"),
];

/// Returns what an autonomous system is, by its number and, where it is known, its name.
#[must_use]
pub fn kind(asn: u32, organisation: &str) -> NetworkKind {
    if asn == 0 && organisation.is_empty() {
        return NetworkKind::Access;
    }
    let is_in = |list: &[(u32, &str)]| list.iter().any(|(number, _)| *number == asn);
    for (list, kind) in [
        (GATEWAYS, NetworkKind::Gateway),
        (RELAYS, NetworkKind::Relay),
        (VPN, NetworkKind::Vpn),
        (HOSTING, NetworkKind::Hosting),
    ] {
        if is_in(list) {
            return kind;
        }
    }
    if organisation.is_empty() {
        return NetworkKind::Access;
    }
    let organisation = organisation.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| organisation.contains(word));
    if says(GATEWAY_WORDS) {
        NetworkKind::Gateway
    } else if says(VPN_WORDS) {
        NetworkKind::Vpn
    } else if says(HOSTING_WORDS) {
        NetworkKind::Hosting
    } else {
        NetworkKind::Access
    }
}

/// Returns the name under which an autonomous system is listed here; empty if it is not.
#[must_use]
pub fn name(asn: u32) -> &'static str {
    if asn == 0 {
        return "";
    }
    [HOSTING, VPN, RELAYS, GATEWAYS]
        .iter()
        .flat_map(|list| list.iter())
        .find(|(number, _)| *number == asn)
        .map_or("", |(_, name)| *name)
}

/// Returns the country of an address whose space is known to be a whole country's.
#[must_use]
pub fn country(ip: IpAddr) -> Option<&'static str> {
    let is_there = |(front, length, _): &&(Ipv4Addr, u8, &str)| {
        crate::world::is_in((IpAddr::V4(*front), *length), ip)
    };
    let found = WHOLE_COUNTRIES.iter().find(is_there);
    found.map(|(_, _, country)| *country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_told_by_number_and_by_name() {
        assert_eq!(kind(14061, ""), NetworkKind::Hosting);
        assert_eq!(kind(64500, "Example Hosting Ltd"), NetworkKind::Hosting);
        assert_eq!(kind(9009, ""), NetworkKind::Vpn);
        assert_eq!(kind(22843, ""), NetworkKind::Gateway);
        assert_eq!(kind(64500, "Example Telecom"), NetworkKind::Access);
        assert_eq!(kind(0, ""), NetworkKind::Access);
    }

    #[test]
    fn no_number_is_listed_twice() {
        let mut numbers: Vec<u32> = [HOSTING, VPN, RELAYS, GATEWAYS]
            .iter()
            .flat_map(|list| list.iter().map(|(number, _)| *number))
            .collect();
        numbers.sort_unstable();
        let twice: Vec<_> = numbers
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_whole_country_needs_no_database() {
        assert_eq!(country("175.45.177.1".parse().expect("an ip")), Some("KP"));
        assert_eq!(country("203.0.113.1".parse().expect("an ip")), None);
    }
}
