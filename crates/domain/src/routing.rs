//! Which person a request is given to, and when it is given to somebody else.

use serde::{Deserialize, Serialize};

use crate::{
    LabelId, Millis, PersonId,
    chatbot::{InvalidSetting, bounded, checked},
    conversation::{Control, Conversation, Reason, Request},
    handover::language_tag,
    limits,
    text::{self, InvalidText},
};

/// Shortest time in which somebody has to come to what was given to them, in seconds: a person needs a moment to come.
pub const SHORTEST_S: u32 = 10;
/// Longest time, in seconds: an hour. Whoever has not come by then will not.
pub const LONGEST_S: u32 = 3_600;
/// Who has opened a conversation reads and writes: they have so many times as long to answer.
pub const OPENED_TIMES: i64 = 3;
/// Most requests and live chats that a limit may allow one person.
pub const LIMIT: u16 = 100;
/// It is looked again for somebody after a tenth of the time that was waited, but not sooner than this, in milliseconds.
pub const AGAIN_MS: i64 = 15_000;
/// And not later than this, in milliseconds. Whoever arrives hurries it.
pub const AGAIN_AT_LATEST_MS: i64 = 300_000;

/// How requests are given to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// They are not: everybody who may answer is called, and somebody takes it.
    Manual,
    /// Each in turn: whoever was given one longest ago.
    RoundRobin,
    /// Whoever has the fewest requests and live chats.
    LeastBusy,
}

/// To whom requests are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    /// How.
    pub mode: Mode,
    /// Requests and live chats that one person has at a time, at most, as far as they are given; without limit when 0.
    pub limit: u16,
    /// Who has neither opened nor answered it after so many seconds loses it to somebody else; nobody does when 0.
    pub reassign_after: u32,
    /// Who comes first for some visitors.
    pub pools: Vec<Pool>,
}

/// People who come first for visitors of a language, or for conversations with a label.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pool {
    /// What the team calls it.
    pub name: String,
    /// Who.
    pub people: Vec<PersonId>,
    /// For visitors of one of these languages. `pt` is also `pt-BR`.
    pub languages: Vec<String>,
    /// For conversations with one of these labels.
    pub labels: Vec<LabelId>,
}

impl Default for Routing {
    fn default() -> Self {
        // A minute is long for a visitor, and short enough for whoever fetches a coffee not to lose everything.
        Self { mode: Mode::Manual, limit: 0, reassign_after: 60, pools: Vec::new() }
    }
}

/// Somebody who may be given a request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The requests and live chats that they have.
    pub load: u32,
    /// When they were last given one.
    pub routed: Option<Millis>,
    /// When they were last given this one.
    pub tried: Option<Millis>,
    /// They belong to the pool that comes first.
    pub in_pool: bool,
    /// They had this conversation before.
    pub before: bool,
}

/// Whom of these people a request is given to. Who had the conversation before comes first, if they have room like
/// everybody; then who was not given it yet, those of the pool before the others; then, of those who did not come, who was
/// given it longest ago.
pub fn choose(candidates: &[Candidate], mode: Mode, limit: u16) -> Option<PersonId> {
    let room = |one: &&Candidate| limit == 0 || one.load < u32::from(limit);
    let turn = |one: &Candidate| one.routed.map_or(i64::MIN, |at| at.0);
    let rank = |one: &&Candidate| {
        let load = if mode == Mode::LeastBusy { one.load } else { 0 };
        (!one.before, one.tried.map(|at| at.0), !one.in_pool, load, turn(one), one.person)
    };
    if mode == Mode::Manual {
        return None;
    }
    candidates.iter().filter(room).min_by_key(rank).map(|one| one.person)
}

/// Whether requests that have waited longer, and that somebody is being looked for at this moment as well, may need all the
/// room that these people have: the one that waited longest comes first.
pub fn comes_after(candidates: &[Candidate], limit: u16, ahead: u32) -> bool {
    let room = |one: &Candidate| u32::from(limit).saturating_sub(one.load);
    let places = candidates.iter().map(room).fold(0_u32, u32::saturating_add);
    limit != 0 && places <= ahead
}

/// What is known of whoever was given a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// They are at the desk, may answer here, and may be called now.
    pub there: bool,
    /// When they first opened the conversation while this request is open.
    pub opened: Option<Millis>,
}

/// What is to be done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Somebody is to be found.
    Seek(Seek),
    /// Nothing before then.
    At(Millis),
    /// Nothing any more.
    Over,
}

/// How somebody is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seek {
    /// `seq` of what gave it to whoever has it, if anything did: nobody gives it in between.
    pub given: Option<i64>,
    /// Who comes first, because they had the conversation before.
    pub before: Option<PersonId>,
    /// Who does not come into question: they had their time.
    pub without: Option<PersonId>,
    /// There is nobody now, whoever is there: the office is closed.
    pub closed: bool,
    /// When nobody is found, everybody is called; otherwise all stays as it is.
    pub calls: bool,
}

impl Routing {
    /// Whether requests are given to people.
    pub fn is_on(&self) -> bool {
        self.mode != Mode::Manual
    }

    /// The first pool for a visitor of this language and a conversation with these labels.
    pub fn pool(&self, language: Option<&str>, labels: &[LabelId]) -> Option<&Pool> {
        let language = language.and_then(|language| language_tag(language).ok());
        self.pools.iter().find(|pool| {
            let speaks = |wanted: &String| {
                let rest = language.as_deref().and_then(|language| language.strip_prefix(wanted.as_str()));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            };
            pool.languages.iter().any(speaks) || pool.labels.iter().any(|label| labels.contains(label))
        })
    }

    /// What is to be done about the request of `opened`. `holder` tells of the assignee, where there is one.
    pub fn next(&self, state: &Conversation, opened: i64, holder: Option<Holder>, now: Millis) -> Next {
        let Control::Requested(request) = &state.control else { return Next::Over };
        if request.opened != opened || !self.is_on() {
            return Next::Over;
        }
        let again = again(request, now);
        let opens = request.opens.filter(|opens| *opens > now);
        let seek = |seek: Seek| match opens {
            // That nobody is there is found out once.
            Some(opens) if !seek.calls => Next::At(opens),
            _ => Next::Seek(Seek { closed: opens.is_some(), ..seek }),
        };
        let plain = Seek { given: None, before: None, without: None, closed: false, calls: true };
        let Some(given) = request.given else {
            // Who was silent so long that the live chat was taken from them does not come first.
            let before = state.assignee.filter(|_| request.reason != Reason::Released);
            return seek(Seek { before, ..plain });
        };
        let plain = Seek { given: Some(given.seq), ..plain };
        match (state.assignee, holder) {
            (None, _) => seek(Seek { calls: false, ..plain }),
            (Some(_), _) if given.by_hand => Next::At(again),
            (Some(person), Some(Holder { there: true, opened })) => {
                let (since, times) = match opened {
                    Some(opened) => (given.at.max(opened), OPENED_TIMES),
                    None => (given.at, 1),
                };
                let until = since.plus(i64::from(self.reassign_after) * 1_000 * times);
                match self.reassign_after {
                    0 => Next::At(again),
                    _ if now < until => Next::At(again.min(until)),
                    _ => seek(Seek { without: Some(person), calls: false, ..plain }),
                }
            }
            (Some(person), _) => seek(Seek { without: Some(person), ..plain }),
        }
    }

    /// When it is looked at again after nobody was found.
    pub fn again(&self, state: &Conversation, now: Millis) -> Millis {
        match &state.control {
            Control::Requested(request) => again(request, now),
            _ => now.plus(AGAIN_MS),
        }
    }

    /// Trims every text, checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let wrong = |name: &str, what| InvalidSetting {
            field: format!("escalation.routing.{name}"),
            cause: InvalidText::Malformed(what),
        };
        if self.limit > LIMIT {
            return Err(wrong("limit", "number: 0, or up to 100"));
        }
        if self.reassign_after != 0 && !(SHORTEST_S..=LONGEST_S).contains(&self.reassign_after) {
            return Err(wrong("reassign_after", "number of seconds: 0, or from 10 to 3600"));
        }
        bounded("escalation.routing.pools", self.pools.len(), limits::POOLS)?;
        let pools = self.pools.into_iter().enumerate().map(|(place, pool)| pool.validated(place));
        Ok(Self { pools: pools.collect::<Result<_, _>>()?, ..self })
    }
}

fn again(request: &Request, now: Millis) -> Millis {
    let waited = now.since(request.since);
    now.plus((waited / 10).clamp(AGAIN_MS, AGAIN_AT_LATEST_MS))
}

/// Each entry once, in the order in which they come.
fn each_once<T: PartialEq>(entries: Vec<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        if !all.contains(&entry) {
            all.push(entry);
        }
    }
    all
}

impl Pool {
    fn validated(self, place: usize) -> Result<Self, InvalidSetting> {
        let path = |name: &str| format!("escalation.routing.pools.{place}.{name}");
        let (people, languages, labels) = limits::POOL;
        bounded(&path("people"), self.people.len(), people)?;
        bounded(&path("languages"), self.languages.len(), languages)?;
        bounded(&path("labels"), self.labels.len(), labels)?;
        let wrong = |name: &str, what| InvalidSetting { field: path(name), cause: InvalidText::Malformed(what) };
        if self.people.is_empty() {
            return Err(wrong("people", "list: somebody has to be in it"));
        }
        if self.languages.is_empty() && self.labels.is_empty() {
            return Err(wrong("languages", "list: a language or a label is needed"));
        }
        let language = |(at, tag): (usize, &String)| checked(path(&format!("languages.{at}")), language_tag(tag));
        let languages = self.languages.iter().enumerate().map(language).collect::<Result<_, _>>()?;
        Ok(Self {
            name: checked(path("name"), text::optional(&self.name, limits::NAME_CHARS))?,
            people: each_once(self.people),
            languages: each_once(languages),
            labels: each_once(self.labels),
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Actor, Command, Policy, decide},
        person::{Collaborator, Role},
    };

    const POLICY: Policy = Policy {
        escalation: true,
        hold: false,
        ai_available: true,
        announces_start: true,
        announces_end: true,
        tells_away: true,
        opens: None,
    };

    fn person(number: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(number))
    }

    fn candidate(number: u128) -> Candidate {
        Candidate { person: person(number), load: 0, routed: None, tried: None, in_pool: false, before: false }
    }

    fn act(state: &Conversation, command: Command, seconds: i64) -> Conversation {
        act_by(state, command, &POLICY, seconds)
    }

    fn act_by(state: &Conversation, command: Command, policy: &Policy, seconds: i64) -> Conversation {
        let now = Millis(seconds * 1_000);
        let events = decide(state, command, policy, now).unwrap();
        state.clone().record(&events, now).0
    }

    fn requested() -> Conversation {
        act(&Conversation::default(), Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button }, 0)
    }

    fn given(state: &Conversation) -> Option<i64> {
        match &state.control {
            Control::Requested(request) => request.given.map(|given| given.seq),
            _ => None,
        }
    }

    fn routed(state: &Conversation, to: Option<u128>, seconds: i64) -> Conversation {
        act(state, Command::Route { of: 1, given: given(state), to: to.map(person) }, seconds)
    }

    fn round_robin() -> Routing {
        Routing { mode: Mode::RoundRobin, ..Routing::default() }
    }

    #[test]
    fn each_in_turn_and_of_equals_the_first() {
        let [mut one, mut two, three] = [1, 2, 3].map(candidate);
        assert_eq!(choose(&[three, one, two], Mode::RoundRobin, 0), Some(one.person));
        one.routed = Some(Millis(10));
        assert_eq!(choose(&[three, one, two], Mode::RoundRobin, 0), Some(two.person));
        two.routed = Some(Millis(20));
        assert_eq!(choose(&[three, one, two], Mode::RoundRobin, 0), Some(three.person));
        let three = Candidate { routed: Some(Millis(30)), ..three };
        assert_eq!(choose(&[three, one, two], Mode::RoundRobin, 0), Some(one.person));
    }

    #[test]
    fn whoever_has_least_comes_first_and_of_equals_who_waited_longest() {
        let one = Candidate { load: 2, ..candidate(1) };
        let two = Candidate { load: 1, routed: Some(Millis(20)), ..candidate(2) };
        let three = Candidate { load: 1, routed: Some(Millis(10)), ..candidate(3) };
        assert_eq!(choose(&[one, two, three], Mode::LeastBusy, 0), Some(three.person));
        assert_eq!(choose(&[one, two, three], Mode::RoundRobin, 0), Some(one.person));
        assert_eq!(choose(&[one, two, three], Mode::Manual, 0), None);
    }

    #[test]
    fn nobody_gets_more_than_the_limit() {
        let one = Candidate { load: 2, before: true, ..candidate(1) };
        let two = Candidate { load: 1, ..candidate(2) };
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 3), Some(one.person));
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 2), Some(two.person));
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 1), None);
    }

    #[test]
    fn the_older_ones_come_first_where_room_is_scarce() {
        let one = Candidate { load: 2, ..candidate(1) };
        let two = Candidate { load: 5, ..candidate(2) };
        assert!(!comes_after(&[one, two], 3, 0));
        assert!(comes_after(&[one, two], 3, 1), "one place, for the older one");
        assert!(!comes_after(&[one, two], 4, 1), "two places for two");
        assert!(comes_after(&[one, two], 4, 2));
        assert!(!comes_after(&[one, two], 0, 100), "without limit there is room for all");
    }

    #[test]
    fn the_pool_comes_first_and_who_was_tried_comes_last() {
        let one = candidate(1);
        let two = Candidate { in_pool: true, routed: Some(Millis(90)), ..candidate(2) };
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 0), Some(two.person));
        let two = Candidate { tried: Some(Millis(90)), ..two };
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 0), Some(one.person));
        let one = Candidate { tried: Some(Millis(95)), ..one };
        assert_eq!(choose(&[one, two], Mode::RoundRobin, 0), Some(two.person));
    }

    #[test]
    fn a_pool_is_found_by_language_or_label() {
        let label = LabelId::new(Uuid::from_u128(7));
        let pool = |name: &str, languages: &[&str], labels: &[LabelId]| Pool {
            name: name.into(),
            people: vec![person(1)],
            languages: languages.iter().map(|&tag| tag.to_owned()).collect(),
            labels: labels.to_vec(),
        };
        let pools = vec![pool("pt", &["pt"], &[]), pool("vip", &["de-AT"], &[label])];
        let routing = Routing { pools, ..round_robin() };
        let name = |language, labels: &[LabelId]| routing.pool(language, labels).map(|pool| pool.name.as_str());
        assert_eq!(name(Some("pt-br"), &[]), Some("pt"));
        assert_eq!(name(Some("pt"), &[label]), Some("pt"), "the first one");
        assert_eq!(name(Some("ptx"), &[]), None);
        assert_eq!(name(Some("de"), &[]), None);
        assert_eq!(name(Some("de-AT"), &[]), Some("vip"));
        assert_eq!(name(None, &[label]), Some("vip"));
        assert_eq!(name(Some("no language at all"), &[]), None);
    }

    const THERE: Option<Holder> = Some(Holder { there: true, opened: None });
    const GONE: Option<Holder> = Some(Holder { there: false, opened: None });

    #[test]
    fn it_is_sought_at_once_and_again_when_whoever_has_it_is_silent() {
        let (routing, open) = (round_robin(), requested());
        let first = Seek { given: None, before: None, without: None, closed: false, calls: true };
        assert_eq!(routing.next(&open, 1, None, Millis(0)), Next::Seek(first));
        let state = routed(&open, Some(1), 0);
        let next = |holder, seconds: i64| routing.next(&state, 1, holder, Millis(seconds * 1_000));
        assert_eq!(next(THERE, 1), Next::At(Millis(16_000)));
        assert_eq!(next(THERE, 50), Next::At(Millis(60_000)));
        let silent = Seek { given: Some(state.seq), without: Some(person(1)), calls: false, ..first };
        assert_eq!(next(THERE, 60), Next::Seek(silent));
        let gone = Seek { calls: true, ..silent };
        assert_eq!(next(GONE, 1), Next::Seek(gone));
        // Who has opened it has three times as long, from then on.
        let opened = Some(Holder { there: true, opened: Some(Millis(30_000)) });
        assert_eq!(next(opened, 209), Next::At(Millis(210_000)));
        assert_eq!(next(opened, 210), Next::Seek(silent));
        let never = Routing { reassign_after: 0, ..round_robin() };
        assert_eq!(never.next(&state, 1, THERE, Millis(1_000_000)), Next::At(Millis(1_100_000)));
    }

    #[test]
    fn what_a_person_has_assigned_stays_until_they_take_it_back() {
        let (routing, open) = (round_robin(), requested());
        let ada = Collaborator { id: person(9), role: Role::Agent };
        let assigned = act(&open, Command::Assign { by: ada, to: Some(person(1)) }, 1);
        assert_eq!(routing.next(&assigned, 1, GONE, Millis(600_000)), Next::At(Millis(660_000)));
        let freed = act(&assigned, Command::Assign { by: ada, to: None }, 2);
        let next = routing.next(&freed, 1, None, Millis(3_000));
        assert!(matches!(next, Next::Seek(Seek { calls: false, .. })), "{next:?}");
        // What was assigned before anybody was wanted is only where it begins.
        let before = act(&Conversation::default(), Command::Assign { by: ada, to: Some(person(1)) }, 0);
        let open = act(&before, Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button }, 1);
        let next = routing.next(&open, 2, GONE, Millis(1_000));
        assert!(matches!(next, Next::Seek(Seek { before: Some(one), .. }) if one == person(1)), "{next:?}");
    }

    #[test]
    fn a_request_that_is_over_is_given_to_nobody() {
        let (routing, open) = (round_robin(), requested());
        assert_eq!(Routing::default().next(&open, 1, None, Millis(0)), Next::Over, "manual");
        assert_eq!(routing.next(&open, 2, None, Millis(0)), Next::Over, "another request");
        let ada = Collaborator { id: person(9), role: Role::Agent };
        let live = act(&open, Command::PersonWrites { by: ada }, 1);
        assert_eq!(routing.next(&live, 1, THERE, Millis(0)), Next::Over);
    }

    #[test]
    fn outside_the_hours_everybody_is_called_once_and_somebody_is_sought_when_they_begin() {
        let closed = Policy { opens: Some(Millis(50_000)), ..POLICY };
        let command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
        let open = act_by(&Conversation::default(), command, &closed, 0);
        let routing = round_robin();
        let next = routing.next(&open, 1, None, Millis(0));
        assert!(matches!(next, Next::Seek(Seek { closed: true, calls: true, .. })), "{next:?}");
        let called = routed(&open, None, 0);
        assert_eq!(routing.next(&called, 1, None, Millis(1)), Next::At(Millis(50_000)));
        let next = routing.next(&called, 1, None, Millis(50_000));
        assert!(matches!(next, Next::Seek(Seek { closed: false, .. })), "{next:?}");
    }

    #[test]
    fn nobody_is_looked_for_too_often() {
        let (routing, open) = (round_robin(), requested());
        for (waited, pause) in [(0, 15_000), (150_000, 15_000), (600_000, 60_000), (90_000_000, 300_000)] {
            assert_eq!(routing.again(&open, Millis(waited)), Millis(waited + pause));
        }
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let pool = Pool { people: vec![person(1)], languages: vec!["de".into()], ..Pool::default() };
        let with = |change: fn(&mut Routing)| {
            let mut routing = Routing { pools: vec![pool.clone()], ..round_robin() };
            change(&mut routing);
            routing.validated().unwrap_err().field
        };
        assert_eq!(with(|r| r.limit = 101), "escalation.routing.limit");
        assert_eq!(with(|r| r.reassign_after = 9), "escalation.routing.reassign_after");
        assert_eq!(with(|r| r.pools = vec![Pool::default(); 21]), "escalation.routing.pools");
        assert_eq!(with(|r| r.pools[0].people.clear()), "escalation.routing.pools.0.people");
        assert_eq!(with(|r| r.pools[0].languages.clear()), "escalation.routing.pools.0.languages");
        assert_eq!(with(|r| r.pools[0].languages[0] = "!".into()), "escalation.routing.pools.0.languages.0");
        let twice = Pool { people: vec![person(1); 2], languages: vec!["DE".into(), "de".into()], ..pool };
        let once = Routing { pools: vec![twice], ..round_robin() }.validated().unwrap();
        assert_eq!((once.pools[0].people.len(), once.pools[0].languages.len()), (1, 1));
    }
}
