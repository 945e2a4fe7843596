//! What holds for every sequence of commands. A failing case prints itself and is kept under `proptest-regressions`.

use domain::{
    Millis, PersonId,
    conversation::{
        Actor, Answer, AssistantOutcome, Audience, Command, Control, Conversation, Entry, Event, Policy, Reason,
        Request, Rung, Step, Unanswered, Written, decide,
    },
    person::{Collaborator, Role},
    requests::{Happened, Record, Tally},
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn person() -> impl Strategy<Value = PersonId> {
    (1u128..5).prop_map(|number| PersonId::new(Uuid::from_u128(number)))
}

fn collaborator() -> impl Strategy<Value = Collaborator> {
    let role = prop_oneof![Just(Role::Viewer), Just(Role::Agent), Just(Role::Agent), Just(Role::Admin)];
    (person(), role).prop_map(|(id, role)| Collaborator { id, role })
}

fn reason() -> impl Strategy<Value = Reason> {
    (0..Reason::ALL.len()).prop_map(|index| Reason::ALL[index])
}

fn outcome() -> impl Strategy<Value = AssistantOutcome> {
    prop_oneof![
        (any::<bool>(), proptest::option::of(reason()))
            .prop_map(|(alerts, requests)| AssistantOutcome::Answered { alerts, requests }),
        reason().prop_map(AssistantOutcome::Requests),
    ]
}

/// A text somewhere, or none.
fn written() -> impl Strategy<Value = Option<Written>> {
    let written = (1i64..30, proptest::option::of(1i64..30), proptest::option::of(person()), any::<bool>());
    proptest::option::of(written.prop_map(|(seq, visitor_seq, author, deleted)| Written {
        seq,
        visitor_seq,
        author,
        deleted,
    }))
}

/// Commands, of which those about the AI often name the awaited turn and attempt, and often an old one.
fn command() -> impl Strategy<Value = (Command, bool)> {
    let by = collaborator;
    let commands = prop_oneof![
        4 => Just(Command::VisitorWrites),
        1 => reason().prop_map(|reason| Command::RequestHuman { by: Actor::Visitor, reason }),
        2 => by().prop_map(|by| Command::PersonWrites { by }),
        1 => by().prop_map(|by| Command::TakeOver { by }),
        1 => by().prop_map(|by| Command::Join { by }),
        1 => (by(), person()).prop_map(|(by, from)| Command::TakeOverFrom { by, from }),
        1 => (by(), person()).prop_map(|(by, to)| Command::Transfer { by, to }),
        1 => (by(), proptest::option::of(person())).prop_map(|(by, to)| Command::Assign { by, to }),
        2 => (1i64..30, proptest::option::of(1i64..30), proptest::option::of(person()))
            .prop_map(|(of, given, to)| Command::Route { of, given, to }),
        1 => by().prop_map(|by| Command::Leave { by }),
        1 => by().prop_map(|by| Command::EndLiveChat { by }),
        1 => Just(Command::VisitorEndsLiveChat),
        1 => by().prop_map(|by| Command::DismissRequest { by }),
        1 => Just(Command::CancelRequest),
        1 => (1i64..30).prop_map(|began| Command::Release { began }),
        3 => (1i64..30, 0..Rung::ALL.len()).prop_map(|(of, rung)| Command::Climb { of, rung: Rung::ALL[rung] }),
        1 => person().prop_map(|person| Command::RemovePerson { person }),
        1 => by().prop_map(|by| Command::Resolve { by }),
        1 => by().prop_map(|by| Command::Reopen { by }),
        1 => by().prop_map(|by| Command::WriteNote { by }),
        1 => (by(), written()).prop_map(|(by, of)| Command::EditText { by, of }),
        1 => (by(), written()).prop_map(|(by, of)| Command::DeleteText { by, of }),
        1 => by().prop_map(|by| Command::UndoDismiss { by }),
        4 => (0u64..20, 1u32..4, outcome())
            .prop_map(|(turn, attempt, outcome)| Command::AssistantSettles { turn, attempt, outcome }),
        1 => (0u64..20, 1u32..4).prop_map(|(turn, attempt)| Command::RetryTurn { turn, attempt }),
    ];
    (commands, any::<bool>())
}

fn policy() -> impl Strategy<Value = Policy> {
    let opens = proptest::option::weighted(0.2, (0i64..100_000).prop_map(Millis));
    (any::<bool>(), any::<bool>(), prop::bool::weighted(0.9), any::<bool>(), any::<bool>(), any::<bool>(), opens)
        .prop_map(|(escalation, hold, ai_available, announces_start, announces_end, tells_away, opens)| Policy {
            escalation,
            hold,
            ai_available,
            announces_start,
            announces_end,
            tells_away,
            opens,
        })
}

/// Names the awaited answer or the wait that goes on, when there is one.
fn aimed(command: Command, state: &Conversation) -> Command {
    if let Command::Climb { rung, .. } = command {
        return Command::Climb { of: wait(state).map_or(0, |(of, _)| of), rung };
    }
    if let (Command::Route { to, .. }, Control::Requested(request)) = (command, &state.control) {
        return Command::Route { of: request.opened, given: request.given.map(|given| given.seq), to };
    }
    let Answer::Asked { turn, attempt, .. } = state.answer else { return command };
    match command {
        Command::AssistantSettles { outcome, .. } => Command::AssistantSettles { turn, attempt, outcome },
        Command::RetryTurn { .. } => Command::RetryTurn { turn, attempt },
        other => other,
    }
}

/// The wait that goes on: what it began with, and the steps that were taken.
fn wait(state: &Conversation) -> Option<(i64, Vec<Rung>)> {
    let (of, taken) = match &state.control {
        Control::Requested(request) => (request.opened, request.taken),
        Control::Live(live) => live.unanswered.map(|Unanswered { seq, taken, .. }| (seq, taken))?,
        Control::Ai | Control::Resolved => return None,
    };
    Some((of, Rung::ALL.into_iter().filter(|rung| taken.has(*rung)).collect()))
}

struct Did {
    before: Conversation,
    command: Command,
    policy: Policy,
    entries: Vec<Entry>,
    after: Conversation,
}

fn run(plan: Vec<((Command, bool), Policy, i64)>) -> Vec<Did> {
    let mut state = Conversation::default();
    let mut now = Millis(0);
    let mut steps = Vec::new();
    for ((command, aim), policy, pause) in plan {
        now = now.plus(pause);
        let command = if aim { aimed(command, &state) } else { command };
        let Ok(events) = decide(&state, command, &policy, now) else { continue };
        let (after, entries) = state.clone().record(&events, now);
        steps.push(Did { before: state, command, policy, entries, after: after.clone() });
        state = after;
    }
    steps
}

fn plan() -> impl Strategy<Value = Vec<((Command, bool), Policy, i64)>> {
    vec((command(), policy(), 0i64..2_000), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn replaying_the_log_gives_the_state(plan in plan()) {
        let steps = run(plan);
        let log = steps.iter().flat_map(|step| &step.entries);
        let replayed = log.fold(Conversation::default(), |state, entry| state.apply(entry));
        prop_assert_eq!(replayed, steps.last().map(|step| step.after.clone()).unwrap_or_default());
    }

    #[test]
    fn a_record_is_open_exactly_while_a_visitor_waits_for_a_person(plan in plan()) {
        let (mut tally, mut open) = (Tally::default(), None::<Record>);
        for step in run(plan) {
            let (next, happened) = tally.after(&step.entries);
            tally = next;
            for (what, record) in happened {
                match what {
                    // A live chat that was begun unasked may be given back; else nothing is opened before the last has ended.
                    Happened::Opened | Happened::Unasked | Happened::Reopened => {
                        prop_assert!(open.is_none_or(|before| before.opened == record.opened && before.reason.is_none()));
                        open = Some(record);
                    }
                    Happened::Ended => {
                        prop_assert_eq!(open.take().map(|before| before.opened), Some(record.opened));
                        prop_assert!(record.end.is_some());
                    }
                }
                prop_assert!(record.reason.is_none() || record.since.is_some());
                prop_assert!(record.since.is_none_or(|since| since <= record.opened_at));
            }
            match &step.after.control {
                Control::Requested(_) => prop_assert!(open.is_some_and(|record| record.reason.is_some())),
                Control::Live(_) => {}
                Control::Ai | Control::Resolved => prop_assert_eq!(open, None),
            }
            if step.entries.iter().any(|entry| matches!(entry.event, Event::PersonWrote { .. })) {
                prop_assert_eq!(open, None);
            }
        }
    }

    #[test]
    fn requests_are_counted_the_same_in_whatever_pieces_the_log_is_read(plan in plan(), size in 1usize..9) {
        let log: Vec<Entry> = run(plan).into_iter().flat_map(|step| step.entries).collect();
        let whole = Tally::default().after(&log);
        let mut happened = Vec::new();
        let pieces = log.chunks(size).fold(Tally::default(), |tally, piece| {
            let (tally, more) = tally.after(piece);
            happened.extend(more);
            tally
        });
        prop_assert_eq!((pieces, happened), whole);
    }

    #[test]
    fn numbers_have_no_gaps(plan in plan()) {
        let (mut seq, mut visitor_seq) = (0, 0);
        for entry in run(plan).iter().flat_map(|step| &step.entries) {
            seq += 1;
            prop_assert_eq!(entry.seq, seq);
            if entry.event.audience() == Audience::Everyone {
                visitor_seq += 1;
                prop_assert_eq!(entry.visitor_seq, Some(visitor_seq));
            } else {
                prop_assert_eq!(entry.visitor_seq, None);
            }
        }
    }

    #[test]
    fn a_stale_turn_or_attempt_never_speaks(plan in plan()) {
        for step in run(plan) {
            for entry in &step.entries {
                if let Event::AssistantWrote { turn, attempt } = entry.event {
                    let awaited = matches!(step.before.answer, Answer::Asked { turn: t, attempt: a, .. } if (t, a) == (turn, attempt));
                    prop_assert!(awaited, "{:?} in {:?}", step.command, step.before);
                }
            }
        }
    }

    #[test]
    fn nothing_automatic_is_said_while_a_person_is_there(plan in plan()) {
        let mut live = false;
        for step in run(plan) {
            for entry in &step.entries {
                prop_assert!(!(live && entry.event.is_automatic_text()), "{:?}", step.command);
                live = match entry.event {
                    Event::TakenOver { .. } => true,
                    Event::LiveChatEnded { .. } | Event::Released { .. } | Event::Resolved { .. } => false,
                    _ => live,
                };
            }
        }
    }

    #[test]
    fn a_step_of_a_wait_is_taken_once_and_in_that_wait_only(plan in plan()) {
        let mut taken = std::collections::HashSet::new();
        for step in run(plan) {
            let Command::Climb { of, rung } = step.command else { continue };
            prop_assert!(taken.insert((of, rung)), "{rung:?} of {of} twice");
            prop_assert_eq!(wait(&step.before).map(|(of, _)| of), Some(of));
            match rung.step() {
                Step::Releases => prop_assert!(matches!(step.after.control, Control::Requested(_))),
                Step::Calls(_) | Step::Tells => {
                    let kept = wait(&step.after).filter(|(now, taken)| *now == of && taken.contains(&rung));
                    prop_assert!(kept.is_some(), "{:?}", step.after);
                }
            }
        }
    }

    #[test]
    fn routing_changes_nothing_but_who_has_an_open_request_and_never_what_a_person_said(plan in plan()) {
        for step in run(plan) {
            let Command::Route { to, .. } = step.command else { continue };
            let (Control::Requested(before), Control::Requested(after)) = (&step.before.control, &step.after.control) else {
                return Err(TestCaseError::fail("it was given outside a request"));
            };
            let by_hand = before.given.is_some_and(|given| given.by_hand) && step.before.assignee.is_some();
            prop_assert!(!by_hand, "{:?}", step.before);
            prop_assert_eq!(step.after.assignee, to);
            prop_assert_eq!(Request { given: before.given, ..*after }, *before);
            prop_assert_eq!((step.after.turn, &step.after.answer), (step.before.turn, &step.before.answer));
            prop_assert!(step.entries.iter().all(|entry| entry.visitor_seq.is_none()));
        }
    }

    #[test]
    fn a_turn_is_answered_at_most_once_and_never_goes_back(plan in plan()) {
        let mut answered = std::collections::HashSet::new();
        let mut last = 0;
        for entry in run(plan).iter().flat_map(|step| &step.entries) {
            prop_assert!(entry.turn >= last);
            last = entry.turn;
            if let Event::AssistantWrote { turn, .. } = entry.event {
                prop_assert!(answered.insert(turn), "turn {turn} twice");
            }
        }
    }

    #[test]
    fn whoever_takes_the_ai_off_raises_the_turn(plan in plan()) {
        for step in run(plan) {
            let withdrawn = matches!(step.before.answer, Answer::Asked { .. }) && step.after.answer == Answer::Idle;
            let settled = matches!(step.command, Command::AssistantSettles { .. } | Command::RetryTurn { .. });
            prop_assert!(!withdrawn || settled || step.after.turn > step.before.turn, "{:?}", step.command);
        }
    }

    #[test]
    fn a_live_chat_has_people_and_no_awaited_answer(plan in plan()) {
        for step in run(plan) {
            if let Control::Live(live) = &step.after.control {
                prop_assert!(!live.participants.is_empty());
                prop_assert_eq!(step.after.answer, Answer::Idle);
                let mut people = live.participants.clone();
                people.sort();
                people.dedup();
                prop_assert_eq!(people.len(), live.participants.len());
            }
        }
    }

    #[test]
    fn viewers_change_nothing(plan in plan()) {
        for step in run(plan) {
            let by = match step.command {
                Command::PersonWrites { by }
                | Command::TakeOver { by }
                | Command::Join { by }
                | Command::TakeOverFrom { by, .. }
                | Command::Transfer { by, .. }
                | Command::Assign { by, .. }
                | Command::Leave { by }
                | Command::EndLiveChat { by }
                | Command::DismissRequest { by }
                | Command::Resolve { by }
                | Command::Reopen { by }
                | Command::WriteNote { by }
                | Command::EditText { by, .. }
                | Command::DeleteText { by, .. }
                | Command::UndoDismiss { by } => by,
                _ => continue,
            };
            prop_assert!(by.role.may_answer(), "{:?}", step.command);
        }
    }

    #[test]
    fn a_text_is_changed_by_its_author_and_emptied_by_admins_at_most(plan in plan()) {
        for step in run(plan) {
            let (by, of, deletes) = match step.command {
                Command::EditText { by, of } => (by, of, false),
                Command::DeleteText { by, of } => (by, of, true),
                _ => continue,
            };
            let of = of.unwrap();
            prop_assert!(!of.deleted);
            prop_assert!(of.author == Some(by.id) || deletes && by.role.may_administer(), "{:?}", step.command);
            // Whoever could read the text hears of it, and nobody else; who may speak stays as it is.
            prop_assert_eq!(step.entries.len(), 1);
            prop_assert_eq!(step.entries[0].visitor_seq.is_some(), of.visitor_seq.is_some());
            prop_assert_eq!(&step.after.control, &step.before.control);
            prop_assert_eq!(step.after.answer, step.before.answer);
        }
    }

    #[test]
    fn a_dismissal_is_taken_back_as_if_it_had_not_been(plan in plan()) {
        let mut waited = None;
        for step in run(plan) {
            match step.command {
                Command::DismissRequest { .. } => waited = Some(step.before.control.clone()),
                Command::UndoDismiss { .. } => {
                    prop_assert_eq!(Some(&step.after.control), waited.as_ref());
                    prop_assert!(step.entries.iter().all(|entry| !entry.event.is_text()));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn with_escalation_off_nobody_is_called(plan in plan()) {
        for step in run(plan).iter().filter(|step| !step.policy.escalation) {
            let called = step.entries.iter().any(|entry| matches!(entry.event, Event::HumanRequested { .. }));
            prop_assert!(!called, "{:?}", step.command);
        }
    }
}
