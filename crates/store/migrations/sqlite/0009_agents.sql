-- AI agents of several kinds; what examples and knowledge mean.

alter table agent add column settings text not null default '{}';
-- Rises whenever something else is found in the knowledge: whoever keeps vectors at hand looks at it.
alter table chatbot add column knowledge integer not null default 0;
-- Chunks whose meaning was read, and the language that most of the text is in.
alter table source add column read_chunks integer not null default 0;
alter table source add column language text;
-- What stands for heading and text; absent on chunks from before there were vectors.
alter table chunk add column digest blob;
create index chunk_by_digest on chunk (digest) where digest is not null;

-- Vectors of examples (what = 'example') and of chunks ('chunk'), by what they were made from.
create table vector (
  chatbot_id text not null references chatbot (id) on delete cascade,
  what text not null,
  model text not null,
  digest blob not null,
  workspace_id text not null references workspace (id),
  vector blob not null,
  primary key (chatbot_id, what, model, digest)
) strict, without rowid;
