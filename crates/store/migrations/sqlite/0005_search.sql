-- What search finds of the log, cut into words. id is the change of the entry's content times 1024 plus its seq modulo
-- 1024: it rises with time, and whoever knows the entry knows it. A text that is gone leaves its row without words.
create table search_entry (
  id integer not null primary key,
  workspace_id text not null,
  conversation_id text not null,
  seq integer not null,
  author text not null,
  at integer not null,
  terms text not null
) strict;

-- Beginnings of two and three letters have lists of their own: they stand for many words, and are asked for while somebody
-- types.
create virtual table search_entry_words using fts5 (
  terms, content = 'search_entry', content_rowid = 'id', tokenize = 'ascii', columnsize = 0, prefix = '2 3'
);
-- What is taken out is taken out of the file too, not only marked.
insert into search_entry_words (search_entry_words, rank) values ('secure-delete', 1);
create trigger search_entry_added after insert on search_entry begin
  insert into search_entry_words (rowid, terms) values (new.id, new.terms);
end;
create trigger search_entry_changed after update of terms on search_entry begin
  insert into search_entry_words (search_entry_words, rowid, terms) values ('delete', old.id, old.terms);
  insert into search_entry_words (rowid, terms) values (new.id, new.terms);
end;
create trigger search_entry_removed after delete on search_entry begin
  insert into search_entry_words (search_entry_words, rowid, terms) values ('delete', old.id, old.terms);
end;

-- Names, addresses and ids of visitors. email is the whole address in lower case, by which earlier chats are found.
create table search_visitor (
  id integer not null primary key,
  workspace_id text not null,
  conversation_id text not null unique references conversation (id) on delete cascade,
  email text,
  terms text not null
) strict;
create index search_visitor_by_email on search_visitor (workspace_id, email) where email is not null;

create virtual table search_visitor_words using fts5 (
  terms, content = 'search_visitor', content_rowid = 'id', tokenize = 'ascii', columnsize = 0
);
insert into search_visitor_words (search_visitor_words, rank) values ('secure-delete', 1);
create trigger search_visitor_added after insert on search_visitor begin
  insert into search_visitor_words (rowid, terms) values (new.id, new.terms);
end;
create trigger search_visitor_changed after update of terms on search_visitor begin
  insert into search_visitor_words (search_visitor_words, rowid, terms) values ('delete', old.id, old.terms);
  insert into search_visitor_words (rowid, terms) values (new.id, new.terms);
end;
create trigger search_visitor_removed after delete on search_visitor begin
  insert into search_visitor_words (search_visitor_words, rowid, terms) values ('delete', old.id, old.terms);
end;

-- How far what was said before this migration is in; the row goes when all of it is.
create table search_fill (
  one integer not null primary key check (one = 1),
  conversation_id text not null,
  seq integer not null
) strict;
insert into search_fill (one, conversation_id, seq) select 1, '', 0 where exists (select 1 from event);
