-- Corrections that visitors suggest; staff accept or decline each. Nothing of them is public before that.

create table suggestions (
    id            bigint generated always as identity,
    image_id      bigint      not null,
    -- The last change that the visitor could see.
    base          bigint      not null,
    -- The form's fields as typed: pairs of name and value.
    fields        jsonb       not null,
    why           text        not null,
    -- A work e-mail for an answer; never public.
    contact       text        not null,
    lang          text        not null,
    form_key      text        not null,
    made_at       timestamptz not null default clock_timestamp(),
    -- Null: nobody has decided yet.
    accepted      boolean,
    answer        text        not null default '',
    decided_by    text,
    decided_at    timestamptz,
    change_set_id bigint,
    constraint suggestions_pk primary key (id),
    constraint suggestions_image_fk foreign key (image_id) references images (id),
    constraint suggestions_change_set_fk foreign key (change_set_id) references change_sets (id),
    constraint suggestions_sent_once unique (form_key),
    constraint suggestions_lang_known check (lang in ('en', 'fr')),
    constraint suggestions_decided_whole check ((accepted is null) = (decided_by is null) and (accepted is null) = (decided_at is null))
);
create index suggestions_open on suggestions (id) where accepted is null;
create index suggestions_by_image on suggestions (image_id);
