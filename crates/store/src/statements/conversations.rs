//! The log and the inbox.

/// The columns that `rows::row` reads, of `conversation c join visitor v`.
macro_rules! columns {
    () => {
        "c.id, c.workspace_id, c.chatbot_id, c.visitor_id, c.seq, c.visitor_seq, c.turn, c.change, c.unread, \
         c.staff_read, c.staff_read_visitor_seq, c.visitor_read, c.state, c.summary, c.created_at, c.updated_at, v.name, \
         c.assignee, c.place, c.rehearsal_of"
    };
}

pub(crate) use columns;

use super::no_rehearsal;

/// A page of the inbox, driven by one index; the rest of the filter is looked at row by row.
/// $1 workspace, $2 before, $3 limit, $4 viewer or '', $5 standing or '', $6 chatbot or ''.
macro_rules! page {
    ($driver:literal) => {
        concat!(
            "select ",
            columns!(),
            " from conversation c join visitor v on v.id = c.visitor_id
             where c.workspace_id = $1 and c.seq > 0 and c.place < $2 and ",
            no_rehearsal!("c"),
            " ",
            $driver,
            "
             and ($4 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $4))
             and ($5 = '' or c.control = $5) and ($6 = '' or c.chatbot_id = $6)
             order by c.place desc limit $3"
        )
    };
}

/// The columns that `rows::logged` reads, of `event e left join content t`.
macro_rules! entries {
    ($where:literal) => {
        concat!(
            "select e.seq, e.visitor_seq, e.at, e.turn, e.body, e.client_id, t.body, t.version, e.change from event e
             left join content t on t.change = e.change and t.seq = e.seq
             and t.version = (select max(n.version) from content n where n.change = e.change and n.seq = e.seq)
             where e.conversation_id = $1 and exists (select 1 from conversation c where c.id = $1 and c.workspace_id = $2) ",
            $where
        )
    };
}

/// Whose live chat or assignment it is: $1 workspace, $7 person.
macro_rules! of_person {
    () => {
        "and c.id in (
            select p.conversation_id from participant p where p.person_id = $7
            union
            select a.id from conversation a where a.workspace_id = $1 and a.assignee = $7)"
    };
}

super::statements! {
    ADD_VISITOR = "insert into visitor (id, workspace_id, chatbot_id, token_hash, name, facts, first_seen)
        select $1, $2, $3, $4, $5, $6, $7 where exists (select 1 from chatbot b
          where b.id = $3 and b.workspace_id = $2 and b.deleted_at is null)",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into visitor (id, workspace_id, chatbot_id, token_hash, name, facts, first_seen)
        select $1, $2, $3, $4::bytea, $5, $6, $7::bigint
        where exists (select 1 from chatbot b
          where b.id = $3 and b.workspace_id = $2 and b.deleted_at is null)";
    VISITOR_BY_TOKEN = "select v.workspace_id, v.id, v.chatbot_id, c.id, v.facts, v.first_seen, c.rehearsal_of
        from visitor v join conversation c on c.visitor_id = v.id where v.id in (
          select a.id from visitor a where a.token_hash = $1
          union all
          select t.visitor_id from visitor_token t where t.token_hash = $1)
        order by c.created_at desc, c.id desc limit 1";
    VISITOR = "select v.workspace_id, v.id, v.chatbot_id, c.id, v.facts, v.first_seen, c.rehearsal_of
        from visitor v join conversation c on c.visitor_id = v.id where v.id = $1 and v.workspace_id = $2
        order by c.created_at desc, c.id desc limit 1";
    ROW = concat!("select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
        where c.id = $1 and c.workspace_id = $2");
    ROWS = page!("");
    /// By the index on control: $5 is given.
    ROWS_STANDING = page!("and c.control = $5");
    /// By the index on chatbot: $6 is given.
    ROWS_CHATBOT = page!("and c.chatbot_id = $6");
    /// From the few conversations of a person, not from the inbox's order: expressions keep its indexes out.
    ROWS_OF = concat!(
        "select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
         where c.workspace_id || '' = $1 and c.seq > 0 and c.place + 0 < $2 and ", no_rehearsal!("c"), " ", of_person!(), "
         and ($4 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $4))
         and ($5 = '' or c.control = $5) and ($6 = '' or c.chatbot_id = $6)
         order by c.place + 0 desc limit $3");
    /// From the conversations of a label: $7.
    ROWS_LABEL = concat!(
        "select ", columns!(), " from conversation_label l join conversation c on c.id = l.conversation_id
         join visitor v on v.id = c.visitor_id
         where l.label_id = $7 and c.workspace_id || '' = $1 and c.seq > 0 and c.place + 0 < $2 and ", no_rehearsal!("c"), "
         and ($4 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $4))
         and ($5 = '' or c.control = $5) and ($6 = '' or c.chatbot_id = $6)
         and ($8 = '' or c.assignee = $8
           or c.id in (select p.conversation_id from participant p where p.person_id = $8))
         order by c.place + 0 desc limit $3");
    CHANGES = concat!(
        "select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
         where c.workspace_id = $1 and c.change > $2 and ", no_rehearsal!("c"), "
         and ($4 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $4))
         order by c.change limit $3");
    /// What may have become visible behind the cursor: numbers from $2 to the cursor $3, written since $5.
    LATE_CHANGES = concat!(
        "select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
         where c.workspace_id = $1 and c.change > $2 and c.change <= $3 and c.changed_at >= $5 and ", no_rehearsal!("c"), "
         and ($4 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $4))
         order by c.change");
    /// Of rehearsals too: everything up to it is known either way.
    NEWEST_CHANGE = "select coalesce(max(change), 0) from conversation where workspace_id = $1";
    /// How many there are, kept by the writes: $1 workspace, $2 viewer or '', $3 person or '' for all of a chatbot.
    COUNTS = "select i.control, cast(coalesce(sum(i.n), 0) as bigint) from inbox_count i
        where i.workspace_id = $1 and i.person_id = $3
        and ($2 = '' or i.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $2))
        group by i.control";
    LOG_AFTER = entries!("and e.seq > $3 order by e.seq limit $4");
    LOG_BEFORE = entries!("and e.seq > $3 and e.seq < $5 order by e.seq desc limit $4");
    /// A visitor's place is never greater than the log's, and never further behind than the entries that the visitor
    /// does not see: so both find their range by the log's key, and a message keeps one index less.
    LOG_AFTER_VISITOR = entries!("and e.seq > $3 and e.visitor_seq > $3 order by e.seq limit $4");
    LOG_BEFORE_VISITOR = entries!("and e.seq > $3 and e.visitor_seq > $3 and e.visitor_seq < $5
        and e.seq < $5 + (select h.seq - h.visitor_seq from conversation h where h.id = $1)
        order by e.seq desc limit $4");
    LOG_BETWEEN = entries!("and e.seq >= $3 and e.seq <= $4 order by e.seq");
    /// One entry, with the change and the version of its content.
    ENTRY = entries!("and e.seq = $3");
    VERSIONS = "select t.version, t.body from event e join content t on t.change = e.change and t.seq = e.seq
        where e.conversation_id = $1 and e.seq = $3
        and exists (select 1 from conversation c where c.id = $1 and c.workspace_id = $2) order by t.version";
    EMPTY_CONTENT = "update content set body = $3 where change = $1 and seq = $2";
    LIVE_OF = concat!("select c.id from participant p join conversation c on c.id = p.conversation_id
        where p.person_id = $1 and c.workspace_id = $2 and c.control = 'live' and ", no_rehearsal!("c"), "
        order by c.id limit $3");
    /// After the row was added: nothing that saves rows later touches it.
    MARK_REHEARSAL = "update conversation set rehearsal_of = $3 where id = $1 and workspace_id = $2";
    REHEARSALS = "select c.id from conversation c where c.rehearsal_of = $1 and c.chatbot_id = $2 and c.workspace_id = $3
        order by c.created_at, c.id limit $4";
    /// Held until it is removed: nothing is written to it meanwhile.
    REHEARSAL = "select c.visitor_id from conversation c
        where c.id = $1 and c.workspace_id = $2 and c.rehearsal_of is not null",
        postgres "select c.visitor_id from conversation c
        where c.id = $1 and c.workspace_id = $2 and c.rehearsal_of is not null for update";
    FORGET_PARTICIPANTS = "delete from participant where conversation_id = $1";
    /// The visitor's place of a collaborator's place.
    VISITOR_SEQ_AT = "select coalesce((select e.visitor_seq from event e
        where e.conversation_id = $1 and e.seq <= $2 and e.visitor_seq is not null order by e.seq desc limit 1), 0)";
    UNREAD_AFTER = "select count(*) from event e
        where e.conversation_id = $1 and e.seq > $2 and e.kind = 'visitor_wrote'";
    @families
    /// The rows of a batch, held until it ends.
    HOLD_ROWS (2) = concat!("select ", columns!(), " from (values "),
        ") as want join conversation c on c.id = want.column2 and c.workspace_id = want.column1
         join visitor v on v.id = c.visitor_id order by c.id",
        // The sort comes before the locks, so that two batches cannot wait for each other.
        postgres " for update of c";
    /// What commands with these ids wrote: conversation, author, client_id.
    REPEATED (3) = "select e.conversation_id, e.author, e.client_id, e.fingerprint, e.first_seq, e.seq from (values ",
        ") as want join event e
         on e.conversation_id = want.column1 and e.author = want.column2 and e.client_id = want.column3";
    HEADS (1) = "select c.id, c.seq, c.turn from (values ",
        ") as want join conversation c on c.id = want.column1";
    ROWS_ANYWHERE (1) = concat!("select ", columns!(), " from (values "),
        ") as want join conversation c on c.id = want.column1 join visitor v on v.id = c.visitor_id";
    ADD_EVENTS (12) = "insert into event
        (conversation_id, seq, visitor_seq, change, kind, at, turn, body, author, client_id, fingerprint, first_seq)
        values ", "";
    ADD_CONTENTS (4) = "insert into content (change, seq, version, body) values ", "";
    /// What a batch changes about the counts: workspace, person or '', chatbot, control, how many more or less.
    ADD_COUNTS (5) = "insert into inbox_count (workspace_id, person_id, chatbot_id, control, n) values ",
        " on conflict (workspace_id, person_id, chatbot_id, control) do update set n = inbox_count.n + excluded.n";
    ADD_PARTICIPANTS (2) = "insert into participant (conversation_id, person_id) values ", "";
    /// A row after a unit.
    SAVE_ROWS (21) = "insert into conversation
        (id, workspace_id, chatbot_id, visitor_id, control, seq, visitor_seq, turn, change, place, assignee, unread, staff_read,
         staff_read_visitor_seq, visitor_read, state, summary, created_at, updated_at, changed_at, ai_wrote) values ",
        " on conflict (id) do update set control = excluded.control, assignee = excluded.assignee,
         seq = excluded.seq, visitor_seq = excluded.visitor_seq, turn = excluded.turn, change = excluded.change,
         place = excluded.place,
         unread = excluded.unread, staff_read = excluded.staff_read,
         staff_read_visitor_seq = excluded.staff_read_visitor_seq, visitor_read = excluded.visitor_read,
         state = excluded.state, summary = excluded.summary, updated_at = excluded.updated_at,
         changed_at = excluded.changed_at, ai_wrote = excluded.ai_wrote
         where conversation.workspace_id = excluded.workspace_id";
}
