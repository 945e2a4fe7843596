//! Websites and their pages.

/// The columns that `websites::page` reads.
macro_rules! columns {
    () => {
        "p.id, p.url, p.title, p.depth, p.place, p.status, p.reason, p.run, p.tries, p.gone, p.digest, p.etag,
          p.last_modified, p.read_at"
    };
}

super::statements! {
    /// A reading that goes on counts what it has looked at; one that is over, all that is known.
    SITE = "select w.source_id, s.chatbot_id, s.kind, w.address, w.page_limit, w.path_only, w.schedule, w.base, w.run,
          w.reading, w.state, w.bytes, w.notice, w.began_at, w.ended_at, w.next_at, count(p.id) as pages_found,
          sum(case when p.status in ('read', 'unchanged') and (w.reading = 0 or p.run = w.run) then 1 else 0 end)
            as pages_read,
          sum(case when p.status = 'failed' and (w.reading = 0 or p.run = w.run) then 1 else 0 end) as pages_failed,
          sum(case when p.status = 'skipped' and (w.reading = 0 or p.run = w.run) then 1 else 0 end) as pages_skipped
        from website w join source s on s.id = w.source_id left join web_page p on p.source_id = w.source_id
        where w.source_id = $1 and w.workspace_id = $2 and s.removed = 0 group by w.source_id, s.id";
    ROBOTS = "select robots from website where source_id = $1 and workspace_id = $2";
    ADD_SITE = "insert into website (source_id, workspace_id, address, page_limit, path_only, schedule, base, run, reading,
          state, bytes, next_at) values ($1, $2, $3, $4, $5, $6, $7, 0, 0, '', 0, $8)";
    PAGES_ALLOWED = "select cast(coalesce(sum(w.page_limit), 0) as bigint) as pages_allowed
        from source s join website w on w.source_id = s.id
        where s.workspace_id = $1 and s.chatbot_id = $2 and s.parent_id is null and s.removed = 0 and s.id <> $3";
    CHANGE_SITE = "update website set page_limit = $3, path_only = $4, schedule = $5, next_at = $6
        where source_id = $1 and workspace_id = $2";
    RENAME_SITE = "update source set title = $3, updated_at = $4 where id = $1 and workspace_id = $2 and removed = 0";
    /// Not while it is read, and when it was set for a time, only while it still is.
    BEGIN_RUN = "update website set run = run + 1, reading = 1, base = address, state = '', robots = null, bytes = 0,
          notice = null, began_at = $3, ended_at = null, next_at = null
        where source_id = $1 and workspace_id = $2 and reading = 0
        and (cast($4 as bigint) = -1 or next_at = cast($4 as bigint)) returning run";
    FORGET_GONE = "delete from web_page where source_id = $1 and workspace_id = $2 and gone >= $3";
    UNFAIL_SITE = "update source set status = 'indexing', error = null, error_code = null
        where id = $1 and workspace_id = $2 and status = 'failed'";
    /// A first page that is on the list already is the first from here on.
    ADD_FIRST = "insert into web_page (id, source_id, workspace_id, address_key, url, title, depth, place, status, reason,
          run, tries, gone) values ($1, $2, $3, $4, $5, '', 0, $6, 'waiting', null, 0, 0, 0)
        on conflict (source_id, address_key) do update set depth = 0, run = 0";
    NOTE_RUN = "update website set base = coalesce($4, base), state = $5, robots = $6, bytes = bytes + $7,
          notice = coalesce($8, notice)
        where source_id = $1 and workspace_id = $2 and run = $3 and reading = 1";
    NOTE_RUN_ONLY = "update website set base = coalesce($4, base), state = $5, bytes = bytes + $6,
          notice = coalesce($7, notice)
        where source_id = $1 and workspace_id = $2 and run = $3 and reading = 1";
    END_RUN = "update website set reading = 0, ended_at = $4, next_at = $5, notice = coalesce($6, notice), state = '',
          robots = null
        where source_id = $1 and workspace_id = $2 and run = $3 and reading = 1";
    GOES_ON = "select run from website where source_id = $1 and workspace_id = $2 and run = $3 and reading = 1";
    NEXT_PAGES = concat!("select ", columns!(), " from web_page p
        where p.source_id = $1 and p.workspace_id = $2 and p.run < $3
        order by case when p.depth = 0 then 0 else 1 end, coalesce(p.read_at, 0), p.depth, p.place limit $4");
    PAGE_KEYS = "select p.address_key from web_page p where p.source_id = $1 and p.workspace_id = $2 limit 20000";
    PAGE_BY_KEY = concat!("select ", columns!(), " from web_page p
        where p.source_id = $1 and p.workspace_id = $2 and p.address_key = $3");
    SAYS_THE_SAME = "select count(*) from web_page p where p.source_id = $1 and p.workspace_id = $2 and p.digest = $4
        and p.id <> $3";
    NOTE_TRY = "update web_page set tries = tries + 1 where id = $1 and workspace_id = $2";
    LISTED = "select count(*) as pages_listed,
          cast(coalesce(sum(case when p.status = 'skipped' then 0 else 1 end), 0) as bigint) as pages_counting,
          coalesce(max(p.place), 0) as last_place
        from web_page p where p.source_id = $1 and p.workspace_id = $2";
    SETTLE_PAGE = "update web_page set url = $3, title = $4, status = $5, reason = $6, run = $7, tries = 0, gone = $8,
          digest = $9, etag = $10, last_modified = $11, read_at = $12
        where id = $1 and workspace_id = $2";
    /// A page's own source, below that of its website. Only under a website that is there.
    SAVE_PAGE = "insert into source (id, workspace_id, chatbot_id, kind, title, body, bytes, status, chunks, version,
          indexed_version, updated_at, parent_id)
        select $1, s.workspace_id, s.chatbot_id, 'page', $4, $5, $6, 'indexing', 0, 1, 0, $7, s.id
        from source s where s.id = $3 and s.workspace_id = $2 and s.removed = 0
        on conflict (id) do update set title = excluded.title, body = excluded.body, bytes = excluded.bytes,
          status = 'indexing', error = null, error_code = null, version = source.version + 1,
          updated_at = excluded.updated_at
        where source.workspace_id = excluded.workspace_id and source.parent_id = excluded.parent_id",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into source (id, workspace_id, chatbot_id, kind, title, body, bytes, status, chunks, version,
          indexed_version, updated_at, parent_id)
        select $1, s.workspace_id, s.chatbot_id, 'page', $4, $5, $6::bigint, 'indexing', 0, 1, 0, $7::bigint, s.id
        from source s where s.id = $3 and s.workspace_id = $2 and s.removed = 0
        on conflict (id) do update set title = excluded.title, body = excluded.body, bytes = excluded.bytes,
          status = 'indexing', error = null, error_code = null, version = source.version + 1,
          updated_at = excluded.updated_at
        where source.workspace_id = excluded.workspace_id and source.parent_id = excluded.parent_id";
    SETTLE_SITE = "update source set
          chunks = (select cast(coalesce(sum(c.chunks), 0) as bigint) from source c where c.parent_id = source.id),
          read_chunks = (select cast(coalesce(sum(c.read_chunks), 0) as bigint) from source c
            where c.parent_id = source.id),
          bytes = (select cast(coalesce(sum(c.bytes), 0) as bigint) from source c where c.parent_id = source.id)
        where id = $1 and workspace_id = $2";
    READY_SITE = "update source set status = 'ready', error = null, error_code = null
        where id = $1 and workspace_id = $2 and chunks > 0 and status <> 'ready'";
    FAIL_SITE = "update source set status = 'failed', error = $3, error_code = $4
        where id = $1 and workspace_id = $2 and chunks = 0";
    PAGES = concat!("select ", columns!(), " from web_page p
        where p.source_id = $1 and p.workspace_id = $2 and p.place > $3 order by p.place limit $4");
    HIDE_SITE = "update source set removed = 1 where id = $1 and workspace_id = $2 and removed = 0";
    STOP_SITE = "update website set reading = 0, next_at = null where source_id = $1 and workspace_id = $2";
    PAGES_BELOW = "select c.id from source c where c.parent_id = $1 and c.workspace_id = $2 order by c.id limit $3";
    /// A slice of the pages of a website that is gone.
    DROP_PAGES = "delete from web_page where id in (select p.id from web_page p
        where p.source_id = $1 and p.workspace_id = $2 order by p.place limit $3)";
    @families
    LIST_PAGES (13) = "insert into web_page (id, source_id, workspace_id, address_key, url, title, depth, place, status,
          reason, run, tries, gone) values ", " on conflict (source_id, address_key) do nothing";
}
