-- People: accounts, their one-time links and sessions, forms kept for them, and the record of security events.

create table accounts (
    id              bigint      generated always as identity,
    -- Who vouches for the person, and the name by which it knows the person (for Entra ID: tid and oid).
    -- Both null: a local account, known by its e-mail address.
    issuer          text,
    subject         text,
    email           text        not null default '',
    name            text        not null,
    role            text        not null,
    organisation_id bigint,
    -- Argon2id, as a PHC string; null until a password is set.
    password_hash   text,
    -- Raised by each change, so that two administrators do not overwrite one another.
    version         integer     not null default 1,
    created_at      timestamptz not null default clock_timestamp(),
    disabled_at     timestamptz,
    constraint accounts_pk primary key (id),
    constraint accounts_subject_unique unique (issuer, subject),
    constraint accounts_organisation_fk foreign key (organisation_id) references organisations (id),
    constraint accounts_named check (name <> ''),
    constraint accounts_role_known check (role in ('member', 'staff', 'manager', 'admin')),
    constraint accounts_issuer_and_subject check ((issuer is null) = (subject is null)),
    constraint accounts_local_has_email check (issuer is not null or email <> ''),
    constraint accounts_password_is_local check (password_hash is null or issuer is null)
);
create unique index accounts_local_email_unique on accounts (email) where issuer is null;

-- Links by which a password is set. Only the hash of what the link holds is stored.
create table one_time_links (
    token_hash bytea       not null,
    account_id bigint      not null,
    made_at    timestamptz not null default clock_timestamp(),
    used_at    timestamptz,
    constraint one_time_links_pk primary key (token_hash),
    constraint one_time_links_account_fk foreign key (account_id) references accounts (id)
);
create index one_time_links_by_account on one_time_links (account_id);

-- Sessions. Only the hash of what the cookie holds is stored.
create table sessions (
    id         bigint      generated always as identity,
    id_hash    bytea       not null,
    account_id bigint      not null,
    begun_at   timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    -- From which address it began; empty where that is not known.
    address    text        not null default '',
    constraint sessions_pk primary key (id),
    constraint sessions_id_hash_unique unique (id_hash),
    constraint sessions_account_fk foreign key (account_id) references accounts (id)
);
create index sessions_by_account on sessions (account_id, begun_at) where ended_at is null;

-- Sign-ins under way at an OpenID Connect provider: what must come back, and from which browser.
create table sign_ins (
    state_hash   bytea       not null,
    browser_hash bytea       not null,
    nonce        text        not null,
    verifier     text        not null,
    lang         text        not null,
    next         text        not null,
    made_at      timestamptz not null default clock_timestamp(),
    used_at      timestamptz,
    constraint sign_ins_pk primary key (state_hash),
    constraint sign_ins_lang_known check (lang in ('en', 'fr'))
);

-- Forms that were sent after their session had ended: shown again after signing in.
create table kept_forms (
    token_hash bytea       not null,
    -- Whose session had ended, where that is known; then only that account sees the form.
    account_id bigint,
    address    text        not null,
    -- Pairs of names and values, in order.
    fields     jsonb       not null,
    kept_at    timestamptz not null default clock_timestamp(),
    used_at    timestamptz,
    constraint kept_forms_pk primary key (token_hash),
    constraint kept_forms_account_fk foreign key (account_id) references accounts (id)
);
create index kept_forms_of_nobody on kept_forms (kept_at) where account_id is null and used_at is null;

-- Security events: who, what, when, from which address. Append-only.
create table security_events (
    id         bigint      generated always as identity,
    at         timestamptz not null default clock_timestamp(),
    event      text        not null,
    -- Whose account it is about, and who acted: numbers where known, and names as they were.
    account_id bigint,
    account    text        not null default '',
    actor_id   bigint,
    actor      text        not null default '',
    address    text        not null default '',
    detail     text        not null default '',
    constraint security_events_pk primary key (id),
    constraint security_events_known check (event in (
        'signed-in', 'local-used', 'link-used', 'refused', 'throttled', 'signed-out', 'sessions-ended',
        'account-made', 'account-changed', 'account-disabled', 'account-enabled', 'role-changed', 'link-made', 'forbidden'))
);
create index security_events_by_account on security_events (account_id, id);
create index security_events_by_time on security_events (at);
create trigger security_events_append_only before update or delete or truncate on security_events
    for each statement execute function refuse_to_rewrite_the_record();
