-- Anyone's acts, the newest first.

create index change_sets_by_actor on change_sets (actor, id desc);
