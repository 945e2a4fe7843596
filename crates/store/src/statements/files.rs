//! Files of conversations.

/// The columns that `rows::file` reads.
macro_rules! columns {
    () => {
        "f.id, f.workspace_id, f.chatbot_id, f.conversation_id, f.uploader, f.secret, f.name, f.kind, f.bytes, f.width, \
         f.height, f.state, f.created_at"
    };
}

super::statements! {
    ADD_FILE = "insert into file (id, workspace_id, chatbot_id, conversation_id, uploader, secret, name, kind, bytes,
          width, height, state, created_at)
        select $1, c.workspace_id, c.chatbot_id, c.id, $5, $6, $7, $8, $9, $10, $11, $12, $13 from conversation c
        where c.id = $4 and c.workspace_id = $2 and c.chatbot_id = $3",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into file (id, workspace_id, chatbot_id, conversation_id, uploader, secret, name, kind, bytes,
          width, height, state, created_at)
        select $1, c.workspace_id, c.chatbot_id, c.id, $5, $6, $7, $8, $9::bigint, $10::bigint, $11::bigint, $12,
          $13::bigint from conversation c
        where c.id = $4 and c.workspace_id = $2 and c.chatbot_id = $3";
    /// Nothing is changed when the workspace would have more than $3.
    CHARGE = "insert into file_usage (workspace_id, bytes, files) values ($1, $2, 1)
        on conflict (workspace_id) do update set bytes = file_usage.bytes + excluded.bytes, files = file_usage.files + 1
        where file_usage.bytes + excluded.bytes <= $3";
    REFUND = "update file_usage set bytes = bytes - $2, files = files - 1 where workspace_id = $1";
    USAGE = "select bytes from file_usage where workspace_id = $1";
    COUNT_UNSENT = "select count(*) from file where conversation_id = $1 and seq is null and uploader = $2";
    COUNT_OF_CONVERSATION = "select count(*) from file where conversation_id = $1";
    READY_FILE = "update file set state = 'ready' where id = $1 and workspace_id = $2 and state = 'coming'";
    FILE = concat!("select ", columns!(), " from file f where f.id = $1");
    /// With the message that carries them: $3 says who sees it.
    SEND_FILE = "update file set state = $3, seq = $4 where id = $1 and conversation_id = $2 and seq is null
        and state = 'ready'";
    /// The message was deleted.
    HIDE_FILES = "update file set state = 'gone' where conversation_id = $1 and seq = $2";
    GIVE_UP_FILES = "update file set state = 'gone' where conversation_id = $1 and workspace_id = $2";
    GONE_FILES = "select id from file where conversation_id = $1 and workspace_id = $2 and state = 'gone'
        order by seq, id limit $3";
    FILES_OF = "select id from file where workspace_id = $1 and chatbot_id = $2 order by id limit $3";
    TAKE_UNSENT = "update file set state = 'gone' where seq is null and id in (select f.id from file f
        where f.seq is null and f.created_at < $1 order by f.created_at, f.id limit $2) returning workspace_id, id";
    DELETE_FILE = "delete from file where id = $1 and workspace_id = $2 returning bytes";
    @families
    /// Those of a batch, held like its rows: nobody takes away what is about to be sent.
    HOLD_FILES (1) = concat!("select ", columns!(), " from (values "),
        ") as want join file f on f.id = want.column1 order by f.id", postgres " for update of f";
}
