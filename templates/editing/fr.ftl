form-problems = Il y a un problème
form-reason = Pourquoi
form-reason-hint = Affiché dans le registre public des changements. Nécessaire pour refuser, retirer ou annuler.
form-preview = Ce qui va changer
form-see-preview = Aperçu
form-save = Enregistrer
form-back = Revenir au formulaire
edit-new-title = Ajouter une image
edit-title = Modifier { $name }
edit-name = Nom de l’image
edit-name-hint = Tel que l’écrit le répertoire du fournisseur. Un nouveau nom reçoit une nouvelle adresse; l’ancienne y mène.
edit-name-missing = Entrez le nom de l’image.
edit-name-taken = Une autre image s’appelle { $name }. Ouvrez celle-là ou choisissez un autre nom.
edit-registry-names = Noms dans le registre d’images
edit-registry-names-hint = Un par ligne, en minuscules et en chiffres, comme « jdk ». Laissez vide si personne ne les a confirmés : aucune commande n’est alors affichée.
edit-registry-name-wrong = « { $name } » n’est pas un nom du registre d’images : utilisez des minuscules et des chiffres, reliés par un point, un trait d’union, un trait de soulignement ou une barre oblique.
edit-other-names-hint = Un par ligne : comment les fichiers et les gens l’appellent aussi. Un fichier qui écrit l’un d’eux désigne cette image.
edit-other-names-many = Donnez au plus { $n } autres noms.
edit-description-en = Description en anglais
edit-description-fr = Description en français
edit-department = { $acronym } – { $name }
edit-department-missing = Choisissez le ministère qui détient l’image ou la veut.
edit-department-there = Ce ministère a déjà une ligne.
edit-no-department = Choisissez un ministère
edit-first-line = Pour quel ministère
edit-new-line = Ajouter un ministère
edit-status-missing = Choisissez un état.
edit-date = Date de renouvellement
edit-date-hint = Seulement si elle est connue. Les dates suivantes sont données à la page des renouvellements.
edit-date-wrong = Entrez la date ({ day-format }) ou laissez le champ vide.
edit-french-missing = Le français manque : les pages françaises affichent le texte anglais et le disent.
edit-renewals-there = Les dates de renouvellement se décident à la page des renouvellements.
edit-reason-missing = Dites pourquoi : un refus ou un retrait exige un motif.
edit-nothing = Rien n’a été modifié. Modifiez quelque chose ou quittez la page.
edit-meanwhile = Une autre personne a fait une modification depuis que vous avez ouvert la page
edit-meanwhile-apart = Vos modifications et les siennes ne se contredisent pas. Le formulaire ci-dessous contient les deux : appuyez sur Enregistrer pour tout garder.
edit-meanwhile-collides = Vous avez modifié tous deux les champs ci-dessous. Le formulaire contient vos mots; corrigez-les là où les siens sont meilleurs, puis enregistrez.
edit-others = Ce que l’autre personne a modifié
edit-was = À l’ouverture :
edit-theirs = Son texte :
edit-mine = Votre texte :
edit-field-of = { $field } ({ $line })
renewals-title = Renouvellements
renewals-lead = Choisissez les images, dites ce qui a été décidé et voyez ce qui va changer avant d’enregistrer. Un renouvellement ajoute une période; une erreur s’annule, elle ne s’efface pas.
renewals-none = Aucune image acquise ne correspond
renewals-which = Quelles images
renewals-more = Il y en a d’autres : cherchez pour réduire la liste.
renewals-decision = Ce qui a été décidé
renewals-renew = Renouvelée : donnez la nouvelle date
renewals-drop = Abandonnée : l’image est retirée
renewals-unknown = Pas encore connu : dites qui doit donner la date
renewals-date = Nouvelle date de renouvellement
renewals-months = Durée en mois (facultatif)
renewals-owed-by = Qui doit donner la date
renewals-lines-missing = Choisissez au moins une image et au plus { $n }.
renewals-decision-missing = Dites ce qui a été décidé.
renewals-backwards = Une ligne choisie a déjà une date ultérieure, { $name }. Si cette date est erronée, dites-le dans le motif; sinon, entrez une date plus tardive.
renewals-date-wrong = Entrez la nouvelle date ({ day-format }) : aujourd’hui ou plus tard, d’ici vingt ans.
renewals-months-wrong = Entrez la durée en mois, de 1 à 120, ou laissez le champ vide.
renewals-owed-by-missing = Dites qui doit donner la date, par exemple une équipe ou un fournisseur.
renewals-meanwhile = Voyez ce qui a été modifié. Vos choix sont conservés : vérifiez-les, puis demandez de nouveau l’aperçu.
undo-title = Annuler le changement { $name }
undo-lead = L’annulation consigne un nouveau changement qui remet ce qu’il y avait avant. Le registre garde les deux.
undo-more = Seuls les premiers changements sont affichés.
undo-requests = Demandes
undo-requests-what = Ces demandes reprennent l’état qu’elles avaient avant, et les personnes qui les ont faites en sont informées :
undo-request = { $name } : de « { $was } » à « { $is } »
undo-do = Annuler ce changement
undo-link = Annuler ce changement
undo-reason-missing = Dites pourquoi il est annulé.
undo-undone = Il a déjà été annulé :
undo-later = Des changements plus récents en dépendent. Annulez-les d’abord, en commençant par le dernier :
undo-nothing = Il n’a fait qu’ajouter des organismes. Ils restent : corrigez-les à leur propre page.
undo-quality = Il a réglé un constat de la boîte de qualité, ce qui ne s’annule pas ici : rouvrez-y le constat ou corrigez les images.
edit-firmness-wrong = Choisissez dans la liste la fermeté du besoin.
edit-needed-by-wrong = Entrez le jour où l’image est requise ({ day-format }) ou laissez le champ vide.
merge-title = Fusionner { $name } avec une autre image
merge-lead = Deux images qui n’en font qu’une sont réunies. Ce qui est déplacé et ce qui se contredit est affiché avant l’enregistrement, et la fusion peut être annulée.
merge-other = L’autre image
merge-other-missing = Entrez le nom de l’autre image.
merge-other-unknown = Aucune image ne s’appelle { $name }. Tapez le nom affiché sur sa page.
merge-other-same = C’est la même image. Tapez le nom d’une autre.
merge-which = Laquelle reste
merge-the-other = L’autre image
merge-stays = Cette image reste :
merge-goes = Celle-ci lui est réunie :
merge-kept = Ses lignes, ses noms, son historique, ses demandes, ses prix, ses campagnes et ses abonnements sont conservés et comptent avec l’image qui reste; son adresse y mène.
merge-both = Les deux images ont une ligne de { $name }. Choisissez celle qui reste
merge-line-of = La ligne de { $name }
merge-choose = Choisissez la ligne de { $name } qui reste.
merge-reason-missing = Dites pourquoi les deux ne font qu’une image.
merge-meanwhile = Voyez ce qui a été modifié. Vos choix sont conservés : vérifiez l’aperçu, puis fusionnez.
merge-do = Fusionner les deux images
merge-link = La fusionner avec une autre image
merge-requests = { $n ->
    [one] { $n } image demandée compte avec l’image qui reste.
   *[other] { $n } images demandées comptent avec l’image qui reste.
}
merge-watches = { $n ->
    [one] { $n } personne abonnée suit l’image qui reste.
   *[other] { $n } personnes abonnées suivent l’image qui reste.
}
merge-prices = { $n ->
    [one] { $n } prix compte pour l’image qui reste, à moins qu’elle n’ait le sien.
   *[other] { $n } prix comptent pour l’image qui reste, à moins qu’elle n’ait le sien.
}
merge-rounds = { $n ->
    [one] { $n } campagne la garde parmi ses images.
   *[other] { $n } campagnes la gardent parmi leurs images.
}
merge-suggestions = { $n ->
    [one] { $n } proposition à son sujet reste dans la liste des propositions.
   *[other] { $n } propositions à son sujet restent dans la liste des propositions.
}
