-- Web pages and websites: a source for each page, below the one that people see.
alter table source add column parent_id text references source (id);
alter table source add column removed integer not null default 0;
create index source_listed on source (workspace_id, chatbot_id, updated_at, id) where parent_id is null;
create index source_below on source (parent_id, id) where parent_id is not null;

-- How much of a website is read, and how far the reading is.
create table website (
  source_id text not null primary key references source (id) on delete cascade,
  workspace_id text not null references workspace (id),
  address text not null,
  page_limit integer not null,
  path_only integer not null,
  schedule text not null,
  base text not null,
  run integer not null,
  reading integer not null,
  state text not null,
  robots text,
  bytes integer not null,
  notice text,
  began_at integer,
  ended_at integer,
  next_at integer
) strict, without rowid;

-- The pages of a website. The id is that of the page's own source.
create table web_page (
  id text not null primary key,
  source_id text not null references website (source_id) on delete cascade,
  workspace_id text not null references workspace (id),
  address_key text not null,
  url text not null,
  title text not null,
  depth integer not null,
  place integer not null,
  status text not null,
  reason text,
  run integer not null,
  tries integer not null,
  gone integer not null,
  digest blob,
  etag text,
  last_modified text,
  read_at integer
) strict, without rowid;
create unique index web_page_by_key on web_page (source_id, address_key);
create index web_page_by_place on web_page (source_id, place);
create index web_page_by_digest on web_page (source_id, digest) where digest is not null;
