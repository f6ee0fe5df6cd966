upload-title = Importer un fichier
upload-lead = Importez une version de la page publiée (Markdown) ou un tableau (CSV). Vous voyez ce que chaque ligne changerait avant que quoi que ce soit soit écrit.
upload-file = Fichier
upload-file-hint = Markdown ou CSV en UTF-8, 16 Mo au plus. Il est conservé une journée, pour vous seulement. N’envoyez aucun renseignement protégé.
upload-do = Voir ce qu’il changerait
upload-elsewhere = Le formulaire a été ouvert dans une autre session ou à une autre page. Rien n’a été reçu : choisissez de nouveau le fichier.
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
verdicts-none = Il n’y a rien à écrire
verdicts-none-what = Chaque ligne du fichier figure déjà dans le catalogue telle que le fichier la donne.
verdicts-row = { $image } · { $department }
verdicts-line = (ligne { $name })
verdicts-as-of = Jour à compter duquel le fichier s’applique (facultatif)
verdicts-as-of-hint = La date de cette version, si ce n’est pas aujourd’hui.
verdicts-as-of-wrong = Entrez un jour qui ne dépasse pas aujourd’hui ({ day-format }) ou laissez le champ vide.
verdicts-accept = Accepter
verdicts-nothing = Rien ne serait écrit. Cochez au moins une ligne ou quittez la page.
verdicts-rows = Lignes qui diffèrent entre le fichier et le catalogue
verdicts-choose = Cochez ce que vous voulez importer. Ce que seul le fichier a modifié est coché; ce qui a été modifié ici ne l’est pas.
verdicts-choose-pages = Cette page en montre { $n }. Vos choix sont conservés d’une page à l’autre, et Accepter écrit les lignes cochées de toutes les pages.
verdicts-chosen = { $n } sur { $total } choisies
verdicts-all = Toutes
verdicts-no-rows = Aucune
verdicts-only-new = Nouvelles seulement
verdicts-filter = Afficher par résultat
verdicts-older = Ce fichier est plus ancien que la dernière version importée
verdicts-older-what = Son contenu a déjà été importé, ou sa date est antérieure. Rien n’est coché : cochez seulement ce que vous voulez rétablir.
verdicts-without-base = Rien n’indique ce que ce fichier disait avant
verdicts-without-base-what = { $n ->
    [one] { $n } ligne a été modifiée ici par quelqu’un. Entrez ci-dessous la date du fichier et comparez de nouveau : ce qui a été modifié ici avant cette date n’est pas un conflit.
   *[other] { $n } lignes ont été modifiées ici par quelqu’un. Entrez ci-dessous la date du fichier et comparez de nouveau : ce qui a été modifié ici avant cette date n’est pas un conflit.
}
verdicts-compare = Comparer de nouveau
verdicts-take-file = Cochez-la pour prendre les valeurs du fichier; sinon, celles du catalogue demeurent.
verdicts-base = Dernière importation :
verdicts-ours = Catalogue :
verdicts-theirs = Fichier :
verdict-all = Toutes
verdict-new = Nouvelles
verdict-changed = Modifiées
verdict-conflict = En conflit
verdict-kept = Modifiées ici, conservées
verdict-same = Inchangées
verdict-missing = Absentes du fichier
verdict-count = { $verdict } ({ $n })
upload-list = Fichiers des 24 dernières heures
upload-who = Qui
upload-when = Quand
upload-counts = Lignes
upload-accepted = Accepté
upload-act = Voir le changement
verdicts-names = Noms qu’aucune image ne porte actuellement
verdicts-names-hint = Indiquez quelle image chaque nom désigne. D’ici là, ses lignes ne sont pas écrites. Un nom que vous confirmez devient un autre nom de son image : la prochaine importation ne posera plus la question.
verdicts-names-told = Rien n’a encore été écrit. Les lignes ci-dessous sont maintenant celles des images choisies : vérifiez-les, puis acceptez.
verdicts-names-do = Confirmer ces noms
verdicts-name-open = Indiquez quelle image « { $name } » désigne ou décochez ses lignes.
import-warn-title = À voir avant d’accepter
import-warn-near-new = { $one } et { $other } sont deux nouveaux noms du fichier, et presque le même. C’est peut-être une seule image.
import-warn-registry-name = { $one } est une nouvelle image du fichier et reçoit le nom { $registry }, qui appartient déjà à une autre image dans le registre d’images. Une commande ne peut mener qu’à l’une des deux :
import-warn-more = { $n ->
    [one] Il y a 1 autre avertissement.
   *[other] Il y a { $n } autres avertissements.
}
import-warn-cut = Le fichier contient tant de nouveaux noms que seuls les premiers ont été comparés aux autres. Une fois le tout enregistré, la page « Qualité du catalogue » trouvera le reste.
