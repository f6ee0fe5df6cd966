forms-too-many = { $n ->
    [one] Too much came from your network, for this mailbox or for its domain, so this was not sent. Try again in a minute: what you typed is kept below.
   *[other] Too much came from your network, for this mailbox or for its domain, so this was not sent. Try again in { $n } minutes: what you typed is kept below.
}
forms-trap = A hidden field that must stay empty was filled in, perhaps by your browser, so this was not sent. The field is empty now: send the form again.
form-elsewhere = Look at this form again before you send it
form-elsewhere-lead = It was opened in another session or on another page, or is from before an update of the site. Nothing of it was saved. What you typed is kept: go back to the form, and send it from there.
form-elsewhere-back = Go back to the form
