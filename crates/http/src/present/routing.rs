//! Whom a request is given to, and who is at the desk: between the rules and the wire.

use api::routing::{PresenceView, RoutingMode, RoutingPatch, RoutingPool, RoutingSettings};
use app::AppError;
use domain::{
    presence::Presence,
    routing::{Mode, Pool, Routing},
};

/// The settings as collaborators see them.
pub(crate) fn routing_settings(routing: Routing) -> RoutingSettings {
    let pool = |pool: Pool| RoutingPool {
        name: pool.name,
        people: pool.people.iter().map(ToString::to_string).collect(),
        languages: pool.languages,
        labels: pool.labels.iter().map(ToString::to_string).collect(),
    };
    RoutingSettings {
        mode: match routing.mode {
            Mode::Manual => RoutingMode::Manual,
            Mode::RoundRobin => RoutingMode::RoundRobin,
            Mode::LeastBusy => RoutingMode::LeastBusy,
        },
        limit: routing.limit,
        reassign_after: routing.reassign_after,
        pools: routing.pools.into_iter().map(pool).collect(),
    }
}

/// Changes to the settings, with the ids read.
#[derive(Clone)]
pub(crate) struct RoutingChange {
    patch: RoutingPatch,
    pools: Option<Vec<Pool>>,
}

/// Reads the ids of a change.
pub(crate) fn routing_change(mut patch: RoutingPatch) -> Result<RoutingChange, AppError> {
    let pools = patch.pools.take().map(|pools| pools.into_iter().enumerate().map(pool_of).collect());
    Ok(RoutingChange { patch, pools: pools.transpose()? })
}

/// The settings after a change. What was left out stays.
pub(crate) fn merge_routing(known: Routing, change: RoutingChange) -> Routing {
    let RoutingChange { patch, pools } = change;
    Routing {
        mode: patch.mode.map_or(known.mode, |mode| match mode {
            RoutingMode::Manual => Mode::Manual,
            RoutingMode::RoundRobin => Mode::RoundRobin,
            RoutingMode::LeastBusy => Mode::LeastBusy,
        }),
        limit: patch.limit.unwrap_or(known.limit),
        reassign_after: patch.reassign_after.unwrap_or(known.reassign_after),
        pools: pools.unwrap_or(known.pools),
    }
}

/// A pool from the wire; its place is for what is wrong with it.
fn pool_of((place, pool): (usize, RoutingPool)) -> Result<Pool, AppError> {
    let wrong = |name: &str, at: usize, what: &str| {
        AppError::invalid(format!("escalation.routing.pools.{place}.{name}.{at}"), what)
    };
    let person = |(at, id): (usize, String)| id.parse().map_err(|_| wrong("people", at, "is nobody"));
    let label = |(at, id): (usize, String)| id.parse().map_err(|_| wrong("labels", at, "is no label"));
    Ok(Pool {
        name: pool.name,
        people: pool.people.into_iter().enumerate().map(person).collect::<Result<_, _>>()?,
        languages: pool.languages,
        labels: pool.labels.into_iter().enumerate().map(label).collect::<Result<_, _>>()?,
    })
}

/// Whether somebody is there, and wants to be called now.
pub(crate) fn presence(presence: Presence, silent: bool) -> PresenceView {
    match presence {
        Presence::Offline => PresenceView::Offline,
        _ if silent => PresenceView::DoNotDisturb,
        Presence::Away => PresenceView::Away,
        Presence::Online => PresenceView::Online,
    }
}
