-- Editing by people: an image's description, what a term decided, things taken out again, and acts sent once.

alter table images
    add column description_en text,
    add column description_fr text,
    -- True: the act that added it was undone. It keeps its number, so that its history goes on if it comes back.
    add column removed boolean not null default false,
    add constraint images_description_given check (description_en <> '' and description_fr <> '');

alter table lines add column removed boolean not null default false;

alter table terms
    -- How long the term is, where somebody said so.
    add column months integer,
    -- Who owes the date, where it is not known.
    add column owed_by text,
    add constraint terms_months_sensible check (months between 1 and 120),
    add constraint terms_owed_by_given check (owed_by <> ''),
    add constraint terms_date_or_debtor check (renewal_date is null or owed_by is null);

alter table change_sets
    -- The key of the form that was sent: sent again it does not count again.
    add column form_key text,
    -- The account of the person who acted, where one had signed in.
    add column account_id bigint,
    -- The act that this one undoes.
    add column undoes bigint,
    add constraint change_sets_form_key_unique unique (form_key),
    add constraint change_sets_form_key_given check (form_key <> ''),
    add constraint change_sets_undoes_fk foreign key (undoes) references change_sets (id),
    drop constraint change_sets_act_known,
    add constraint change_sets_act_known check (act in
        ('organisations', 'import', 'image', 'renewal', 'undo', 'organisation', 'quality', 'suggestion', 'content'));
create unique index change_sets_undone_once on change_sets (undoes) where undoes is not null;

-- What was taken out has no after, and its before is whole.
alter table changes
    drop constraint changes_subject_known,
    add constraint changes_subject_known check (subject in ('organisation', 'image', 'line', 'content'));
