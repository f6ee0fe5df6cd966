-- Who sends what without an account: counted for a day by keyed hashes, so that nobody fills what all may use.

-- What all instances of this catalogue share and nobody else knows.
create table secrets (
    name  text  not null,
    value bytea not null,
    constraint secrets_pk primary key (name),
    constraint secrets_long check (length(value) >= 32)
);
insert into secrets (name, value)
values ('forms', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- What was kept of each form. No address stands here: hashes of the network (or the account), the mailbox and its domain.
create table submissions (
    id      bigint generated always as identity,
    form    text        not null,
    sender  bytea,
    mailbox bytea,
    domain  bytea,
    sent_at timestamptz not null default clock_timestamp(),
    constraint submissions_pk primary key (id),
    constraint submissions_form_known check (form in ('request', 'change', 'feedback', 'follow', 'suggestion'))
);
create index submissions_by_sender on submissions (form, sender, sent_at);
create index submissions_by_mailbox on submissions (form, mailbox, sent_at);
create index submissions_by_domain on submissions (form, domain, sent_at);
create index submissions_by_time on submissions (sent_at);

-- Whose what waits is, as above: forgotten when it waits no more.
alter table watches add column sender bytea, add column domain bytea;
alter table suggestions add column sender bytea, add column domain bytea;
