//! Passages of sources, and what somebody has changed in them.

/// The columns that `passages::change` reads.
macro_rules! columns {
    () => {
        "o.id, o.mark, o.heading, o.original, o.body, o.page, o.place, o.terms, o.person_id, o.at"
    };
}

/// $5 to $8: beginnings of terms that all have to be there, each like `% word%` or ''. Terms are letters and digits in small.
macro_rules! has_words {
    ($terms:literal) => {
        concat!(
            "and ($5 = '' or ",
            $terms,
            " like $5) and ($6 = '' or ",
            $terms,
            " like $6) and ($7 = '' or ",
            $terms,
            " like $7) and ($8 = '' or ",
            $terms,
            " like $8)"
        )
    };
}

super::statements! {
    /// Of a page too, while its website is there.
    SOURCE_TITLE = "select s.title from source s left join source w on w.id = s.parent_id
        where s.id = $1 and s.workspace_id = $2 and s.chatbot_id = $3 and s.removed = 0 and coalesce(w.removed, 0) = 0";
    /// A website is not cut: its pages are.
    CUT_SOURCE = "select s.version from source s where s.id = $1 and s.workspace_id = $2 and s.removed = 0
        and s.kind not in ('web_page', 'website')";
    /// Those that are found, after a place.
    FOUND = concat!("select k.position, k.heading, k.body, k.page, k.mark, k.change_id, o.original from source s
        join chunk k on k.source_id = s.id and k.version = s.indexed_version
        left join passage_change o on o.id = k.change_id and o.source_id = s.id
        where s.id = $1 and s.workspace_id = $2 and k.position > $3 ",
        has_words!("(' ' || k.heading_terms || ' ' || k.terms)"), " order by k.position limit $4");
    LEFT_OUT = concat!("select o.place, o.heading, o.original, o.page, o.mark, o.id from passage_change o
        where o.source_id = $1 and o.workspace_id = $2 and o.mark is not null and o.body is null and o.place > $3 ",
        has_words!("(' ' || o.terms)"), " order by o.place limit $4");
    CUT_BY_MARK = "select k.position, k.heading, k.body, k.page from source s
        join chunk k on k.source_id = s.id and k.version = s.indexed_version
        where s.id = $1 and s.workspace_id = $2 and k.mark = $3 and k.change_id is null order by k.position limit 1";
    CHANGED_BY_MARK = "select o.place, o.heading, o.original, o.page from passage_change o
        where o.source_id = $1 and o.workspace_id = $2 and o.mark = $3 and o.place is not null";
    CHANGES = concat!("select ", columns!(), " from passage_change o where o.source_id = $1 and o.workspace_id = $2
        order by o.id limit $3");
    UNFIT = concat!("select ", columns!(), " from passage_change o where o.source_id = $1 and o.workspace_id = $2
        and o.mark is not null and o.place is null and o.id > $3 order by o.id limit $4");
    COUNT_CHANGES = "select count(*) from passage_change o where o.source_id = $1 and o.workspace_id = $2";
    /// Of the same words there is one change, whoever made it last; an added one is found by its id.
    SAVE_CHANGE = "update passage_change set body = $4, terms = $5, person_id = $6, at = $7
        where source_id = $1 and workspace_id = $2 and (mark = $3 or id = $8)";
    ADD_CHANGE = "insert into passage_change
          (id, source_id, workspace_id, mark, heading, original, body, page, place, terms, person_id, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (source_id, mark) where mark is not null do update set body = excluded.body, terms = excluded.terms,
          person_id = excluded.person_id, at = excluded.at";
    DROP_CHANGE = "delete from passage_change where id = $1 and source_id = $2 and workspace_id = $3";
    /// The source is to be cut anew; a document that nobody has read yet will be anyway.
    READ_AGAIN = "update source set status = 'indexing', error = null, error_code = null, version = version + 1,
          updated_at = $3 where id = $1 and workspace_id = $2 and original is null";
    SETTLE_CHANGE = "update passage_change set place = $4 where id = $1 and source_id = $2 and workspace_id = $3
        and exists (select 1 from source s where s.id = $2 and s.version = $5)";
    COPY_TAGS = "insert into source_tag (source_id, tag, workspace_id, chatbot_id)
        select s.id, t.tag, s.workspace_id, s.chatbot_id from source_tag t join source s on s.id = $2
        where t.source_id = $1 and t.workspace_id = $3 and s.workspace_id = $3 on conflict (source_id, tag) do nothing";
    COPY_CHANGE = "insert into passage_change
          (id, source_id, workspace_id, mark, heading, original, body, page, place, terms, person_id, at)
        select $2, s.id, s.workspace_id, o.mark, o.heading, o.original, o.body, o.page, o.place, o.terms, o.person_id, o.at
        from passage_change o join source s on s.id = $3
        where o.id = $1 and o.workspace_id = $4 and s.workspace_id = $4 on conflict (id) do nothing";
}
