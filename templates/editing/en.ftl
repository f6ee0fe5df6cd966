form-problems = There is a problem
form-reason = Why
form-reason-hint = Shown in the public record of changes. Needed to decline, retire or undo.
form-preview = What will change
form-see-preview = Preview
form-save = Save
form-back = Back to the form
edit-new-title = Add an image
edit-title = Change { $name }
edit-name = Image name
edit-name-hint = As the vendor’s directory writes it. A new name gets a new address; the old one leads to it.
edit-name-missing = Enter the image’s name.
edit-name-taken = Another image is called { $name }. Open that one, or choose another name.
edit-registry-names = Names in the registry
edit-registry-names-hint = One a line, in small letters and digits, as in “jdk”. Leave it empty if nobody has confirmed them: then no command is shown.
edit-registry-name-wrong = “{ $name }” is not a registry name: use small letters and digits, joined by a dot, a hyphen, an underscore or a slash.
edit-other-names-hint = One a line: how files and people call it besides. A file that writes one of them means this image.
edit-other-names-many = Give { $n } other names at most.
edit-description-en = Description in English
edit-description-fr = Description in French
edit-department = { $acronym } – { $name }
edit-department-missing = Choose the department that holds the image or wants it.
edit-department-there = This department has a line already.
edit-no-department = Choose a department
edit-first-line = For which department
edit-new-line = Add a department
edit-status-missing = Choose a status.
edit-date = Renewal date
edit-date-hint = Only where it is known. Later dates are given on the renewals page.
edit-date-wrong = Enter the date ({ day-format }), or leave it empty.
edit-french-missing = French is missing: the French pages show the English text and say so.
edit-renewals-there = Renewal dates are decided on the renewals page.
edit-reason-missing = Say why: declining or retiring needs a reason.
edit-nothing = Nothing was changed. Change something, or leave the page.
edit-meanwhile = Somebody else changed this since you opened it
edit-meanwhile-apart = Your changes and theirs do not collide. The form below has both: press Save to keep them all.
edit-meanwhile-collides = You both changed the fields below. The form has your words; correct them where theirs are better, then save.
edit-others = What they changed
edit-was = When you opened it:
edit-theirs = Theirs:
edit-mine = Yours:
edit-field-of = { $field } ({ $line })
renewals-title = Renewals
renewals-lead = Choose the images, say what was decided, and see what will change before it is saved. A renewal adds a term; a wrong entry is undone, not edited away.
renewals-none = No procured image matches
renewals-which = Which images
renewals-more = There are more: search to narrow the list.
renewals-decision = What was decided
renewals-renew = Renewed: give the new date
renewals-drop = Dropped: the image is retired
renewals-unknown = Not yet known: say who owes the date
renewals-date = New renewal date
renewals-months = Term in months (optional)
renewals-owed-by = Who owes the date
renewals-lines-missing = Choose at least one image, and at most { $n }.
renewals-decision-missing = Say what was decided.
renewals-backwards = A chosen line has a later date already, { $name }. If that date is wrong, say so in the reason; otherwise enter a later date.
renewals-date-wrong = Enter the new date ({ day-format }): today or later, within twenty years.
renewals-months-wrong = Enter the term as a number of months from 1 to 120, or leave it empty.
renewals-owed-by-missing = Say who owes the date, such as a team or a vendor.
renewals-meanwhile = Look at what they changed. Your choices are kept: check them, then preview again.
undo-title = Undo change { $name }
undo-lead = Undoing writes a new change that puts back what was there before. The record keeps both.
undo-more = Only the first changes are shown.
undo-requests = Requests
undo-requests-what = These requests stand again as they stood before, and whoever asked hears of it:
undo-request = { $name }: from “{ $was }” back to “{ $is }”
undo-do = Undo it
undo-link = Undo this change
undo-reason-missing = Say why it is undone.
undo-undone = It was undone already:
undo-later = Later changes stand on it. Undo those first, the last one before the others:
undo-nothing = It only added organisations. They stay: correct them on their own page.
undo-quality = It decided a finding of the quality inbox, which is not undone here: reopen the finding there, or correct the images.
edit-firmness-wrong = Choose how firm it is from the list.
edit-needed-by-wrong = Enter the day by which it is needed ({ day-format }), or leave it empty.
merge-title = Merge { $name } with another image
merge-lead = Two images that are one and the same become one. What moves and what collides is shown before anything is written, and the act can be undone.
merge-other = The other image
merge-other-missing = Enter the name of the other image.
merge-other-unknown = No image is called { $name }. Type the name that its page has.
merge-other-same = This is the same image. Type the name of another one.
merge-which = Which one stays
merge-the-other = The other image
merge-stays = This image stays:
merge-goes = This one goes over to it:
merge-kept = Its lines, names, history, requests, prices, rounds and followers are kept and count with the image that stays, and its address leads there.
merge-both = Both images have a line of { $name }. Choose which one stays
merge-line-of = The line of { $name }
merge-choose = Choose which line of { $name } stays.
merge-reason-missing = Say why the two are one image.
merge-meanwhile = See what was changed. Your choices are kept: check the preview, then merge.
merge-do = Merge the two images
merge-link = Merge it with another image
merge-requests = { $n ->
    [one] 1 image of a request counts with the image that stays.
   *[other] { $n } images of requests count with the image that stays.
}
merge-watches = { $n ->
    [one] 1 person who follows it follows the image that stays.
   *[other] { $n } people who follow it follow the image that stays.
}
merge-prices = { $n ->
    [one] 1 price counts for the image that stays, unless that has one of its own.
   *[other] { $n } prices count for the image that stays, unless that has one of its own.
}
merge-rounds = { $n ->
    [one] 1 round keeps it among its images.
   *[other] { $n } rounds keep it among their images.
}
merge-suggestions = { $n ->
    [one] 1 suggestion about it stays on the list of suggestions.
   *[other] { $n } suggestions about it stay on the list of suggestions.
}
