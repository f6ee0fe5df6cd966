quality-title = Qualité du catalogue
quality-lead = Ce que le programme trouve d’irrégulier. Il ne corrige rien de lui-même : corrigez à la source, acceptez tel quel ou écartez. Un constat revient quand le texte dont il parle change.
quality-which = Quels constats
quality-all = Tous
quality-open = Ouverts
quality-decided = Réglés
quality-count = { $n ->
    [0] Aucun constat ouvert
    [one] { $n } constat ouvert
   *[other] { $n } constats ouverts
}
quality-count-decided = { $n ->
    [0] Aucun constat réglé
    [one] { $n } constat réglé
   *[other] { $n } constats réglés
}
quality-none = Il ne reste rien d’irrégulier ici.
quality-none-decided = Rien de ce qui est encore constaté n’a été accepté ni écarté ici.
quality-done = C’est consigné.
quality-done-see = Voir le changement
quality-moved = Ce constat n’existe plus
quality-moved-what = Il a été corrigé ou réglé entre-temps. Rien n’a été écrit; la liste ci-dessous est celle de maintenant.
quality-pair = { $one } et { $other }
quality-why-near-name = { $one } et { $other } portent presque le même nom. C’est peut-être une seule image, ou l’un des noms est mal écrit.
quality-why-unknown-acronym = Un fichier nomme ce ministère, et personne n’a dit de quel organisme il s’agit.
quality-why-missing-french = Ce texte n’a pas de version française : les pages françaises le montrent en anglais.
quality-why-date-passed = La date de renouvellement, le { $name }, est passée, et personne n’a dit ce qu’il en est.
quality-why-date-unknown = L’image est acquise, et sa date de renouvellement n’est pas connue depuis le { $name }.
quality-why-note-repeated = La note de { $one } est celle que { $other } avait déjà. Elle a peut-être été copiée par erreur.
quality-why-no-registry-name = L’image est acquise, et personne ne connaît son nom dans le registre : aucune commande n’est affichée.
quality-renewals = Renouvellements de l’image { $name }
quality-lines = { $n ->
    [0] Voir ses lignes : aucune
    [one] Voir sa ligne
   *[other] Voir ses { $n } lignes
}
quality-by = { $name }, { $when }
quality-organisation = De quel organisme il s’agit
quality-organisation-hint = Ses lignes deviennent celles de cet organisme, et le prochain fichier qui l’écrit ainsi sera compris.
quality-organisation-missing = Choisissez l’organisme dont il s’agit.
quality-both = Rien n’a été modifié : l’organisme a déjà sa propre ligne pour { $name }. Réunissez d’abord les deux lignes sur la page de l’image ou choisissez un autre organisme.
quality-reason-missing = Dites pourquoi le constat est écarté.
quality-reason-long = Raccourcissez la raison à { $n } caractères.
quality-fix = C’est cet organisme
quality-accept = Accepter tel quel
quality-ignore = Écarter
quality-reopen = Rouvrir
quality-why-upstream-name = { $one } ressemble à { $other }, un nom bien connu. Peut-être est-ce une faute de frappe.
quality-why-stale-french = L’anglais a été modifié après le français. Le français dit peut-être ce qui n’est plus vrai.
quality-why-shared-registry-name = { $one } et { $other } portent le même nom dans le registre d’images. C’est peut-être une seule image, ou le nom n’appartient qu’à l’une d’elles.
quality-merge = Fusionner { $one } et { $other }
warn-near-name = { $one } est presque le nom d’une image qui existe. C’est peut-être la même, ou le nom est mal écrit :
warn-known-name = Une image est déjà connue sous le nom { $one }. C’est peut-être la même :
warn-registry-name = Le nom { $one } appartient déjà à une autre image dans le registre d’images. Une commande ne peut mener qu’à l’une des deux :
warn-no-date = { $name } : l’image est acquise et n’a pas de date de renouvellement.
warn-stale-description = La description en anglais change, et celle en français reste la même. Vérifiez qu’elle dit toujours la même chose.
warn-stale-notes = { $name } : les notes en anglais changent, et celles en français restent les mêmes. Vérifiez qu’elles disent toujours la même chose.
