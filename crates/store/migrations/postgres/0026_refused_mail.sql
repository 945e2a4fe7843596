-- A mail that was refused has told nobody anything: another one may begin with the same entry.
drop index visitor_mail_by_first;
create unique index visitor_mail_by_first on visitor_mail (conversation_id, first_seq)
  where first_seq is not null and what <> 'refused';
