//! From which address a request comes, and by what part of it visitors are counted.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

/// From which address a request comes, where that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caller(pub Option<IpAddr>);

impl Caller {
    /// The caller of a request with these extensions.
    pub fn of(extensions: &Extensions) -> Caller {
        extensions.get().copied().unwrap_or_default()
    }

    /// The address as it is recorded; empty where it is not known.
    pub fn text(self) -> String {
        self.0.map(|address| address.to_canonical().to_string()).unwrap_or_default()
    }

    /// The address by which visits are counted.
    pub fn network(self) -> Option<IpAddr> {
        self.0.map(network)
    }

    /// The network by which what visitors send is counted: whoever has one address of it has most of the others. 24
    /// bits of IPv4, 56 of IPv6.
    pub fn neighbourhood(self) -> Option<IpAddr> {
        self.0.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() >> 8 << 8)),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 72 << 72)),
        })
    }

    /// Whether it is a program on this machine.
    pub fn is_here(self) -> bool {
        self.0.is_some_and(|address| address.to_canonical().is_loopback())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Infallible> {
        Ok(Caller::of(&parts.extensions))
    }
}

/// One visitor of IPv6 has a network of 64 bits.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one_visitor() {
        assert_eq!(network("::ffff:192.0.2.1".parse().expect("IP")), "192.0.2.1".parse::<IpAddr>().expect("IP"));
        assert_eq!(network("2001:db8::1".parse().expect("IP")), network("2001:db8::ffff:1".parse().expect("IP")));
    }
}
