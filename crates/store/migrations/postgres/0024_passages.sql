-- Tags that a team puts on its sources.
create table source_tag (
  source_id text collate "C" not null references source (id) on delete cascade,
  tag text collate "C" not null,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  primary key (source_id, tag)
);
create index source_tag_by_tag on source_tag (workspace_id, chatbot_id, tag, source_id);

-- What somebody has changed in the passages of a source. mark: what stands for the words that were cut; one that was added has
-- none. body: the text from then on; without one the passage is left out. place: where it has taken hold; without one a change
-- that has a mark does not fit any more.
create table passage_change (
  id text collate "C" not null primary key,
  source_id text collate "C" not null references source (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  mark bytea,
  heading text collate "C" not null,
  original text collate "C" not null,
  body text collate "C",
  page bigint,
  place bigint,
  terms text collate "C" not null,
  person_id text collate "C" not null,
  at bigint not null
);
create unique index passage_change_by_mark on passage_change (source_id, mark) where mark is not null;
create index passage_change_by_source on passage_change (source_id, id);

-- What stands for a chunk's words as they were cut, and the change that made it what it is.
alter table chunk add column mark bytea;
alter table chunk add column change_id text collate "C";
