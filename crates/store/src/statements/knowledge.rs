//! Sources, their chunks, and search.

/// The columns that `rows::source` reads.
macro_rules! columns {
    () => {
        "s.id, s.chatbot_id, s.kind, s.title, s.status, s.error, s.chunks, s.bytes, s.version, s.updated_at, s.read_chunks,
          s.original, s.error_code"
    };
}

super::statements! {
    /// A new source. Only under a chatbot of the workspace; one that is there already stays as it is.
    ADD_SOURCE = "insert into source (id, workspace_id, chatbot_id, kind, title, body, bytes, status, chunks, version,
          indexed_version, updated_at, original) select $1, b.workspace_id, b.id, $4, $5, $6, $7, 'indexing', 0, 1, 0, $8, $9
        from chatbot b where b.id = $3 and b.workspace_id = $2 and b.deleted_at is null
        on conflict (id) do nothing",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into source (id, workspace_id, chatbot_id, kind, title, body, bytes, status, chunks, version,
          indexed_version, updated_at, original)
        select $1, b.workspace_id, b.id, $4, $5, $6, $7::bigint, 'indexing', 0, 1, 0, $8::bigint, $9
        from chatbot b where b.id = $3 and b.workspace_id = $2 and b.deleted_at is null
        on conflict (id) do nothing";
    /// A changed source, made from version $8. One that is being removed has another version.
    CHANGE_SOURCE = "update source set title = $4, body = $5, bytes = $6, original = $9, status = 'indexing', error = null,
          error_code = null, version = version + 1, updated_at = $7
        where id = $1 and workspace_id = $2 and chatbot_id = $3 and version = $8 and removed = 0";
    SOURCES = concat!("select ", columns!(), " from source s
        where s.workspace_id = $1 and s.chatbot_id = $2 and s.parent_id is null and s.removed = 0
        and (s.updated_at < $3 or (s.updated_at = $3 and s.id < $4)) order by s.updated_at desc, s.id desc limit $5");
    /// Those with the tag $6.
    SOURCES_TAGGED = concat!("select ", columns!(), " from source_tag t join source s on s.id = t.source_id
        where t.workspace_id = $1 and t.chatbot_id = $2 and t.tag = $6 and s.parent_id is null and s.removed = 0
        and (s.updated_at < $3 or (s.updated_at = $3 and s.id < $4)) order by s.updated_at desc, s.id desc limit $5");
    COUNT_SOURCES = "select count(*) from source s where s.workspace_id = $1 and s.chatbot_id = $2 and s.parent_id is null
        and s.removed = 0";
    SOURCE = concat!("select ", columns!(), ", s.body from source s where s.id = $1 and s.workspace_id = $2
        and s.removed = 0");
    SOURCE_VERSION = "select version, indexed_version from source where id = $1 and workspace_id = $2";
    HIDE_SOURCE = "update source set indexed_version = 0, version = version + 1, status = 'indexing'
        where id = $1 and workspace_id = $2";
    DELETE_SOURCE = "delete from source where id = $1 and workspace_id = $2";
    /// A slice of the chunks of one version.
    DROP_CHUNKS_OF = "delete from chunk where id in (
        select k.id from chunk k join source s on s.id = k.source_id
        where k.source_id = $1 and s.workspace_id = $2 and k.version = $3 limit $4)";
    /// A slice of the chunks that neither count now nor are on their way in.
    DROP_CHUNKS_BUT = "delete from chunk where id in (
        select k.id from chunk k join source s on s.id = k.source_id
        where k.source_id = $1 and s.workspace_id = $2 and k.version <> $3 limit $4)";
    /// What was read of a document.
    KEEP_TEXT = "update source set title = $4, body = $5, bytes = $6, original = null
        where id = $1 and workspace_id = $2 and version = $3";
    /// Of every workspace: who asks works for all of them.
    FORGOTTEN_DOCUMENTS = "select workspace_id, id from source where original is not null and updated_at < $1
        order by updated_at limit $2";
    /// From here on the chunks of this version are what is found.
    SHOW_CHUNKS = "update source set status = 'ready', error = null, error_code = null, chunks = $4, read_chunks = 0, language = $5,
          indexed_version = version
        where id = $1 and workspace_id = $2 and version = $3";
    /// Something else is found from here on.
    RAISE_KNOWLEDGE = "update chatbot set knowledge = knowledge + 1
        where workspace_id = $2 and id = (select s.chatbot_id from source s where s.id = $1)";
    FAIL_SOURCE = "update source set status = 'failed', error = $4, error_code = $5, original = null
        where id = $1 and workspace_id = $2 and version = $3";
    /// Full-text search is another language on each engine, and so is a list. The score is in millionths: fractions are no common type.
    SEARCH = "select coalesce(s.parent_id, s.id) as source_id, s.title, k.heading, k.body,
          cast(-1000000.0 * bm25(chunk_search, 3.0, 1.0) as integer) as score, k.id, k.page, p.url
        from chunk_search join chunk k on k.id = chunk_search.rowid join source s on s.id = k.source_id
        left join web_page p on p.id = s.id
        where chunk_search match $1 and s.workspace_id = $2 and s.chatbot_id = $3 and k.version = s.indexed_version
        and ($5 = '' or coalesce(s.parent_id, s.id) in (
          select value from json_each(case when $5 = '' then '[]' else $5 end)))
        order by bm25(chunk_search, 3.0, 1.0), k.id limit $4",
        postgres "select coalesce(s.parent_id, s.id) as source_id, s.title, k.heading, k.body,
          cast(1000000.0 * ts_rank('{0.7, 0.7, 0.7, 1}', k.words, q.query) as bigint) as score, k.id, k.page, p.url
        from (select to_tsquery('simple', $1) as query) q join chunk k on k.words @@ q.query
        join source s on s.id = k.source_id left join web_page p on p.id = s.id
        where s.workspace_id = $2 and s.chatbot_id = $3 and k.version = s.indexed_version
        and ($5 = '' or coalesce(s.parent_id, s.id) in (
          select json_array_elements_text(cast(case when $5 = '' then '[]' else $5 end as json))))
        order by ts_rank('{0.7, 0.7, 0.7, 1}', k.words, q.query) desc, k.id limit $4";
    /// In how many chunks; counting stops where it no longer says anything.
    COUNT_WORD = "select count(*) from (select 1 from chunk_search
        join chunk k on k.id = chunk_search.rowid join source s on s.id = k.source_id
        where chunk_search match $1 and s.workspace_id = $2 and s.chatbot_id = $3 and k.version = s.indexed_version
        limit 10000) counted",
        postgres "select count(*) from (select 1 from chunk k join source s on s.id = k.source_id
        where k.words @@ to_tsquery('simple', $1) and s.workspace_id = $2 and s.chatbot_id = $3
        and k.version = s.indexed_version limit 10000) counted";
    /// Those of a website are its pages'.
    COUNT_CHUNKS = "select cast(coalesce(sum(chunks), 0) as bigint) from source
        where workspace_id = $1 and chatbot_id = $2 and kind not in ('web_page', 'website')";
    @families
    ADD_CHUNKS (11) = "insert into chunk (source_id, version, position, heading, body, heading_terms, terms, digest,
          page, mark, change_id)
        values ", "";
}
