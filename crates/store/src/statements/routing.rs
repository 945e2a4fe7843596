//! Who is at the desk, and who was given which request.

use super::no_rehearsal;

super::statements! {
    NOTE_LEFT = "update presence set left_at = $3 where person_id = $1 and node = $2 and left_at is null";
    PRESENCES = "select p.node, p.person_id, p.seen_at, p.away, p.left_at from presence p
        where p.workspace_id = $1 and p.seen_at >= $2 order by p.person_id, p.node limit $3";
    VOID_PRESENCES = "delete from presence where node <> $1";
    /// One search at a time in a workspace. The row itself stays as it is, and whatever refers to it does not wait.
    HOLD_WORKSPACE = "select w.id from workspace w where w.id = $1",
        postgres "select w.id from workspace w where w.id = $1 for no key update";
    /// What everybody has at hand: requests that are theirs, live chats, and places that are held since $2; without the
    /// conversation $3 itself.
    LOADS = concat!("select counted.person_id, count(*) as load from (
          select c.assignee as person_id, c.id as conversation_id from conversation c
            where c.workspace_id = $1 and c.control = 'requested' and c.assignee is not null and ", no_rehearsal!("c"), "
          union
          select p.person_id, p.conversation_id from participant p join conversation l on l.id = p.conversation_id
            where l.workspace_id = $1 and l.control = 'live' and ", no_rehearsal!("l"), "
          union
          select r.person_id, r.conversation_id from routing r
            where r.workspace_id = $1 and r.held = 1 and r.at > $2) counted
        where counted.conversation_id <> $3 group by counted.person_id");
    ROUTED = "select r.person_id, r.at from routed r where r.workspace_id = $1";
    TRIED = "select r.person_id, r.at from routing r
        where r.workspace_id = $1 and r.conversation_id = $2 and r.opened = $3";
    /// Requests older than the job $2 that somebody is being looked for: their jobs have been due since $3, or will be at $4.
    AHEAD = "select count(*) from job j where j.workspace_id = $1 and j.kind = 'route' and j.id < $2
        and j.dead_at is null and j.run_at > $3 and j.run_at <= $4";
    HOLD_PLACE = "insert into routing (workspace_id, conversation_id, opened, person_id, at, held)
        values ($1, $2, $3, $4, $5, 1)
        on conflict (conversation_id, opened, person_id) do update set at = excluded.at, held = 1";
    NOTE_ROUTED = "insert into routed (person_id, workspace_id, at) values ($1, $2, $3)
        on conflict (person_id) do update set at = excluded.at";
    SETTLE = "update routing set held = 0
        where workspace_id = $1 and conversation_id = $2 and opened = $3 and person_id = $4";
    /// Some of those that are older than $1.
    FORGET_ROUTES = "delete from routing where (conversation_id, opened, person_id) in (
        select o.conversation_id, o.opened, o.person_id from routing o where o.at < $1 order by o.at limit $2)";
    FORGET_PRESENCES = "delete from presence where (person_id, node) in (
        select o.person_id, o.node from presence o where o.seen_at < $1 limit $2)";
    @families
    /// Who has the desk open: somebody who left before is back.
    NOTE_HERE (5) = "insert into presence (workspace_id, person_id, node, seen_at, away) values ",
        " on conflict (person_id, node) do update set seen_at = excluded.seen_at, away = excluded.away, left_at = null";
}
