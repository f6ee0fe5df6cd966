mail-follows = Le français suit.
mail-unsubscribe = Ne plus recevoir ces messages
mail-foot = Envoyé par le catalogue d’images de conteneurs renforcées de Services partagés Canada. Personne ne lit les réponses à cette adresse.
menu-mail = Courriels
mail-title = Courriels
mail-one-title = Courriel { $name }
mail-kept = Les courriels sont conservés ici, pas envoyés
mail-kept-what = SMTP_URL n’est pas défini. Rien n’est perdu : ce qui attend partira dès qu’il le sera.
mail-all = Tous
mail-waiting = En attente
mail-sent = Envoyé
mail-dead = Non distribuable
mail-state = État
mail-kind = Au sujet de
mail-of-request = Demande
mail-of-feedback = Rétroaction
mail-of-reminder = Renouvellements
mail-of-watch = Images suivies
mail-of-test = Essai
mail-to = Destinataire
mail-subject = Objet
mail-written = Rédigé
mail-next-try = Prochain essai
mail-show = Afficher
mail-none = Il n’y a aucun courriel ici
mail-choose = Choisir
mail-choose-that = Choisir le courriel { $name }
mail-none-chosen = Choisissez au moins un courriel à renvoyer.
mail-forgotten = Oublié après 90 jours
mail-again = Renvoyer
mail-again-chosen = Renvoyer les courriels choisis
mail-again-done = { $n ->
    [0] Aucun n’était plus non distribuable : rien n’est renvoyé.
    [one] { $n } courriel est renvoyé.
   *[other] { $n } courriels sont renvoyés.
}
mail-became = Ce qu’il est devenu
mail-no-try = Rien encore : il attend son premier essai.
mail-event-sent = Accepté par le serveur de courriel
mail-event-put-off = Pas accepté pour le moment
mail-event-dead = Refusé définitivement
mail-event-again = Renvoyé
mail-text = Ce qu’il dit
mail-text-hint = Les parties secrètes des liens ne sont pas affichées.
