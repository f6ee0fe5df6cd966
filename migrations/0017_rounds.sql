-- Pool rounds: which images SSC may buy together, which departments confirmed that they need them, and what came of it.

create table rounds (
    id         bigint  generated always as identity,
    title_en   text    not null,
    title_fr   text    not null,
    words_en   text    not null,
    words_fr   text    not null,
    -- The last day, in America/Toronto, on which departments can confirm.
    closes_on  date    not null,
    -- From how many departments on SSC goes ahead with an image.
    threshold  integer not null,
    -- Null: nothing is frozen yet.
    closed_at  timestamptz,
    constraint rounds_pk primary key (id),
    constraint rounds_in_both_languages check (title_en <> '' and title_fr <> '' and words_en <> '' and words_fr <> ''),
    constraint rounds_threshold_sensible check (threshold between 1 and 1000)
);
create index rounds_not_closed on rounds (closes_on) where closed_at is null;

create table round_images (
    round_id bigint not null,
    image_id bigint not null,
    -- Null: it was taken out again.
    place    integer,
    constraint round_images_pk primary key (round_id, image_id),
    constraint round_images_round_fk foreign key (round_id) references rounds (id),
    constraint round_images_image_fk foreign key (image_id) references images (id)
);
create index round_images_by_image on round_images (image_id);

-- Every act: who did what, when, why. Append-only.
create table round_events (
    id              bigint      generated always as identity,
    round_id        bigint      not null,
    at              timestamptz not null,
    -- Empty: nobody, its closing day was over.
    actor           text        not null,
    account_id      bigint,
    kind            text        not null,
    -- Why; for a confirmation, who said so where staff wrote it down for somebody.
    words           text        not null default '',
    -- Fields as they were and as they are, where the act changed some.
    before          jsonb,
    after           jsonb,
    -- For which department it confirms, and whether that may be named.
    organisation_id bigint,
    may_name        boolean,
    -- The key of the form by which it was done: sent again it does not count again.
    form_key        text,
    constraint round_events_pk primary key (id),
    constraint round_events_round_fk foreign key (round_id) references rounds (id),
    constraint round_events_account_fk foreign key (account_id) references accounts (id),
    constraint round_events_organisation_fk foreign key (organisation_id) references organisations (id),
    constraint round_events_sent_once unique (form_key),
    constraint round_events_known check (kind in ('opened', 'changed', 'confirmed', 'closed', 'published')),
    constraint round_events_confirmed_for_somebody check
        ((kind = 'confirmed') = (organisation_id is not null) and (kind = 'confirmed') = (may_name is not null))
);
create index round_events_by_round on round_events (round_id, id);

-- What a department answered for each image. Its latest confirmation counts; all are kept. Notes are never public.
create table round_answers (
    event_id bigint  not null,
    image_id bigint  not null,
    wants    boolean not null,
    firmness text,
    note     text    not null default '',
    constraint round_answers_pk primary key (event_id, image_id),
    constraint round_answers_event_fk foreign key (event_id) references round_events (id),
    constraint round_answers_image_fk foreign key (image_id) references images (id),
    constraint round_answers_firmness_known check (firmness in ('interested', 'planned', 'funded'))
);

-- What a round came to, as it was when it closed: nothing here refers to what can change.
create table round_results (
    round_id    bigint  not null,
    image_id    bigint  not null,
    place       integer not null,
    name        text    not null,
    departments integer not null,
    planned     integer not null,
    funded      integer not null,
    -- How many of the departments are not to be named.
    unnamed     integer not null,
    constraint round_results_pk primary key (round_id, image_id),
    constraint round_results_round_fk foreign key (round_id) references rounds (id)
);

-- Those that may be named, with whom each counts.
create table round_result_departments (
    round_id   bigint  not null,
    image_id   bigint  not null,
    place      integer not null,
    acronym_en text    not null,
    acronym_fr text    not null,
    name_en    text    not null,
    name_fr    text    not null,
    with_en    text    not null,
    with_fr    text    not null,
    firmness   text,
    constraint round_result_departments_pk primary key (round_id, image_id, place),
    constraint round_result_departments_result_fk foreign key (round_id, image_id) references round_results (round_id, image_id)
);

-- What SSC published. The latest counts; all are kept.
create table round_outcomes (
    event_id bigint not null,
    words_en text   not null,
    words_fr text   not null,
    constraint round_outcomes_pk primary key (event_id),
    constraint round_outcomes_event_fk foreign key (event_id) references round_events (id),
    constraint round_outcomes_in_both_languages check (words_en <> '' and words_fr <> '')
);
create table round_decisions (
    event_id bigint not null,
    image_id bigint not null,
    decision text   not null,
    constraint round_decisions_pk primary key (event_id, image_id),
    constraint round_decisions_outcome_fk foreign key (event_id) references round_outcomes (event_id),
    constraint round_decisions_known check (decision in ('ahead', 'partly', 'not'))
);

create trigger round_events_append_only before update or delete or truncate on round_events
    for each statement execute function refuse_to_rewrite_the_record();
create trigger round_answers_append_only before update or delete or truncate on round_answers
    for each statement execute function refuse_to_rewrite_the_record();
create trigger round_results_append_only before update or delete or truncate on round_results
    for each statement execute function refuse_to_rewrite_the_record();
create trigger round_result_departments_append_only before update or delete or truncate on round_result_departments
    for each statement execute function refuse_to_rewrite_the_record();
create trigger round_outcomes_append_only before update or delete or truncate on round_outcomes
    for each statement execute function refuse_to_rewrite_the_record();
create trigger round_decisions_append_only before update or delete or truncate on round_decisions
    for each statement execute function refuse_to_rewrite_the_record();
create trigger rounds_not_deleted before delete or truncate on rounds
    for each statement execute function refuse_to_rewrite_the_record();
create trigger rounds_frozen before update on rounds
    for each row when (old.closed_at is not null) execute function refuse_to_rewrite_the_record();

-- A round that is closed takes no more images, answers and results.
create function refuse_after_closing() returns trigger language plpgsql as $$
begin
    if exists (select from rounds where id = new.round_id and closed_at is not null) then
        raise exception 'the round is closed: % on % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger round_images_until_closing before insert or update on round_images
    for each row execute function refuse_after_closing();
create trigger round_results_until_closing before insert on round_results
    for each row execute function refuse_after_closing();
create trigger round_result_departments_until_closing before insert on round_result_departments
    for each row execute function refuse_after_closing();
create trigger round_events_until_closing before insert on round_events
    for each row when (new.kind in ('opened', 'changed', 'confirmed')) execute function refuse_after_closing();
