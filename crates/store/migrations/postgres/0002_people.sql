-- People who are invited, deactivated, signed in on several devices.

alter table person add column deactivated_at bigint;
alter table person add column seen_at bigint;

-- A session is named by an id, so that its person can end it; the address and the browser are for their eyes.
alter table session add column id text collate "C";
alter table session add column seen_at bigint;
alter table session add column address text collate "C";
alter table session add column device text collate "C";
update session set seen_at = created_at, id = gen_random_uuid()::text;
create unique index session_by_id on session (id);

-- An offer of a role, for the whole workspace when it names no chatbot.
create table invitation (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" references chatbot (id) on delete cascade,
  email text collate "C" not null,
  role text collate "C" not null,
  inviter_id text collate "C" not null references person (id) on delete cascade,
  created_at bigint not null,
  ends_at bigint not null,
  used_at bigint,
  revoked_at bigint
);
create index invitation_by_place on invitation (workspace_id, created_at, id);
create index invitation_by_email on invitation (workspace_id, email);
create index invitation_by_chatbot on invitation (chatbot_id);
create index invitation_by_inviter on invitation (inviter_id);

-- Secrets in links that were shown or mailed: to an invitation, for a new password, for a new address. Only hashes.
create table link (
  token_hash bytea not null primary key,
  kind text collate "C" not null,
  workspace_id text collate "C" not null references workspace (id),
  person_id text collate "C" references person (id) on delete cascade,
  invitation_id text collate "C" references invitation (id) on delete cascade,
  email text collate "C",
  created_at bigint not null,
  ends_at bigint not null,
  used_at bigint
);
create index link_by_person on link (person_id, kind, created_at);
create index link_by_invitation on link (invitation_id);
create index link_by_end on link (ends_at);
