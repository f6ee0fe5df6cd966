menu-reminders = Rappels
reminders-title = Rappels de renouvellement
reminders-when = Les renouvellements sont annoncés { $stages } jours avant leur date, puis chaque semaine une fois celle-ci passée : un seul résumé par jour, à partir de { $hour } (heure d’Ottawa).
reminders-own = Vos propres rappels
reminders-own-on = Ils sont envoyés à { $name }.
reminders-own-off = Vous n’en recevez aucun.
reminders-no-address = Votre compte n’a pas d’adresse de courriel où écrire : vous ne recevez ni rappel ni essai.
reminders-test = M’envoyer un essai
reminders-off = Ne plus m’envoyer de rappels
reminders-on = M’envoyer des rappels
reminders-next = Ce qui serait envoyé ensuite, le { $name }
reminders-nobody = Personne ne reçoit de rappels : aucun compte du personnel n’a d’adresse de courriel et aucune licence n’a de responsable ici.
reminders-nothing = Rien : aucun renouvellement ne franchit d’étape d’ici là.
reminders-about-all = Toutes les licences
reminders-lines = { $n ->
    [one] { $n } renouvellement
   *[other] { $n } renouvellements
}
reminders-owners = Responsables des licences
reminders-owners-what = Le résumé des renouvellements propres à une organisation est aussi envoyé à ces adresses.
reminders-organisation = Organisation
reminders-choose = Choisir
reminders-email = Courriel
reminders-language = Langue
reminders-both = Les deux langues
reminders-english = Anglais
reminders-french = Français
reminders-added = Ajouté
reminders-add = Ajouter
reminders-remove = Retirer
reminders-remove-that = Retirer { $name }
reminders-organisation-missing = Choisissez l’organisation.
reminders-email-wrong = Entrez une adresse de courriel comme nom@ministere.gc.ca.
reminders-sent = Ce qui a été envoyé dans les 90 derniers jours
reminders-none-sent = Rien n’a été envoyé.
reminders-day = Jour
reminders-told = Contenu
reminders-done-test = L’essai est en route.
reminders-done-on = Les rappels vous sont de nouveau envoyés.
reminders-done-off = Aucun rappel ne vous sera plus envoyé.
reminders-done-added = L’adresse a été ajoutée.
reminders-done-removed = L’adresse a été retirée.
reminder-subject = { $n ->
    [one] { $n } renouvellement à surveiller
   *[other] { $n } renouvellements à surveiller
}
reminder-lead = { $n ->
    [one] Ce renouvellement approche ou sa date est passée :
   *[other] Ces renouvellements approchent ou leur date est passée :
}
reminder-line = { $subject } : { $date } ({ $meaning }). { $answer }
reminder-more = Et { $n } autres sur le site.
reminder-decide = Indiquer ce qui a été décidé
reminder-stop = Qui reçoit ces rappels et comment les arrêter
reminder-list = Les images de { $name }
reminder-owner-why = Vous recevez ce message parce que Services partagés Canada a noté cette adresse pour les licences de votre organisation. Pour ne plus le recevoir, dites-le à la personne avec qui vous traitez.
test-subject = Essai : les courriels du catalogue vous parviennent
test-lead = Vous avez demandé cet essai. Les rappels de renouvellement vous parviendront à cette adresse.
