//! Identified visitors, their further tokens, the secrets that websites sign with.

use super::no_rehearsal;

super::statements! {
    SET_SIGNING_SECRET = "insert into signing_secret (chatbot_id, workspace_id, sealed, created_at)
        select $1, $2, $3, $4 where exists (select 1 from chatbot b where b.id = $1 and b.workspace_id = $2)
        on conflict (chatbot_id) do update set sealed = excluded.sealed, created_at = excluded.created_at",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into signing_secret (chatbot_id, workspace_id, sealed, created_at)
        select $1, $2, $3::bytea, $4::bigint where exists (select 1 from chatbot b where b.id = $1 and b.workspace_id = $2)
        on conflict (chatbot_id) do update set sealed = excluded.sealed, created_at = excluded.created_at";
    SIGNING_SECRET = "select sealed, created_at from signing_secret where chatbot_id = $1 and workspace_id = $2";
    ANY_SEALED = "select count(*) from (select 1 from signing_secret
        union all select 1 from push_key
        union all select 1 from ai_models where keys is not null
        union all select 1 from ai_tool where headers is not null
        union all select 1 from webhook where sealed is not null limit 1) found";
    FORGET_SIGNING_SECRETS = "delete from signing_secret";
    CLAIM_SECRET_KEY = "insert into secret_key (one, fingerprint) values (1, $1) on conflict (one) do nothing";
    SECRET_KEY = "select fingerprint from secret_key where one = 1";
    REPLACE_SECRET_KEY = "update secret_key set fingerprint = $1 where one = 1";
    IDENTIFIED = concat!("select v.workspace_id, v.id, v.chatbot_id, c.id, v.facts, v.first_seen, c.rehearsal_of
        from visitor_identity i join visitor v on v.id = i.visitor_id join conversation c on c.visitor_id = v.id
        where i.chatbot_id = $1 and i.external_id = $2 and i.workspace_id = $3 and ", no_rehearsal!("c"), "
        order by c.created_at desc, c.id desc limit 1");
    BIND_IDENTITY = "insert into visitor_identity (chatbot_id, external_id, visitor_id, workspace_id, created_at)
        select v.chatbot_id, $2, v.id, v.workspace_id, $4 from visitor v where v.id = $1 and v.workspace_id = $3
        on conflict do nothing",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into visitor_identity (chatbot_id, external_id, visitor_id, workspace_id, created_at)
        select v.chatbot_id, $2::text, v.id, v.workspace_id, $4::bigint from visitor v where v.id = $1 and v.workspace_id = $3
        on conflict do nothing";
    ADD_TOKEN = "insert into visitor_token (token_hash, visitor_id, workspace_id, created_at)
        select $1, v.id, v.workspace_id, $4 from visitor v where v.id = $2 and v.workspace_id = $3",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into visitor_token (token_hash, visitor_id, workspace_id, created_at)
        select $1::bytea, v.id, v.workspace_id, $4::bigint from visitor v where v.id = $2 and v.workspace_id = $3";
    /// All but the newest $2.
    FORGET_OLD_TOKENS = "delete from visitor_token where visitor_id = $1 and token_hash in (
        select t.token_hash from visitor_token t where t.visitor_id = $1 order by t.created_at desc limit 1000 offset $2)";
    REPLACE_TOKEN = "update visitor set token_hash = $3 where id = $1 and workspace_id = $2";
    FORGET_TOKENS = "delete from visitor_token where visitor_id = $1";
    /// Whoever got them could be somebody else.
    FORGET_REPLY_ADDRESSES = "delete from reply_address where visitor_id = $1";
    SAVE_FACTS = "update visitor set name = $3, facts = $4 where id = $1 and workspace_id = $2";
}
