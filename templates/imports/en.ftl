upload-title = Import a file
upload-lead = Bring in a revision of the published page (Markdown) or a table (CSV). You see what each row would change before anything is written.
upload-file = File
upload-file-hint = Markdown or CSV in UTF-8, up to 16 MB. It is kept for a day, for you alone. Do not send protected information.
upload-do = See what it would change
upload-elsewhere = The form was opened in another session or on another page. Nothing was taken: choose the file again.
upload-missing = Choose a file that is not empty.
upload-refused = { $name } cannot be imported
upload-refused-why = { $n ->
    [one] Nothing was written. Correct this error, then choose the file again:
   *[other] Nothing was written. Correct these { $n } errors, then choose the file again:
}
verdicts-title = What { $name } would change
verdicts-summary = Rows of the file: { $new } new, { $changed } changed, { $same } the same. Rows of the catalogue that the file does not have: { $missing }.
verdicts-moved = The catalogue changed since you saw the verdicts
verdicts-moved-what = Nothing was written. The verdicts below are as they are now, and your choices are kept: check them, then accept again.
verdicts-missing = Rows of the catalogue that the file does not have
verdicts-missing-what = They are left alone. To retire an image, open its page.
verdicts-none = There is nothing to write
verdicts-none-what = Every row of the file is already in the catalogue as the file has it.
verdicts-row = { $image } · { $department }
verdicts-line = (line { $name })
verdicts-as-of = Day from which it counts (optional)
verdicts-as-of-hint = The date of this revision, where it is not today.
verdicts-as-of-wrong = Enter a day up to today ({ day-format }), or leave it empty.
verdicts-accept = Accept
verdicts-nothing = Nothing would be written. Check at least one row, or leave the page.
verdicts-rows = Rows that the file has otherwise than the catalogue
verdicts-choose = Tick what you want to bring in. What only the file changed is ticked; what was changed here is not.
verdicts-choose-pages = This page shows { $n } of them. Your ticks are kept when you turn the pages, and accepting writes the ticked rows of all pages.
verdicts-chosen = { $n } of { $total } chosen
verdicts-all = All
verdicts-no-rows = None
verdicts-only-new = Only new
verdicts-filter = Show by verdict
verdicts-older = This file is older than the last revision that was brought in
verdicts-older-what = Its content was imported before, or its day is earlier. Nothing is ticked: tick only what you want to change back.
verdicts-without-base = Nothing tells what this file said before
verdicts-without-base-what = { $n ->
    [one] 1 row was changed here by somebody. Enter the day from which the file is, below, and compare again: what was changed here before that day is no conflict.
   *[other] { $n } rows were changed here by somebody. Enter the day from which the file is, below, and compare again: what was changed here before that day is no conflict.
}
verdicts-compare = Compare again
verdicts-take-file = Tick it to take the file’s values; left unticked, the catalogue’s remain.
verdicts-base = Last import:
verdicts-ours = Catalogue:
verdicts-theirs = File:
verdict-all = All
verdict-new = New
verdict-changed = Changed
verdict-conflict = In conflict
verdict-kept = Changed here, kept
verdict-same = The same
verdict-missing = Not in the file
verdict-count = { $verdict } ({ $n })
upload-list = Files of the last 24 hours
upload-who = Who
upload-when = When
upload-counts = Rows
upload-accepted = Accepted
upload-act = See the change
verdicts-names = Names that no image has now
verdicts-names-hint = Say which image each name means. Until then its rows are not written. A name that you confirm becomes another name of its image, so that the next import does not ask.
verdicts-names-told = Nothing was written yet. The rows below are now those of the images that you chose: check them, then accept.
verdicts-names-do = Confirm these names
verdicts-name-open = Say which image “{ $name }” means, or untick its rows.
import-warn-title = See this before you accept
import-warn-near-new = { $one } and { $other } are both new in the file, and their names are nearly the same. Perhaps they are one image.
import-warn-registry-name = { $one } is new in the file and gets the registry name { $registry }, which belongs to another image already. A command for it can lead to only one of the two:
import-warn-more = { $n ->
    [one] There is 1 more warning.
   *[other] There are { $n } more warnings.
}
import-warn-cut = The file has so many new names that only the first ones were compared with others. Once they are written, the page “Quality of the catalogue” finds the rest.
