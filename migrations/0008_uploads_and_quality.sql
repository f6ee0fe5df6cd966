-- Files that people upload to be imported, and what people decided about findings of the quality inbox.

-- Kept for a day, for the account that uploaded them.
create table uploads (
    id         bigint      generated always as identity,
    account_id bigint      not null,
    file_name  text        not null,
    bytes      bytea       not null,
    made_at    timestamptz not null default clock_timestamp(),
    constraint uploads_pk primary key (id),
    constraint uploads_account_fk foreign key (account_id) references accounts (id),
    constraint uploads_named check (file_name <> '')
);
create index uploads_by_account on uploads (account_id, id);

create table quality_decisions (
    id          bigint      generated always as identity,
    -- What was found: its rule, what it is about, and the text as it stood. Another text is another finding.
    fingerprint text        not null,
    decision    text        not null,
    reason      text        not null default '',
    actor       text        not null,
    account_id  bigint      not null,
    -- The act that recorded it.
    change_set_id bigint    not null,
    made_at     timestamptz not null default clock_timestamp(),
    reopened_at timestamptz,
    constraint quality_decisions_pk primary key (id),
    constraint quality_decisions_known check (decision in ('accepted', 'ignored')),
    constraint quality_decisions_account_fk foreign key (account_id) references accounts (id),
    constraint quality_decisions_change_set_fk foreign key (change_set_id) references change_sets (id)
);
create unique index quality_decisions_stand_once on quality_decisions (fingerprint) where reopened_at is null;

-- The organisation that an unknown spelling turned out to be: the spelling is an alias of that one now.
alter table organisations
    add column merged_into bigint,
    add constraint organisations_merged_into_fk foreign key (merged_into) references organisations (id),
    add constraint organisations_not_own_merger check (merged_into <> id);
