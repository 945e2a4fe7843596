-- How a person wants to be called; nothing is as it was always done.
alter table person add column calling text;
-- Whether mails are a part of it.
alter table person add column mailed integer not null default 0;
