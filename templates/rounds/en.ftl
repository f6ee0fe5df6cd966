menu-rounds = Pool rounds
rounds-title = Pool rounds
rounds-lead = In a round SSC asks which departments need the same images, so that they can be bought together. Each round has a closing day; what it came to is then frozen and published.
rounds-none = There has been no round yet
rounds-manage = Open or change rounds
round-new = Open a round
round-open = Open
round-closed = Closed
round-manage = Manage this round
round-publish = Publish the outcome
round-lead-open = { $n ->
    [one] Departments can confirm until the end of { $day } (Ottawa time). SSC goes ahead with an image that one department confirms.
   *[other] Departments can confirm until the end of { $day } (Ottawa time). SSC goes ahead with an image that { $n } departments confirm.
}
round-lead-closed = { $n ->
    [one] This round is closed; its last day was set to { $day }. An image needed one department.
   *[other] This round is closed; its last day was set to { $day }. An image needed { $n } departments.
}
round-closes-on = Last day
round-threshold = Departments needed
round-label = { $name }:
round-departments = Departments
round-firm = Firm
round-reached = Enough departments
round-who = Who
round-named = Departments named
round-unnamed = Departments not named
round-decision = Outcome
round-decision-ahead = Going ahead
round-decision-partly = Going ahead in part
round-decision-not = Not going ahead
round-decision-missing = Choose what was decided of { $name }.
round-only-unnamed = { $n ->
    [one] 1 not named
   *[other] { $n } not named
}
round-and-unnamed = { $n ->
    [one] { $name }, and 1 not named
   *[other] { $name }, and { $n } not named
}
round-confirmed = { $n ->
    [0] No department confirmed
    [one] 1 department confirmed
   *[other] { $n } departments confirmed
}
round-outcome = Outcome
round-published-at = Published on
round-frozen = What it came to
round-frozen-what = Names and figures as they were when the round closed. Nothing that changes afterwards changes them. Closed on
round-provisional = So far
round-provisional-what = Provisional: these figures change as departments confirm.
round-annex = Annex to the procurement file:
round-annex-state = Figures
round-annex-frozen = Frozen
round-annex-provisional = Provisional
round-counting = How it is counted
round-counting-what = Each department counts once; an organisation that is part of another counts with the topmost one, whose acronym stands in parentheses. Firm means planned or funded. A department that asked not to be named is counted and named nowhere.
round-confirm = Confirm what your department needs
round-confirm-title = Confirm: { $name }
round-confirm-lead = You answer for { $name }. The latest answer of your department counts; you can change it until the last day.
round-confirm-lead-staff = Your account belongs to no department: write down what a department told you.
round-confirm-kept = Thank you: the answer is kept, and counts below.
round-confirm-over = This round is closed. Answers are no longer taken, and what was sent after closing does not count.
round-confirm-nobody = Your account belongs to no department yet. Ask an administrator of this site to say which one, then come back.
round-confirm-for = Write down a department’s answer
round-meanwhile = Somebody else of this department answered since you opened the form
round-meanwhile-what = Your answers are below. Sending them now replaces theirs.
round-behalf-title = For another department
round-behalf = Who said so
round-behalf-hint = The name or office in the department, and how: shown to staff only.
round-behalf-missing = Say who of the department told you.
round-for = for { $name }
round-choose = Choose
round-department-missing = Choose the department that you answer for.
round-answer = Answer
round-answer-yes = Yes, we need it
round-answer-no = No, we do not need it
round-answer-none = No answer
round-answer-wrong = Choose yes, no or no answer.
round-answer-missing = Answer for at least one image.
round-firmness-wrong = Choose how firm the need is from the list.
round-note = Note for SSC, not public
round-not-named = not to be named
round-do-not-name = Count us, but do not name our department in public
round-privacy = What happens to what you enter
round-privacy-what = Your department’s answers are public, unless you ask that it not be named. Notes, your name and the time are seen by SSC staff only. Every answer is kept, so that it can be shown how the figures came about.
round-text-missing = Fill this in, in both languages.
round-day-wrong = Enter a day: { day-format }.
round-day-over = Choose today or a later day.
round-threshold-wrong = Enter a number of departments from 1 to 1000.
round-images-missing = Name at least one image.
round-images-many = { $n } images are too many for one round; at most { $most } fit.
round-image-unknown = No image is called “{ $name }”. Correct the name, or add the image first.
round-closes-on-hint = Departments can confirm until the end of this day, Ottawa time.
round-threshold-hint = From how many departments on SSC goes ahead with an image.
round-images-hint = One a line, by the name that the catalogue has.
round-reason-hint = Kept with this act.
round-stale = Somebody else changed this round since you opened the form. Your words are below; look at the record, then save again.
round-stale-closed = This round closed since you opened the form. Nothing was changed.
round-see-public = See the public page
round-close = Close this round now
round-close-what = Closing freezes the figures as they are. It cannot be undone, and no department can answer afterwards.
round-close-now = Close and freeze
round-answers = Answers that count
round-answers-none = No department has answered yet.
round-record = Every act
round-by-itself = by itself: its last day was over
round-outcome-title = Outcome: { $name }
round-outcome-lead = Public as soon as you publish it. You can publish again; each version is kept.
round-outcome-early = The round is still open. Its outcome can be published after it closes.
round-outcome-en = What was decided and why, in English
round-outcome-fr = What was decided and why, in French
event-round-opened = Opened
event-round-changed = Changed
event-round-confirmed = Confirmed
event-round-closed = Closed and frozen
event-round-published = Outcome published
field-round-title-en = Title in English
field-round-title-fr = Title in French
field-round-words-en = What it is about, in English
field-round-words-fr = What it is about, in French
field-round-closes-on = Last day
field-round-threshold = Departments needed
field-round-images = Images
round-close-unsaved = You have changed the round and not saved it: save it first, or open this page anew, and then close it.
round-close-reason-unsent = This is the reason for closing: close the round with it, or empty it to save.
