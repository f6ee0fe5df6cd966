-- What departments ask for, what staff decide of it, and every step of it. Contacts, environments and reasons are never public.

-- The last number that a year has given to a request.
create table request_numbers (
    year integer not null,
    last integer not null,
    constraint request_numbers_pk primary key (year)
);

create table requests (
    id              bigint generated always as identity,
    -- What people call it: REQ-2026-0042.
    reference       text        not null,
    -- What the private link holds besides.
    follow_key      text        not null,
    -- Null: the department stands in the request's own words until staff say which one it is.
    organisation_id bigint,
    department      text        not null default '',
    -- False: it counts, and is named nowhere in public.
    may_name        boolean     not null,
    contact_name    text        not null,
    contact_email   text        not null,
    lang            text        not null,
    -- The account of the person who asked, where one had signed in.
    account_id      bigint,
    form_key        text        not null,
    made_at         timestamptz not null default clock_timestamp(),
    -- It looks like advertising: nothing is sent before staff let it through.
    held            boolean     not null,
    constraint requests_pk primary key (id),
    constraint requests_reference_unique unique (reference),
    constraint requests_sent_once unique (form_key),
    constraint requests_organisation_fk foreign key (organisation_id) references organisations (id),
    constraint requests_account_fk foreign key (account_id) references accounts (id),
    constraint requests_department_given check (organisation_id is not null or department <> ''),
    constraint requests_lang_known check (lang in ('en', 'fr'))
);
create index requests_by_organisation on requests (organisation_id, id desc);
create index requests_held on requests (id) where held;

-- One image that a request asks for.
create table request_items (
    id            bigint generated always as identity,
    request_id    bigint  not null,
    -- Its place in the request, from 1.
    place         integer not null,
    -- As the department wrote it; staff may put it right before it shows in public.
    name          text    not null,
    -- The image that it is about, where that is known.
    image_id      bigint,
    -- Null: the department did not say.
    fips          boolean,
    kind          text,
    needed_by     date,
    firmness      text,
    environment   text    not null default '',
    why           text    not null default '',
    state         text    not null default 'received',
    -- Why it was declined; public.
    reason        text    not null default '',
    -- The member of staff who looks after it.
    assignee_id   bigint,
    merged_into   bigint,
    -- The act by which it became a line of the catalogue.
    change_set_id bigint,
    -- The event by which it was decided last.
    decided_by    bigint,
    constraint request_items_pk primary key (id),
    constraint request_items_place_unique unique (request_id, place),
    constraint request_items_request_fk foreign key (request_id) references requests (id),
    constraint request_items_image_fk foreign key (image_id) references images (id),
    constraint request_items_assignee_fk foreign key (assignee_id) references accounts (id),
    constraint request_items_merged_into_fk foreign key (merged_into) references request_items (id),
    constraint request_items_change_set_fk foreign key (change_set_id) references change_sets (id),
    constraint request_items_named check (name <> ''),
    constraint request_items_firmness_known check (firmness in ('interested', 'planned', 'funded')),
    constraint request_items_state_known check (state in
        ('received', 'under_review', 'accepted', 'declined', 'available', 'merged', 'withdrawn', 'discarded')),
    constraint request_items_declined_with_reason check (state <> 'declined' or reason <> ''),
    constraint request_items_merged_somewhere check ((state = 'merged') = (merged_into is not null)),
    constraint request_items_not_own_merger check (merged_into <> id)
);
create index request_items_by_state on request_items (state, id);
create index request_items_by_assignee on request_items (assignee_id, id);
create index request_items_by_image on request_items (image_id, id);
create index request_items_by_merger on request_items (merged_into) where merged_into is not null;
create index request_items_by_change_set on request_items (change_set_id) where change_set_id is not null;
create index request_items_decided on request_items (decided_by desc) where state in ('accepted', 'declined', 'available');

-- Every step of a request: who did what, when, and in which words.
create table request_events (
    id         bigint generated always as identity,
    request_id bigint      not null,
    -- Null: it is about the whole request.
    item_id    bigint,
    at         timestamptz not null default clock_timestamp(),
    -- Who did it; empty: whoever asked.
    actor      text        not null,
    account_id bigint,
    kind       text        not null,
    -- A reason, a note, an answer.
    words      text        not null default '',
    -- Fields as they were and as they are, where the step changed some.
    before     jsonb,
    after      jsonb,
    -- The key of the form by which it was done: sent again it does not count again.
    form_key   text        not null,
    constraint request_events_pk primary key (id),
    constraint request_events_request_fk foreign key (request_id) references requests (id),
    constraint request_events_item_fk foreign key (item_id) references request_items (id),
    constraint request_events_account_fk foreign key (account_id) references accounts (id),
    constraint request_events_kind_known check (kind in
        ('received', 'changed', 'withdrawn', 'assigned', 'under_review', 'accepted', 'declined', 'available', 'merged',
         'note', 'reply', 'released', 'discarded', 'reopened'))
);
create index request_events_by_request on request_events (request_id, id);
create index request_events_by_key on request_events (form_key);

create trigger request_events_append_only before update or delete or truncate on request_events
    for each statement execute function refuse_to_rewrite_the_record();

-- Accepting a request is an act of its own kind in the record.
alter table change_sets
    drop constraint change_sets_act_known,
    add constraint change_sets_act_known check (act in
        ('organisations', 'import', 'image', 'renewal', 'undo', 'organisation', 'quality', 'suggestion', 'content', 'request'));
