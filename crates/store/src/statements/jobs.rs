//! The outbox.

super::statements! {
    /// Two workers never take the same job: SQLite has one writer, PostgreSQL skips rows that another one holds.
    CLAIM = "update job set worker = $1, lease_until = $2, tries = tries + 1 where id in (
          select j.id from job j where j.dead_at is null and j.run_at <= $3
          and (j.lease_until is null or j.lease_until <= $3) order by j.run_at, j.id limit $4)
        returning id, workspace_id, body, tries, run_at",
        postgres "update job set worker = $1, lease_until = $2, tries = tries + 1 where id in (
          select j.id from job j where j.dead_at is null and j.run_at <= $3
          and (j.lease_until is null or j.lease_until <= $3) order by j.run_at, j.id limit $4 for update skip locked)
        returning id, workspace_id, body, tries, run_at";
    /// A job of which there is one, whoever adds it; one that was given up begins anew.
    ENSURE_JOB = "insert into job (id, workspace_id, kind, body, run_at, worker, lease_until, tries)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do update set run_at = excluded.run_at, worker = null, lease_until = null, error = null,
          dead_at = null, tries = 0 where job.dead_at is not null and job.workspace_id = excluded.workspace_id";
    /// A job of which there is one and that more has come for. It counts as never tried: whoever works on it now knows by this
    /// that it is to be done again.
    ADD_AGAIN = "insert into job (id, workspace_id, kind, body, run_at, worker, lease_until, tries)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do update set run_at = excluded.run_at, tries = 0, error = null, dead_at = null
        where job.workspace_id = excluded.workspace_id";
    COMPLETE_TRIED = "delete from job where id = $1 and worker = $2 and dead_at is null and tries > 0";
    FREE = "update job set worker = null, lease_until = null where id = $1 and worker = $2 and dead_at is null";
    RENEW = "update job set lease_until = $3 where id = $1 and worker = $2 and dead_at is null returning id";
    COMPLETE = "delete from job where id = $1 and worker = $2 and dead_at is null";
    /// By the unit of work that the job was for.
    COMPLETE_BY_UNIT = "delete from job where id = $1 and workspace_id = $2";
    /// One that was added again meanwhile does not wait for what has failed.
    RETRY = "update job set run_at = case when tries = 0 then run_at else $3 end, error = $4, worker = null,
          lease_until = null
        where id = $1 and worker = $2 and dead_at is null";
    /// With another body: what is left of the work.
    GO_ON = "update job set run_at = $3, error = $4, body = $5, worker = null, lease_until = null
        where id = $1 and worker = $2 and dead_at is null";
    BURY = "update job set dead_at = $3, error = $4, worker = null, lease_until = null
        where id = $1 and worker = $2 and dead_at is null and tries > 0";
    /// Whether there is any: looking costs less than writing nothing.
    LATER_ROUTES = "select count(*) from (select 1 from job j where j.workspace_id = $1 and j.kind = 'route'
        and j.dead_at is null and j.worker is null and j.run_at > $2 limit 1) found";
    HURRY_ROUTES = "update job set run_at = $2 where id in (
          select j.id from job j where j.workspace_id = $1 and j.kind = 'route'
          and j.dead_at is null and j.worker is null and j.run_at > $2 order by j.id limit $3)";
    DEAD = "select id, body, tries, coalesce(error, ''), dead_at from job where dead_at is not null
        order by dead_at desc, id desc limit $1";
    VOID_LEASES = "update job set worker = null, lease_until = null where worker is not null";
    @families
    ADD_JOBS (8) = "insert into job (id, workspace_id, kind, body, run_at, worker, lease_until, tries) values ", "";
}
