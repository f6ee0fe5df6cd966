-- The record of changes: who, when, why, before, after. One act is one change set. Append-only.

create table change_sets (
    id           bigint generated always as identity,
    -- The moment from which the act counts: the date of the revision that was brought in, or when it was recorded.
    effective_at timestamptz not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    actor        text        not null,
    act          text        not null,
    reason       text        not null default '',
    -- Where the new values come from: the name of a file, or nothing.
    source       text        not null default '',
    -- How many changes the set has.
    changes      integer     not null,
    constraint change_sets_pk primary key (id),
    constraint change_sets_actor_given check (actor <> ''),
    constraint change_sets_act_known check (act in ('organisations', 'import'))
);

create table changes (
    id              bigint generated always as identity,
    change_set_id   bigint not null,
    subject         text   not null,
    subject_id      bigint not null,
    image_id        bigint,
    organisation_id bigint,
    -- The fields that the act touched, as they were and as they are. What was added has no before.
    before          jsonb,
    after           jsonb,
    constraint changes_pk primary key (id),
    constraint changes_change_set_fk foreign key (change_set_id) references change_sets (id),
    constraint changes_subject_known check (subject in ('organisation', 'image', 'line')),
    constraint changes_say_something check (before is not null or after is not null)
);
create index changes_by_change_set on changes (change_set_id, id);
create index changes_by_image on changes (image_id, id) where image_id is not null;
create index changes_by_organisation on changes (organisation_id, id) where organisation_id is not null;

create function refuse_to_rewrite_the_record() returns trigger language plpgsql as $$
begin
    raise exception 'the record of changes is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger change_sets_append_only before update or delete or truncate on change_sets
    for each statement execute function refuse_to_rewrite_the_record();
create trigger changes_append_only before update or delete or truncate on changes
    for each statement execute function refuse_to_rewrite_the_record();

-- One row. Every act locks it first, so that acts follow one another, and raises the version last, so that
-- each running instance sees that what it holds in memory is old.
create table catalogue_version (
    only_row   boolean     not null default true,
    version    bigint      not null default 0,
    changed_at timestamptz not null default clock_timestamp(),
    constraint catalogue_version_pk primary key (only_row),
    constraint catalogue_version_one_row check (only_row)
);
insert into catalogue_version default values;
