menu-rounds = Rondes d’achat
rounds-title = Rondes d’achat groupé
rounds-lead = Dans une ronde, SPC demande quels ministères ont besoin des mêmes images, pour les acheter ensemble. Chaque ronde a un dernier jour; son résultat est ensuite figé et publié.
rounds-none = Il n’y a encore eu aucune ronde
rounds-manage = Ouvrir ou modifier des rondes
round-new = Ouvrir une ronde
round-open = Ouverte
round-closed = Close
round-manage = Gérer cette ronde
round-publish = Publier le résultat
round-lead-open = { $n ->
    [one] Les ministères peuvent confirmer jusqu’à la fin du { $day } (heure d’Ottawa). SPC va de l’avant avec une image que { $n } ministère confirme.
   *[other] Les ministères peuvent confirmer jusqu’à la fin du { $day } (heure d’Ottawa). SPC va de l’avant avec une image que { $n } ministères confirment.
}
round-lead-closed = { $n ->
    [one] Cette ronde est close; son dernier jour avait été fixé au { $day }. Il fallait { $n } ministère par image.
   *[other] Cette ronde est close; son dernier jour avait été fixé au { $day }. Il fallait { $n } ministères par image.
}
round-closes-on = Dernier jour
round-threshold = Ministères nécessaires
round-label = { $name } :
round-departments = Ministères
round-firm = Ferme
round-reached = Assez de ministères
round-who = Qui
round-named = Ministères nommés
round-unnamed = Ministères non nommés
round-decision = Résultat
round-decision-ahead = SPC va de l’avant
round-decision-partly = SPC va de l’avant en partie
round-decision-not = SPC ne va pas de l’avant
round-decision-missing = Choisissez ce qui a été décidé pour { $name }.
round-only-unnamed = { $n ->
    [one] { $n } non nommé
   *[other] { $n } non nommés
}
round-and-unnamed = { $n ->
    [one] { $name } et { $n } non nommé
   *[other] { $name } et { $n } non nommés
}
round-confirmed = { $n ->
    [0] Aucun ministère n’a confirmé
    [one] { $n } ministère a confirmé
   *[other] { $n } ministères ont confirmé
}
round-outcome = Résultat
round-published-at = Publié le
round-frozen = À quoi elle est arrivée
round-frozen-what = Les noms et les nombres tels qu’ils étaient à la clôture. Rien de ce qui change ensuite ne les modifie. Close le
round-provisional = Jusqu’ici
round-provisional-what = Provisoire : ces nombres changent à mesure que les ministères confirment.
round-annex = Annexe au dossier d’approvisionnement :
round-annex-state = Nombres
round-annex-frozen = Figés
round-annex-provisional = Provisoires
round-counting = Comment c’est compté
round-counting-what = Chaque ministère compte une fois; un organisme qui fait partie d’un autre compte avec celui qui chapeaute l’ensemble, dont l’acronyme figure entre parenthèses. Ferme veut dire planifié ou financé. Un ministère qui a demandé à ne pas être nommé est compté et n’est nommé nulle part.
round-confirm = Confirmer les besoins de votre ministère
round-confirm-title = Confirmer : { $name }
round-confirm-lead = Vous répondez pour { $name }. La dernière réponse de votre ministère compte; vous pouvez la changer jusqu’au dernier jour.
round-confirm-lead-staff = Votre compte ne relève d’aucun ministère : notez ce qu’un ministère vous a dit.
round-confirm-kept = Merci : la réponse est conservée et compte ci-dessous.
round-confirm-over = Cette ronde est close. Les réponses ne sont plus acceptées, et ce qui a été envoyé après la clôture ne compte pas.
round-confirm-nobody = Votre compte ne relève encore d’aucun ministère. Demandez à l’administration de ce site d’indiquer lequel, puis revenez.
round-confirm-for = Noter la réponse d’un ministère
round-meanwhile = Quelqu’un d’autre de ce ministère a répondu depuis que vous avez ouvert le formulaire
round-meanwhile-what = Vos réponses se trouvent ci-dessous. Les envoyer maintenant remplace les siennes.
round-behalf-title = Pour un autre ministère
round-behalf = Qui l’a dit
round-behalf-hint = Le nom ou le bureau au ministère, et par quel moyen : seul le personnel le voit.
round-behalf-missing = Dites qui, au ministère, vous l’a dit.
round-for = pour { $name }
round-choose = Choisir
round-department-missing = Choisissez le ministère pour lequel vous répondez.
round-answer = Réponse
round-answer-yes = Oui, nous en avons besoin
round-answer-no = Non, nous n’en avons pas besoin
round-answer-none = Pas de réponse
round-answer-wrong = Choisissez oui, non ou pas de réponse.
round-answer-missing = Répondez pour au moins une image.
round-firmness-wrong = Choisissez dans la liste à quel point le besoin est ferme.
round-note = Note pour SPC, non publique
round-not-named = à ne pas nommer
round-do-not-name = Comptez-nous, mais ne nommez pas notre ministère en public
round-privacy = Ce que devient ce que vous inscrivez
round-privacy-what = Les réponses de votre ministère sont publiques, sauf si vous demandez qu’il ne soit pas nommé. Seul le personnel de SPC voit les notes, votre nom et l’heure. Chaque réponse est conservée, pour que l’on puisse montrer d’où viennent les nombres.
round-text-missing = Remplissez ce champ, dans les deux langues.
round-day-wrong = Entrez un jour : { day-format }.
round-day-over = Choisissez aujourd’hui ou un jour ultérieur.
round-threshold-wrong = Entrez un nombre de ministères de 1 à 1000.
round-images-missing = Nommez au moins une image.
round-images-many = { $n } images, c’est trop pour une ronde; au plus { $most } tiennent ici.
round-image-unknown = Aucune image ne s’appelle « { $name } ». Corrigez le nom ou ajoutez d’abord l’image.
round-closes-on-hint = Les ministères peuvent confirmer jusqu’à la fin de ce jour, heure d’Ottawa.
round-threshold-hint = À partir de combien de ministères SPC va de l’avant avec une image.
round-images-hint = Une par ligne, sous le nom qu’elle porte dans le catalogue.
round-reason-hint = Conservée avec ce geste.
round-stale = Quelqu’un d’autre a modifié cette ronde depuis que vous avez ouvert le formulaire. Ce que vous avez écrit se trouve ci-dessous; consultez le registre, puis enregistrez de nouveau.
round-stale-closed = Cette ronde s’est close depuis que vous avez ouvert le formulaire. Rien n’a été modifié.
round-see-public = Voir la page publique
round-close = Clore cette ronde maintenant
round-close-what = La clôture fige les nombres tels qu’ils sont. Elle est irréversible, et aucun ministère ne peut répondre ensuite.
round-close-now = Clore et figer
round-answers = Réponses qui comptent
round-answers-none = Aucun ministère n’a encore répondu.
round-record = Tous les gestes
round-by-itself = d’elle-même : son dernier jour était passé
round-outcome-title = Résultat : { $name }
round-outcome-lead = Public dès que vous le publiez. Vous pouvez publier de nouveau; chaque version est conservée.
round-outcome-early = La ronde est encore ouverte. Son résultat pourra être publié après la clôture.
round-outcome-en = Ce qui a été décidé et pourquoi, en anglais
round-outcome-fr = Ce qui a été décidé et pourquoi, en français
event-round-opened = Ouverte
event-round-changed = Modifiée
event-round-confirmed = Confirmation
event-round-closed = Close et figée
event-round-published = Résultat publié
field-round-title-en = Titre en anglais
field-round-title-fr = Titre en français
field-round-words-en = De quoi il s’agit, en anglais
field-round-words-fr = De quoi il s’agit, en français
field-round-closes-on = Dernier jour
field-round-threshold = Ministères nécessaires
field-round-images = Images
round-close-unsaved = Vous avez modifié la campagne sans enregistrer : enregistrez d’abord, ou rouvrez cette page, puis fermez la campagne.
round-close-reason-unsent = C’est la raison de la fermeture : fermez la campagne avec elle, ou videz le champ pour enregistrer.
