-- Who has the desk open on which node. left_at: when the last page was closed there.
create table presence (
  workspace_id text not null references workspace (id),
  person_id text not null references person (id) on delete cascade,
  node text not null,
  seen_at integer not null,
  away integer not null,
  left_at integer,
  primary key (person_id, node)
) strict, without rowid;
create index presence_by_workspace on presence (workspace_id, seen_at);

-- Who was given which request by routing. held: the log does not say so yet.
create table routing (
  workspace_id text not null references workspace (id),
  conversation_id text not null references conversation (id) on delete cascade,
  opened integer not null,
  person_id text not null references person (id) on delete cascade,
  at integer not null,
  held integer not null,
  primary key (conversation_id, opened, person_id)
) strict, without rowid;
create index routing_by_time on routing (at);
create index routing_held on routing (workspace_id, at) where held = 1;

-- When each person was last given anything.
create table routed (
  person_id text not null primary key references person (id) on delete cascade,
  workspace_id text not null references workspace (id),
  at integer not null
) strict, without rowid;
create index routed_by_workspace on routed (workspace_id);

-- Jobs that look for somebody: those of a workspace are hurried when somebody arrives.
create index job_route on job (workspace_id, id) where kind = 'route' and dead_at is null;
