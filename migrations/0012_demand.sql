-- How much a department wants an image, and by when.

alter table lines
    -- The day by which the department needs it, where it said so.
    add column needed_by date,
    -- How sure the department is: nobody has said while it is null.
    add column firmness text,
    add constraint lines_firmness_known check (firmness in ('interested', 'planned', 'funded'));
