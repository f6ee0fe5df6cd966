mail-follows = Le français suit.
mail-unsubscribe = Ne plus recevoir ces messages
mail-foot = Envoyé par le catalogue d’images de conteneurs renforcées de Services partagés Canada. Personne ne lit les réponses à cette adresse.
