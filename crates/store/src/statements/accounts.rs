//! Workspaces, people, memberships, sessions, keys, pictures.

super::statements! {
    ANY_PERSON = "select count(*) from (select 1 from person limit 1) found";
    CLAIM_FOUNDING = "insert into founding (one, workspace_id) values (1, $1) on conflict (one) do nothing";
    ADD_WORKSPACE = "insert into workspace (id, name, created_at) values ($1, $2, $3)";
    SOLE_WORKSPACE = "select id from workspace order by created_at, id limit 1";
    WORKSPACE_NAME = "select name from workspace where id = $1";
    ADD_PERSON = "insert into person (id, workspace_id, email, name, password_hash, role, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (email) do nothing";
    CREDENTIALS = "select id, password_hash from person where email = $1";
    PERSON = "select workspace_id, id, email, name, avatar_id, role, deactivated_at, seen_at, calling from person
        where id = $1";
    PEOPLE = "select workspace_id, id, email, name, avatar_id, role, deactivated_at, seen_at, calling from person
        where workspace_id = $1 and (name > $2 or (name = $2 and id > $3)) order by name, id limit $4";
    MEMBERSHIPS = "select person_id, chatbot_id, role from membership where person_id = $1 order by chatbot_id";
    /// Memberships of everybody whose name is on the page from $2 to $3.
    MEMBERSHIPS_OF_PAGE = "select m.person_id, m.chatbot_id, m.role from membership m
        join person p on p.id = m.person_id
        where p.workspace_id = $1 and p.name >= $2 and p.name <= $3 order by m.person_id, m.chatbot_id";
    SET_MEMBERSHIP = "insert into membership (person_id, chatbot_id, workspace_id, role)
        select p.id, b.id, p.workspace_id, $4 from person p join chatbot b on b.workspace_id = p.workspace_id
        where p.id = $1 and b.id = $2 and p.workspace_id = $3
        on conflict (person_id, chatbot_id) do update set role = excluded.role";
    END_MEMBERSHIP = "delete from membership where person_id = $1 and chatbot_id = $2 and workspace_id = $3";
    RENAME_PERSON = "update person set name = $3 where id = $1 and workspace_id = $2";
    SET_CALLING = "update person set calling = $3, mailed = $4 where id = $1 and workspace_id = $2";
    /// Who may not answer for the chatbot takes no place from whoever may.
    MAILED = "select p.id from person p where p.workspace_id = $1 and p.mailed = 1 and p.deactivated_at is null
        and (p.role in ('owner', 'admin', 'agent') or exists (select 1 from membership m where m.person_id = p.id
          and m.chatbot_id = $2 and m.role in ('owner', 'admin', 'agent'))) order by p.id limit $3";
    SET_PASSWORD = "update person set password_hash = $2 where id = $1";
    END_OTHER_SESSIONS = "delete from session where person_id = $1 and token_hash <> $2";
    PERSON_AVATAR = "select avatar_id from person where id = $1 and workspace_id = $2";
    CHATBOT_AVATAR = "select avatar_id from chatbot where id = $1 and workspace_id = $2";
    SET_PERSON_AVATAR = "update person set avatar_id = $3 where id = $1 and workspace_id = $2";
    SET_CHATBOT_AVATAR = "update chatbot set avatar_id = $3 where id = $1 and workspace_id = $2";
    ADD_AVATAR = "insert into avatar (id, workspace_id, mime, bytes) values ($1, $2, $3, $4)";
    DELETE_AVATAR = "delete from avatar where id = $1 and workspace_id = $2";
    AVATAR = "select id, mime, bytes from avatar where id = $1";
    START_SESSION = "insert into session
          (token_hash, person_id, created_at, ends_at, id, seen_at, address, device)
        values ($1, $2, $3, $4, $5, $3, $6, $7)";
    /// Nobody misses them, and the table stays small.
    SWEEP_SESSIONS = "delete from session where ends_at <= $1";
    SESSION = "select s.person_id, s.seen_at from session s join person p on p.id = s.person_id
        where s.token_hash = $1 and s.ends_at > $2 and p.deactivated_at is null";
    TOUCH_SESSION = "update session set seen_at = $2, address = $3 where token_hash = $1";
    TOUCH_PERSON = "update person set seen_at = $2
        where id = (select s.person_id from session s where s.token_hash = $1)";
    SESSIONS = "select id, token_hash, created_at, seen_at, address, device from session
        where person_id = $1 and ends_at > $2 and (seen_at < $3 or (seen_at = $3 and id < $4))
        order by seen_at desc, id desc limit $5";
    END_SESSION_OF = "delete from session where person_id = $1 and id = $2";
    END_SESSION = "delete from session where token_hash = $1";
    /// Only for a person of the workspace, and a chatbot of it if one is named.
    ADD_KEY = "insert into api_key (id, workspace_id, token_hash, person_id, name, role, chatbot_id, created_at, ends_at)
        select $1, p.workspace_id, cast($3 as blob), p.id, $5, $6, $7, $8, $9
        from person p where p.id = $4 and p.workspace_id = $2
        and ($7 is null or exists (select 1 from chatbot b where b.id = $7 and b.workspace_id = $2))",
        postgres "insert into api_key
          (id, workspace_id, token_hash, person_id, name, role, chatbot_id, created_at, ends_at)
        select $1, p.workspace_id, $3::bytea, p.id, $5, $6, $7::text, $8::bigint, $9::bigint
        from person p where p.id = $4 and p.workspace_id = $2
        and ($7::text is null or exists (select 1 from chatbot b where b.id = $7::text and b.workspace_id = $2))";
    KEY = "select k.id, k.person_id, k.role, k.chatbot_id from api_key k join person p on p.id = k.person_id
        where k.token_hash = $1 and (k.ends_at is null or k.ends_at > $2) and p.deactivated_at is null";
    KEYS = "select k.id, p.email, k.name, k.role, k.chatbot_id, k.created_at, k.ends_at
        from api_key k join person p on p.id = k.person_id
        where k.workspace_id = $1 and k.id > $2 order by k.id limit $3";
    END_KEY = "delete from api_key where workspace_id = $1 and id = $2";
}
