quality-title = Quality of the catalogue
quality-lead = What the program finds irregular. It corrects nothing by itself: mend it where it stands, accept it as it is, or ignore it. A finding comes back when the text that it is about changes.
quality-which = Which findings
quality-all = All
quality-open = Open
quality-decided = Decided
quality-count = { $n ->
    [0] No open finding
    [one] 1 open finding
   *[other] { $n } open findings
}
quality-count-decided = { $n ->
    [0] No decided finding
    [one] 1 decided finding
   *[other] { $n } decided findings
}
quality-none = Nothing irregular is left here.
quality-none-decided = Nothing that is still found has been accepted or ignored here.
quality-done = Recorded.
quality-done-see = See the change
quality-moved = This finding is not there any more
quality-moved-what = It was mended or decided meanwhile. Nothing was written; the list below is as it is now.
quality-pair = { $one } and { $other }
quality-why-near-name = { $one } and { $other } are nearly the same name. Perhaps they are one image, or one of them is misspelt.
quality-why-unknown-acronym = A file names this department, and nobody has said which organisation it is.
quality-why-missing-french = This text has no French: the French pages show it in English.
quality-why-date-passed = The renewal date, { $name }, is past, and nobody has said what happened.
quality-why-date-unknown = It is procured, and its renewal date has not been known since { $name }.
quality-why-note-repeated = The note of { $one } is the one that { $other } had first. Perhaps it was copied by mistake.
quality-why-no-registry-name = It is procured, and nobody knows its name in the registry: no command is shown for it.
quality-renewals = Renewals of { $name }
quality-lines = { $n ->
    [0] See its rows: none
    [one] See its row
   *[other] See its { $n } rows
}
quality-by = { $name }, { $when }
quality-organisation = Which organisation it is
quality-organisation-hint = Its rows become that organisation’s, and the next file that writes it this way is understood.
quality-organisation-missing = Choose the organisation that it is.
quality-both = Nothing was changed: the organisation has a row of its own for { $name }. Put the two rows together on the image’s page first, or choose another organisation.
quality-reason-missing = Say why it is ignored.
quality-reason-long = Shorten the reason to { $n } characters.
quality-fix = It is this organisation
quality-accept = Accept as it is
quality-ignore = Ignore
quality-reopen = Open it again
quality-why-upstream-name = { $one } is nearly { $other }, which is a well-known name. Perhaps it is misspelt.
quality-why-stale-french = The English was changed after the French. Perhaps the French says what no longer holds.
quality-why-shared-registry-name = { $one } and { $other } have the same name in the registry. Perhaps they are one image, or the name belongs to one of them only.
quality-merge = Merge { $one } and { $other }
warn-near-name = { $one } is nearly the name of an image that is there. Perhaps it is the same, or misspelt:
warn-known-name = An image is known by the name { $one } already. Perhaps it is the same:
warn-registry-name = The registry name { $one } belongs to another image already. A command for it can lead to only one of the two:
warn-no-date = { $name }: it is procured and has no renewal date.
warn-stale-description = The English description changes, and the French one stays as it was. Check that it still says the same.
warn-stale-notes = { $name }: the English notes change, and the French ones stay as they were. Check that they still say the same.
