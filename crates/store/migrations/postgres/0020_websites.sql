-- Web pages and websites: a source for each page, below the one that people see.
alter table source add column parent_id text collate "C" references source (id);
alter table source add column removed bigint not null default 0;
create index source_listed on source (workspace_id, chatbot_id, updated_at, id) where parent_id is null;
create index source_below on source (parent_id, id) where parent_id is not null;

-- How much of a website is read, and how far the reading is.
create table website (
  source_id text collate "C" not null primary key references source (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  address text collate "C" not null,
  page_limit bigint not null,
  path_only bigint not null,
  schedule text collate "C" not null,
  base text collate "C" not null,
  run bigint not null,
  reading bigint not null,
  state text collate "C" not null,
  robots text collate "C",
  bytes bigint not null,
  notice text collate "C",
  began_at bigint,
  ended_at bigint,
  next_at bigint
);

-- The pages of a website. The id is that of the page's own source.
create table web_page (
  id text collate "C" not null primary key,
  source_id text collate "C" not null references website (source_id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  address_key text collate "C" not null,
  url text collate "C" not null,
  title text collate "C" not null,
  depth bigint not null,
  place bigint not null,
  status text collate "C" not null,
  reason text collate "C",
  run bigint not null,
  tries bigint not null,
  gone bigint not null,
  digest bytea,
  etag text collate "C",
  last_modified text collate "C",
  read_at bigint
);
create unique index web_page_by_key on web_page (source_id, address_key);
create index web_page_by_place on web_page (source_id, place);
create index web_page_by_digest on web_page (source_id, digest) where digest is not null;
