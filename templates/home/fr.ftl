home-lead = Les images de conteneurs renforcées que Services partagés Canada (SPC) a acquises, la date de leur renouvellement, celles que les ministères souhaitent et ce qu’il faut taper exactement pour en utiliser une.
home-search = Trouver une image par son nom, un ministère ou un usage
count-procured = { $n ->
    [one] image acquise
   *[other] images acquises
}
count-under-consideration = { $n ->
    [one] image à l’étude
   *[other] images à l’étude
}
count-departments = { $n ->
    [one] ministère au catalogue
   *[other] ministères au catalogue
}
count-source = Décompte tiré du catalogue, modifié pour la dernière fois le
attention = Renouvellements à surveiller
attention-none = Aucune image acquise n’a une date de renouvellement passée ou à moins de 90 jours.
attention-passed = { $n ->
    [one] 1 image acquise a dépassé sa date de renouvellement, et aucun renouvellement n’a été consigné
   *[other] { $n } images acquises ont dépassé leur date de renouvellement, et aucun renouvellement n’a été consigné
}
attention-passed-what = À la connaissance du catalogue, elles ne sont ni expirées ni abandonnées : ces dates sont celles qui ont été publiées, et SPC n’a pas encore consigné de renouvellement.
attention-all = Voir tous les renouvellements à surveiller
ways = Par où commencer
way-images = Parcourir les images
way-images-lead = Cherchez, filtrez, triez et emportez les lignes en CSV, XLSX, JSON ou Markdown.
way-using = Utiliser une image
way-using-lead = Ouvrez une session dans le registre, tirez l’image et bâtissez sur une base renforcée.
way-ask = Demander une image
way-ask-lead = Elle n’y est pas encore? Dites à SPC ce dont votre ministère a besoin.
way-departments = Voir votre ministère
way-departments-lead = Ce qu’il détient, ce qu’il a demandé et quand cela se renouvelle.
way-demand = Voir les besoins
way-demand-lead = Combien de ministères ont besoin de quelle image, pour quand et avec quelle certitude.
way-procurement = Comprendre l’approvisionnement
way-procurement-lead = Une licence commune par image, toutes les versions prises en charge comprises.
way-changes = Voir ce qui a changé
way-changes-lead = Chaque changement : qui, quand et pourquoi, aussi en fil Atom.
