-- Ids are UUIDs as text, times are unix milliseconds, settings and states are JSON as text.

create table workspace (
  id text not null primary key,
  name text not null,
  created_at integer not null
) strict;

-- One row at most: whoever inserts it makes the first user, and nobody else can.
create table founding (
  one integer not null primary key check (one = 1),
  workspace_id text not null references workspace (id)
) strict;

create table person (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  email text not null unique,
  name text not null,
  password_hash text not null,
  role text,
  avatar_id text,
  created_at integer not null
) strict;
create index person_by_name on person (workspace_id, name, id);

create table chatbot (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  settings text not null,
  avatar_id text,
  version integer not null,
  created_at integer not null
) strict;
create index chatbot_by_workspace on chatbot (workspace_id, id);

create table agent (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id) on delete cascade,
  kind text not null,
  name text not null,
  description text not null,
  prompt text not null,
  enabled integer not null
) strict;
create index agent_by_chatbot on agent (chatbot_id, id);

create table membership (
  person_id text not null references person (id) on delete cascade,
  chatbot_id text not null references chatbot (id) on delete cascade,
  workspace_id text not null references workspace (id),
  role text not null,
  primary key (person_id, chatbot_id)
) strict, without rowid;
create index membership_by_chatbot on membership (chatbot_id);

create table session (
  token_hash blob not null primary key,
  person_id text not null references person (id) on delete cascade,
  created_at integer not null,
  ends_at integer not null
) strict, without rowid;
create index session_by_person on session (person_id);
create index session_by_end on session (ends_at);

create table api_key (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  token_hash blob not null unique,
  person_id text not null references person (id) on delete cascade,
  name text not null,
  role text not null,
  chatbot_id text references chatbot (id) on delete cascade,
  created_at integer not null,
  ends_at integer
) strict;
create index api_key_by_person on api_key (person_id);

create table avatar (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  mime text not null,
  bytes blob not null
) strict;

create table visitor (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id),
  token_hash blob not null unique,
  name text,
  facts text not null,
  first_seen integer not null
) strict;

-- The state of a conversation after its newest event, and what the inbox shows of it.
create table conversation (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id),
  visitor_id text not null references visitor (id),
  control text not null,
  seq integer not null,
  visitor_seq integer not null,
  turn integer not null,
  change integer not null,
  place integer not null,
  assignee text,
  unread integer not null,
  staff_read integer not null,
  staff_read_visitor_seq integer not null,
  visitor_read integer not null,
  state text not null,
  summary text not null,
  created_at integer not null,
  updated_at integer not null,
  changed_at integer not null
) strict;
create index conversation_by_change on conversation (workspace_id, change);
create index conversation_by_place on conversation (workspace_id, place);
create index conversation_by_control on conversation (workspace_id, control, place);
create index conversation_by_chatbot on conversation (workspace_id, chatbot_id, place);
create index conversation_by_assignee on conversation (workspace_id, assignee) where assignee is not null;
create index conversation_by_visitor on conversation (visitor_id, created_at);

-- Who takes part in live chats now.
create table participant (
  person_id text not null,
  conversation_id text not null,
  primary key (person_id, conversation_id)
) strict, without rowid;
create index participant_by_conversation on participant (conversation_id);

-- The log. No foreign key: every insert comes with the conversation's row, held in the same transaction.
-- change is the number of the unit that wrote the entry, from the one order of all changes.
-- author and client_id name the command that wrote the entries from first_seq to this one; fingerprint is its digest.
create table event (
  conversation_id text not null,
  seq integer not null,
  visitor_seq integer,
  change integer not null,
  kind text not null,
  at integer not null,
  turn integer not null,
  body text not null,
  author text,
  client_id text,
  fingerprint text,
  first_seq integer,
  primary key (conversation_id, seq)
) strict, without rowid;
create unique index event_by_client_id on event (conversation_id, author, client_id) where client_id is not null;
-- A turn is answered at most once, and the database says so too.
create unique index event_one_answer on event (conversation_id, turn) where kind = 'assistant_wrote';

-- What was said, beside the log, where it can be emptied. The greatest version counts.
-- Found by its entry's change: what is said now, wherever it is said, goes to the end of one table.
create table content (
  change integer not null,
  seq integer not null,
  version integer not null,
  body text not null,
  primary key (change, seq, version)
) strict, without rowid;

create table job (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  kind text not null,
  body text not null,
  run_at integer not null,
  worker text,
  lease_until integer,
  tries integer not null,
  error text,
  dead_at integer
) strict;
create index job_due on job (run_at, id) where dead_at is null;
create index job_dead on job (dead_at) where dead_at is not null;

-- Calls that made something and carried an Idempotency-Key, for a day; made is the id of what they made.
create table request_key (
  credential text not null,
  route text not null,
  key text not null,
  fingerprint text not null,
  made text not null,
  at integer not null,
  primary key (credential, route, key)
) strict, without rowid;
create index request_key_by_time on request_key (at);

create table source (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id),
  kind text not null,
  title text not null,
  body text not null,
  bytes integer not null,
  status text not null,
  error text,
  chunks integer not null,
  version integer not null,
  indexed_version integer not null,
  updated_at integer not null
) strict;
create index source_by_chatbot on source (workspace_id, chatbot_id, updated_at, id);

-- Chunks count when their version is the source's indexed_version; others are on their way in or out.
create table chunk (
  id integer primary key,
  source_id text not null references source (id) on delete cascade,
  version integer not null,
  position integer not null,
  heading text not null,
  body text not null,
  heading_terms text not null,
  terms text not null
) strict;
create unique index chunk_by_source on chunk (source_id, version, position);

create virtual table chunk_search using fts5 (
  heading_terms, terms, content = 'chunk', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
create trigger chunk_added after insert on chunk begin
  insert into chunk_search (rowid, heading_terms, terms) values (new.id, new.heading_terms, new.terms);
end;
create trigger chunk_removed after delete on chunk begin
  insert into chunk_search (chunk_search, rowid, heading_terms, terms)
    values ('delete', old.id, old.heading_terms, old.terms);
end;
