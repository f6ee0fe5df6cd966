-- The outbox: every mail, written in the same transaction as what it tells, and what became of it.

create table mails (
    id            bigint      generated always as identity,
    -- What it tells, once: a second mail with the same key is not written.
    key           text        not null,
    kind          text        not null,
    -- Personal, and emptied with the texts some time after it was sent.
    recipient     text        not null,
    -- Null: nobody knows the language, so it is in both.
    lang          text,
    subject       text        not null,
    plain         text        not null,
    html          text        not null,
    -- The whole address by which one click ends such mails.
    unsubscribe   text,
    -- The left half of its Message-ID, the same at each try, so that a receiver can tell a double.
    message_id    uuid        not null default gen_random_uuid(),
    state         text        not null default 'waiting',
    -- Tries since it was written or last sent again by a person.
    tries         integer     not null default 0,
    next_try_at   timestamptz not null default clock_timestamp(),
    -- Until then one instance is handing it over, and the others leave it alone.
    claimed_until timestamptz,
    made_at       timestamptz not null default clock_timestamp(),
    ended_at      timestamptz,
    constraint mails_pk primary key (id),
    constraint mails_told_once unique (key),
    constraint mails_key_given check (key <> ''),
    constraint mails_state_known check (state in ('waiting', 'sent', 'dead')),
    constraint mails_lang_known check (lang in ('en', 'fr')),
    constraint mails_header_on_one_line check (recipient !~ '[[:cntrl:]]' and subject !~ '[[:cntrl:]]' and unsubscribe !~ '[[:cntrl:]]'),
    constraint mails_ended_when check ((state = 'waiting') = (ended_at is null))
);
create index mails_to_send on mails (next_try_at, id) where state = 'waiting';
create index mails_by_state on mails (state, id desc);
create index mails_by_kind on mails (kind, id desc);
create index mails_to_forget on mails (ended_at) where state = 'sent' and recipient <> '';

-- What became of a mail, in order: each try, and each time that a person sent it again.
create table mail_events (
    id         bigint      generated always as identity,
    mail_id    bigint      not null,
    at         timestamptz not null default clock_timestamp(),
    event      text        not null,
    -- What the server answered.
    detail     text        not null default '',
    account_id bigint,
    actor      text        not null default '',
    constraint mail_events_pk primary key (id),
    constraint mail_events_mail_fk foreign key (mail_id) references mails (id),
    constraint mail_events_account_fk foreign key (account_id) references accounts (id),
    constraint mail_events_known check (event in ('sent', 'put-off', 'dead', 'again')),
    constraint mail_events_again_by_somebody check ((event = 'again') = (actor <> ''))
);
create index mail_events_by_mail on mail_events (mail_id, id);
