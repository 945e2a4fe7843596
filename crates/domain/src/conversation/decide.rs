//! The rules: which events follow from a command, or why none do.
//!
//! The table of all (state, command) pairs is in `tests/machine_table.rs`.

use super::{
    command::{Actor, AssistantOutcome, Command, Policy, Written},
    event::{Announcement, Asks, Event},
    reason::Reason,
    refusal::Refusal,
    rung::{Rung, Step},
    state::{Answer, Control, Conversation, Live, Request},
};
use crate::{Millis, PersonId, limits, person::Collaborator};

/// A burst of messages makes an answer start over at most so often ...
pub const RESTARTS: u8 = 2;
/// ... and only within so many milliseconds of its first message. After that the answer is finished.
pub const RESTART_WINDOW_MS: i64 = 3_000;
/// A turn that was lost so often asks for a person instead of another try.
pub const ATTEMPTS: u32 = 3;
/// How long a dismissal may be taken back, in milliseconds. Desks offer it for ten seconds; the rest is for the way.
pub const UNDO_WINDOW_MS: i64 = 60_000;

type Decision = Result<Vec<Event>, Refusal>;

/// Decides what follows from a command.
///
/// # Errors
/// A [`Refusal`]: the command changes nothing.
pub fn decide(state: &Conversation, command: Command, policy: &Policy, now: Millis) -> Decision {
    match command {
        Command::VisitorWrites => Ok(visitor_writes(state, policy, now)),
        Command::RequestHuman { by, reason } => request_human(state, by, reason, policy),
        Command::PersonWrites { by } => person_writes(state, by, policy),
        Command::TakeOver { by } => take_over(state, by, policy),
        Command::Join { by } => join(state, by),
        Command::TakeOverFrom { by, from } => take_over_from(state, by, from),
        Command::Transfer { by, to } => transfer(state, by, to),
        Command::Assign { by, to } => assign(state, by, to),
        Command::Route { of, given, to } => route(state, of, given, to),
        Command::Leave { by } => leave(state, by),
        Command::EndLiveChat { by } => {
            in_charge(live(state)?, by)?;
            end_live_chat(Actor::Person { id: by.id }, policy)
        }
        Command::VisitorEndsLiveChat => {
            live(state)?;
            end_live_chat(Actor::Visitor, policy)
        }
        Command::DismissRequest { by } => {
            answers(by)?;
            close_request(state, Event::RequestDismissed { by: by.id })
        }
        Command::CancelRequest => close_request(state, Event::RequestCancelled),
        Command::Release { began } => release(state, began, policy),
        Command::Climb { of, rung } => climb(state, of, rung, policy),
        Command::Rate { ended, score } => match ended {
            Some((ended, person)) if ended.may_be_rated(now) => Ok(vec![Event::Rated { of: ended.seq, person, score }]),
            _ => Err(Refusal::NothingToRate),
        },
        Command::RemovePerson { person } => remove_person(state, person, policy),
        Command::Resolve { by } => resolve(state, by, policy),
        Command::Reopen { by } => reopen(state, by),
        Command::WriteNote { by } => {
            answers(by)?;
            Ok(vec![Event::NoteWritten { person: by.id }])
        }
        Command::EditText { by, of } => edit_text(by, of),
        Command::DeleteText { by, of } => delete_text(by, of),
        Command::UndoDismiss { by } => undo_dismiss(state, by, now),
        Command::AssistantSettles { turn, attempt, outcome } => settle(state, turn, attempt, outcome, policy),
        Command::RetryTurn { turn, attempt } => retry(state, turn, attempt, policy),
    }
}

fn answers(by: Collaborator) -> Result<(), Refusal> {
    if by.role.may_answer() { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn live(state: &Conversation) -> Result<&Live, Refusal> {
    match &state.control {
        Control::Live(live) => Ok(live),
        _ => Err(Refusal::NotLive),
    }
}

/// A participant, or an admin from outside.
fn in_charge(live: &Live, by: Collaborator) -> Result<(), Refusal> {
    answers(by)?;
    if live.participants.contains(&by.id) || by.role.may_administer() { Ok(()) } else { Err(held(live)) }
}

fn held(live: &Live) -> Refusal {
    live.participants.first().map_or(Refusal::NotLive, |&person| Refusal::HeldBy { person })
}

fn visitor_writes(state: &Conversation, policy: &Policy, now: Millis) -> Vec<Event> {
    let asks = match &state.control {
        Control::Live(_) | Control::Requested(Request { hold: true, .. }) => Asks::Nobody,
        _ if !policy.ai_available => Asks::Nobody,
        _ => match state.answer {
            Answer::Idle => Asks::Ai,
            Answer::Asked { since, restarts, .. } if restarts < RESTARTS && now.since(since) < RESTART_WINDOW_MS => {
                Asks::Ai
            }
            Answer::Asked { .. } => Asks::AiLater,
        },
    };
    let mut events = Vec::with_capacity(2);
    if matches!(state.control, Control::Resolved) {
        events.push(Event::Reopened { by: Actor::Visitor });
    }
    events.push(Event::VisitorWrote { asks });
    // With no AI to answer, silence would be the answer: a person is called instead.
    if matches!(state.control, Control::Ai | Control::Resolved) && !policy.ai_available && policy.escalation {
        events.extend(requested(Reason::AiFailed, None, policy));
    }
    events
}

/// A new request: the event, and the words to the visitor.
fn requested(reason: Reason, settles: Option<u64>, policy: &Policy) -> Vec<Event> {
    let mut events = vec![Event::HumanRequested { reason, hold: policy.hold, settles, opens: policy.opens }];
    // That nobody is there has to be said, whatever else was.
    if reason.wants_acknowledgement() || (policy.opens.is_some() && policy.tells_away) {
        events.push(Event::RequestAcknowledged);
    }
    events
}

fn request_human(state: &Conversation, by: Actor, reason: Reason, policy: &Policy) -> Decision {
    match &state.control {
        Control::Live(_) => Err(Refusal::AlreadyLive),
        _ if !policy.escalation => Err(Refusal::EscalationOff),
        Control::Requested(_) => Ok(vec![Event::ReasonAdded { reason, settles: None }]),
        Control::Ai => Ok(requested(reason, None, policy)),
        Control::Resolved => {
            let mut events = vec![Event::Reopened { by }];
            events.extend(requested(reason, None, policy));
            Ok(events)
        }
    }
}

fn taken_over(state: &Conversation, by: Collaborator, policy: &Policy) -> Vec<Event> {
    let mut events = Vec::with_capacity(4);
    if matches!(state.control, Control::Resolved) {
        events.push(Event::Reopened { by: Actor::Person { id: by.id } });
    }
    events.push(Event::TakenOver { person: by.id });
    if policy.announces_start {
        events.push(Event::Announced { which: Announcement::Start });
    }
    events
}

fn person_writes(state: &Conversation, by: Collaborator, policy: &Policy) -> Decision {
    answers(by)?;
    let message = Event::PersonWrote { person: by.id };
    match &state.control {
        Control::Live(live) if live.participants.contains(&by.id) => Ok(vec![message]),
        Control::Live(live) => Err(held(live)),
        Control::Ai | Control::Requested(_) | Control::Resolved => {
            let mut events = taken_over(state, by, policy);
            events.push(message);
            Ok(events)
        }
    }
}

fn take_over(state: &Conversation, by: Collaborator, policy: &Policy) -> Decision {
    answers(by)?;
    match &state.control {
        Control::Live(live) if live.participants.contains(&by.id) => Err(Refusal::AlreadyParticipant),
        Control::Live(live) => Err(held(live)),
        Control::Ai | Control::Requested(_) | Control::Resolved => Ok(taken_over(state, by, policy)),
    }
}

fn join(state: &Conversation, by: Collaborator) -> Decision {
    answers(by)?;
    let live = live(state)?;
    if live.participants.contains(&by.id) {
        Err(Refusal::AlreadyParticipant)
    } else if live.participants.len() >= limits::PARTICIPANTS {
        Err(Refusal::Full)
    } else {
        Ok(vec![Event::Joined { person: by.id }])
    }
}

fn take_over_from(state: &Conversation, by: Collaborator, from: PersonId) -> Decision {
    if !by.role.may_administer() {
        return Err(Refusal::Forbidden);
    }
    let live = live(state)?;
    if !live.participants.contains(&from) {
        Err(Refusal::NotParticipant)
    } else if live.participants == [by.id] {
        Err(Refusal::Unchanged)
    } else {
        Ok(vec![Event::ParticipantsReplaced { person: by.id, by: by.id }])
    }
}

fn transfer(state: &Conversation, by: Collaborator, to: PersonId) -> Decision {
    answers(by)?;
    match &state.control {
        Control::Ai | Control::Requested(_) => assign(state, by, Some(to)),
        Control::Live(live) => {
            in_charge(live, by)?;
            if live.participants == [to] {
                return Err(Refusal::Unchanged);
            }
            Ok(vec![Event::ParticipantsReplaced { person: to, by: by.id }])
        }
        Control::Resolved => Err(Refusal::IsResolved),
    }
}

fn assign(state: &Conversation, by: Collaborator, to: Option<PersonId>) -> Decision {
    answers(by)?;
    if state.assignee == to {
        Err(Refusal::Unchanged)
    } else {
        Ok(vec![Event::Assigned { to, by: Actor::Person { id: by.id } }])
    }
}

/// Never in a live chat, never what a person has assigned, and never behind the back of whoever was faster.
fn route(state: &Conversation, of: i64, given: Option<i64>, to: Option<PersonId>) -> Decision {
    let Control::Requested(request) = &state.control else { return Err(Refusal::Stale) };
    let by_hand = request.given.is_some_and(|given| given.by_hand) && state.assignee.is_some();
    if request.opened != of || request.given.map(|given| given.seq) != given || by_hand {
        return Err(Refusal::Stale);
    }
    if given.is_some() && state.assignee == to {
        return Err(Refusal::Unchanged);
    }
    Ok(vec![Event::Assigned { to, by: Actor::System }])
}

fn leave(state: &Conversation, by: Collaborator) -> Decision {
    answers(by)?;
    let live = live(state)?;
    if !live.participants.contains(&by.id) {
        Err(Refusal::NotParticipant)
    } else if live.participants.len() == 1 {
        Err(Refusal::LastParticipant)
    } else {
        Ok(vec![Event::Left { person: by.id }])
    }
}

fn end_live_chat(by: Actor, policy: &Policy) -> Decision {
    if !policy.ai_available {
        return Err(Refusal::NoAi);
    }
    Ok(with_end_announcement(Event::LiveChatEnded { by }, policy))
}

fn with_end_announcement(event: Event, policy: &Policy) -> Vec<Event> {
    let announcement = Event::Announced { which: Announcement::End };
    if policy.announces_end { vec![event, announcement] } else { vec![event] }
}

fn close_request(state: &Conversation, event: Event) -> Decision {
    match state.control {
        Control::Requested(_) => Ok(vec![event]),
        _ => Err(Refusal::NothingRequested),
    }
}

fn release(state: &Conversation, began: i64, policy: &Policy) -> Decision {
    if live(state)?.began == began { Ok(released(policy)) } else { Err(Refusal::Stale) }
}

/// A live chat waits for a person again. Outside the office hours the visitor is told that nobody is there: they had somebody
/// a moment ago, and would wait for them.
fn released(policy: &Policy) -> Vec<Event> {
    let released = Event::Released { hold: policy.hold, opens: policy.opens };
    if policy.opens.is_some() && policy.tells_away {
        vec![released, Event::RequestAcknowledged]
    } else {
        vec![released]
    }
}

/// The next step of a wait that still goes on, unless it was taken.
fn climb(state: &Conversation, of: i64, rung: Rung, policy: &Policy) -> Decision {
    let (began, taken) = match &state.control {
        Control::Requested(request) if !rung.is_of_silence() && (rung != Rung::Opening || request.opens.is_some()) => {
            (request.opened, request.taken)
        }
        Control::Live(Live { unanswered: Some(wait), .. }) if rung.is_of_silence() => (wait.seq, wait.taken),
        _ => return Err(Refusal::Stale),
    };
    if began != of || taken.has(rung) {
        return Err(Refusal::Stale);
    }
    Ok(match rung.step() {
        Step::Calls(_) | Step::Tells => vec![Event::Climbed { rung }],
        Step::Releases => released(policy),
    })
}

fn remove_person(state: &Conversation, person: PersonId, policy: &Policy) -> Decision {
    let mut events = Vec::new();
    match state.participants() {
        [only] if *only == person => events.extend(released(policy)),
        many if many.contains(&person) => events.push(Event::Left { person }),
        _ => {}
    }
    if state.assignee == Some(person) {
        events.push(Event::Assigned { to: None, by: Actor::System });
    }
    if events.is_empty() { Err(Refusal::Unchanged) } else { Ok(events) }
}

fn resolve(state: &Conversation, by: Collaborator, policy: &Policy) -> Decision {
    answers(by)?;
    let resolved = Event::Resolved { by: Actor::Person { id: by.id } };
    match &state.control {
        Control::Ai | Control::Requested(_) => Ok(vec![resolved]),
        Control::Live(live) => {
            in_charge(live, by)?;
            Ok(with_end_announcement(resolved, policy))
        }
        Control::Resolved => Err(Refusal::IsResolved),
    }
}

fn reopen(state: &Conversation, by: Collaborator) -> Decision {
    answers(by)?;
    match state.control {
        Control::Resolved => Ok(vec![Event::Reopened { by: Actor::Person { id: by.id } }]),
        _ => Err(Refusal::NotResolved),
    }
}

/// Whether the state waits for exactly this turn and attempt; says whether more was written meanwhile.
fn awaited(state: &Conversation, turn: u64, attempt: u32) -> Result<bool, Refusal> {
    match state.answer {
        Answer::Asked { turn: t, attempt: a, more, .. } if (t, a) == (turn, attempt) => Ok(more),
        Answer::Asked { .. } | Answer::Idle => Err(Refusal::Stale),
    }
}

fn settle(state: &Conversation, turn: u64, attempt: u32, outcome: AssistantOutcome, policy: &Policy) -> Decision {
    let more = awaited(state, turn, attempt)?;
    let waiting = matches!(state.control, Control::Requested(_));
    let request = |reason: Reason, settles: Option<u64>| {
        if waiting { vec![Event::ReasonAdded { reason, settles }] } else { requested(reason, settles, policy) }
    };
    let mut events = Vec::new();
    match outcome {
        AssistantOutcome::Answered { alerts, requests } => {
            events.push(Event::AssistantWrote { turn, attempt });
            if alerts {
                events.push(Event::AiAlerted);
            }
            if let Some(reason) = requests.filter(|_| policy.escalation) {
                events.extend(request(reason, None));
            }
        }
        AssistantOutcome::Requests(_) if !policy.escalation => return Err(Refusal::EscalationOff),
        AssistantOutcome::Requests(reason) => events.extend(request(reason, Some(turn))),
    }
    let holds = policy.hold && !waiting && events.iter().any(|event| matches!(event, Event::HumanRequested { .. }));
    if more && !holds {
        events.push(Event::AskedAgain);
    }
    Ok(events)
}

fn there(by: Collaborator, of: Option<Written>) -> Result<Written, Refusal> {
    answers(by)?;
    let of = of.ok_or(Refusal::NoText)?;
    if of.deleted { Err(Refusal::Deleted) } else { Ok(of) }
}

fn edit_text(by: Collaborator, of: Option<Written>) -> Decision {
    let Written { seq, visitor_seq, author, .. } = there(by, of)?;
    match author {
        Some(author) if author == by.id => Ok(vec![Event::TextEdited { seq, visitor_seq, by: by.id }]),
        _ => Err(Refusal::NotAuthor),
    }
}

fn delete_text(by: Collaborator, of: Option<Written>) -> Decision {
    let Written { seq, visitor_seq, author, .. } = there(by, of)?;
    if author == Some(by.id) || by.role.may_administer() {
        Ok(vec![Event::TextDeleted { seq, visitor_seq, by: by.id }])
    } else {
        Err(Refusal::NotAuthor)
    }
}

fn undo_dismiss(state: &Conversation, by: Collaborator, now: Millis) -> Decision {
    answers(by)?;
    match (&state.control, state.dismissed) {
        (Control::Ai, Some(dismissed)) if now.since(dismissed.at) <= UNDO_WINDOW_MS => {
            Ok(vec![Event::RequestReopened { by: by.id }])
        }
        (Control::Ai, _) => Err(Refusal::Stale),
        (Control::Requested(_), _) => Err(Refusal::Unchanged),
        (Control::Live(_), _) => Err(Refusal::AlreadyLive),
        (Control::Resolved, _) => Err(Refusal::IsResolved),
    }
}

fn retry(state: &Conversation, turn: u64, attempt: u32, policy: &Policy) -> Decision {
    awaited(state, turn, attempt)?;
    if attempt >= ATTEMPTS && policy.escalation {
        return settle(state, turn, attempt, AssistantOutcome::Requests(Reason::AiFailed), policy);
    }
    Ok(vec![Event::AttemptRaised { turn, attempt: attempt + 1 }])
}
