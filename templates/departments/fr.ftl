departments-title = Ministères
departments-lead = Ce que chaque ministère et organisme détient et ce qu’il a demandé.
departments-counted = { $n ->
    [one] Chaque organisation figure ici avec ses propres lignes, tout comme la ligne des ministères non nommés. Dans les nombres des autres pages, une composante compte avec l’ensemble dont elle fait partie et cette ligne ne compte pour personne : ils indiquent { $n } ministère.
   *[other] Chaque organisation figure ici avec ses propres lignes, tout comme la ligne des ministères non nommés. Dans les nombres des autres pages, une composante compte avec l’ensemble dont elle fait partie et cette ligne ne compte pour personne : ils indiquent { $n } ministères.
}
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
departments-edit-title = Ministères et organismes
departments-edit-lead = Noms, sigles, rattachements et toutes les graphies que les fichiers emploient. Ceux que personne n’a confirmés viennent d’abord.
departments-edit-add = Ajouter un organisme
departments-unconfirmed-badge = À confirmer
department-edit-title = Modifier { $name }
department-new-title = Ajouter un organisme
department-acronym-en = Sigle en anglais
department-acronym-fr = Sigle en français
department-name-en = Titre d’usage en anglais
department-name-fr = Titre d’usage en français
department-no-parent = Aucun : il relève de lui-même
department-aliases-hint = Une par ligne. Les fichiers qui emploient une de ces graphies désignent cet organisme.
department-confirmed = On a confirmé de quel organisme il s’agit
department-missing = Remplissez ce champ : au plus 200 caractères sur une ligne.
department-taken = « { $name } » désigne déjà un autre organisme. Choisissez autre chose ou modifiez d’abord celui-là.
department-parent-wrong = Choisissez un organisme qui ne fait pas partie de celui-ci.
department-meanwhile = Voyez ci-dessous ce qui a été modifié. Le formulaire contient vos mots; enregistrer maintenant remplace les autres là où ils diffèrent.
