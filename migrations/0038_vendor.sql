-- Who supplies what a line is about, where a file or a person said so. Lines that are there already get one from their
-- page when that is brought in next.

alter table lines
    add column vendor text,
    add constraint lines_vendor_length check (char_length(vendor) between 1 and 200);
