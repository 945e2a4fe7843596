//! Devices that people are told on by push.

super::statements! {
    KEEP_DEVICE = "insert into push_device (id, workspace_id, person_id, endpoint, key, auth, name, created_at, used_at,
          session_hash)
        select $1, p.workspace_id, p.id, $4, $5, $6, $7, $8, $9, $10 from person p where p.id = $3 and p.workspace_id = $2
        on conflict (endpoint) do update set workspace_id = excluded.workspace_id, person_id = excluded.person_id,
          key = excluded.key, auth = excluded.auth, name = excluded.name, used_at = excluded.used_at,
          session_hash = excluded.session_hash
        returning id",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into push_device (id, workspace_id, person_id, endpoint, key, auth, name, created_at, used_at,
          session_hash)
        select $1, p.workspace_id, p.id, $4, $5::bytea, $6::bytea, $7, $8::bigint, $9::bigint, $10::bytea
        from person p where p.id = $3 and p.workspace_id = $2
        on conflict (endpoint) do update set workspace_id = excluded.workspace_id, person_id = excluded.person_id,
          key = excluded.key, auth = excluded.auth, name = excluded.name, used_at = excluded.used_at,
          session_hash = excluded.session_hash
        returning id";
    /// All but the $2 that were used last.
    FORGET_OLD_DEVICES = "delete from push_device where person_id = $1 and id in (
        select d.id from push_device d where d.person_id = $1 order by d.used_at desc, d.id limit 1000 offset $2)";
    DEVICES = "select d.id, d.person_id, d.endpoint, d.key, d.auth, d.name, d.created_at, d.used_at
        from push_device d join person p on p.id = d.person_id where d.workspace_id = $1 and p.deactivated_at is null
        order by d.used_at desc, d.id limit $2";
    FORGET_DEVICE = "delete from push_device where id = $1 and workspace_id = $2";
    FORGET_DEVICE_OF = "delete from push_device where id = $1 and workspace_id = $2 and person_id = $3";
    PUSH_KEY = "select sealed from push_key where one = 1";
    CLAIM_PUSH_KEY = "insert into push_key (one, sealed) values (1, $1) on conflict (one) do nothing";
    FORGET_PUSH_KEY = "delete from push_key";
}
