renewal-passed = Renewal date passed, not confirmed
renewal-next-unknown = Renewal date passed, next date not known
renewal-last-known = (last known date)
renewal-soon = Renews within { $n } days
renewal-later = Renews in more than { $n } days
renewal-undetermined = To be determined
renewal-today = Renews today
renewal-in-days = { $n ->
    [one] Renews in 1 day
   *[other] Renews in { $n } days
}
renewal-days-ago = { $n ->
    [one] 1 day ago
   *[other] { $n } days ago
}
renewal-owed = SSC has not given the date
renewal-owed-by = { $name } owes the date
renewal-owed-since = { $owed } (not known since { $day })
