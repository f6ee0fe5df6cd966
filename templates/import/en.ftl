upload-title = Import a file
upload-lead = Bring in a revision of the published page (Markdown) or a table (CSV). You see what each row would change before anything is written.
upload-file = File
upload-file-hint = Markdown or CSV in UTF-8, up to 16 MB. It is kept for a day, for you alone. Do not send protected information.
upload-do = See what it would change
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
verdicts-missing-more = { $n ->
    [one] One more is not named here.
   *[other] { $n } more are not named here.
}
verdicts-none = There is nothing to write
verdicts-none-what = Every row of the file is already in the catalogue as the file has it.
verdicts-rows = { $n ->
    [one] 1 row that changes the catalogue
   *[other] { $n } rows that change the catalogue
}
verdicts-choose = Uncheck what you do not want to bring in.
verdicts-choose-pages = This page shows { $n } of them. Accepting writes every row of the file, those of the other pages too, except the ones that you uncheck on this page.
verdicts-row = { $image } · { $department }
verdicts-line = (line { $name })
verdicts-as-of = Day from which it counts (optional)
verdicts-as-of-hint = The date of this revision, where it is not today.
verdicts-as-of-wrong = Enter a day up to today as YYYY-MM-DD, or leave it empty.
verdicts-accept = Accept
verdicts-nothing = Nothing would be written. Check at least one row, or leave the page.
