//! Every pair of state and command, in one table: what follows, by the names of the events, or the code of the refusal.

#![expect(clippy::expect_used, reason = "a table that cannot be set up is a defect of the test")]

use domain::{
    Millis, PersonId,
    conversation::{
        Actor, AssistantOutcome, Command, Control, Conversation, Policy, Reason, Rung, Standing, Step, Written, decide,
        decide::{ATTEMPTS, RESTART_WINDOW_MS, UNDO_WINDOW_MS},
    },
    person::{Collaborator, Role},
};
use uuid::Uuid;

const NOW: Millis = Millis(1_000_000);

const fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

const ADA: Collaborator = Collaborator { id: person(1), role: Role::Agent };
const SOFIA: Collaborator = Collaborator { id: person(2), role: Role::Agent };
const BOSS: Collaborator = Collaborator { id: person(3), role: Role::Admin };
const VIEWER: Collaborator = Collaborator { id: person(4), role: Role::Viewer };

const POLICY: Policy = Policy {
    escalation: true,
    hold: false,
    ai_available: true,
    announces_start: true,
    announces_end: true,
    tells_away: true,
    opens: None,
};

fn act(state: Conversation, command: Command, policy: &Policy) -> Conversation {
    let events = decide(&state, command, policy, NOW).expect("the table's own set-up is allowed");
    state.record(&events, NOW).0
}

/// The four columns of the table. In `live` Ada is alone.
fn states(policy: &Policy) -> [(&'static str, Conversation); 4] {
    let ai = Conversation::default();
    let requested = act(ai.clone(), Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button }, policy);
    let live = act(ai.clone(), Command::PersonWrites { by: ADA }, policy);
    let resolved = act(ai.clone(), Command::Resolve { by: ADA }, policy);
    [("ai", ai), ("requested", requested), ("live", live), ("resolved", resolved)]
}

fn outcome(state: &Conversation, command: Command, policy: &Policy, now: Millis) -> String {
    match decide(state, command, policy, now) {
        Ok(events) => events.iter().map(|event| event.kind()).collect::<Vec<_>>().join(" "),
        Err(refusal) => format!("! {}", refusal.code()),
    }
}

fn check_with(policy: &Policy, command: Command, expect: [&str; 4]) {
    for ((name, state), expect) in states(policy).iter().zip(expect) {
        assert_eq!(outcome(state, command, policy, NOW), expect, "{command:?} in `{name}`");
    }
}

fn check(command: Command, expect: [&str; 4]) {
    check_with(&POLICY, command, expect);
}

#[test]
fn the_visitor() {
    check(Command::VisitorWrites, ["visitor_wrote", "visitor_wrote", "visitor_wrote", "reopened visitor_wrote"]);
    check(
        Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button },
        [
            "human_requested request_acknowledged",
            "reason_added",
            "! already_live",
            "reopened human_requested request_acknowledged",
        ],
    );
    check(
        Command::CancelRequest,
        ["! nothing_requested", "request_cancelled", "! nothing_requested", "! nothing_requested"],
    );
    check(Command::VisitorEndsLiveChat, ["! not_live", "! not_live", "live_chat_ended announced", "! not_live"]);
}

#[test]
fn a_persons_first_message_is_the_takeover() {
    let taken = "taken_over announced person_wrote";
    let reopened = "reopened taken_over announced person_wrote";
    check(Command::PersonWrites { by: ADA }, [taken, taken, "person_wrote", reopened]);
    check(Command::PersonWrites { by: SOFIA }, [taken, taken, "! held_by", reopened]);
    check(Command::PersonWrites { by: BOSS }, [taken, taken, "! held_by", reopened]);
    check(Command::PersonWrites { by: VIEWER }, ["! forbidden"; 4]);
}

#[test]
fn taking_over_without_a_word() {
    let taken = "taken_over announced";
    let reopened = "reopened taken_over announced";
    check(Command::TakeOver { by: ADA }, [taken, taken, "! already_participant", reopened]);
    check(Command::TakeOver { by: SOFIA }, [taken, taken, "! held_by", reopened]);
    check(Command::TakeOver { by: VIEWER }, ["! forbidden"; 4]);
    let silent = Policy { announces_start: false, ..POLICY };
    check_with(
        &silent,
        Command::TakeOver { by: SOFIA },
        ["taken_over", "taken_over", "! held_by", "reopened taken_over"],
    );
}

#[test]
fn people_in_one_live_chat() {
    check(Command::Join { by: SOFIA }, ["! not_live", "! not_live", "joined", "! not_live"]);
    check(Command::Join { by: ADA }, ["! not_live", "! not_live", "! already_participant", "! not_live"]);
    check(Command::Join { by: VIEWER }, ["! forbidden"; 4]);
    let from = ADA.id;
    check(
        Command::TakeOverFrom { by: BOSS, from },
        ["! not_live", "! not_live", "participants_replaced", "! not_live"],
    );
    check(Command::TakeOverFrom { by: SOFIA, from }, ["! forbidden"; 4]);
    check(
        Command::TakeOverFrom { by: BOSS, from: SOFIA.id },
        ["! not_live", "! not_live", "! not_participant", "! not_live"],
    );
    check(Command::Leave { by: ADA }, ["! not_live", "! not_live", "! last_participant", "! not_live"]);
    check(Command::Leave { by: SOFIA }, ["! not_live", "! not_live", "! not_participant", "! not_live"]);
}

#[test]
fn routing_gives_an_open_request_once_and_takes_nothing_from_a_person() {
    let (of, given, to) = (1, None, Some(SOFIA.id));
    check(Command::Route { of, given, to }, ["! stale", "assigned", "! stale", "! stale"]);
    check(Command::Route { of, given, to: None }, ["! stale", "assigned", "! stale", "! stale"]);
    check(Command::Route { of: 2, given, to }, ["! stale"; 4]);
    let [_, (_, open), ..] = states(&POLICY);
    let routed = act(open.clone(), Command::Route { of, given, to }, &POLICY);
    let Control::Requested(request) = &routed.control else { panic!("it is still open") };
    let first = request.given.map(|given| given.seq);
    assert_eq!((routed.assignee, first, request.given_to_one(to)), (to, Some(routed.seq), Some(routed.seq)));
    let again = |state: &Conversation, given, to| outcome(state, Command::Route { of, given, to }, &POLICY, NOW);
    assert_eq!(again(&routed, None, Some(ADA.id)), "! stale", "somebody was faster");
    assert_eq!(again(&routed, first, to), "! unchanged");
    assert_eq!(again(&routed, first, Some(ADA.id)), "assigned");
    assert_eq!(again(&routed, first, None), "assigned", "nobody is there any more");
    let called = act(open.clone(), Command::Climb { of, rung: Rung::Team }, &POLICY);
    let called = act(called, Command::Route { of, given, to }, &POLICY);
    let Control::Requested(request) = &called.control else { panic!("it is still open") };
    assert_eq!(request.given_to_one(to), None, "everybody was called, and stays so");
    // What a person says stays until a person takes it back.
    let by_hand = act(open, Command::Assign { by: ADA, to }, &POLICY);
    let Control::Requested(request) = &by_hand.control else { panic!("it is still open") };
    let hand = request.given.map(|given| given.seq);
    assert_eq!(again(&by_hand, hand, Some(ADA.id)), "! stale");
    let freed = act(by_hand, Command::Assign { by: ADA, to: None }, &POLICY);
    let Control::Requested(request) = &freed.control else { panic!("it is still open") };
    assert_eq!(again(&freed, request.given.map(|given| given.seq), to), "assigned");
}

#[test]
fn handing_on() {
    let to = SOFIA.id;
    check(Command::Transfer { by: ADA, to }, ["assigned", "assigned", "participants_replaced", "! resolved"]);
    check(Command::Transfer { by: SOFIA, to }, ["assigned", "assigned", "! held_by", "! resolved"]);
    check(Command::Transfer { by: BOSS, to }, ["assigned", "assigned", "participants_replaced", "! resolved"]);
    check(Command::Transfer { by: VIEWER, to }, ["! forbidden"; 4]);
    check(Command::Assign { by: ADA, to: Some(to) }, ["assigned"; 4]);
    check(Command::Assign { by: ADA, to: None }, ["! unchanged"; 4]);
}

#[test]
fn ending_dismissing_resolving() {
    check(Command::EndLiveChat { by: ADA }, ["! not_live", "! not_live", "live_chat_ended announced", "! not_live"]);
    check(Command::EndLiveChat { by: SOFIA }, ["! not_live", "! not_live", "! held_by", "! not_live"]);
    check(Command::EndLiveChat { by: BOSS }, ["! not_live", "! not_live", "live_chat_ended announced", "! not_live"]);
    check(
        Command::DismissRequest { by: SOFIA },
        ["! nothing_requested", "request_dismissed", "! nothing_requested", "! nothing_requested"],
    );
    check(Command::DismissRequest { by: VIEWER }, ["! forbidden"; 4]);
    check(Command::Resolve { by: ADA }, ["resolved", "resolved", "resolved announced", "! resolved"]);
    check(Command::Resolve { by: SOFIA }, ["resolved", "resolved", "! held_by", "! resolved"]);
    check(Command::Reopen { by: SOFIA }, ["! not_resolved", "! not_resolved", "! not_resolved", "reopened"]);
    check(Command::WriteNote { by: SOFIA }, ["note_written"; 4]);
    check(Command::WriteNote { by: VIEWER }, ["! forbidden"; 4]);
}

#[test]
fn changing_what_was_written() {
    let of = |author: Option<Collaborator>| {
        Some(Written { seq: 1, visitor_seq: Some(1), author: author.map(|by| by.id), deleted: false })
    };
    check(Command::EditText { by: ADA, of: of(Some(ADA)) }, ["text_edited"; 4]);
    check(Command::EditText { by: BOSS, of: of(Some(ADA)) }, ["! not_author"; 4]);
    check(Command::EditText { by: BOSS, of: of(None) }, ["! not_author"; 4]);
    check(Command::EditText { by: VIEWER, of: of(Some(VIEWER)) }, ["! forbidden"; 4]);
    check(Command::EditText { by: ADA, of: None }, ["! no_text"; 4]);
    check(Command::DeleteText { by: ADA, of: of(Some(ADA)) }, ["text_deleted"; 4]);
    check(Command::DeleteText { by: SOFIA, of: of(Some(ADA)) }, ["! not_author"; 4]);
    check(Command::DeleteText { by: SOFIA, of: of(None) }, ["! not_author"; 4]);
    check(Command::DeleteText { by: BOSS, of: of(Some(ADA)) }, ["text_deleted"; 4]);
    check(Command::DeleteText { by: BOSS, of: of(None) }, ["text_deleted"; 4]);
    check(Command::DeleteText { by: VIEWER, of: of(Some(VIEWER)) }, ["! forbidden"; 4]);
    let gone = Some(Written { seq: 1, visitor_seq: None, author: Some(ADA.id), deleted: true });
    check(Command::EditText { by: ADA, of: gone }, ["! deleted"; 4]);
    check(Command::DeleteText { by: BOSS, of: gone }, ["! deleted"; 4]);
}

#[test]
fn taking_a_dismissal_back() {
    let undo = Command::UndoDismiss { by: SOFIA };
    check(undo, ["! stale", "! unchanged", "! already_live", "! resolved"]);
    check(Command::UndoDismiss { by: VIEWER }, ["! forbidden"; 4]);
    for hold in [false, true] {
        let policy = Policy { hold, ..POLICY };
        let button = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
        let waiting = act(Conversation::default(), button, &policy);
        let dismissed = act(waiting.clone(), Command::DismissRequest { by: ADA }, &policy);
        assert_eq!(outcome(&dismissed, undo, &policy, NOW.plus(UNDO_WINDOW_MS)), "request_reopened");
        assert_eq!(outcome(&dismissed, undo, &policy, NOW.plus(UNDO_WINDOW_MS + 1)), "! stale");
        let again = act(dismissed.clone(), undo, &policy);
        assert_eq!(again.control, waiting.control, "the same request: nobody is called twice, the clock goes on");
        // What came in between stands.
        let asked = act(dismissed.clone(), Command::VisitorWrites, &policy);
        assert_eq!(outcome(&asked, undo, &policy, NOW), "request_reopened");
        let taken = act(dismissed.clone(), Command::TakeOver { by: ADA }, &policy);
        let ended = act(taken, Command::EndLiveChat { by: ADA }, &policy);
        assert_eq!(outcome(&ended, undo, &policy, NOW), "! stale");
        // The visitor went on with the assistant: that is theirs to say.
        let cancelled = act(waiting, Command::CancelRequest, &policy);
        assert_eq!(outcome(&cancelled, undo, &policy, NOW), "! stale");
        assert!(matches!(again.control, Control::Requested(_)));
    }
}

#[test]
fn silence_and_removal() {
    let began = 1;
    check(Command::Release { began }, ["! not_live", "! not_live", "released", "! not_live"]);
    check(Command::Release { began: 99 }, ["! not_live", "! not_live", "! stale", "! not_live"]);
    check(Command::RemovePerson { person: ADA.id }, ["! unchanged", "! unchanged", "released", "! unchanged"]);
    check(Command::RemovePerson { person: SOFIA.id }, ["! unchanged"; 4]);
}

#[test]
fn who_is_left_outside_the_office_hours_is_told_that_nobody_is_there() {
    let closed = Policy { opens: Some(NOW.plus(1_000)), ..POLICY };
    let told = "released request_acknowledged";
    check_with(&closed, Command::Release { began: 1 }, ["! not_live", "! not_live", told, "! not_live"]);
    check_with(&closed, Command::RemovePerson { person: ADA.id }, ["! unchanged", "! unchanged", told, "! unchanged"]);
    let [_, _, (_, live), _] = states(&closed);
    let waits = act(live, Command::VisitorWrites, &closed);
    let release = Command::Climb { of: waits.seq, rung: Rung::Release };
    assert_eq!(outcome(&waits, release, &closed, NOW), told);
    assert_eq!(outcome(&waits, release, &Policy { tells_away: false, ..closed }, NOW), "released");
    let Control::Requested(request) = act(waits, release, &closed).control else { panic!("no request") };
    assert_eq!(request.opens, closed.opens);
}

#[test]
fn the_ai_speaks_only_when_asked() {
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    for outcome in [answered, AssistantOutcome::Requests(Reason::VisitorAsked)] {
        check(Command::AssistantSettles { turn: 1, attempt: 1, outcome }, ["! stale"; 4]);
    }
    check(Command::RetryTurn { turn: 1, attempt: 1 }, ["! stale"; 4]);
}

#[test]
fn no_ai_that_could_answer() {
    let alone = Policy { ai_available: false, ..POLICY };
    check_with(&alone, Command::EndLiveChat { by: ADA }, ["! not_live", "! not_live", "! no_ai", "! not_live"]);
    check_with(
        &alone,
        Command::VisitorWrites,
        [
            "visitor_wrote human_requested request_acknowledged",
            "visitor_wrote",
            "visitor_wrote",
            "reopened visitor_wrote human_requested request_acknowledged",
        ],
    );
}

#[test]
fn escalation_switched_off() {
    let off = Policy { escalation: false, ..POLICY };
    let state = Conversation::default();
    let request = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    assert_eq!(outcome(&state, request, &off, NOW), "! escalation_off");
    assert_eq!(outcome(&state, Command::PersonWrites { by: ADA }, &off, NOW), "taken_over announced person_wrote");
    let alone = Policy { ai_available: false, ..off };
    assert_eq!(outcome(&state, Command::VisitorWrites, &alone, NOW), "visitor_wrote");
}

/// An answer is awaited: turn 1, attempt 1.
fn asked(policy: &Policy) -> Conversation {
    act(Conversation::default(), Command::VisitorWrites, policy)
}

fn settle(turn: u64, attempt: u32, outcome: AssistantOutcome) -> Command {
    Command::AssistantSettles { turn, attempt, outcome }
}

#[test]
fn an_awaited_answer() {
    let state = asked(&POLICY);
    let check = |outcome_of: AssistantOutcome, expect: &str| {
        assert_eq!(outcome(&state, settle(1, 1, outcome_of), &POLICY, NOW), expect, "{outcome_of:?}");
    };
    let answered = |alerts, requests| AssistantOutcome::Answered { alerts, requests };
    check(answered(false, None), "assistant_wrote");
    check(answered(true, None), "assistant_wrote ai_alerted");
    check(answered(false, Some(Reason::AiOutput)), "assistant_wrote human_requested request_acknowledged");
    // The AI's own promise has told the visitor already.
    check(answered(false, Some(Reason::AiPromised)), "assistant_wrote human_requested");
    check(AssistantOutcome::Requests(Reason::VisitorAsked), "human_requested request_acknowledged");
    for (turn, attempt) in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        assert_eq!(outcome(&state, settle(turn, attempt, answered(false, None)), &POLICY, NOW), "! stale");
    }
}

#[test]
fn a_step_of_a_wait_is_taken_while_it_lasts() {
    for rung in Rung::ALL {
        // Whoever was called at once is not called for the first time when the office opens.
        let expect = if rung.is_of_silence() || rung == Rung::Opening { "! stale" } else { "climbed" };
        check(Command::Climb { of: 1, rung }, ["! stale", expect, "! stale", "! stale"]);
        check(Command::Climb { of: 2, rung }, ["! stale"; 4]);
    }
    // In a live chat it lasts from the visitor's first word without an answer to the next word of a person.
    let [_, _, (_, live), _] = states(&POLICY);
    let waits = act(live, Command::VisitorWrites, &POLICY);
    let of = waits.seq;
    let still = act(waits, Command::VisitorWrites, &POLICY);
    let answered = act(still.clone(), Command::PersonWrites { by: ADA }, &POLICY);
    for rung in Rung::ALL {
        let expect = match rung.step() {
            _ if !rung.is_of_silence() => "! stale",
            Step::Releases => "released",
            _ => "climbed",
        };
        assert_eq!(outcome(&still, Command::Climb { of, rung }, &POLICY, NOW), expect, "{rung:?}");
        assert_eq!(outcome(&still, Command::Climb { of: of + 1, rung }, &POLICY, NOW), "! stale", "{rung:?}");
        assert_eq!(outcome(&answered, Command::Climb { of, rung }, &POLICY, NOW), "! stale", "{rung:?}");
    }
    let once = Command::Climb { of, rung: Rung::Remind };
    assert_eq!(outcome(&act(still, once, &POLICY), once, &POLICY, NOW), "! stale", "each step once");
}

#[test]
fn a_step_of_a_wait_takes_nothing_from_the_ai() {
    let button = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    let state = act(asked(&POLICY), button, &POLICY);
    let Control::Requested(request) = state.control else { panic!("no request") };
    let told = act(state, Command::Climb { of: request.opened, rung: Rung::FirstText }, &POLICY);
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&told, settle(1, 1, answered), &POLICY, NOW), "assistant_wrote", "its answer goes on");
}

#[test]
fn outside_the_office_hours_the_visitor_is_told_whatever_the_reason() {
    let closed = Policy { opens: Some(NOW.plus(1_000)), ..POLICY };
    let promised = AssistantOutcome::Answered { alerts: false, requests: Some(Reason::AiPromised) };
    let state = asked(&closed);
    assert_eq!(
        outcome(&state, settle(1, 1, promised), &closed, NOW),
        "assistant_wrote human_requested request_acknowledged"
    );
    let Control::Requested(request) = act(state, settle(1, 1, promised), &closed).control else { panic!("no request") };
    assert_eq!(request.opens, closed.opens);
}

#[test]
fn an_answer_while_a_person_is_wanted() {
    let button = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    let state = act(asked(&POLICY), button, &POLICY);
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&state, settle(1, 1, answered), &POLICY, NOW), "assistant_wrote", "it goes on");
    let again = AssistantOutcome::Requests(Reason::VisitorAsked);
    assert_eq!(outcome(&state, settle(1, 1, again), &POLICY, NOW), "reason_added", "nothing new for the visitor");
}

#[test]
fn hold_silences_the_ai_until_the_request_is_closed() {
    let hold = Policy { hold: true, ..POLICY };
    let button = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    let state = act(asked(&hold), button, &hold);
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&state, settle(1, 1, answered), &hold, NOW), "! stale");
    let state = act(state, Command::VisitorWrites, &hold);
    assert_eq!(state.answer, domain::conversation::Answer::Idle, "stored, not asked");
    let turn = state.turn;
    let state = act(state, Command::DismissRequest { by: ADA }, &hold);
    assert_eq!((state.standing(), state.turn), (Standing::Ai, turn + 1));
}

#[test]
fn a_burst_gets_one_answer() {
    let policy = POLICY;
    let mut state = asked(&policy);
    let write = |state: Conversation, after: i64| {
        let now = NOW.plus(after);
        let events = decide(&state, Command::VisitorWrites, &policy, now).unwrap();
        state.record(&events, now).0
    };
    // Two messages make it start over; the third waits for the answer in the making.
    state = write(state, 100);
    assert_eq!(state.turn, 2);
    state = write(state, 200);
    assert_eq!(state.turn, 3);
    state = write(state, 300);
    assert_eq!(state.turn, 3);
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&state, settle(1, 1, answered), &policy, NOW), "! stale");
    assert_eq!(outcome(&state, settle(3, 1, answered), &policy, NOW), "assistant_wrote asked_again");
    state = act(state, settle(3, 1, answered), &policy);
    assert_eq!(outcome(&state, settle(4, 1, answered), &policy, NOW), "assistant_wrote", "the rest gets one together");
}

#[test]
fn after_three_seconds_an_answer_is_finished() {
    let state = asked(&POLICY);
    let late = NOW.plus(RESTART_WINDOW_MS);
    let events = decide(&state, Command::VisitorWrites, &POLICY, late).unwrap();
    let (state, _) = state.record(&events, late);
    assert_eq!(state.turn, 1, "the answer in the making goes on");
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&state, settle(1, 1, answered), &POLICY, late), "assistant_wrote asked_again");
}

#[test]
fn a_lost_turn_is_tried_again_and_then_given_to_a_person() {
    let mut state = asked(&POLICY);
    for attempt in 1..ATTEMPTS {
        assert_eq!(outcome(&state, Command::RetryTurn { turn: 1, attempt }, &POLICY, NOW), "attempt_raised");
        state = act(state, Command::RetryTurn { turn: 1, attempt }, &POLICY);
        let answered = AssistantOutcome::Answered { alerts: false, requests: None };
        assert_eq!(outcome(&state, settle(1, attempt, answered), &POLICY, NOW), "! stale", "the lost worker");
    }
    let last = Command::RetryTurn { turn: 1, attempt: ATTEMPTS };
    assert_eq!(outcome(&state, last, &POLICY, NOW), "human_requested request_acknowledged");
}

#[test]
fn the_ai_is_back_after_the_live_chat_and_answers_nothing_old() {
    let mut state = asked(&POLICY);
    state = act(state, Command::PersonWrites { by: ADA }, &POLICY);
    let answered = AssistantOutcome::Answered { alerts: false, requests: None };
    assert_eq!(outcome(&state, settle(1, 1, answered), &POLICY, NOW), "! stale");
    state = act(state, Command::VisitorWrites, &POLICY);
    state = act(state, Command::EndLiveChat { by: ADA }, &POLICY);
    assert_eq!((state.standing(), state.answer), (Standing::Ai, domain::conversation::Answer::Idle));
    state = act(state, Command::VisitorWrites, &POLICY);
    assert!(matches!(state.answer, domain::conversation::Answer::Asked { .. }), "the next message is answered");
}

#[test]
fn two_people_may_write_after_a_join_and_one_may_leave() {
    let mut state = act(Conversation::default(), Command::PersonWrites { by: ADA }, &POLICY);
    state = act(state, Command::Join { by: SOFIA }, &POLICY);
    assert_eq!(outcome(&state, Command::PersonWrites { by: SOFIA }, &POLICY, NOW), "person_wrote");
    state = act(state, Command::Leave { by: ADA }, &POLICY);
    assert_eq!(state.participants(), [SOFIA.id]);
    assert_eq!(outcome(&state, Command::PersonWrites { by: ADA }, &POLICY, NOW), "! held_by");
}
