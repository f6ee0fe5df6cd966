renewal-passed = Date de renouvellement passée, non confirmée
renewal-next-unknown = Date de renouvellement passée, prochaine date inconnue
renewal-last-known = (dernière date connue)
renewal-soon = À renouveler d’ici { $n } jours
renewal-later = À renouveler dans plus de { $n } jours
renewal-undetermined = À déterminer
renewal-today = À renouveler aujourd’hui
renewal-in-days = { $n ->
    [one] À renouveler dans { $n } jour
   *[other] À renouveler dans { $n } jours
}
renewal-days-ago = { $n ->
    [one] il y a { $n } jour
   *[other] il y a { $n } jours
}
renewal-owed = SPC n’a pas donné la date
renewal-owed-by = { $name } doit donner la date
renewal-owed-since = { $owed } (inconnue depuis le { $day })
