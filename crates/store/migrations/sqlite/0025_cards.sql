-- What a model has written for whoever takes a request. opened, since: which request. wish: nothing when no model could.
create table handover_card (
  conversation_id text not null references conversation (id) on delete cascade,
  opened integer not null,
  workspace_id text not null references workspace (id),
  since integer not null,
  wish text,
  mood text,
  first_line text,
  language text,
  made text not null,
  at integer not null,
  primary key (conversation_id, opened)
) strict, without rowid;
