-- Saved reports: what a manager wants to see again, by a link or by mail every month, and the files that mail carries.

-- A file that one mail or several carry. Emptied with the last of them.
create table mail_files (
    id           bigint generated always as identity,
    name         text   not null,
    content_type text   not null,
    bytes        bytea  not null,
    -- How large it was, in bytes.
    size         bigint not null,
    constraint mail_files_pk primary key (id),
    constraint mail_files_name_plain check (name ~ '^[A-Za-z0-9._-]+$'),
    constraint mail_files_bounded check (octet_length(bytes) <= 5242880)
);
alter table mails add column file_id bigint;
alter table mails add constraint mails_file_fk foreign key (file_id) references mail_files (id);
create index mails_by_file on mails (file_id) where file_id is not null;

create table saved_reports (
    id            bigint      generated always as identity,
    -- In the report's language.
    name          text        not null,
    -- Of which report, and which table of it.
    report        text        not null,
    table_key     text        not null,
    -- What narrows it, as in the report's address, without days.
    filters       text        not null default '',
    -- Of which days it is: those on which it is made, the month before, or always the same.
    period        text        not null,
    day_from      date,
    day_to        date,
    -- The table's columns in the order chosen; none: all of them as the table has them.
    columns       text[]      not null default '{}',
    lang          text        not null,
    format        text        not null,
    owner_id      bigint      not null,
    made_by       text        not null,
    made_at       timestamptz not null,
    -- Raised by each change.
    version       integer     not null default 1,
    -- Since when somebody gets it every month; null: nobody does.
    monthly_since timestamptz,
    ended_at      timestamptz,
    constraint saved_reports_pk primary key (id),
    constraint saved_reports_owner_fk foreign key (owner_id) references accounts (id),
    constraint saved_reports_named check (name <> ''),
    constraint saved_reports_report_known check (report in ('overview', 'changed', 'renewals', 'pooling', 'images', 'demand')),
    constraint saved_reports_period_known check (period in ('latest', 'previous-month', 'fixed')),
    constraint saved_reports_days_where_fixed check ((period = 'fixed') = (day_to is not null)),
    constraint saved_reports_days_in_order check (day_from <= day_to),
    constraint saved_reports_lang_known check (lang in ('en', 'fr')),
    constraint saved_reports_format_known check (format in ('csv', 'xlsx', 'json', 'md'))
);
create index saved_reports_monthly on saved_reports (id) where monthly_since is not null and ended_at is null;

-- Who gets it every month, while their role lets them.
create table saved_report_recipients (
    report_id  bigint not null,
    account_id bigint not null,
    constraint saved_report_recipients_pk primary key (report_id, account_id),
    constraint saved_report_recipients_report_fk foreign key (report_id) references saved_reports (id),
    constraint saved_report_recipients_account_fk foreign key (account_id) references accounts (id)
);
create index saved_report_recipients_by_account on saved_report_recipients (account_id);

-- Every act: who did what, when, why. Append-only.
create table saved_report_events (
    id         bigint      generated always as identity,
    report_id  bigint      not null,
    at         timestamptz not null,
    -- Empty: the program, on the first day of a month.
    actor      text        not null,
    account_id bigint,
    kind       text        not null,
    -- Why.
    words      text        not null default '',
    -- Fields as they were and as they are; of a mail, to whom it went with which file.
    before     jsonb,
    after      jsonb,
    -- The first day of the month for which it was mailed: once, whatever runs at the same time.
    month      date,
    -- The key of the form by which it was done: sent again it does not count again.
    form_key   text,
    constraint saved_report_events_pk primary key (id),
    constraint saved_report_events_report_fk foreign key (report_id) references saved_reports (id),
    constraint saved_report_events_account_fk foreign key (account_id) references accounts (id),
    constraint saved_report_events_once_a_month unique (report_id, month),
    constraint saved_report_events_sent_once unique (form_key),
    constraint saved_report_events_known check (kind in ('made', 'changed', 'left', 'ended', 'restored', 'sent', 'mailed')),
    constraint saved_report_events_month_where_mailed check ((kind = 'mailed') = (month is not null)),
    constraint saved_report_events_by_somebody check ((kind = 'mailed') = (actor = ''))
);
create index saved_report_events_by_report on saved_report_events (report_id, id desc);

create trigger saved_report_events_append_only before update or delete or truncate on saved_report_events
    for each statement execute function refuse_to_rewrite_the_record();
create trigger saved_reports_not_deleted before delete or truncate on saved_reports
    for each statement execute function refuse_to_rewrite_the_record();
