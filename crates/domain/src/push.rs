//! Devices on which people are told by the push service of their browser, so that they hear of a request while no page of
//! the desk is open there.

use crate::text::InvalidText;

/// Most devices of a person; the one that was not used for longest gives way.
pub const DEVICES: usize = 20;
/// Longest address at a push service, in bytes.
const ENDPOINT_BYTES: usize = 2_048;
/// An uncompressed point on P-256: RFC 8291, section 2.1.
pub const KEY_BYTES: usize = 65;
/// The secret that a browser shares with whoever may send to it: RFC 8291, section 2.2.
pub const AUTH_BYTES: usize = 16;
/// How long a push service keeps a message for a device that is off, in seconds. What is older helps nobody.
pub const KEPT_SECONDS: u32 = 4 * 60 * 60;

/// What a browser hands out so that it can be reached: RFC 8030 and RFC 8291.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Address of this browser at its push service.
    pub endpoint: String,
    /// Public key of the browser, [`KEY_BYTES`] long.
    pub key: Vec<u8>,
    /// Shared secret, [`AUTH_BYTES`] long.
    pub auth: Vec<u8>,
}

impl Subscription {
    /// Checks what a browser has sent. Whether the key is a point of the curve is found out by whoever encrypts.
    ///
    /// # Errors
    /// The field at fault.
    pub fn checked(endpoint: String, key: Vec<u8>, auth: Vec<u8>) -> Result<Self, (&'static str, InvalidText)> {
        if endpoint.len() > ENDPOINT_BYTES {
            return Err(("endpoint", InvalidText::TooLong { max: ENDPOINT_BYTES }));
        }
        if key.len() != KEY_BYTES || key.first() != Some(&4) {
            return Err(("keys.p256dh", InvalidText::Malformed("public key of a browser")));
        }
        if auth.len() != AUTH_BYTES {
            return Err(("keys.auth", InvalidText::Malformed("secret of a browser")));
        }
        Ok(Self { endpoint, key, auth })
    }
}

/// Which devices of a person are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wave {
    /// One, at once.
    First,
    /// The others, when nobody has looked for a while ([`Waiting::others_after`](crate::waiting::Waiting::others_after)).
    Rest,
}

/// The devices that a wave reaches, of all of a person's, the one that was used last coming first. Each list is gone
/// through until one of its devices has it: one that is gone leaves it to the next. `told` says which devices have it
/// already, from an earlier try or the earlier wave; nobody is told twice. An open page of the desk tells by itself: it is
/// the first device.
pub fn reached<D>(devices: &[D], told: impl Fn(&D) -> bool, page_open: bool, wave: Wave) -> Vec<Vec<&D>> {
    let left: Vec<&D> = devices.iter().filter(|device| !told(device)).collect();
    match wave {
        Wave::First if page_open || left.len() < devices.len() || left.is_empty() => Vec::new(),
        Wave::First => vec![left],
        Wave::Rest => left.into_iter().map(|device| vec![device]).collect(),
    }
}

/// An open page of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageAt<D> {
    /// The device that it is open on.
    pub device: D,
    /// Nobody sits at it.
    pub away: bool,
    /// When it was used last: more is later.
    pub used: u64,
}

/// Whether the pages of a device wait as the other devices do, of all of a person's: another device of theirs was used later
/// and tells at once. Where somebody sits comes before what was left alone.
pub fn waits<D: PartialEq>(pages: &[PageAt<D>], device: &D) -> bool {
    let first = pages.iter().max_by_key(|page| (!page.away, page.used));
    first.is_some_and(|first| first.device != *device)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: [&str; 3] = ["phone", "laptop", "tablet"];

    fn check(told: &[&str], page_open: bool, wave: Wave, expected: &[&[&str]]) {
        let reached = reached(&DEVICES, |device| told.contains(device), page_open, wave);
        let reached: Vec<Vec<&str>> = reached.iter().map(|list| list.iter().map(|device| **device).collect()).collect();
        assert_eq!(reached, expected, "{wave:?}, told: {told:?}, page open: {page_open}");
    }

    #[test]
    fn one_device_at_a_time_and_an_open_page_is_one() {
        // The others stand by for the case that the first one is gone.
        check(&[], false, Wave::First, &[&DEVICES]);
        check(&["phone"], false, Wave::Rest, &[&["laptop"], &["tablet"]]);
        check(&[], true, Wave::First, &[]);
        check(&[], true, Wave::Rest, &[&["phone"], &["laptop"], &["tablet"]]);
        for wave in [Wave::First, Wave::Rest] {
            assert!(reached::<()>(&[], |()| false, false, wave).is_empty());
        }
    }

    #[test]
    fn who_was_told_is_told_no_more_and_who_was_not_is() {
        // A try that is repeated, and an answer of the second device because the first one was gone.
        check(&["phone"], false, Wave::First, &[]);
        check(&["laptop"], false, Wave::Rest, &[&["phone"], &["tablet"]]);
        // The page told at first, and was closed before the others had their turn.
        check(&[], false, Wave::Rest, &[&["phone"], &["laptop"], &["tablet"]]);
        check(&DEVICES, true, Wave::Rest, &[]);
    }

    #[test]
    fn pages_tell_on_the_device_that_was_used_last_and_the_others_wait() {
        let page = |device, used, away| PageAt { device, away, used };
        let pages = [page("phone", 3, false), page("laptop", 7, false), page("laptop", 1, true)];
        assert_eq!(["phone", "laptop"].map(|device| waits(&pages, &device)), [true, false]);
        // Whoever left the laptop alone sits at the phone.
        let pages = [page("phone", 3, false), page("laptop", 7, true)];
        assert_eq!(["phone", "laptop"].map(|device| waits(&pages, &device)), [false, true]);
        let pages = [page("phone", 3, true), page("laptop", 7, true)];
        assert_eq!(["phone", "laptop"].map(|device| waits(&pages, &device)), [true, false]);
        // One device alone never waits.
        assert!(!waits(&[page("phone", 3, true)], &"phone") && !waits(&[], &"phone"));
    }

    #[test]
    fn what_no_browser_hands_out_is_refused() {
        let key = || [&[4_u8][..], &[7; 64]].concat();
        let checked = |endpoint: &str, key: Vec<u8>, auth: Vec<u8>| {
            Subscription::checked(endpoint.to_owned(), key, auth).map_err(|(field, _)| field)
        };
        assert!(checked("https://push.example.com/1", key(), vec![1; 16]).is_ok());
        assert_eq!(checked(&"x".repeat(ENDPOINT_BYTES + 1), key(), vec![1; 16]), Err("endpoint"));
        // Compressed, too short, and nothing at all.
        for wrong in [[&[2_u8][..], &[7; 64]].concat(), vec![4; 64], Vec::new()] {
            assert_eq!(checked("https://push.example.com/1", wrong, vec![1; 16]), Err("keys.p256dh"));
        }
        assert_eq!(checked("https://push.example.com/1", key(), vec![1; 15]), Err("keys.auth"));
    }
}
