menu-reminders = Reminders
reminders-title = Reminders of renewals
reminders-when = Renewals are told of { $stages } days before their date, and every week once it is past: one digest a day, from { $hour } (Ottawa).
reminders-own = Your own reminders
reminders-own-on = They go to { $name }.
reminders-own-off = You get none.
reminders-no-address = Your account has no e-mail address that mail can be sent to, so you get no reminders and no test.
reminders-test = Send me a test
reminders-off = Stop sending me reminders
reminders-on = Send me reminders
reminders-next = What would be sent next, on { $name }
reminders-nobody = Nobody gets reminders: no account of staff has an e-mail address, and no licence has an owner here.
reminders-nothing = Nothing: no renewal comes a stage nearer by then.
reminders-about-all = All licences
reminders-lines = { $n ->
    [one] { $n } renewal
   *[other] { $n } renewals
}
reminders-owners = Owners of licences
reminders-owners-what = The digest of an organisation’s own renewals goes to these addresses too.
reminders-organisation = Organisation
reminders-choose = Choose
reminders-email = E-mail
reminders-language = Language
reminders-both = Both languages
reminders-english = English
reminders-french = French
reminders-added = Added
reminders-add = Add
reminders-remove = Remove
reminders-remove-that = Remove { $name }
reminders-organisation-missing = Choose the organisation.
reminders-email-wrong = Enter an e-mail address such as name@department.gc.ca.
reminders-sent = What was sent in the last 90 days
reminders-none-sent = Nothing was sent.
reminders-day = Day
reminders-told = Told of
reminders-done-test = The test is on its way.
reminders-done-on = Reminders go to you again.
reminders-done-off = No more reminders go to you.
reminders-done-added = The address was added.
reminders-done-removed = The address was removed.
reminder-subject = { $n ->
    [one] { $n } renewal needs attention
   *[other] { $n } renewals need attention
}
reminder-lead = { $n ->
    [one] This renewal has come nearer, or its date is past:
   *[other] These renewals have come nearer, or their dates are past:
}
reminder-line = { $subject }: { $date } ({ $meaning }). { $answer }
reminder-more = And { $n } more on the site.
reminder-decide = Say what was decided
reminder-stop = Who gets these reminders, and how to stop them
reminder-list = The images of { $name }
reminder-owner-why = You get this because Shared Services Canada noted this address for the licences of your organisation. To be taken off, tell the person there whom you deal with.
test-subject = Test: mail from the catalogue reaches you
test-lead = You asked for this test. Reminders of renewals will reach you at this address.
