//! Transactions and what the engines say about themselves.

super::statements! {
    /// SQLite takes the write lock at once: a transaction that began reading could not be upgraded.
    BEGIN = "begin immediate", postgres "begin";
    COMMIT = "commit";
    ROLLBACK = "rollback";
    /// One operation among others in the writer's slice. PostgreSQL gives each a transaction of its own.
    SAVEPOINT = "savepoint one", postgres "";
    RELEASE = "release one", postgres "";
    ROLLBACK_TO = "rollback to one", postgres "";
    /// Numbers for rows that are held; SQLite counts in its only writer.
    NEXT_CHANGES = "", postgres "select nextval('conversation_change') from generate_series(1, $1::bigint)";
    /// Which migrations this database has seen.
    MIGRATIONS = "select number, checksum from migration order by number";
    RECORD_MIGRATION = "insert into migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)";
    GREATEST_CHANGE = "select max(coalesce((select max(change) from conversation), 0),
        coalesce((select max(change) from content), 0)) as newest",
        postgres "select greatest((select max(change) from conversation), (select max(change) from content), 0)
        as newest";
    /// 1 for the only server; held until the connection ends. SQLite has a lock on a file instead.
    SERVE_ALONE = "", postgres "select case when pg_try_advisory_lock(4702111234474983746) then 1::bigint else 0 end";
    /// Keeps out only servers that want to be alone.
    SERVE_TOGETHER = "", postgres "select case when pg_try_advisory_lock_shared(4702111234474983746) then 1::bigint else 0 end";
    /// A guess on PostgreSQL: counting a large table takes as long as reading it.
    COUNT_CONVERSATIONS = "select count(*) from conversation",
        postgres "select greatest(reltuples, 0)::bigint from pg_class where oid = 'conversation'::regclass";
    COUNT_EVENTS = "select count(*) from event",
        postgres "select greatest(reltuples, 0)::bigint from pg_class where oid = 'event'::regclass";
    /// Without those that only wait for the time of a next step.
    COUNT_JOBS = "select count(*) from job where dead_at is null
        and (kind not in ('watch', 'mail_summary', 'reckon_calls', 'route', 'delete_rehearsal') or worker is not null)";
    COUNT_DEAD_JOBS = "select count(*) from job where dead_at is not null";
}
