upload-title = Importer un fichier
upload-lead = Importez une version de la page publiée (Markdown) ou un tableau (CSV). Vous voyez ce que chaque ligne changerait avant que quoi que ce soit soit écrit.
upload-file = Fichier
upload-file-hint = Markdown ou CSV en UTF-8, 16 Mo au plus. Il est conservé une journée, pour vous seulement. N’envoyez aucun renseignement protégé.
upload-do = Voir ce qu’il changerait
upload-missing = Choisissez un fichier qui n’est pas vide.
upload-refused = { $name } ne peut pas être importé
upload-refused-why = { $n ->
    [one] Rien n’a été écrit. Corrigez cette erreur, puis choisissez de nouveau le fichier :
   *[other] Rien n’a été écrit. Corrigez ces { $n } erreurs, puis choisissez de nouveau le fichier :
}
verdicts-title = Ce que { $name } changerait
verdicts-summary = Lignes du fichier : { $new } nouvelles, { $changed } modifiées, { $same } inchangées. Lignes du catalogue absentes du fichier : { $missing }.
verdicts-moved = Le catalogue a changé depuis que vous avez vu les résultats
verdicts-moved-what = Rien n’a été écrit. Les résultats ci-dessous sont ceux de maintenant et vos choix sont conservés : vérifiez-les, puis acceptez de nouveau.
verdicts-missing = Lignes du catalogue absentes du fichier
verdicts-missing-what = Elles restent telles quelles. Pour retirer une image, ouvrez sa page.
verdicts-missing-more = { $n ->
    [one] { $n } autre n’est pas nommée ici.
   *[other] { $n } autres ne sont pas nommées ici.
}
verdicts-none = Il n’y a rien à écrire
verdicts-none-what = Chaque ligne du fichier figure déjà dans le catalogue telle que le fichier la donne.
verdicts-rows = { $n ->
    [one] { $n } ligne qui change le catalogue
   *[other] { $n } lignes qui changent le catalogue
}
verdicts-choose = Décochez ce que vous ne voulez pas importer.
verdicts-choose-pages = Cette page en montre { $n }. Accepter écrit toutes les lignes du fichier, celles des autres pages aussi, sauf celles que vous décochez sur cette page.
verdicts-row = { $image } · { $department }
verdicts-line = (ligne { $name })
verdicts-as-of = Jour à compter duquel le fichier s’applique (facultatif)
verdicts-as-of-hint = La date de cette version, si ce n’est pas aujourd’hui.
verdicts-as-of-wrong = Entrez un jour qui ne dépasse pas aujourd’hui, au format AAAA-MM-JJ, ou laissez le champ vide.
verdicts-accept = Accepter
verdicts-nothing = Rien ne serait écrit. Cochez au moins une ligne ou quittez la page.
