-- Texts that administrators edit in the browser: guides, statements, and the banner at the top of every page.

create table contents (
    id         bigint generated always as identity,
    -- As in the program; 'banner' is the banner.
    name       text        not null,
    -- Markdown (the banner: plain text). Null: as published with the program. Empty: there is none in that language.
    text_en    text,
    text_fr    text,
    -- The banner's kind, and the last day on which it is shown.
    kind       text,
    until      date,
    changed_at timestamptz not null,
    constraint contents_pk primary key (id),
    constraint contents_name_unique unique (name),
    constraint contents_name_given check (name <> ''),
    constraint contents_in_one_language_at_least check (name = 'banner' or text_en <> '' or text_fr <> '' or text_en is null or text_fr is null),
    constraint contents_banner_in_both check (name <> 'banner' or (text_en = '') = (text_fr = '')),
    constraint contents_kind_known check (kind in ('information', 'warning')),
    constraint contents_kind_of_banner check (name = 'banner' or (kind is null and until is null))
);

-- The history of one text.
create index changes_by_content on changes (subject_id, id) where subject = 'content';

-- The fields of a change as they are told: a parent by its acronyms instead of its number.
create function told_fields(fields jsonb) returns jsonb language sql stable as $$
    select case when fields ->> 'parent_id' is null then fields else
        fields || coalesce((select jsonb_build_object('parent_id', jsonb_build_object('en', acronym_en, 'fr', acronym_fr))
                            from organisations where id = (fields ->> 'parent_id')::bigint), '{}') end
$$;
