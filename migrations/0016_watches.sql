-- Watches: who follows an image or a department by mail. What ends is deleted, address and all.

create table watches (
    id              bigint      generated always as identity,
    image_id        bigint,
    organisation_id bigint,
    email           text        not null,
    lang            text        not null,
    -- What the links in its mails hold: kept as it is, because each mail repeats it. It opens nothing but this watch.
    token           text        not null,
    made_at         timestamptz not null default clock_timestamp(),
    -- How often a confirmation was asked for, and when last.
    asks            integer     not null default 1,
    asked_at        timestamptz not null default clock_timestamp(),
    confirmed_at    timestamptz,
    -- The last change that was told, and when.
    seen_change     bigint      not null default 0,
    told_at         timestamptz,
    constraint watches_pk primary key (id),
    constraint watches_token_unique unique (token),
    constraint watches_image_fk foreign key (image_id) references images (id),
    constraint watches_organisation_fk foreign key (organisation_id) references organisations (id),
    constraint watches_of_one_thing check ((image_id is null) <> (organisation_id is null)),
    constraint watches_lang_known check (lang in ('en', 'fr')),
    constraint watches_reachable check (email <> '')
);
create unique index watches_once on watches (lower(email), coalesce(image_id, 0), coalesce(organisation_id, 0));
create index watches_to_confirm on watches (made_at) where confirmed_at is null;
create index watches_to_tell on watches (told_at nulls first) where confirmed_at is not null;
