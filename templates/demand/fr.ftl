menu-demand = Besoins
demand-title = Besoins
demand-summary = { $n ->
    [0] Aucun ministère n’a
    [one] { $n } ministère a
   *[other] { $n } ministères ont
} besoin { $images ->
    [0] d’une image affichée ici
    [one] de { $images } image affichée ici
   *[other] des { $images } images affichées ici
}; { $firm ->
    [0] aucun besoin n’est encore ferme.
    [one] { $firm } a un besoin ferme pour au moins une d’entre elles.
   *[other] { $firm } ont un besoin ferme pour au moins une d’entre elles.
}
demand-source = Compté d’après les lignes du catalogue qui comptent pour les besoins; catalogue modifié la dernière fois le
demand-filters = Rechercher et filtrer les besoins
demand-any = Tous
demand-year = Exercice
demand-year-none = Exercice non précisé
demand-year-later = Plus tard
demand-family = Famille
demand-of-family = Famille { $name }
demand-departments = Ministères
demand-firm = Ferme
demand-firm-either = Ferme (planifié ou financé)
demand-firm-planned = { $n ->
    [one] { $n } planifié
   *[other] { $n } planifiés
}
demand-firm-funded = { $n ->
    [one] { $n } financé
   *[other] { $n } financés
}
demand-who = Qui
demand-named = Ministères nommés
demand-unnamed = Ministères non nommés
demand-nameless = Non nommé
demand-only-unnamed = { $n ->
    [one] { $n } non nommé
   *[other] { $n } non nommés
}
demand-and-unnamed = { $n ->
    [one] { $name } et { $n } non nommé
   *[other] { $name } et { $n } non nommés
}
demand-by-family = Regrouper les images par famille
demand-by-image = Montrer chaque image séparément
demand-family-assumption = Les images dont le nom ne diffère que par une variante forment une famille, et un ministère qui a besoin de plusieurs d’entre elles compte une seule fois. Cela suppose une seule licence par famille : c’est le contrat qui dit si les variantes sont facturées à part, et le catalogue ne le sait pas.
demand-without-unnamed = Ces nombres ne comprennent pas les ministères qui ont demandé à ne pas être nommés : seule la liste actuelle les comprend, quand la base de données répond.
demand-empty = Aucune image ne correspond
demand-empty-why = Aucune image ne réunit tout ce que vous avez demandé. Retirez un filtre ou essayez avec moins de mots ou d’autres mots.
demand-nothing-yet = Aucun ministère n’a demandé d’image que SPC étudie.
demand-families = { $n ->
    [one] { $n } famille
   *[other] { $n } familles
}
demand-images = { $n ->
    [one] { $n } image
   *[other] { $n } images
}
demand-order = Les plus demandées d’abord, puis par nom
demand-procured = { $n ->
    [one] { $n } de ces images est déjà acquise, et d’autres ministères en ont besoin
   *[other] { $n } de ces images sont déjà acquises, et d’autres ministères en ont besoin
}
demand-counting = Comment c’est compté
demand-counting-departments = On compte les ministères, pas les demandes. Un organisme qui fait partie d’un autre compte avec celui qui chapeaute l’ensemble, une seule fois.
demand-counting-firm = Ferme veut dire planifié ou financé. Un ministère qui a dit les deux, ou dont les composantes l’ont dit, compte selon la réponse la plus ferme.
demand-counting-year = L’exercice va d’avril à mars. Un ministère compte dans le premier exercice où il a besoin de l’image.
demand-counting-unnamed = Un ministère qui a demandé à ne pas être nommé est compté et n’est nommé nulle part.
demand-counting-guide = Ce qui compte dans la demande, dans le guide sur l’approvisionnement
demand-counting-filters = Les filtres choisissent les lignes affichées. Les nombres d’une ligne restent ceux de tous les ministères.
demand-link = Combien de ministères en ont besoin, pour quand et avec quelle certitude
demand-label = { $name } :
