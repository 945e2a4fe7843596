-- Documents: what one is as long as nobody has read it, the code of why one could not be read, and pages.
alter table source add column original text;
alter table source add column error_code text;
create index source_unread on source (updated_at) where original is not null;
alter table chunk add column page integer;
