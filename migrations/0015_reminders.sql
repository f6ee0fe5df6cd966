-- Reminders of renewals: who gets them besides staff, who does not want them, and what each was told.

-- Who answers for an organisation's licences, so that the reminders of its lines go there too.
create table renewal_owners (
    id              bigint      generated always as identity,
    organisation_id bigint      not null,
    email           text        not null,
    -- Null: nobody knows the language, so mail is in both.
    lang            text,
    added_at        timestamptz not null default clock_timestamp(),
    added_by        text        not null,
    removed_at      timestamptz,
    removed_by      text,
    constraint renewal_owners_pk primary key (id),
    constraint renewal_owners_organisation_fk foreign key (organisation_id) references organisations (id),
    constraint renewal_owners_reachable check (email <> ''),
    constraint renewal_owners_lang_known check (lang in ('en', 'fr')),
    constraint renewal_owners_removed_by_somebody check ((removed_at is null) = (removed_by is null))
);
create unique index renewal_owners_once on renewal_owners (organisation_id, lower(email)) where removed_at is null;

-- Accounts that want no reminders. One that wants them again has a later entry.
create table reminder_wishes (
    id         bigint      generated always as identity,
    account_id bigint      not null,
    wanted     boolean     not null,
    made_at    timestamptz not null default clock_timestamp(),
    constraint reminder_wishes_pk primary key (id),
    constraint reminder_wishes_account_fk foreign key (account_id) references accounts (id)
);
create index reminder_wishes_by_account on reminder_wishes (account_id, id desc);

-- One digest a day for each recipient: an account or an owner, by its number.
create table reminder_digests (
    id        bigint      generated always as identity,
    recipient text        not null,
    day       date        not null,
    email     text        not null,
    lines     integer     not null,
    made_at   timestamptz not null default clock_timestamp(),
    constraint reminder_digests_pk primary key (id),
    constraint reminder_digests_one_a_day unique (recipient, day),
    constraint reminder_digests_recipient_form check (recipient ~ '^(account|owner)-[0-9]+$')
);

-- Which stage of which date a recipient was told: so many days before it, or after it where negative.
create table reminders_told (
    digest_id    bigint  not null,
    recipient    text    not null,
    line_id      bigint  not null,
    renewal_date date    not null,
    stage        integer not null,
    constraint reminders_told_pk primary key (recipient, line_id, renewal_date, stage),
    constraint reminders_told_digest_fk foreign key (digest_id) references reminder_digests (id),
    constraint reminders_told_line_fk foreign key (line_id) references lines (id)
);
