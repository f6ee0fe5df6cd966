-- Requests and the lines that accepting them made stay in step: where an act left a request, and that a person kept a line.

alter table request_items
    -- Somebody said that the line which accepting made stays, though the request is not accepted any more.
    add column line_kept boolean not null default false,
    add constraint request_items_line_kept_beside check (not line_kept or state <> 'accepted');

-- Where an act of the catalogue found an item, and where it left it: undone, the act gives it back.
create table request_standings (
    change_set_id bigint not null,
    item_id       bigint not null,
    before        jsonb  not null,
    after         jsonb  not null,
    constraint request_standings_pk primary key (change_set_id, item_id),
    constraint request_standings_change_set_fk foreign key (change_set_id) references change_sets (id),
    constraint request_standings_item_fk foreign key (item_id) references request_items (id)
);
create trigger request_standings_append_only before update or delete or truncate on request_standings
    for each statement execute function refuse_to_rewrite_the_record();

-- What was accepted before and undone since did not stand anywhere: staff look at it again.
insert into request_events (request_id, item_id, actor, account_id, kind, words, form_key)
select i.request_id, i.id, u.actor, u.account_id, 'reopened', '', coalesce(u.form_key, 'undo-' || u.id)
from request_items i join change_sets u on u.undoes = i.change_set_id
where i.state = 'accepted' and u.account_id is not null;
update request_items i
set state = 'under_review', change_set_id = null,
    decided_by = (select max(e.id) from request_events e where e.item_id = i.id)
where i.state = 'accepted' and exists (select from change_sets u where u.undoes = i.change_set_id);
