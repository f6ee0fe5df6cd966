departments-title = Ministères
departments-lead = Ce que chaque ministère et organisme détient et ce qu’il a demandé.
departments-active = Au catalogue
departments-others = Autres ministères et organismes
departments-none = Aucun ministère n’a encore d’image au catalogue.
department-holds = { $n ->
    [one] détient { $n } image
   *[other] détient { $n } images
}
department-wants = { $n ->
    [one] souhaite { $n } image
   *[other] souhaite { $n } images
}
field-acronym = Sigle
department-other-name = En anglais
department-parent = Fait partie de
department-parts = Organismes qui en font partie
department-aliases = S’écrit aussi
department-unconfirmed = Un fichier a nommé ce ministère et personne n’a encore précisé de quel organisme il s’agit. Son nom est affiché tel qu’il a été écrit.
department-held = Ce qu’il détient
department-held-none = SPC n’a acquis aucune image au nom de ce ministère.
department-wanted = Ce qu’il souhaite
department-wanted-none = Ce ministère n’a demandé aucune image.
department-all = Voir ces lignes dans la liste pour les trier ou les télécharger
