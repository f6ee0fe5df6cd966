-- Which requests count for demand beside the lines of the catalogue: the one definition, read by everything that counts.

-- A department counts once for an image: by its line under consideration, or by a request of this view. Those are
--   * accepted, of a department that is not to be named (one that is named has a line of its own);
--   * answered *Already available*: what SSC holds already is needed by one department more. It is counted, never named.
-- A request that was merged stands where the one stands that it was merged into. What was declined, withdrawn, set
-- aside, taken up again or undone does not count.
create view counted_requests as
select coalesce(t.image_id, i.image_id) as image_id, r.organisation_id, coalesce(t.state, i.state) as state,
       i.needed_by, i.firmness, i.id as item_id
from request_items i
join requests r on r.id = i.request_id
left join request_items t on t.id = i.merged_into
where r.organisation_id is not null and not r.held
  and coalesce(t.image_id, i.image_id) is not null
  and (coalesce(t.state, i.state) = 'available' or (coalesce(t.state, i.state) = 'accepted' and not r.may_name))
  and not exists (select from change_sets u where u.undoes = coalesce(t.change_set_id, i.change_set_id));

-- Counts are held in memory with the catalogue: whatever changes them raises its version, like every act.
create function raise_the_catalogue_version() returns trigger language plpgsql as $$
begin
    update catalogue_version set version = version + 1, changed_at = clock_timestamp();
    perform pg_notify('catalogue_changed', '');
    return null;
end $$;
create trigger request_items_count after update on request_items for each row
    when ((old.state in ('accepted', 'available', 'merged') or new.state in ('accepted', 'available', 'merged'))
          and (old.state, old.image_id, old.merged_into, old.change_set_id, old.needed_by, old.firmness)
              is distinct from (new.state, new.image_id, new.merged_into, new.change_set_id, new.needed_by, new.firmness))
    execute function raise_the_catalogue_version();
create trigger requests_count after update on requests for each row
    when ((old.organisation_id, old.may_name, old.held) is distinct from (new.organisation_id, new.may_name, new.held))
    execute function raise_the_catalogue_version();
