-- What a model has written for whoever takes a request. opened, since: which request. wish: nothing when no model could.
create table handover_card (
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  opened bigint not null,
  workspace_id text collate "C" not null references workspace (id),
  since bigint not null,
  wish text collate "C",
  mood text collate "C",
  first_line text collate "C",
  language text collate "C",
  made text collate "C" not null,
  at bigint not null,
  primary key (conversation_id, opened)
);
