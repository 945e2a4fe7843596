//! How one wants to be called.

use api::{
    account::{CallingView, CallingWanted, QuietHours, SilentWhy},
    common::Problem,
};
use app::calling::silence;
use axum::extract::State;
use domain::{
    Millis,
    calling::{Calling, Quiet, Silence},
};

use crate::{
    caller::Collaborator,
    json::Json,
    problem::Answer,
    server::{Server, Shared},
};

fn view(server: &Server, calling: &Calling) -> CallingView {
    let quiet = calling.quiet.clone().map(|quiet| {
        let Quiet { time_zone, from, to, days } = quiet;
        QuietHours { time_zone, from, to, days }
    });
    CallingView {
        browser: calling.browser,
        push: calling.push,
        email: calling.email,
        summary: calling.summary,
        quiet,
        undisturbed_until: calling.undisturbed_until.map(|until| until.0),
        silent: silence(calling, server.baton.clock().now()).map(|why| match why {
            Silence::Undisturbed(_) => SilentWhy::Undisturbed,
            Silence::Quiet => SilentWhy::Quiet,
        }),
        sends_mail: server.baton.sends_mail(),
    }
}

/// How one wants to be called, and whether one is now.
#[utoipa::path(get, path = "/me/calling", tag = "account", responses((status = 200, body = CallingView)))]
pub(crate) async fn show(State(server): Shared, Collaborator(staff): Collaborator) -> Answer<axum::Json<CallingView>> {
    Ok(axum::Json(view(&server, &staff.person.calling)))
}

/// Changes how one wants to be called.
#[utoipa::path(put, path = "/me/calling", tag = "account", request_body = CallingWanted,
    responses((status = 200, body = CallingView), (status = 422, body = Problem)))]
pub(crate) async fn save(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<CallingWanted>,
) -> Answer<axum::Json<CallingView>> {
    let quiet = body.quiet.map(|quiet| {
        let QuietHours { time_zone, from, to, days } = quiet;
        Quiet { time_zone, from, to, days }
    });
    let CallingWanted { browser, push, email, summary, undisturbed_until, .. } = body;
    let calling = Calling { browser, push, email, summary, quiet, undisturbed_until: undisturbed_until.map(Millis) };
    let saved = server.baton.set_calling(&staff, calling).await?;
    Ok(axum::Json(view(&server, &saved.calling)))
}
