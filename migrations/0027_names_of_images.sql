-- Names by which an image is known besides its display name and its registry names: those that files and people write.
-- Of two images that are one, the one that was taken out leads to the one that stayed.

create table other_names (
    image_id bigint not null,
    -- As written, and the key by which names are matched.
    name     text   not null,
    key      text   not null,
    constraint other_names_pk primary key (image_id, key),
    constraint other_names_image_fk foreign key (image_id) references images (id),
    constraint other_names_given check (name <> '' and key <> '')
);

alter table images
    add column merged_into bigint,
    add constraint images_merged_into_fk foreign key (merged_into) references images (id),
    add constraint images_not_own_merger check (merged_into <> id);
create index images_by_merger on images (merged_into) where merged_into is not null;

-- The image that one is now: itself, or the one that it was merged into.
create function present_image(given bigint) returns bigint language sql stable as $$
    with recursive led (id, removed, merged_into) as (
        select id, removed, merged_into from images where id = given
        union select i.id, i.removed, i.merged_into from images i join led on led.removed and i.id = led.merged_into)
    select id from led where not removed or merged_into is null limit 1
$$;

-- What counted with an image and counts with another since the two are one, so that it can go back.
create table moved_references (
    id         bigint  generated always as identity,
    kind       text    not null,
    row_id     bigint  not null,
    from_image bigint  not null,
    into_image bigint  not null,
    moved_back boolean not null default false,
    constraint moved_references_pk primary key (id),
    constraint moved_references_known check (kind in ('request', 'watch')),
    constraint moved_references_from_fk foreign key (from_image) references images (id),
    constraint moved_references_into_fk foreign key (into_image) references images (id)
);
create index moved_references_by_image on moved_references (from_image, into_image) where not moved_back;
