//! Search over what was said.

use super::{conversations::columns, no_rehearsal};

/// Which conversations are looked at: $5 workspace, $6 viewer or '', $7 standing or '', $8 chatbot or '', $9 label or '',
/// $10 person or ''.
macro_rules! narrowed {
    () => {
        concat!(
            no_rehearsal!("c"),
            " and c.workspace_id = $5
         and ($6 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $6))
         and ($7 = '' or c.control = $7) and ($8 = '' or c.chatbot_id = $8)
         and ($9 = '' or exists (select 1 from conversation_label l where l.label_id = $9 and l.conversation_id = c.id))"
        )
    };
}

/// Whose conversation it is.
macro_rules! of_person {
    () => {
        "c.assignee = $10 or exists (select 1 from participant p where p.person_id = $10 and p.conversation_id = c.id)"
    };
}

super::statements! {
    /// The newest $3 entries before $2 that hold the words: where they end, and how many there are. Full-text search is
    /// another language on each engine; PostgreSQL takes its windows from the entries themselves.
    FOUND_WINDOW = "select coalesce(min(counted.id), 0) as low, count(*) as n from (
          select rowid as id from search_entry_words where search_entry_words match $1 and rowid < $2
          order by rowid desc limit $3) counted",
        postgres "";
    /// The newest $3 entries before $2: where they end, how many there are, and how many hold the words.
    ENTRY_WINDOW = "",
        postgres "select coalesce(min(counted.id), 0) as low, count(*) as n,
          count(case when counted.words @@ cast(cast($1 as text) as tsquery) then 1 end) as hits
          from (select s.id, s.words from search_entry s where s.id < $2 order by s.id desc limit $3) counted";
    /// Of the entries from $2 to $3 those that hold the words and were said where and when it is asked: $11 since, $12 until.
    FOUND = concat!("select s.id, s.conversation_id, s.seq from search_entry_words w
          cross join search_entry s on s.id = w.rowid join conversation c on c.id = s.conversation_id
          where search_entry_words match $1 and w.rowid >= $2 and w.rowid < $3 and s.at >= $11 and s.at < $12 and ",
          narrowed!(), " and ($10 = '' or s.author = $10 or ", of_person!(), ") order by w.rowid desc limit $4"),
        postgres concat!("select s.id, s.conversation_id, s.seq from search_entry s
          join conversation c on c.id = s.conversation_id
          where s.words @@ cast(cast($1 as text) as tsquery) and s.id >= $2 and s.id < $3 and s.at >= $11 and s.at < $12 and ",
          narrowed!(), " and ($10 = '' or s.author = $10 or ", of_person!(), ") order by s.id desc limit $4");
    /// The same for words that few entries hold: from the index of words, whatever the planner believes. Its order is no
    /// index's, so that it cannot read the whole table backwards for a word that is not there.
    FOUND_RARE = "",
        postgres concat!("select s.id, s.conversation_id, s.seq from search_entry s
          join conversation c on c.id = s.conversation_id
          where s.words @@ cast(cast($1 as text) as tsquery) and s.id + 0 >= $2 and s.id + 0 < $3
          and s.at >= $11 and s.at < $12 and ",
          narrowed!(), " and ($10 = '' or s.author = $10 or ", of_person!(), ") order by s.id + 0 desc limit $4");
    /// The newest $3 conversations before $2.
    ROWS_WINDOW = concat!("select coalesce(min(counted.place), 0) as low, count(*) as n from (
          select c.place from conversation c where c.workspace_id = $1 and c.place < $2 and ", no_rehearsal!("c"), "
          order by c.place desc limit $3) counted");
    /// Of the conversations from $2 to $3 those that are asked for; without words. $1 is the driver's, $5 the filter's.
    ROWS_FOUND = concat!("select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
          where c.workspace_id = $1 and c.place >= $2 and c.place < $3 and c.seq > 0
          and c.updated_at >= $11 and c.updated_at < $12 and ",
          narrowed!(), " and ($10 = '' or ", of_person!(), ") order by c.place desc limit $4");
    /// Visitors of whom these words are known; of so many the newest that nobody reads a longer list.
    FOUND_VISITORS = concat!("select ", columns!(), ", v.facts from (
          select rowid as id from search_visitor_words where search_visitor_words match $1
          order by rowid desc limit 5000) found
          join search_visitor s on s.id = found.id join conversation c on c.id = s.conversation_id
          join visitor v on v.id = c.visitor_id
          where c.place >= $2 and c.place < $3 and c.seq > 0 and c.updated_at >= $11 and c.updated_at < $12 and ",
          narrowed!(), " and ($10 = '' or ", of_person!(), ") order by c.place desc limit $4"),
        postgres concat!("select ", columns!(), ", v.facts from (
          select s.conversation_id from search_visitor s where s.words @@ cast(cast($1 as text) as tsquery)
          order by s.id desc limit 5000) found
          join conversation c on c.id = found.conversation_id join visitor v on v.id = c.visitor_id
          where c.place >= $2 and c.place < $3 and c.seq > 0 and c.updated_at >= $11 and c.updated_at < $12 and ",
          narrowed!(), " and ($10 = '' or ", of_person!(), ") order by c.place desc limit $4");
    PUT_VISITOR = "insert into search_visitor (workspace_id, conversation_id, email, terms) values ($1, $2, $3, $4)
        on conflict (conversation_id) do update set email = excluded.email, terms = excluded.terms";
    /// The chats that a visitor had beside this one: $2 the conversation, $5 the visitor, $6 the e-mail address or '', $7
    /// viewer or ''.
    PAST = concat!("select ", columns!(), " from conversation c join visitor v on v.id = c.visitor_id
          where c.workspace_id || '' = $1 and c.id <> $2 and c.seq > 0 and c.place + 0 < $3 and ", no_rehearsal!("c"), "
          and c.id in (
            select o.id from conversation o where o.visitor_id = $5
            union
            select s.conversation_id from search_visitor s where s.workspace_id = $1 and s.email = $6 and $6 <> '')
          and ($7 = '' or c.chatbot_id in (select m.chatbot_id from membership m where m.person_id = $7))
          order by c.place + 0 desc limit $4");
    /// A slice of a conversation that is being deleted.
    DELETE_FOUND = "delete from search_entry where id in (select e.change * 1024 + (e.seq % 1024) from event e
        where e.conversation_id = $1 order by e.seq limit $2)";
    FILL_AT = "select conversation_id, seq from search_fill where one = 1";
    FILL_MOVE = "update search_fill set conversation_id = $1, seq = $2 where one = 1";
    FILL_END = "delete from search_fill where one = 1";
    /// What was said after a place, whoever's it is.
    FILL_FROM = concat!("select e.seq, e.visitor_seq, e.at, e.turn, e.body, e.client_id, t.body, t.version, e.change,
          c.workspace_id, c.id, v.facts
        from event e join conversation c on c.id = e.conversation_id join visitor v on v.id = c.visitor_id
        left join content t on t.change = e.change and t.seq = e.seq
          and t.version = (select max(n.version) from content n where n.change = e.change and n.seq = e.seq)
        where (e.conversation_id, e.seq) > ($1, $2) and ", no_rehearsal!("c"), "
        order by e.conversation_id, e.seq limit $3");
    @families
    /// The words of an entry; of one that is there already from now on.
    PUT_ENTRIES (7) = "insert into search_entry (id, workspace_id, conversation_id, seq, author, at, terms) values ",
        " on conflict (id) do update set terms = excluded.terms";
    /// The same for what was said long ago: what is there already is newer.
    FILL_ENTRIES (7) = "insert into search_entry (id, workspace_id, conversation_id, seq, author, at, terms) values ",
        " on conflict (id) do nothing";
}
