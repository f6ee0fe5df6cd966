forms-too-many = { $n ->
    [one] Too much came from your network, for this mailbox or for its domain, so this was not sent. Try again in a minute: what you typed is kept below.
   *[other] Too much came from your network, for this mailbox or for its domain, so this was not sent. Try again in { $n } minutes: what you typed is kept below.
}
forms-trap = A hidden field that must stay empty was filled in, perhaps by your browser, so this was not sent. The field is empty now: send the form again.
