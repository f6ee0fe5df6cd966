-- Feedback: what visitors say, what staff do with each, and what of it they publish.

-- The last number given in a year. Whoever writes feedback locks its year's row, so that no number is given twice.
create table feedback_numbers (
    year integer not null,
    last integer not null,
    constraint feedback_numbers_pk primary key (year)
);

create table feedback (
    id             bigint      generated always as identity,
    reference      text        not null,
    -- What the private link holds besides the reference.
    link_key       text        not null,
    form_key       text        not null,
    about          text        not null,
    -- The image's name or the page's address; empty where nobody said.
    subject        text        not null default '',
    message        text        not null,
    -- Personal: shown to staff only.
    name           text        not null default '',
    email          text        not null default '',
    wants_answer   boolean     not null default false,
    lang           text        not null,
    state          text        not null default 'new',
    tags           text[]      not null default '{}',
    -- What everyone reads, once staff have published it.
    public_message text,
    public_reply   text,
    published_at   timestamptz,
    made_at        timestamptz not null default clock_timestamp(),
    constraint feedback_pk primary key (id),
    constraint feedback_reference_unique unique (reference),
    constraint feedback_sent_once unique (form_key),
    constraint feedback_about_known check (about in ('procurement', 'image', 'site')),
    constraint feedback_image_named check (about <> 'image' or subject <> ''),
    constraint feedback_message_given check (message <> ''),
    constraint feedback_answer_needs_address check (not wants_answer or email <> ''),
    constraint feedback_address_on_one_line check (email !~ '[[:cntrl:]]' and name !~ '[[:cntrl:]]'),
    constraint feedback_lang_known check (lang in ('en', 'fr')),
    constraint feedback_state_known check (state in ('new', 'in-hand', 'handled', 'held')),
    constraint feedback_published_whole check ((published_at is null) = (public_message is null) and (public_message is null) = (public_reply is null))
);
create index feedback_by_state on feedback (state, id);
create index feedback_published on feedback (id) where published_at is not null;

-- What staff did, in order. Append-only.
create table feedback_events (
    id          bigint      generated always as identity,
    feedback_id bigint      not null,
    at          timestamptz not null default clock_timestamp(),
    account_id  bigint      not null,
    actor       text        not null,
    event       text        not null,
    text        text        not null default '',
    -- The key of the form: sent again it does not count again.
    form_key    text,
    constraint feedback_events_pk primary key (id),
    constraint feedback_events_feedback_fk foreign key (feedback_id) references feedback (id),
    constraint feedback_events_account_fk foreign key (account_id) references accounts (id),
    constraint feedback_events_sent_once unique (form_key),
    constraint feedback_events_known check (event in
        ('note', 'tags', 'take', 'handle', 'reopen', 'hold', 'release', 'reply', 'publish', 'unpublish'))
);
create index feedback_events_by_feedback on feedback_events (feedback_id, id);
create trigger feedback_events_append_only before update or delete or truncate on feedback_events
    for each statement execute function refuse_to_rewrite_the_record();
