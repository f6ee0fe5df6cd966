status-procured = Acquise
status-under-consideration = À l’étude
status-declined = Refusée
status-retired = Retirée
field-name = Nom de l’image
field-renewal-date = Date de renouvellement
field-renewal-state = Renouvellement
field-department = Ministère
field-type = Type
field-types = Types
field-vendor = Fournisseur
field-vendors = Fournisseurs
field-status = État
field-notes = Notes
field-needed-by = Requise d’ici le
field-firmness = Fermeté du besoin
firmness-interested = Intérêt
firmness-planned = Planifié
firmness-funded = Financé
firmness-unknown = Non précisée
label-renewal-date = Date de renouvellement :
label-renewal-state = Renouvellement :
label-department = Ministère :
label-type = Type :
label-status = État :
label-notes = Notes :
list-title = Images de conteneurs
list-lead = Les images que SPC a acquises et celles que les ministères ont demandées. Une ligne par image et par ministère.
filters = Chercher et filtrer les images
filter-search = Rechercher
filter-per-page = Lignes par page
filter-renewal = Renouvellement
filter-chosen = { $n ->
    [one] choisi
   *[other] choisis
}
filter-apply = Appliquer les filtres
filter-clear = Tout effacer
filters-in-use = Filtres en vigueur
chip = { $name } : { $value }
chip-remove = Retirer :
search-not-found = Aucune ligne ne contient « { $word } » ni un mot qui s’écrit presque ainsi.
search-respelled = Aucune ligne ne contient « { $word } ». Ces lignes contiennent un mot qui s’écrit presque ainsi : { $instead }.
list-empty = Aucune image ne correspond
list-empty-why = Aucune ligne ne réunit tout ce que vous avez demandé. Retirez un filtre, essayez moins de mots ou d’autres mots, ou demandez l’image.
list-nothing-yet = Le catalogue est vide : rien n’a encore été importé.
list-ask = Demander une image
list-ask-for = Demander « { $name } »
list-count = { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
}
list-count-of = { $of ->
    [one] { $n } sur { $of } ligne
   *[other] { $n } sur { $of } lignes
}
list-caption = Images, lignes { $first } à { $last } sur { $n }
list-too-much = « { $parameter } » est trop long ou donné trop de fois. Raccourcissez-le.
sort-by = Trier par
order-usual = Images acquises d’abord, renouvellement le plus proche en premier
order-search = Meilleure correspondance d’abord, puis images acquises et renouvellement le plus proche
order-ascending = Tri croissant : { $name }
order-descending = Tri décroissant : { $name }
procured-elsewhere = Déjà acquise pour un autre ministère
pages = Pages
page-previous = Précédent
page-next = Suivant
page-number = Page { $n }
download-rows = { $n ->
    [one] Télécharger cette ligne :
   *[other] Télécharger ces { $n } lignes :
}
variant-iamguarded = Chart Helm et image (iamguarded)
variant-fips = FIPS
answer-question = Puis-je l’utiliser aujourd’hui?
answer-today = Utilisable aujourd’hui : { $name }
answer-check = Oui, mais vérifiez d’abord
answer-not-yet = Pas encore
answer-procured = SPC l’a acquise. { $words } ({ $date }).
answer-undetermined = SPC l’a acquise. Sa date de renouvellement est à déterminer.
answer-passed = SPC l’a acquise, mais sa date de renouvellement ({ $date }) est passée { $ago } et personne n’a confirmé ce qui s’est passé.
answer-next-date-unknown = SPC l’a acquise, mais sa dernière date de renouvellement connue ({ $date }) est passée { $ago } et la prochaine n’est pas encore connue.
answer-under-consideration = { $n ->
    [0] SPC ne l’a pas acquise. Elle est à l’étude.
    [1] SPC ne l’a pas acquise. Un ministère l’a demandée et elle est à l’étude.
    [one] SPC ne l’a pas acquise. Elle est à l’étude.
   *[other] SPC ne l’a pas acquise. { $n } ministères l’ont demandée et elle est à l’étude.
}
answer-declined = SPC l’a étudiée et l’a refusée.
answer-retired = SPC l’avait et l’a retirée.
answer-next-pull = Utilisez les références ci-dessous; si un téléchargement est refusé, dites-le-nous.
answer-next-no-name = Son nom dans le registre n’a pas encore été consigné; aucune commande n’est donc affichée.
answer-next-helm = Elle a été acquise sous forme de chart Helm. Les charts Helm viennent d’un autre type de dépôt; aucune commande docker n’est donc affichée.
answer-next-ask = Dites à SPC que votre ministère en a aussi besoin :
answer-next-feedback = Si votre ministère en a encore besoin, dites-le :
answer-ask-link = demander cette image
answer-feedback-link = nous écrire à ce sujet
references-title = Ce qu’il faut taper
references-lead = Ouvrez une session une fois, puis tirez l’image au moyen de l’une de ces références.
references-guide = Comment utiliser les images
tag-label = Étiquette
tag-hint = La version souhaitée, telle que le registre la nomme. Les commandes ci-dessous l’utilisent ensuite.
tag-apply = Afficher les commandes
tag-wrong = Ce n’est pas une étiquette. Une étiquette ne contient que des lettres, des chiffres, des points, des traits d’union et des traits de soulignement, au plus 128, et commence par une lettre, un chiffre ou un trait de soulignement.
tag-sample = L’étiquette { $tag } est un exemple tiré de { $source } ({ $day }), pas une promesse : personne ne l’a vérifiée depuis. Vérifiez dans le registre quelles étiquettes existent aujourd’hui.
tag-day = en date du { $day }
tag-day-unknown = à une date qui n’a pas été notée
tag-typed = Avec l’étiquette que vous avez tapée : { $name }. Le catalogue ne sait pas si elle existe.
tag-none = Aucune étiquette de cette image n’est connue ici. Entrez-en une ci-dessus pour obtenir les commandes complètes.
tag-pattern = Le modèle de la commande, avec une étiquette à la place de TAG :
source-published-page = la page publiée
source-project-repository = le dépôt du projet
reference-login = Ouvrir une session dans le registre
reference-repository = Dépôt, sans étiquette
reference-docker = Tirer avec Docker
reference-podman = Tirer avec Podman
reference-from = Dans un Dockerfile
reference-kubernetes = Dans un manifeste Kubernetes
reference-bare = La référence seule
held-title = Qui l’a acquise
wanted-title = { $n ->
    [0] Qui la veut
    [one] { $n } ministère la souhaite
   *[other] { $n } ministères la souhaitent
}
wanted-counted = Les ministères sont comptés comme dans les besoins : une partie d’un ministère compte avec le tout, et ceux qui ne sont pas nommés comptent sans figurer ici.
closed-title = Refusée ou retirée
family-title = Même famille
family-assumption = Les images dont les noms ne diffèrent que par une variante sont regroupées ici d’après leur nom. Le contrat dira si les variantes font l’objet de licences distinctes.
history-title = Historique
history-all = Voir tout l’historique
history-away = L’historique ne peut pas être lu en ce moment : la base de données ne répond pas.
page-procured = Images Chainguard acquises
page-procured-lead = Les images de conteneurs renforcées suivantes ont déjà été acquises :
page-under-consideration = Images Chainguard à l’étude
page-under-consideration-lead = Les images de conteneurs renforcées suivantes sont à l’étude :
page-declined = Images Chainguard refusées
page-declined-lead = Les images de conteneurs renforcées suivantes ont été refusées :
page-retired = Images Chainguard retirées
page-retired-lead = Les images de conteneurs renforcées suivantes ont été retirées :
page-column-name = Nom de l’image
page-column-renewal-date = Date de renouvellement
page-column-department = Ministère
page-column-type = Type
page-column-vendor = Fournisseur
page-column-notes = Notes
import-summary = { $rows ->
    [one] { $rows } ligne
   *[other] { $rows } lignes
} : { $new } new (nouvelles), { $changed } changed (modifiées), { $same } same (inchangées); { $missing } du catalogue absentes du fichier (missing).
import-summary-kept = Modifications faites ici depuis la dernière importation : { $kept } kept (conservées), { $conflict } conflict (en conflit).
import-older = Ce fichier est plus ancien que la dernière version importée : son contenu a déjà été importé, ou sa date est antérieure. Ce qu’il rétablirait compte comme un conflit.
import-older-refused = Rien n’a été écrit : le fichier est plus ancien que la dernière version importée. Ajoutez --take file pour l’importer quand même.
import-undecided = { $n ->
    [one] Rien n’a été écrit : { $n } ligne a été modifiée dans le fichier et dans le catalogue. Ajoutez --take file pour prendre les valeurs du fichier, --take catalogue pour garder celles du catalogue, ou --as-of avec la date du fichier.
   *[other] Rien n’a été écrit : { $n } lignes ont été modifiées dans le fichier et dans le catalogue. Ajoutez --take file pour prendre les valeurs du fichier, --take catalogue pour garder celles du catalogue, ou --as-of avec la date du fichier.
}
import-renamed = « { $name } » a été renommée ici « { $now } » : la ligne est attribuée à cette image.
import-no-base = inconnue
import-field-changed = { $field } : { $ours } → { $theirs }
import-field-kept = { $field } : { $ours } (ici); le fichier indique { $theirs }, comme avant
import-field-conflict = { $field } : dernière importation { $base }; catalogue { $ours }; fichier { $theirs }
import-dry-run = Essai : rien n’a été écrit.
import-nothing = Rien n’avait à être écrit.
import-written = Consigné comme changement { $name }.
import-remark = remarque : { $name }
import-new-department = Le ministère « { $name } » n’était pas connu : il est ajouté tel qu’écrit, à confirmer.
import-unreadable = Impossible de lire { $name } : vérifiez le chemin et votre droit de lire le fichier
import-future = Le { $name } est encore à venir : donnez à --as-of un jour qui ne dépasse pas aujourd’hui.
import-unconfirmed = La connexion à la base de données s’est rompue pendant l’écriture du fichier, et nous ne savons pas si elle a eu lieu. Importez de nouveau le même fichier : ce qui est déjà écrit ne le sera pas deux fois
import-away = La base de données n’a pas accepté le fichier et rien n’a été écrit : réessayez
import-read-only = La base de données est en lecture seule pour le moment et rien n’a été écrit : indiquez la base principale dans DATABASE_URL ou réessayez plus tard.
import-refused = { $n ->
    [one] Rien n’a été écrit : { $first }
   *[other] Rien n’a été écrit : le fichier compte { $n } erreurs. Corrigez-les toutes, puis importez de nouveau. La première : { $first }
}
import-at-line = ligne { $line } : { $sentence }
import-empty = Le fichier est vide.
import-utf16 = Le fichier est en UTF-16. Enregistrez-le en UTF-8 (dans Excel : « CSV UTF-8 »), puis importez ce fichier.
import-not-utf8 = L’octet { $name } n’est pas de l’UTF-8 : le fichier semble être en Latin-1 ou Windows-1252. Enregistrez-le en UTF-8 (dans Excel : « CSV UTF-8 »), puis importez ce fichier.
import-other-kind = Le fichier est { $name }. Importez la page en Markdown ou un CSV en UTF-8.
kind-workbook = un fichier Excel ou Office
kind-pdf = un PDF
kind-picture = une image
kind-archive = une archive compressée
kind-html = une page Web ou du XML
kind-json = du JSON
import-no-table = Il n’y a pas de tableau d’images : un tableau doit avoir au moins les colonnes « Nom de l’image » et « Ministère » sous une ligne de titres. Le fichier est peut-être tronqué ou d’un autre genre.
import-no-column = Le tableau n’a pas de colonne « { $name } ». Ajoutez-la.
import-double-column = Deux colonnes s’appellent « { $name } » ou ont le même sens. Gardez-en une.
import-no-status = On ne peut pas savoir si les images de ce tableau sont acquises ou à l’étude. Dites-le dans le titre qui le précède ou ajoutez une colonne « État ».
import-few-cells = { $found } cellules sur { $expected } : la ligne est tronquée ou un séparateur manque. Complétez-la.
import-many-cells = { $found } cellules alors que l’en-tête en a { $expected } : un séparateur se trouve dans une cellule. Écrivez « \| » pour une barre en Markdown et mettez la cellule d’un CSV entre guillemets.
import-open-quote = Un guillemet s’ouvre ici et ne se ferme jamais : le fichier est tronqué ou ce guillemet est de trop.
import-missing = La cellule « { $name } » est vide. Remplissez-la.
import-too-long = La cellule « { $name } » compte { $length } caractères; elle peut en compter { $most }. Raccourcissez-la.
import-character = Un caractère invisible se trouve dans une cellule ({ $name }). Retirez-le.
import-line-break = La cellule « { $name } » contient un saut de ligne (<br>) ou plusieurs noms. N’en inscrivez qu’un par ligne.
import-several-departments = « { $name } » nomme plusieurs ministères. Inscrivez une ligne pour chacun.
import-date = « { $name } » n’est pas une date de renouvellement. Écrivez un jour ({ day-format }) ou À déterminer.
import-status = « { $name } » n’est pas un état. Écrivez Acquise, À l’étude, Refusée ou Retirée.
import-duplicate = « { $name } » pour { $department } figure déjà à la ligne { $first }. Gardez une ligne par image et par ministère.
import-spent = Le fichier contient plus que ce qui peut être lu à la fois : jusqu’à { $n } lignes, et peu de marques hors de ses tableaux. Divisez-le ou retirez ce qui ne fait pas partie d’un tableau d’images.
import-more = { $n ->
    [one] Une autre erreur a été trouvée.
   *[other] { $n } autres erreurs ont été trouvées.
}
import-extra-column = La colonne « { $name } » n’est pas connue du catalogue : ses cellules sont conservées avec chaque ligne.
import-other-table = Ce tableau n’a pas de noms d’images et n’a pas été lu.
import-many-columns = Le tableau compte { $n } colonnes; il peut en compter 100. Retirez celles qui ne servent pas.
import-loose-row = Cette ligne se trouve hors d’un tableau : une ligne vide la précède, ou la ligne de tirets sous l’en-tête n’a pas le même nombre de cellules. Corrigez le tableau.
filter-as-at = En date du
as-at = Le catalogue tel qu’il était à la fin du { $name }, d’après le registre des changements.
as-at-now = Le voir tel qu’il est
edit-image = Modifier cette image
renew-image = Renouvellements de cette image
suggest-link = Une erreur? Proposez une correction
follow-by-mail = Suivre par courriel
follow-by-feed = Suivre par fil Atom
needs-too = Mon ministère en a besoin aussi
calendar-title = Renouvellements des images renforcées
calendar-link = Renouvellements en calendrier
calendar-span = d’il y a un an jusqu’à dans trois ans
calendar-all = Calendrier de toutes les années
calendar-days = Renouvellements du { $first } au { $last }. Pour toutes les années : { $all }
calendar-every-day = Renouvellements de toutes les années
calendar-file = renouvellements
calendar-summary = Renouveler { $image } ({ $acronym })
calendar-for = Pour { $name } ({ $acronym })
calendar-passed = { $words } ({ $ago })
download-source = Lignes du catalogue au { $name } (America/Toronto).
source-dated = Source : la page publiée du { $day }, importée le { $now }; les modifications faites ici depuis figurent dans l’historique.
source-undated = Source : une version de la page publiée dont personne n’a donné la date, importée le { $now }; les modifications faites ici depuis figurent dans l’historique.
source-page = Faits de la page publiée du { $name }, tels que modifiés ici depuis.
import-name-open = « { $name } » n’est le nom actuel d’aucune image. Il peut désigner { $now } ({ $why }) ou une nouvelle image : indiquez laquelle.
import-name-taken = « { $name } » désigne { $now } et devient un autre de ses noms.
import-name-new = « { $name } » désigne une nouvelle image, et non { $now }.
import-name-stays = Les lignes de « { $name } » qui n’ont pas changé restent rattachées à { $now }.
import-row-open = Peut-être { $name } : à confirmer.
import-row-called = Il s’agit de l’image { $name }.
import-names-open = Rien n’a été écrit : le fichier contient des noms qu’aucune image ne porte actuellement. Indiquez quelle image chacun désigne : { $name }
import-image-choice = « { $name } » ne convient pas : le fichier ne contient pas ce nom, une image porte ce nom actuellement ou aucune image n’a cette adresse. Corrigez-le ou retirez-le.
