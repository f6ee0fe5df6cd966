-- What changed since a version is read at every edit.
create index change_sets_by_version on change_sets (version);
