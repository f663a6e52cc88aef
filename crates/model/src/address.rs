//! Network addresses as evidence spells them, and what an address can and cannot prove.
//!
//! An address of Microsoft's own service is never an intruder's and never an alibi:
//! mail read through Graph and acts in the admin centre show Microsoft's address
//! instead of the person's.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address taken out of its brackets, port and IPv4-in-IPv6 mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The address itself; an IPv4-mapped IPv6 address is held as IPv4.
    pub ip: IpAddr,
    /// The port that stood behind it, if one did.
    pub port: Option<u16>,
}

/// What kind of place an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressClass {
    /// Reachable on the Internet and not known as Microsoft's.
    Public,
    /// Microsoft's own service network: says nothing of where the person was.
    Microsoft,
    /// Private, link-local, shared or documentation space.
    Private,
    /// `::1` and `127.0.0.0/8`: no address, never "internal".
    Loopback,
}

impl AddressClass {
    /// Returns the word that tables and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Microsoft => "microsoft",
            Self::Private => "private",
            Self::Loopback => "loopback",
        }
    }
}

impl Address {
    /// Reads `1.2.3.4`, `1.2.3.4:52378`, `[2a01::1]:47114`, `[1.2.3.4]:80`, `2a01::1`, `::ffff:1.2.3.4`
    /// and an IPv6 zone (`fe80::1%12`); anything else is no address.
    ///
    /// ```
    /// use model::Address;
    /// let address = Address::read("[2603:1026:c02:282a::5]:54088").unwrap();
    /// assert_eq!(address.to_string(), "2603:1026:c02:282a::5");
    /// assert_eq!(address.port, Some(54088));
    /// assert!(Address::read("").is_none());
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(bracketed) = text.strip_prefix('[') {
            let (inside, behind) = bracketed.split_once(']')?;
            let port = match behind.strip_prefix(':') {
                Some(port) => Some(port.parse().ok()?),
                None if behind.is_empty() => None,
                None => return None,
            };
            return Some(Self {
                ip: plain(inside)?,
                port,
            });
        }
        if let Some(ip) = plain(text) {
            return Some(Self { ip, port: None });
        }
        let (host, port) = text.rsplit_once(':')?;
        let ip: Ipv4Addr = host.parse().ok()?;
        Some(Self {
            ip: IpAddr::V4(ip),
            port: Some(port.parse().ok()?),
        })
    }

    /// Returns what kind of place this is.
    #[must_use]
    pub fn class(&self) -> AddressClass {
        match self.ip {
            IpAddr::V4(ip) => class_v4(ip),
            IpAddr::V6(ip) => class_v6(ip),
        }
    }
}

impl fmt::Display for Address {
    /// Writes the address in its canonical form, without the port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ip)
    }
}

fn plain(text: &str) -> Option<IpAddr> {
    let text = text
        .split_once('%')
        .map_or(text, |(address, _zone)| address);
    let ip: IpAddr = text.parse().ok()?;
    Some(match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    })
}

fn class_v4(ip: Ipv4Addr) -> AddressClass {
    let [a, b, _, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    if ip.is_loopback() {
        AddressClass::Loopback
    } else if ip.is_private()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_multicast()
        || shared
    {
        AddressClass::Private
    } else if inside_v4(ip, MICROSOFT_V4) {
        AddressClass::Microsoft
    } else {
        AddressClass::Public
    }
}

fn class_v6(ip: Ipv6Addr) -> AddressClass {
    if ip.is_loopback() {
        AddressClass::Loopback
    } else if ip.is_unique_local()
        || ip.is_unicast_link_local()
        || ip.is_unspecified()
        || ip.is_multicast()
    {
        AddressClass::Private
    } else if inside_v6(ip, MICROSOFT_V6) {
        AddressClass::Microsoft
    } else {
        AddressClass::Public
    }
}

/// Microsoft 365 service networks: the published endpoint list of "Office 365 URLs and IP
/// address ranges" (Exchange Online, SharePoint Online, Common). Not the Azure ranges: an
/// intruder rents machines there.
/// <https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges>
const MICROSOFT_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(13, 107, 6, 152), 31),
    (Ipv4Addr::new(13, 107, 18, 10), 31),
    (Ipv4Addr::new(13, 107, 128, 0), 22),
    (Ipv4Addr::new(13, 107, 136, 0), 22),
    (Ipv4Addr::new(20, 20, 32, 0), 19),
    (Ipv4Addr::new(20, 190, 128, 0), 18),
    (Ipv4Addr::new(20, 231, 128, 0), 19),
    (Ipv4Addr::new(23, 103, 160, 0), 20),
    (Ipv4Addr::new(40, 92, 0, 0), 15),
    (Ipv4Addr::new(40, 96, 0, 0), 13),
    (Ipv4Addr::new(40, 104, 0, 0), 15),
    (Ipv4Addr::new(40, 107, 0, 0), 16),
    (Ipv4Addr::new(40, 108, 128, 0), 17),
    (Ipv4Addr::new(40, 126, 0, 0), 18),
    (Ipv4Addr::new(52, 96, 0, 0), 14),
    (Ipv4Addr::new(52, 100, 0, 0), 14),
    (Ipv4Addr::new(52, 104, 0, 0), 14),
    (Ipv4Addr::new(52, 238, 78, 88), 32),
    (Ipv4Addr::new(104, 47, 0, 0), 17),
    (Ipv4Addr::new(104, 146, 128, 0), 17),
    (Ipv4Addr::new(131, 253, 33, 215), 32),
    (Ipv4Addr::new(132, 245, 0, 0), 16),
    (Ipv4Addr::new(150, 171, 32, 0), 22),
    (Ipv4Addr::new(150, 171, 40, 0), 22),
    (Ipv4Addr::new(204, 79, 197, 215), 32),
];

const MICROSOFT_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2603, 0x1000, 0, 0, 0, 0, 0, 0), 24),
    (Ipv6Addr::new(0x2620, 0x1ec, 0, 0, 0, 0, 0, 0), 36),
    (Ipv6Addr::new(0x2a01, 0x110, 0, 0, 0, 0, 0, 0), 31),
];

fn inside_v4(ip: Ipv4Addr, nets: &[(Ipv4Addr, u8)]) -> bool {
    let ip = ip.to_bits();
    nets.iter()
        .any(|(net, prefix)| (ip ^ net.to_bits()) >> (32 - prefix) == 0)
}

fn inside_v6(ip: Ipv6Addr, nets: &[(Ipv6Addr, u8)]) -> bool {
    let ip = ip.to_bits();
    nets.iter()
        .any(|(net, prefix)| (ip ^ net.to_bits()) >> (128 - prefix) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str, class: AddressClass) {
        let address = Address::read(text).unwrap_or_else(|| panic!("`{text}` is an address"));
        assert_eq!(address.to_string(), expected, "{text}");
        assert_eq!(address.class(), class, "{text}");
    }

    #[test]
    fn every_spelling_gives_the_bare_address() {
        check("178.85.138.132", "178.85.138.132", AddressClass::Public);
        check(
            "80.114.221.214:16902",
            "80.114.221.214",
            AddressClass::Public,
        );
        check(
            "[2603:1026:c02:282a::5]:54088",
            "2603:1026:c02:282a::5",
            AddressClass::Microsoft,
        );
        check(
            "2603:10a6:800:125::13",
            "2603:10a6:800:125::13",
            AddressClass::Microsoft,
        );
        check(
            "2a01:111:f100:9001::1761:914f",
            "2a01:111:f100:9001::1761:914f",
            AddressClass::Microsoft,
        );
        check("::ffff:1.2.3.4", "1.2.3.4", AddressClass::Public);
        check("[10.11.12.13]:12345", "10.11.12.13", AddressClass::Private);
        check("fe80::1%12", "fe80::1", AddressClass::Private);
        check("::1", "::1", AddressClass::Loopback);
        check("20.190.160.24", "20.190.160.24", AddressClass::Microsoft);
        check("40.126.32.99", "40.126.32.99", AddressClass::Microsoft);
        // A rented Azure machine is a place an intruder can be.
        check("20.50.60.70", "20.50.60.70", AddressClass::Public);
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            " ",
            "X",
            "null",
            "1.2.3",
            "1.2.3.4:port",
            "[::1",
            "[::1]x",
            "localhost",
        ] {
            assert!(Address::read(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
            let _ = Address::read(&text).map(|address| (address.class(), address.to_string()));
        }

        #[test]
        fn a_port_never_changes_the_address(bits in any::<u128>(), port in any::<u16>()) {
            let plain = Address::read(&Ipv6Addr::from_bits(bits).to_string()).expect("an address");
            let spelled = Address::read(&format!("[{}]:{port}", Ipv6Addr::from_bits(bits))).expect("an address");
            prop_assert_eq!(plain.ip, spelled.ip);
        }
    }
}
