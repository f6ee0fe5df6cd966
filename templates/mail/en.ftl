mail-follows = The English follows.
mail-unsubscribe = Stop these messages
mail-foot = Sent by the catalogue of hardened container images of Shared Services Canada. Nobody reads replies to this address.
menu-mail = Mail
mail-title = Mail
mail-one-title = Mail { $name }
mail-kept = Mail is kept here, not sent
mail-kept-what = SMTP_URL is not set. Nothing is lost: what waits goes out once it is set.
mail-all = All
mail-waiting = Waiting
mail-sent = Sent
mail-dead = Dead
mail-state = State
mail-kind = About
mail-of-request = Request
mail-of-feedback = Feedback
mail-of-reminder = Renewals
mail-of-watch = Followed images
mail-of-test = Test
mail-to = Recipient
mail-subject = Subject
mail-written = Written
mail-next-try = Next try
mail-show = Show
mail-none = No mail is here
mail-choose = Choose
mail-choose-that = Choose mail { $name }
mail-none-chosen = Choose at least one mail to send again.
mail-forgotten = Forgotten after 90 days
mail-again = Send again
mail-again-chosen = Send the chosen again
mail-again-done = { $n ->
    [0] None was dead any more: nothing is sent again.
    [one] { $n } mail is sent again.
   *[other] { $n } mails are sent again.
}
mail-became = What became of it
mail-no-try = Nothing yet: it waits for its first try.
mail-event-sent = Taken by the mail server
mail-event-put-off = Not taken for now
mail-event-dead = Refused for good
mail-event-again = Sent again
mail-text = What it says
mail-text-hint = The secret parts of links are not shown.
