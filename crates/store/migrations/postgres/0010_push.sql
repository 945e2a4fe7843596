-- Devices that people are told on by push. An endpoint is one browser; it is forgotten with the session that it came by.
create table push_device (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  person_id text collate "C" not null references person (id) on delete cascade,
  endpoint text collate "C" not null unique,
  key bytea not null,
  auth bytea not null,
  session_hash bytea references session (token_hash) on delete cascade,
  name text collate "C",
  created_at bigint not null,
  used_at bigint not null
);
create index push_device_by_workspace on push_device (workspace_id, used_at);
create index push_device_by_person on push_device (person_id, used_at);
create index push_device_by_session on push_device (session_hash);

-- What this server signs with at push services, sealed with its secret key.
create table push_key (
  one bigint not null primary key check (one = 1),
  sealed bytea not null
);
