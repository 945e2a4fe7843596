-- Documents: what one is as long as nobody has read it, the code of why one could not be read, and pages.
alter table source add column original text collate "C";
alter table source add column error_code text collate "C";
create index source_unread on source (updated_at) where original is not null;
alter table chunk add column page bigint;
