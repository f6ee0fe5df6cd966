-- Terms: each renewal date that a line was given. A renewal adds a term; the newest term is the one in force.

create table terms (
    id            bigint generated always as identity,
    line_id       bigint not null,
    -- Null: somebody said that the date is not known (any more).
    renewal_date  date,
    change_set_id bigint not null,
    constraint terms_pk primary key (id),
    constraint terms_line_fk foreign key (line_id) references lines (id),
    constraint terms_change_set_fk foreign key (change_set_id) references change_sets (id)
);
create index terms_by_line on terms (line_id, id desc);
