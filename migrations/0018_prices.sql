-- Prices: for managers only, and therefore not in the record of changes, which is public. Nothing is ever rewritten: a later
-- price takes the place of an earlier one, and no amount says that a price no longer counts.

create table prices (
    id         bigint      generated always as identity,
    -- Null: the whole catalogue.
    image_id   bigint,
    -- Canadian dollars without taxes, in cents, for one term of one licence; null: no price from that day on.
    cents      bigint,
    -- How long the term is.
    months     integer     not null,
    valid_from date        not null,
    -- The quote or contract that it stands in.
    source     text        not null,
    entered_at timestamptz not null default clock_timestamp(),
    account_id bigint      not null,
    -- Who entered it, as called then.
    entered_by text        not null,
    -- The key of the form: sent again it does not count again.
    form_key   text        not null,
    constraint prices_pk primary key (id),
    constraint prices_image_fk foreign key (image_id) references images (id),
    constraint prices_account_fk foreign key (account_id) references accounts (id),
    constraint prices_sent_once unique (form_key),
    constraint prices_amount_known check (cents between 0 and 100000000000),
    constraint prices_term_known check (months between 1 and 120),
    constraint prices_with_source check (source <> '')
);
create index prices_by_image on prices (image_id, valid_from desc, id desc);
create trigger prices_append_only before update or delete or truncate on prices
    for each statement execute function refuse_to_rewrite_the_record();
