//! Which addresses the server calls when somebody named them in the desk: none that only the server itself can reach.
//!
//! A name says nothing about where it leads, so [`admits`] is asked about every address that a name resolves to, and the
//! connection goes to the very address that was asked about.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::text::InvalidText;

/// Most hosts that an operator opens.
const OPENINGS: usize = 100;

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// It is no address.
    #[error("is not a web address: it begins with https:// or http://")]
    Malformed,
    /// It holds a name or a password.
    #[error("must not hold a name or a password before the host")]
    Credentials,
    /// It leads into the server's own network.
    #[error("leads into a private network: whoever runs this server can open single hosts with BATON_ALLOW_PRIVATE")]
    Private,
    /// It leads to where clouds hand out secrets. Nobody can open that.
    #[error("leads to the metadata service of a cloud, which is never called")]
    Metadata,
}

/// Hosts of private networks that the operator opens: `BATON_ALLOW_PRIVATE=host[:port],..`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings(Vec<(String, Option<u16>)>);

impl Openings {
    /// Reads one host with or without a port for each entry; an IPv6 address stands in brackets.
    ///
    /// # Errors
    /// An entry that is neither.
    pub fn read<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidText> {
        let entries = entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty());
        let openings = entries.map(opening).collect::<Result<Vec<_>, _>>()?;
        if openings.len() > OPENINGS { Err(InvalidText::Malformed("list: it is too long")) } else { Ok(Self(openings)) }
    }

    /// Whether the operator has opened this host at this port.
    pub fn opens(&self, host: &str, port: u16) -> bool {
        let host = plain(host);
        self.0.iter().any(|(open, at)| *open == host && at.is_none_or(|at| at == port))
    }
}

fn opening(entry: &str) -> Result<(String, Option<u16>), InvalidText> {
    const WRONG: InvalidText = InvalidText::Malformed("host: write host or host:port");
    let (host, port) = match entry.rsplit_once(':') {
        // The last colon of a bare IPv6 address is none of a port.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (entry, None),
    };
    let port = port.map(|port| port.parse().map_err(|_| WRONG)).transpose()?;
    let host = plain(host);
    if host.is_empty() || host.contains(['/', '@', '*', ' ']) {
        return Err(WRONG);
    }
    match host.parse().map(seen_through) {
        Ok(address) if is_metadata(address) => Err(InvalidText::Malformed("host: metadata services are never opened")),
        _ => Ok((host, port)),
    }
}

/// A host as it is compared: small letters, no brackets, no dot at the end.
fn plain(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase()
}

/// Whether an address may be called; `opened` when the operator has opened the host that led to it.
///
/// # Errors
/// [`Shut::Private`], [`Shut::Metadata`].
pub fn admits(address: IpAddr, opened: bool) -> Result<(), Shut> {
    let address = seen_through(address);
    if is_metadata(address) {
        return Err(Shut::Metadata);
    }
    let public = match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    };
    if public || opened { Ok(()) } else { Err(Shut::Private) }
}

/// The IPv4 address that an IPv6 address stands for, where it stands for one: a tunnel leads there in the end.
fn seen_through(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let parts = v6.segments();
    let last = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // The unspecified and the loopback address are themselves.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => address,
        // Mapped, compatible, translated (SIIT), NAT64.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => last(high, low),
        // 6to4.
        [0x2002, high, low, ..] => last(high, low),
        _ => address,
    }
}

/// Where clouds answer to whoever can reach them from inside. All of 169.254/16: each cloud has its own place in it.
fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_link_local()
                // Two that are elsewhere.
                || [[100, 100, 100, 200], [168, 63, 129, 16], [192, 0, 0, 192]].contains(&v4.octets())
        }
        IpAddr::V6(v6) => v6.segments()[..4] == [0xfd00, 0xec2, 0, 0] || v6.segments()[..3] == [0xfd20, 0xce, 0],
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, _, _)
    );
    !reserved
}

/// Of IPv6 only what is given out to the public, without the parts of it that are for something else.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let special = match parts {
        // Teredo, ORCHID, benchmarks and the like; documentation.
        [0x2001, second, ..] => second < 0x200 || second == 0xdb8,
        [0x2002, ..] => true,
        [0x3fff, second, ..] => second < 0x1000,
        _ => false,
    };
    parts[0] & 0xe000 == 0x2000 && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], expected: Result<(), Shut>) {
        for address in addresses {
            let parsed: IpAddr = address.parse().unwrap();
            assert_eq!(admits(parsed, false), expected, "{address}");
            let opened = if expected == Err(Shut::Private) { Ok(()) } else { expected };
            assert_eq!(admits(parsed, true), opened, "{address}, opened");
        }
    }

    #[test]
    fn the_public_is_called() {
        check(&["1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1"], Ok(()));
        check(&["2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::101:101", "2002:101:101::1"], Ok(()));
    }

    #[test]
    fn the_servers_own_network_is_not() {
        let v4 =
            ["0.0.0.0", "0.1.2.3", "10.0.0.1", "127.0.0.1", "127.255.0.3", "100.64.0.1", "172.16.0.1", "172.31.9.9"];
        check(&v4, Err(Shut::Private));
        let v4 =
            ["192.168.1.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.1", "198.51.100.1", "203.0.113.9"];
        check(&v4, Err(Shut::Private));
        check(&["224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.1"], Err(Shut::Private));
        check(&["::", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1"], Err(Shut::Private));
        check(&["2001:db8::1", "2001::1", "2001:10::1", "100::1", "3fff::1", "4000::1"], Err(Shut::Private));
    }

    #[test]
    fn an_address_in_disguise_is_seen_through() {
        let loopback = ["::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"];
        check(&loopback, Err(Shut::Private));
        check(&["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"], Err(Shut::Metadata));
    }

    #[test]
    fn nobody_opens_the_metadata() {
        let places = ["169.254.169.254", "169.254.170.2", "169.254.0.23", "100.100.100.200", "168.63.129.16"];
        check(&places, Err(Shut::Metadata));
        check(&["fd00:ec2::254", "fd20:ce::254", "192.0.0.192"], Err(Shut::Metadata));
    }

    #[test]
    fn single_hosts_are_opened() {
        let list = "Ollama.Lan, 10.0.0.5:11434,[::1]:8080 ,fd12::7, ,box.";
        let openings = Openings::read(list.split(',')).unwrap();
        assert!(openings.opens("ollama.lan", 80) && openings.opens("OLLAMA.LAN.", 443) && openings.opens("box", 1));
        assert!(openings.opens("10.0.0.5", 11434) && !openings.opens("10.0.0.5", 80));
        assert!(openings.opens("[::1]", 8080) && !openings.opens("::1", 80) && openings.opens("fd12::7", 9));
        assert!(!openings.opens("10.0.0.6", 11434) && !openings.opens("x.ollama.lan", 80));
        assert!(Openings::read([]).unwrap() == Openings::default());
        for wrong in ["host:99999", "host:port", "http://host", "user@host", "*.lan", "a b", ":80"] {
            assert!(Openings::read([wrong]).is_err(), "{wrong}");
        }
    }
}
