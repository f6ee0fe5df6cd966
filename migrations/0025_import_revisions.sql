-- What each source of files said when it was last brought in: the next revision is held against that, not only against the
-- catalogue as it is.

-- The version of the catalogue that an act made. An export names it in its file's name: brought in again, that is its base.
alter table change_sets add column version bigint;

create table import_revisions (
    id            bigint      generated always as identity,
    -- The published page, or the tables that people keep.
    source        text        not null,
    file_name     text        not null,
    -- Of the file; none for what was rebuilt from the record.
    sha256        bytea,
    -- The day that its revision bears, where somebody said so.
    as_of         date,
    actor         text        not null,
    -- What it wrote; none where nothing had to be written.
    change_set_id bigint,
    made_at       timestamptz not null default clock_timestamp(),
    constraint import_revisions_pk primary key (id),
    constraint import_revisions_source_known check (source in ('page', 'table')),
    constraint import_revisions_named check (file_name <> '' and actor <> ''),
    constraint import_revisions_sha256_form check (length(sha256) = 32),
    constraint import_revisions_change_set_fk foreign key (change_set_id) references change_sets (id)
);
create index import_revisions_by_source on import_revisions (source, id);

-- The rows of a revision that say something else than its source said before, as read: fields as in the record.
create table import_rows (
    revision_id     bigint  not null,
    line            integer not null,
    -- What the row was taken for; none where it was not brought in.
    image_id        bigint,
    organisation_id bigint,
    said            jsonb   not null,
    constraint import_rows_pk primary key (revision_id, line),
    constraint import_rows_revision_fk foreign key (revision_id) references import_revisions (id),
    constraint import_rows_image_fk foreign key (image_id) references images (id),
    constraint import_rows_organisation_fk foreign key (organisation_id) references organisations (id)
);

create trigger import_revisions_append_only before update or delete or truncate on import_revisions
    for each statement execute function refuse_to_rewrite_the_record();
create trigger import_rows_append_only before update or delete or truncate on import_rows
    for each statement execute function refuse_to_rewrite_the_record();

-- What imports wrote before revisions were kept: one revision a source, rebuilt from the record.
with imports as (
    select s.id, s.source, case when lower(s.source) ~ '\.(md|markdown)$' then 'page' else 'table' end as kind
    from change_sets s
    where s.act = 'import' and not exists (select 1 from change_sets u where u.undoes = s.id)
), told as (
    select i.kind, c.image_id, c.organisation_id, jsonb_object_agg(e.key, e.value order by c.id) as said
    from changes c
    join imports i on i.id = c.change_set_id
    cross join lateral jsonb_each(c.after) as e (key, value)
    where c.subject = 'line' and e.key not in ('term_months', 'owed_by', 'needed_by', 'firmness')
    group by i.kind, c.image_id, c.organisation_id
), revisions as (
    insert into import_revisions (source, file_name, actor)
    select kind, (array_agg(coalesce(nullif(source, ''), kind) order by id desc))[1], 'image-catalogue'
    from imports group by kind order by kind
    returning id, source
)
insert into import_rows (revision_id, line, image_id, organisation_id, said)
select r.id, row_number() over (partition by r.id order by t.image_id, t.organisation_id), t.image_id, t.organisation_id, t.said
from told t join revisions r on r.source = t.kind;

-- What a person chose of an upload and typed beside it, kept while they turn its pages.
alter table uploads
    -- Rows ticked that are not by themselves, and the other way round.
    add column ticked   integer[]   not null default '{}',
    add column unticked integer[]   not null default '{}',
    add column reason   text        not null default '',
    add column as_of    text        not null default '',
    -- How many rows had which verdict when it was uploaded.
    add column counts   jsonb       not null default '{}',
    -- The act by which it was accepted last.
    add column change_set_id bigint,
    add constraint uploads_change_set_fk foreign key (change_set_id) references change_sets (id);
