//! Where names lead, as far as a call may follow.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
};

use domain::outside::{Shut, admits};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How far a call may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public addresses.
    Public,
    /// A host that the operator has opened: anything but metadata.
    Opened,
    /// An address that the operator named: anything.
    Anywhere,
}

impl Reach {
    /// Whether it reaches an address.
    pub(crate) fn admits(self, address: IpAddr) -> Result<(), Shut> {
        match self {
            Self::Public => admits(address, false),
            Self::Opened => admits(address, true),
            Self::Anywhere => Ok(()),
        }
    }
}

/// [`Shut`] on its way through the client's errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShutOut(pub(crate) Shut);

impl fmt::Display for ShutOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the address {}", self.0)
    }
}

impl Error for ShutOut {}

impl Resolve for Reach {
    /// Only what may be reached comes out of it, and the connection is made to nothing else.
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let mut shut = None;
            let mut open = Vec::with_capacity(found.len());
            for address in found {
                match reach.admits(address.ip()) {
                    Ok(()) => open.push(address),
                    Err(why) => shut = Some(why),
                }
            }
            match shut {
                Some(why) if open.is_empty() => Err(ShutOut(why).into()),
                _ => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}
