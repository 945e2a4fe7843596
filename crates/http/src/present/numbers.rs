//! Numbers between the rules and the wire.

use api::numbers::{
    Analytics, ConversationFigures, HourFigures, MissedRequest, PeriodFigures, PersonFigures, RatingFigures,
    ReasonFigures, RequestFigures, RequestOutcome, RequestReason,
};
use app::{Baton, numbers::Told};
use domain::{
    Millis,
    conversation::Reason,
    numbers::{Begun, Figures, Ratings},
    requests::End,
};
use ports::numbers::Kept;

use super::people::person_view;

fn figures(figures: &Figures) -> RequestFigures {
    RequestFigures {
        requests: figures.requests,
        answered: figures.answered,
        late: figures.late,
        missed: figures.missed,
        median_ms: figures.median(),
        nine_of_ten_ms: figures.nine_of_ten(),
    }
}

fn begun(begun: Begun) -> ConversationFigures {
    let Begun { conversations, requested, by_ai_alone } = begun;
    ConversationFigures { conversations, requested, by_ai_alone }
}

fn rated(ratings: Ratings) -> RatingFigures {
    RatingFigures { ratings: ratings.ratings, satisfied: ratings.satisfied, average: ratings.average() }
}

fn reason(reason: Reason) -> RequestReason {
    match reason {
        Reason::VisitorAsked => RequestReason::VisitorAsked,
        Reason::Button => RequestReason::Button,
        Reason::Intent => RequestReason::Intent,
        Reason::AiOutput => RequestReason::AiOutput,
        Reason::NoAnswer => RequestReason::NoAnswer,
        Reason::Frustration => RequestReason::Frustration,
        Reason::Rule => RequestReason::Rule,
        Reason::TurnLimit => RequestReason::TurnLimit,
        Reason::AiFailed => RequestReason::AiFailed,
        Reason::AiPromised => RequestReason::AiPromised,
        Reason::AiAsked => RequestReason::AiAsked,
        Reason::Api => RequestReason::Api,
        Reason::Released => RequestReason::Released,
    }
}

fn outcome(end: Option<End>) -> RequestOutcome {
    match end {
        Some(End::Answered) => RequestOutcome::AnsweredLate,
        Some(End::Cancelled) => RequestOutcome::Cancelled,
        Some(End::Dismissed) => RequestOutcome::Dismissed,
        Some(End::Resolved) => RequestOutcome::Resolved,
        Some(End::Ended) => RequestOutcome::Ended,
        None => RequestOutcome::Waiting,
    }
}

/// The numbers of a chatbot.
pub(crate) async fn analytics(baton: &Baton, told: &Told) -> Analytics {
    let Told { days, numbers, complete, everybody } = told;
    let mut people = Vec::with_capacity(numbers.people.len());
    for (id, of) in &numbers.people {
        let person = person_view(baton, *id).await;
        let (requests, ratings) = (figures(&of.figures), rated(of.ratings));
        people.push(PersonFigures { person, requests, unasked: of.unasked, ratings });
    }
    let periods = numbers.periods.iter().map(|(period, conversations, requests)| PeriodFigures {
        first: period.first.clone(),
        last: period.last.clone(),
        conversations: begun(*conversations),
        requests: figures(requests),
    });
    let hours = (0..).zip(&numbers.hours).map(|(hour, requests)| HourFigures { hour, requests: figures(requests) });
    let reasons = numbers.reasons.iter();
    Analytics {
        from: days.from.clone(),
        to: days.to.clone(),
        time_zone: days.time_zone.clone(),
        late_after: days.late_after,
        complete: *complete,
        requests: figures(&numbers.total),
        conversations: begun(numbers.begun),
        unasked: numbers.unasked,
        ratings: rated(numbers.ratings),
        periods: periods.collect(),
        hours: hours.collect(),
        reasons: reasons.map(|(why, of)| ReasonFigures { reason: reason(*why), requests: figures(of) }).collect(),
        people,
        everybody: *everybody,
    }
}

/// A request that was missed; nothing for one that nobody made.
pub(crate) async fn missed(baton: &Baton, kept: &Kept, now: Millis) -> Option<MissedRequest> {
    let Kept { conversation, visitor_name, record } = kept;
    let since = record.since?;
    let until = record.word.map(|(at, _)| at).or(record.end.map(|(at, _)| at));
    let person = match record.word {
        Some((_, person)) => Some(person_view(baton, person).await),
        None => None,
    };
    Some(MissedRequest {
        conversation_id: conversation.to_string(),
        visitor_name: visitor_name.clone(),
        opened: record.opened,
        opened_at: record.opened_at.0,
        reason: reason(record.reason?),
        since: since.0,
        until: until.map(|at| at.0),
        waited_ms: until.unwrap_or(now).since(since),
        outcome: outcome(record.end.map(|(_, how)| how)),
        person,
    })
}
