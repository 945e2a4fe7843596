//! Who belongs to a workspace: roles, invitations, links.

/// The columns that `team::invitation` reads.
macro_rules! columns {
    () => {
        "i.workspace_id, i.id, i.chatbot_id, i.email, i.role, i.inviter_id, i.created_at, i.ends_at, i.used_at, \
         i.revoked_at"
    };
}

super::statements! {
    COLLABORATORS = "select p.workspace_id, p.id, p.email, p.name, p.avatar_id, p.role, p.deactivated_at, p.seen_at,
          p.calling
        from person p where p.workspace_id = $1 and (p.name > $2 or (p.name = $2 and p.id > $3))
        and (p.role is not null or exists (select 1 from membership m where m.person_id = p.id and m.chatbot_id = $5))
        order by p.name, p.id limit $4";
    /// The active owners, held until the transaction ends: of two who demote each other, the second sees what the first did.
    OWNERS = "select p.id from person p where p.workspace_id = $1 and p.role = 'owner' and p.deactivated_at is null
        order by p.id",
        postgres "select p.id from person p where p.workspace_id = $1 and p.role = 'owner' and p.deactivated_at is null
        order by p.id for update";
    HOLD_PERSON = "select p.workspace_id, p.id, p.email, p.name, p.avatar_id, p.role, p.deactivated_at, p.seen_at,
          p.calling
        from person p where p.id = $1 and p.workspace_id = $2",
        postgres "select p.workspace_id, p.id, p.email, p.name, p.avatar_id, p.role, p.deactivated_at, p.seen_at,
          p.calling
        from person p where p.id = $1 and p.workspace_id = $2 for update";
    SET_ROLE = "update person set role = $3 where id = $1 and workspace_id = $2";
    SET_DEACTIVATED = "update person set deactivated_at = $3 where id = $1 and workspace_id = $2";
    END_MEMBERSHIPS = "delete from membership where person_id = $1 and workspace_id = $2";
    END_KEYS = "delete from api_key where person_id = $1 and workspace_id = $2";
    END_KEYS_FOR = "delete from api_key where person_id = $1 and workspace_id = $2 and chatbot_id = $3";
    SET_ADDRESS = "update person set email = $3 where id = $1 and workspace_id = $2
        and not exists (select 1 from person o where o.email = $3 and o.id <> $1)";
    ADD_INVITATION = "insert into invitation
          (id, workspace_id, chatbot_id, email, role, inviter_id, created_at, ends_at)
        select $1, p.workspace_id, $3, $4, $5, p.id, $7, $8 from person p where p.id = $6 and p.workspace_id = $2
        and ($3 is null or exists (select 1 from chatbot b where b.id = $3 and b.workspace_id = $2))",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into invitation
          (id, workspace_id, chatbot_id, email, role, inviter_id, created_at, ends_at)
        select $1, p.workspace_id, $3::text, $4, $5, p.id, $7::bigint, $8::bigint
        from person p where p.id = $6 and p.workspace_id = $2
        and ($3::text is null or exists (select 1 from chatbot b where b.id = $3::text and b.workspace_id = $2))";
    /// Open ones for the same address and place.
    REPLACE_INVITATIONS = "update invitation set revoked_at = $4 where workspace_id = $1 and email = $2
        and coalesce(chatbot_id, '') = $3 and used_at is null and revoked_at is null";
    COUNT_INVITATIONS = "select count(*) from invitation i
        where i.workspace_id = $1 and i.created_at > $2 and i.used_at is null and i.revoked_at is null";
    INVITATION = concat!("select ", columns!(), " from invitation i where i.id = $1 and i.workspace_id = $2");
    INVITATIONS = concat!("select ", columns!(), " from invitation i
        where i.workspace_id = $1 and (i.created_at < $3 or (i.created_at = $3 and i.id < $4))
        and (i.chatbot_id is null or i.chatbot_id = $2) and i.used_at is null and i.revoked_at is null and i.ends_at > $6
        order by i.created_at desc, i.id desc limit $5");
    REVOKE_INVITATION = "update invitation set revoked_at = coalesce(revoked_at, $3)
        where id = $1 and workspace_id = $2 and used_at is null";
    INVITATION_BY_LINK = concat!("select ", columns!(), " from link l join invitation i on i.id = l.invitation_id
        where l.token_hash = $1");
    /// Whoever comes second finds that it was used.
    USE_INVITATION = "update invitation set used_at = $2
        where id = $1 and used_at is null and revoked_at is null and ends_at > $2";
    ADD_LINK = "insert into link (token_hash, kind, workspace_id, person_id, invitation_id, email, created_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Links whose time is long over, with the invitations of that time: whoever comes so late learns no more than that
    /// there is nothing.
    SWEEP_LINKS = "delete from link where ends_at < $1";
    SWEEP_INVITATIONS = "delete from invitation where workspace_id = $1 and created_at < $2";
    COUNT_RESETS = "select count(*) from link where person_id = $1 and kind = 'password' and created_at > $2";
    LINK = "select l.kind, l.workspace_id, l.person_id, l.email, l.ends_at, l.used_at from link l
        where l.token_hash = $1";
    USE_LINK = "update link set used_at = $2 where token_hash = $1 and used_at is null and ends_at > $2";
    USE_LINKS_OF = "update link set used_at = $3 where person_id = $1 and kind = $2 and used_at is null";
    CHATS_OF = "select c.id, c.chatbot_id from conversation c where c.id > $3 and c.id in (
          select p.conversation_id from participant p where p.person_id = $2
          union
          select a.id from conversation a where a.workspace_id = $1 and a.assignee = $2)
        and c.workspace_id || '' = $1 order by c.id limit $4";
}
