//! Vectors of examples and of chunks.

super::statements! {
    EXAMPLES = "select v.digest, v.vector from vector v where v.chatbot_id = $2 and v.workspace_id = $1
        and v.what = 'example' and v.model = $3 and v.digest > $4 order by v.digest limit $5";
    FORGET_EXAMPLE = "delete from vector where chatbot_id = $2 and workspace_id = $1 and what = 'example' and model = $3
        and digest = $4";
    /// Of a chatbot of the workspace only.
    KEEP = "insert into vector (chatbot_id, what, model, digest, workspace_id, vector)
        select b.id, $3, $4, $5, b.workspace_id, $6 from chatbot b
        where b.id = $2 and b.workspace_id = $1 and b.deleted_at is null
        on conflict (chatbot_id, what, model, digest) do nothing",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into vector (chatbot_id, what, model, digest, workspace_id, vector)
        select b.id, $3::text, $4::text, $5::bytea, b.workspace_id, $6::bytea from chatbot b
        where b.id = $2 and b.workspace_id = $1 and b.deleted_at is null
        on conflict (chatbot_id, what, model, digest) do nothing";
    /// Chunks that count and were not read by a model, as a whole and in parts; of any language when none is named. A short
    /// text does not give its language away: it may be the one that is asked for.
    UNREAD = "select k.id, k.source_id, k.heading, k.body from source s
        join chunk k on k.source_id = s.id and k.version = s.indexed_version
        where s.workspace_id = $1 and s.chatbot_id = $2 and k.id > $4 and k.id < $5
        and ($6 = '' or coalesce(s.language, $6) = $6)
        and (select count(*) from vector v where v.chatbot_id = s.chatbot_id and v.what in ('chunk', 'parts')
          and v.model = $3 and v.digest = k.digest) < 2
        order by k.id desc limit $7";
    /// A chunk of an earlier release learns what stands for its text.
    MARK_CHUNK = "update chunk set digest = $3 where id = $1 and digest is null
        and source_id in (select s.id from source s where s.id = $4 and s.workspace_id = $2)";
    /// Two readers of the same chunk do not count more than there are. What is read of a page is read of its website, too.
    COUNT_READ = "update source set read_chunks = read_chunks + $3
        where id in (select c.id from source c where c.id = $1
          union select c.parent_id from source c where c.id = $1 and c.parent_id is not null)
        and workspace_id = $2 and read_chunks < chunks";
    /// How many of a source's chunks have a vector. Those of a website are its pages'.
    SETTLE_READ = "update source set read_chunks = (select count(*) from chunk k
          join vector v on v.chatbot_id = source.chatbot_id and v.what = 'chunk' and v.model = $3 and v.digest = k.digest
          where k.source_id = source.id and k.version = source.indexed_version)
        where workspace_id = $1 and chatbot_id = $2 and read_chunks < chunks and kind not in ('web_page', 'website')";
    SETTLE_SITES = "update source set read_chunks = (
          select cast(coalesce(sum(c.read_chunks), 0) as bigint) from source c where c.parent_id = source.id)
        where workspace_id = $1 and chatbot_id = $2 and parent_id is null and kind in ('web_page', 'website')";
    /// A slice of what no chunk has any more.
    GONE = "select distinct v.digest from vector v where v.workspace_id = $1 and v.chatbot_id = $2 and v.what = 'chunk'
        and not exists (select 1 from chunk k join source s on s.id = k.source_id
          where k.digest = v.digest and s.chatbot_id = v.chatbot_id) limit $3";
    FORGET_CHUNK = "delete from vector where workspace_id = $1 and chatbot_id = $2 and what in ('chunk', 'parts')
        and digest = $3";
    MODELS = "select distinct v.model from vector v where v.workspace_id = $1 and v.chatbot_id = $2";
    FORGET_MODEL = "delete from vector where workspace_id = $1 and chatbot_id = $2 and model = $3";
    RAISE = "update chatbot set knowledge = knowledge + 1 where workspace_id = $1 and id = $2";
    /// Chunks that count, with their vectors.
    CHUNKS = "select k.id, coalesce(s.parent_id, s.id) as source_id, v.vector from source s
        join chunk k on k.source_id = s.id and k.version = s.indexed_version
        join vector v on v.chatbot_id = s.chatbot_id and v.what = 'chunk' and v.model = $3 and v.digest = k.digest
        where s.workspace_id = $1 and s.chatbot_id = $2 and k.id > $4 order by k.id limit $5";
    /// The parts of a chunk that counts.
    PARTS = "select k.id, v.model, v.vector from chunk k
        join source s on s.id = k.source_id and k.version = s.indexed_version
        join vector v on v.chatbot_id = s.chatbot_id and v.what = 'parts' and v.model = $3 and v.digest = k.digest
        where k.id = $4 and s.workspace_id = $1 and s.chatbot_id = $2";
    PASSAGE = "select coalesce(s.parent_id, s.id) as source_id, s.title, k.heading, k.body, k.id, k.page, p.url from chunk k
        join source s on s.id = k.source_id and k.version = s.indexed_version left join web_page p on p.id = s.id
        where k.id = $3 and s.workspace_id = $1 and s.chatbot_id = $2";
}
