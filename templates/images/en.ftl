status-procured = Procured
status-under-consideration = Under consideration
status-declined = Declined
status-retired = Retired
field-name = Image name
field-renewal-date = Renewal date
field-renewal-state = Renewal
field-department = Department
field-type = Type
field-types = Types
field-vendor = Vendor
field-vendors = Vendors
field-status = Status
field-notes = Notes
field-needed-by = Needed by
field-firmness = How firm
firmness-interested = Interested
firmness-planned = Planned
firmness-funded = Funded
firmness-unknown = Not said
label-renewal-date = Renewal date:
label-renewal-state = Renewal:
label-department = Department:
label-type = Type:
label-status = Status:
label-notes = Notes:
list-title = Container images
list-lead = Images that SSC has procured, and images that departments have asked for. One row for each image and department.
filters = Search and filter the images
filter-search = Search
filter-per-page = Rows a page
filter-renewal = Renewal
filter-chosen = { $n ->
    [one] chosen
   *[other] chosen
}
filter-apply = Apply filters
filter-clear = Clear all
filters-in-use = Filters in use
chip = { $name }: { $value }
chip-remove = Remove:
search-not-found = No row has “{ $word }”, nor a word spelled almost like it.
search-respelled = No row has “{ $word }”. These rows have a word spelled almost like it: { $instead }.
list-empty = No image matches
list-empty-why = No row has everything that you asked for. Remove a filter, try fewer or other words, or ask for the image.
list-nothing-yet = The catalogue is empty: nothing has been imported yet.
list-ask = Request an image
list-ask-for = Request “{ $name }”
list-count = { $n ->
    [one] 1 row
   *[other] { $n } rows
}
list-count-of = { $of ->
    [one] { $n } of 1 row
   *[other] { $n } of { $of } rows
}
list-caption = Images, rows { $first } to { $last } of { $n }
list-too-much = “{ $parameter }” is too long, or given too many times. Shorten it.
sort-by = Sort by
order-usual = Procured first, soonest renewal first
order-search = Best match first, then procured first and soonest renewal first
order-ascending = Sorted by { $name }, ascending
order-descending = Sorted by { $name }, descending
procured-elsewhere = Already procured for another department
pages = Pages
page-previous = Previous
page-next = Next
page-number = Page { $n }
download-rows = { $n ->
    [one] Download this row:
   *[other] Download these { $n } rows:
}
variant-iamguarded = Helm chart and image (iamguarded)
variant-fips = FIPS
answer-question = Can I use it today?
answer-today = Use today: { $name }
answer-check = Yes, but check first
answer-not-yet = Not yet
answer-procured = SSC has procured it. { $words } ({ $date }).
answer-undetermined = SSC has procured it. Its renewal date is to be determined.
answer-passed = SSC has procured it, but its renewal date ({ $date }) passed { $ago } and nobody has confirmed what happened.
answer-next-date-unknown = SSC has procured it, but its last known renewal date ({ $date }) passed { $ago } and the next one is not known yet.
answer-under-consideration = { $n ->
    [0] SSC has not procured it. It is under consideration.
    [one] SSC has not procured it. One department has asked for it, and it is under consideration.
   *[other] SSC has not procured it. { $n } departments have asked for it, and it is under consideration.
}
answer-declined = SSC looked at it and declined it.
answer-retired = SSC had it and has retired it.
answer-next-pull = Use the references below; if a pull is refused, tell us.
answer-next-no-name = Its name in the registry has not been recorded yet, so no command is shown.
answer-next-helm = It was procured as a Helm chart. Charts come from another kind of repository, so no docker command is shown.
answer-next-ask = Tell SSC that your department needs it too:
answer-next-feedback = If your department still needs it, say so:
answer-ask-link = request this image
answer-feedback-link = write to us about it
references-title = What to type
references-lead = Sign in once, then pull by one of these references.
references-guide = How to use images
tag-label = Tag
tag-hint = The version that you want, as the registry lists it. The commands below then use it.
tag-apply = Show the commands
tag-wrong = This is not a tag. A tag has only letters, digits, dots, hyphens and underscores, at most 128, and begins with a letter, a digit or an underscore.
tag-sample = The tag { $tag } is an example from { $source } ({ $day }), not a promise: nobody has checked it since. Check in the registry which tags exist today.
tag-day = as of { $day }
tag-day-unknown = on a day that was not noted
tag-typed = With the tag that you typed: { $name }. The catalogue does not know whether it exists.
tag-none = No tag of this image is known here. Enter one above to get the whole commands.
tag-pattern = The pattern of the command, with a tag in place of TAG:
source-published-page = the published page
source-project-repository = the project’s own repository
reference-login = Sign in to the registry
reference-repository = Repository, without a tag
reference-docker = Pull with Docker
reference-podman = Pull with Podman
reference-from = In a Dockerfile
reference-kubernetes = In a Kubernetes manifest
reference-bare = The bare reference
held-title = Who has procured it
wanted-title = { $n ->
    [0] Who wants it
    [one] 1 department wants it
   *[other] { $n } departments want it
}
wanted-counted = Departments are counted as in the demand: a part of a department counts with its whole, and those that are not named count without standing here.
closed-title = Declined or retired
family-title = Same family
family-assumption = Images whose names differ only by a variant are grouped here by name. Whether variants are licensed apart is for the contract to say.
history-title = History
history-all = See the whole history
history-away = The history cannot be read right now: the database does not answer.
page-procured = Procured Chainguard Images
page-procured-lead = The following hardened container images have already been procured:
page-under-consideration = Potential Chainguard Images
page-under-consideration-lead = The following hardened container images are under active consideration:
page-declined = Declined Chainguard Images
page-declined-lead = The following hardened container images were declined:
page-retired = Retired Chainguard Images
page-retired-lead = The following hardened container images were retired:
page-column-name = Image Name
page-column-renewal-date = Renewal Date
page-column-department = Department
page-column-type = Type
page-column-vendor = Vendor
page-column-notes = Notes
import-summary = { $rows ->
    [one] 1 row
   *[other] { $rows } rows
}: { $new } new, { $changed } changed, { $same } same; { $missing } of the catalogue missing in the file.
import-summary-kept = Changed here since the last import: { $kept } kept, { $conflict } in conflict.
import-older = This file is older than the last revision that was brought in: its content was imported before, or its day is earlier. What it would change back counts as a conflict.
import-older-refused = Nothing was written: the file is older than the last revision that was brought in. Give --take file to bring it in all the same.
import-undecided = { $n ->
    [one] Nothing was written: 1 row was changed in the file and in the catalogue. Give --take file to take the file’s values, --take catalogue to keep the catalogue’s, or --as-of with the day of the file.
   *[other] Nothing was written: { $n } rows were changed in the file and in the catalogue. Give --take file to take the file’s values, --take catalogue to keep the catalogue’s, or --as-of with the day of the file.
}
import-renamed = “{ $name }” was renamed here to “{ $now }”: the row is taken for that image.
import-no-base = not known
import-field-changed = { $field }: { $ours } → { $theirs }
import-field-kept = { $field }: { $ours } (here); the file says { $theirs } as before
import-field-conflict = { $field }: last import { $base }; catalogue { $ours }; file { $theirs }
import-dry-run = Dry run: nothing was written.
import-nothing = Nothing had to be written.
import-written = Written as change set { $name }.
import-remark = note: { $name }
import-new-department = The department “{ $name }” was not known: it is added as written, to be confirmed.
import-unreadable = { $name } cannot be read: check the path and that you may read the file
import-future = The day { $name } is still to come: give --as-of a day up to today.
import-unconfirmed = The connection to the database broke off while the file was being written, and whether it was is not known. Bring the same file in again: what is written already is not written twice
import-away = The database did not take the file, and nothing was written: try again
import-read-only = The database is read-only for now, and nothing was written: set DATABASE_URL to the primary, or try again later.
import-refused = { $n ->
    [one] Nothing was written: { $first }
   *[other] Nothing was written: the file has { $n } errors. Correct them all, then import again. The first: { $first }
}
import-at-line = line { $line }: { $sentence }
import-empty = The file is empty.
import-utf16 = The file is written in UTF-16. Save it as UTF-8 (in Excel: “CSV UTF-8”), then import that file.
import-not-utf8 = The byte { $name } is not UTF-8: the file seems to be in Latin-1 or Windows-1252. Save it as UTF-8 (in Excel: “CSV UTF-8”), then import that file.
import-other-kind = The file is { $name }. Import the page in Markdown, or a CSV in UTF-8.
kind-workbook = an Excel or Office file
kind-pdf = a PDF
kind-picture = a picture
kind-archive = a compressed archive
kind-html = a web page or XML
kind-json = JSON
import-no-table = There is no table of images: a table needs at least the columns “Image name” and “Department” under a heading line. The file may be truncated or of another kind.
import-no-column = The table has no column “{ $name }”. Add it.
import-double-column = Two columns are called “{ $name }”, or mean the same. Keep one.
import-no-status = It cannot be told whether the images of this table are procured or under consideration. Say so in the heading above it, or add a column “Status”.
import-few-cells = { $found } of { $expected } cells: the row is truncated, or a separator is missing. Complete it.
import-many-cells = { $found } cells where the heading has { $expected }: a separator stands inside a cell. Write “\|” for a bar in Markdown, and put a CSV cell in quotes.
import-open-quote = A quote opens here and is never closed: the file is truncated, or the quote is one too many.
import-missing = The cell “{ $name }” is empty. Fill it in.
import-too-long = The cell “{ $name }” has { $length } characters; it may have { $most }. Shorten it.
import-character = A character that nobody can see stands in a cell ({ $name }). Remove it.
import-line-break = The cell “{ $name }” has a line break (<br>), or names several things. Write one on each row.
import-several-departments = “{ $name }” names several departments. Write one row for each.
import-date = “{ $name }” is not a renewal date. Write a day ({ day-format }), or TBD.
import-status = “{ $name }” is not a status. Write Procured, Under consideration, Declined or Retired.
import-duplicate = “{ $name }” for { $department } stands in line { $first } already. Keep one row for each image and department.
import-spent = The file holds more than can be read at once: up to { $n } rows, and few marks outside of its tables. Divide it, or take out what is not part of a table of images.
import-more = { $n ->
    [one] One more error was found.
   *[other] { $n } more errors were found.
}
import-extra-column = The column “{ $name }” is not one that the catalogue knows: its cells are kept with each row.
import-other-table = This table has no image names and was not read.
import-many-columns = The table has { $n } columns; it may have 100. Remove those that are not needed.
import-loose-row = This row stands outside a table: a blank line comes before it, or the line of dashes below the heading has another number of cells. Mend the table.
filter-as-at = As at (date)
as-at = The catalogue as it was at the end of { $name }, from the record of changes.
as-at-now = See it as it is now
edit-image = Change this image
renew-image = Renewals of this image
suggest-link = Something wrong? Suggest a correction
follow-by-mail = Follow by e-mail
follow-by-feed = Follow by feed (Atom)
needs-too = My department needs this too
calendar-title = Renewals of hardened images
calendar-link = Renewals as a calendar
calendar-span = from a year ago to three years ahead
calendar-all = Calendar of all years
calendar-days = Renewals from { $first } to { $last }. For all years: { $all }
calendar-every-day = Renewals of all years
calendar-file = renewals
calendar-summary = Renew { $image } ({ $acronym })
calendar-for = For { $name } ({ $acronym })
calendar-passed = { $words } ({ $ago })
download-source = Lines of the catalogue as of { $name } (America/Toronto).
source-dated = Source: the published page of { $day }, brought in { $now }; changes made here since are in the record.
source-undated = Source: a revision of the published page whose own date nobody gave, brought in { $now }; changes made here since are in the record.
source-page = Facts of the published page of { $name }, as changed here since.
import-name-open = “{ $name }” is not the present name of an image. It may be { $now } ({ $why }) or a new image: say which.
import-name-taken = “{ $name }” is taken for { $now }, and is another name of it from now on.
import-name-new = “{ $name }” is taken for a new image, not for { $now }.
import-name-stays = Rows of “{ $name }” that say what they said before stay with { $now }.
import-row-open = Perhaps { $name }: to be confirmed.
import-row-called = This is the image { $name }.
import-names-open = Nothing was written: the file has names that no image has now. Say which image each means: { $name }
import-image-choice = “{ $name }” does not fit: the file has no such name, an image has that name now, or no image has that address. Correct it, or leave it out.
