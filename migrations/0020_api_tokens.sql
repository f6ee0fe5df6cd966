-- Tokens by which programs read more than everyone and write, and the answers to what they wrote, kept for a day.

create table api_tokens (
    -- What names the token in public: the part of it that is no secret.
    id                text        not null,
    name              text        not null,
    -- What it is for.
    reason            text        not null,
    -- SHA-256 of the whole token, which is stored nowhere.
    token_hash        bytea       not null,
    scopes            text[]      not null,
    made_at           timestamptz not null default clock_timestamp(),
    account_id        bigint      not null,
    -- Who made it, as called then.
    made_by           text        not null,
    expires_at        timestamptz not null,
    ended_at          timestamptz,
    ended_account_id  bigint,
    ended_by          text,
    ended_reason      text,
    -- The day in America/Toronto on which it was last used.
    last_used_on      date,
    -- The key of the form by which it was made: sent again it makes no other.
    form_key          text        not null,
    constraint api_tokens_pk primary key (id),
    constraint api_tokens_id_form check (id ~ '^[0-9a-f]{8}$'),
    constraint api_tokens_hash_unique unique (token_hash),
    constraint api_tokens_hash_form check (length(token_hash) = 32),
    constraint api_tokens_sent_once unique (form_key),
    constraint api_tokens_account_fk foreign key (account_id) references accounts (id),
    constraint api_tokens_ended_account_fk foreign key (ended_account_id) references accounts (id),
    constraint api_tokens_named check (name <> '' and reason <> '' and made_by <> ''),
    constraint api_tokens_scopes_known check
        (cardinality(scopes) > 0 and scopes <@ array['read:record', 'write:import', 'write:renew', 'write:status']),
    constraint api_tokens_expire_within_a_year check (expires_at > made_at and expires_at <= made_at + interval '366 days'),
    constraint api_tokens_ended_by_somebody check
        ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_account_id is null)
            and (ended_at is null) = (ended_reason is null) and ended_reason <> '')
);

-- A token is only ended, never changed, brought back or taken away; besides, the day of its last use is noted.
create function refuse_to_change_a_token() returns trigger language plpgsql as $$
begin
    if (old.id, old.name, old.reason, old.token_hash, old.scopes, old.made_at, old.account_id, old.made_by, old.expires_at, old.form_key)
            is distinct from
       (new.id, new.name, new.reason, new.token_hash, new.scopes, new.made_at, new.account_id, new.made_by, new.expires_at, new.form_key)
       or old.ended_at is not null and
            (old.ended_at, old.ended_account_id, old.ended_by, old.ended_reason)
            is distinct from (new.ended_at, new.ended_account_id, new.ended_by, new.ended_reason) then
        raise exception 'a token is not changed, only ended' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger api_tokens_only_ended before update on api_tokens
    for each row execute function refuse_to_change_a_token();
create trigger api_tokens_not_deleted before delete or truncate on api_tokens
    for each statement execute function refuse_to_rewrite_the_record();

-- What was answered to a write, under the key that the program chose: sent again, it is answered so again. Written in the
-- transaction of the write itself, and forgotten after a day.
create table api_idempotency (
    token_id     text        not null,
    key          text        not null,
    -- Of method, address, content type and body.
    request_hash bytea       not null,
    status       integer     not null,
    headers      jsonb       not null,
    body         bytea       not null,
    at           timestamptz not null default clock_timestamp(),
    constraint api_idempotency_pk primary key (token_id, key),
    constraint api_idempotency_token_fk foreign key (token_id) references api_tokens (id),
    constraint api_idempotency_key_given check (key <> ''),
    constraint api_idempotency_written check (status between 200 and 299)
);
create index api_idempotency_by_time on api_idempotency (at);

-- The token by which a program acted.
alter table change_sets
    add column token_id text,
    add constraint change_sets_token_fk foreign key (token_id) references api_tokens (id);

alter table security_events
    drop constraint security_events_known,
    add constraint security_events_known check (event in (
        'signed-in', 'local-used', 'link-used', 'refused', 'throttled', 'signed-out', 'sessions-ended',
        'account-made', 'account-changed', 'account-disabled', 'account-enabled', 'role-changed', 'link-made', 'forbidden',
        'token-made', 'token-ended', 'token-refused'));
