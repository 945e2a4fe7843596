//! What came of calling somebody: the record that a request was heard, or why not.

/// How somebody was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// By an open page of the desk.
    Page,
    /// By the push service of a device.
    Push,
    /// By mail.
    Mail,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A page was told; whether anybody saw it the page says later.
    Told,
    /// A notification was shown.
    Shown,
    /// The page has played its sound.
    Played,
    /// The page was to play its sound, and the volume of the device is at zero.
    Muted,
    /// The browser let the page play nothing.
    SoundBlocked,
    /// The browser shows no notifications of this page.
    NotAllowed,
    /// The push service, or the mail server, has taken it.
    Accepted,
    /// There is no such device any more.
    Gone,
    /// It could not be handed over so far.
    Failed,
    /// Nobody was called there: the person asked not to be disturbed.
    Undisturbed,
    /// Nobody was called there: these are the person's quiet hours.
    Quiet,
    /// The person has no way on which they could be called: no page, no device, no mail.
    NoWay,
    /// The person opened the conversation.
    Opened,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Page, Self::Push, Self::Mail];

    /// Its name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Push => "push",
            Self::Mail => "mail",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Told,
        Self::Shown,
        Self::Played,
        Self::Muted,
        Self::SoundBlocked,
        Self::NotAllowed,
        Self::Accepted,
        Self::Gone,
        Self::Failed,
        Self::Undisturbed,
        Self::Quiet,
        Self::NoWay,
        Self::Opened,
    ];

    /// Its name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Shown => "shown",
            Self::Played => "played",
            Self::Muted => "muted",
            Self::SoundBlocked => "sound_blocked",
            Self::NotAllowed => "not_allowed",
            Self::Accepted => "accepted",
            Self::Gone => "gone",
            Self::Failed => "failed",
            Self::Undisturbed => "undisturbed",
            Self::Quiet => "quiet",
            Self::NoWay => "no_way",
            Self::Opened => "opened",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether it shows that the call has come as far as a person can be expected to notice it.
    pub fn is_heard(self) -> bool {
        matches!(self, Self::Shown | Self::Played | Self::Accepted | Self::Opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for way in Way::ALL {
            assert_eq!(Way::named(way.name()), Some(way));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::named(outcome.name()), Some(outcome));
        }
        assert_eq!((Way::named("pigeon"), Outcome::named("")), (None, None));
    }

    #[test]
    fn a_sound_that_nobody_could_hear_proves_nothing() {
        assert!(Outcome::Played.is_heard());
        assert!(!Outcome::Muted.is_heard() && !Outcome::SoundBlocked.is_heard());
    }
}
