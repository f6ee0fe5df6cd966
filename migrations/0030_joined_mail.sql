-- Mail that waits a little, so that what happens meanwhile is told in the same one.

alter table mails
    -- What it is about: another mail about the same joins it while it waits; null where none does.
    add column joins  text,
    -- What it tells, so that it can be written anew with more.
    add column joined jsonb,
    add constraint mails_joined_whole check ((joins is null) = (joined is null));
create index mails_joining on mails (joins) where state = 'waiting' and joins is not null;
