-- Ids are UUIDs as text, times are unix milliseconds, settings and states are JSON as text.
-- Texts compare by bytes on both engines.

create table workspace (
  id text collate "C" not null primary key,
  name text collate "C" not null,
  created_at bigint not null
);

-- One row at most: whoever inserts it makes the first user, and nobody else can.
create table founding (
  one bigint not null primary key check (one = 1),
  workspace_id text collate "C" not null references workspace (id)
);

create table person (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  email text collate "C" not null unique,
  name text collate "C" not null,
  password_hash text collate "C" not null,
  role text collate "C",
  avatar_id text collate "C",
  created_at bigint not null
);
create index person_by_name on person (workspace_id, name, id);

create table chatbot (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  settings text collate "C" not null,
  avatar_id text collate "C",
  version bigint not null,
  created_at bigint not null
);
create index chatbot_by_workspace on chatbot (workspace_id, id);

create table agent (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  kind text collate "C" not null,
  name text collate "C" not null,
  description text collate "C" not null,
  prompt text collate "C" not null,
  enabled bigint not null
);
create index agent_by_chatbot on agent (chatbot_id, id);

create table membership (
  person_id text collate "C" not null references person (id) on delete cascade,
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  role text collate "C" not null,
  primary key (person_id, chatbot_id)
);
create index membership_by_chatbot on membership (chatbot_id);

create table session (
  token_hash bytea not null primary key,
  person_id text collate "C" not null references person (id) on delete cascade,
  created_at bigint not null,
  ends_at bigint not null
);
create index session_by_person on session (person_id);
create index session_by_end on session (ends_at);

create table api_key (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  token_hash bytea not null unique,
  person_id text collate "C" not null references person (id) on delete cascade,
  name text collate "C" not null,
  role text collate "C" not null,
  chatbot_id text collate "C" references chatbot (id) on delete cascade,
  created_at bigint not null,
  ends_at bigint
);
create index api_key_by_person on api_key (person_id);

create table avatar (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  mime text collate "C" not null,
  bytes bytea not null
);

create table visitor (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  token_hash bytea not null unique,
  name text collate "C",
  facts text collate "C" not null,
  first_seen bigint not null
);

-- The state of a conversation after its newest event, and what the inbox shows of it.
create table conversation (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  visitor_id text collate "C" not null references visitor (id),
  control text collate "C" not null,
  seq bigint not null,
  visitor_seq bigint not null,
  turn bigint not null,
  change bigint not null,
  place bigint not null,
  assignee text collate "C",
  unread bigint not null,
  staff_read bigint not null,
  staff_read_visitor_seq bigint not null,
  visitor_read bigint not null,
  state text collate "C" not null,
  summary text collate "C" not null,
  created_at bigint not null,
  updated_at bigint not null,
  changed_at bigint not null
);
create index conversation_by_change on conversation (workspace_id, change);
create index conversation_by_place on conversation (workspace_id, place);
create index conversation_by_control on conversation (workspace_id, control, place);
create index conversation_by_chatbot on conversation (workspace_id, chatbot_id, place);
create index conversation_by_assignee on conversation (workspace_id, assignee) where assignee is not null;
create index conversation_by_visitor on conversation (visitor_id, created_at);

-- Who takes part in live chats now.
create table participant (
  person_id text collate "C" not null,
  conversation_id text collate "C" not null,
  primary key (person_id, conversation_id)
);
create index participant_by_conversation on participant (conversation_id);

-- The log. No foreign key: every insert comes with the conversation's row, held in the same transaction.
-- change is the number of the unit that wrote the entry, from the one order of all changes.
-- author and client_id name the command that wrote the entries from first_seq to this one; fingerprint is its digest.
create table event (
  conversation_id text collate "C" not null,
  seq bigint not null,
  visitor_seq bigint,
  change bigint not null,
  kind text collate "C" not null,
  at bigint not null,
  turn bigint not null,
  body text collate "C" not null,
  author text collate "C",
  client_id text collate "C",
  fingerprint text collate "C",
  first_seq bigint,
  primary key (conversation_id, seq)
);
create unique index event_by_client_id on event (conversation_id, author, client_id) where client_id is not null;
-- A turn is answered at most once, and the database says so too.
create unique index event_one_answer on event (conversation_id, turn) where kind = 'assistant_wrote';

-- What was said, beside the log, where it can be emptied. The greatest version counts.
-- Found by its entry's change: what is said now, wherever it is said, goes to the end of one table.
create table content (
  change bigint not null,
  seq bigint not null,
  version bigint not null,
  body text collate "C" not null,
  primary key (change, seq, version)
);

create table job (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  kind text collate "C" not null,
  body text collate "C" not null,
  run_at bigint not null,
  worker text collate "C",
  lease_until bigint,
  tries bigint not null,
  error text collate "C",
  dead_at bigint
);
create index job_due on job (run_at, id) where dead_at is null;
create index job_dead on job (dead_at) where dead_at is not null;

-- Calls that made something and carried an Idempotency-Key, for a day; made is the id of what they made.
create table request_key (
  credential text collate "C" not null,
  route text collate "C" not null,
  key text collate "C" not null,
  fingerprint text collate "C" not null,
  made text collate "C" not null,
  at bigint not null,
  primary key (credential, route, key)
);
create index request_key_by_time on request_key (at);

create table source (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  kind text collate "C" not null,
  title text collate "C" not null,
  body text collate "C" not null,
  bytes bigint not null,
  status text collate "C" not null,
  error text collate "C",
  chunks bigint not null,
  version bigint not null,
  indexed_version bigint not null,
  updated_at bigint not null
);
create index source_by_chatbot on source (workspace_id, chatbot_id, updated_at, id);

-- Chunks count when their version is the source's indexed_version; others are on their way in or out.
create table chunk (
  id bigint generated by default as identity primary key,
  source_id text collate "C" not null references source (id) on delete cascade,
  version bigint not null,
  position bigint not null,
  heading text collate "C" not null,
  body text collate "C" not null,
  heading_terms text collate "C" not null,
  terms text collate "C" not null,
  words tsvector not null generated always as (
    setweight(to_tsvector('simple', heading_terms), 'A') || setweight(to_tsvector('simple', terms), 'D')
  ) stored
);
create unique index chunk_by_source on chunk (source_id, version, position);
create index chunk_search on chunk using gin (words);

-- Places in the order of changes. Numbers are taken while the row is held, so they rise for each row; over many rows
-- they become visible out of order, which is why readers look back.
create sequence conversation_change;
