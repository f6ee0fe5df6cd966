-- Dates that are not known any more are found among all terms by this: there are few of them.
create index terms_unknown on terms (line_id) where renewal_date is null;
