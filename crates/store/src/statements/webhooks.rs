//! Webhooks and their deliveries.

super::statements! {
    WEBHOOKS = "select w.id, w.chatbot_id, w.name, w.url, w.topics, w.sealed, w.person_id, w.created_at, w.off_why, w.off_at,
          w.failing_since, w.kind from webhook w where w.workspace_id = $1 order by w.name, w.id";
    WEBHOOK = "select w.id, w.chatbot_id, w.name, w.url, w.topics, w.sealed, w.person_id, w.created_at, w.off_why, w.off_at,
          w.failing_since, w.kind from webhook w where w.id = $1 and w.workspace_id = $2";
    COUNT_WEBHOOKS = "select count(*) from (select 1 from webhook w where w.workspace_id = $1 limit 1000) counted";
    ADD_WEBHOOK = "insert into webhook (id, workspace_id, chatbot_id, person_id, name, url, topics, sealed, created_at, kind)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAVE_WEBHOOK = "update webhook set name = $3, url = $4, topics = $5, chatbot_id = $6
        where id = $1 and workspace_id = $2";
    SEAL_WEBHOOK = "update webhook set sealed = $3 where id = $1 and workspace_id = $2";
    SWITCH_ON = "update webhook set off_why = null, off_at = null, failing_since = null
        where id = $1 and workspace_id = $2";
    SWITCH_OFF = "update webhook set off_why = $3, off_at = $4 where id = $1 and workspace_id = $2 and off_at is null";
    DELETE_WEBHOOK = "delete from webhook where id = $1 and workspace_id = $2";
    DELETE_WEBHOOKS_OF = "delete from webhook where chatbot_id = $1 and workspace_id = $2";
    WEBHOOK_FAILED = "update webhook set failing_since = coalesce(failing_since, $3) where id = $1 and workspace_id = $2
        returning failing_since";
    WEBHOOK_WORKED = "update webhook set failing_since = null
        where id = $1 and workspace_id = $2 and failing_since is not null";
    ADD_DELIVERY = "insert into webhook_delivery (id, webhook_id, workspace_id, message, topic, conversation_id, seq,
          happened_at, created_at, state, tries, tried_at, took, status, answer, next_at)
        select $1, w.id, w.workspace_id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
        from webhook w where w.id = $2 and w.workspace_id = $3
        on conflict (id) do nothing",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into webhook_delivery (id, webhook_id, workspace_id, message, topic, conversation_id, seq,
          happened_at, created_at, state, tries, tried_at, took, status, answer, next_at)
        select $1::text, w.id, w.workspace_id, $4::text, $5::text, $6::text, $7::bigint, $8::bigint, $9::bigint, $10::text,
          $11::bigint, $12::bigint, $13::bigint, $14::bigint, $15::text, $16::bigint
        from webhook w where w.id = $2 and w.workspace_id = $3
        on conflict (id) do nothing";
    /// All but the $2 newest.
    FORGET_OLD_DELIVERIES = "delete from webhook_delivery where id in (select d.id from webhook_delivery d
        where d.webhook_id = $1 order by d.created_at desc, d.id desc limit 1000 offset $2)";
    DELIVERY = "select d.id, d.webhook_id, d.message, d.topic, d.conversation_id, d.seq, d.happened_at, d.created_at, d.state,
          d.tries, d.tried_at, d.took, d.status, d.answer, d.next_at, d.reference
        from webhook_delivery d where d.id = $1 and d.workspace_id = $2";
    DELIVERIES = "select d.id, d.webhook_id, d.message, d.topic, d.conversation_id, d.seq, d.happened_at, d.created_at,
          d.state, d.tries, d.tried_at, d.took, d.status, d.answer, d.next_at, d.reference
        from webhook_delivery d where d.webhook_id = $1 and d.workspace_id = $2
          and (d.created_at < $3 or (d.created_at = $3 and d.id < $4))
        order by d.created_at desc, d.id desc limit $5";
    NOTE_DELIVERY = "update webhook_delivery set state = $3, next_at = $4, tries = tries + $5,
          reference = coalesce($10, reference), tried_at = coalesce($6, tried_at), took = coalesce($7, took),
          status = case when $6 is null then status else $8 end, answer = coalesce($9, answer)
        where id = $1 and workspace_id = $2 returning webhook_id",
        // The same, with types that PostgreSQL cannot find.
        postgres "update webhook_delivery set state = $3, next_at = $4, tries = tries + $5,
          reference = coalesce($10, reference), tried_at = coalesce($6, tried_at), took = coalesce($7, took),
          status = case when $6::bigint is null then status else $8::bigint end, answer = coalesce($9, answer)
        where id = $1 and workspace_id = $2 returning webhook_id";
    REFERENCE = "select d.reference from webhook_delivery d where d.conversation_id = $1 and d.webhook_id = $2
          and d.workspace_id = $3 and d.topic = $4 and d.reference is not null
        order by d.created_at desc, d.id desc limit 1";
    SWEEP_DELIVERIES = "delete from webhook_delivery where id in (select d.id from webhook_delivery d
        where d.created_at < $1 order by d.created_at limit $2)";
    FORGET_WEBHOOK_SECRETS = "update webhook set sealed = null where sealed is not null";
}
