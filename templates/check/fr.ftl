project-title = Vérifier mon projet
project-lead = Collez ou choisissez un fichier qui nomme des images de conteneurs. Chacune reçoit une réponse : la référence à utiliser à la place, qui d’autre la veut ou comment la demander.
project-file = Fichier
project-file-hint = Un Dockerfile, un fichier Compose, des manifestes Kubernetes, des valeurs Helm ou une simple liste, jusqu’à 250 ko. Le fichier l’emporte sur le texte collé.
project-text = Ou son texte
project-kind = Type de fichier
project-kind-any = Déterminer d’après le nom et le contenu
project-dockerfile = Dockerfile
project-compose = Fichier Compose
project-kubernetes = Manifestes Kubernetes
project-helm = Valeurs Helm
project-list = Simple liste
project-do = Vérifier
project-again = Vérifier de nouveau, avec des modifications
project-another = Vérifier un autre fichier
project-forgotten = Rien n’est conservé
project-forgotten-what = Ce que vous envoyez est lu, reçoit une réponse, puis est oublié : rien n’est stocké ni journalisé. N’envoyez ni renseignements protégés ni mots de passe.
project-pipelines = Dans un pipeline
project-pipelines-what = Envoyez le fichier comme corps de la requête. La réponse est en JSON; « { $field } » y indique si SPC a acquis toutes les images.
project-read-as = { $n ->
    [0] Type reconnu : { $kind }. Aucune image n’y est nommée.
    [one] Type reconnu : { $kind }. Une image.
   *[other] Type reconnu : { $kind }. { $n } images.
}
project-results = Ce que dit le catalogue
project-counts = Nombre de chaque réponse
project-use = Utiliser la référence de SPC
project-right = Du registre de SPC
project-right-tag = Du registre de SPC, étiquette non vérifiée
project-right-digest = Du registre de SPC, empreinte non vérifiée
project-unknown = Absente du catalogue
project-unresolved = Nom inconnu
project-column-image = Image dans le fichier
project-column-lines = Lignes
project-column-answer = Réponse
project-column-do = Que faire
project-lines = { $n ->
    [one] ligne { $lines }
   *[other] lignes { $lines }
}
project-instead = Utilisez à la place :
project-tag = Votre étiquette est « { $name } » : vérifiez qu’elle y existe avant de l’utiliser.
project-no-tag = Ajoutez une étiquette que vous avez vérifiée.
project-digest = Une empreinte ne désigne qu’une seule image : cherchez celle de la nouvelle.
project-by-last = Trouvée d’après la dernière partie de son chemin, sous le nom « { $name } » : vérifiez qu’il s’agit du même logiciel.
project-right-what = Elle est tirée du registre de SPC.
project-tag-unseen = SPC a acquis { $name }; l’existence de cette étiquette n’a pas été vérifiée.
project-digest-unseen = SPC a acquis { $name }; l’existence de cette empreinte n’a pas été vérifiée.
project-join = Ajouter la voix de votre ministère
project-unknown-what = Aucune image du catalogue ne porte ce nom.
project-ask = La demander
project-perhaps = Vous pensez peut-être à :
project-family = De la même famille :
project-unresolved-what = Son nom vient d’une variable que le fichier ne définit pas. Vérifiez le nom avec lequel vous construisez.
project-built = { $n ->
    [one] Le fichier construit lui-même une image : { $names }. Vérifiez aussi son Dockerfile.
   *[other] Le fichier construit lui-même { $n } images : { $names }. Vérifiez aussi leurs Dockerfiles.
}
project-missing = { $n ->
    [one] Demander celle que personne n’a encore demandée
   *[other] Demander les { $n } que personne n’a encore demandées
}
project-missing-part = Demander celles que personne n’a encore demandées, de { $from } à { $to }
project-join-all = { $n ->
    [one] Se joindre aux ministères qui ont demandé celle qui est à l’étude
   *[other] Se joindre aux ministères qui ont demandé les { $n } qui sont à l’étude
}
project-join-part = Se joindre aux ministères qui ont demandé celles qui sont à l’étude, de { $from } à { $to }
project-missing-what = Ouvre le formulaire de demande avec leurs noms déjà inscrits. Rien n’est envoyé avant que vous l’ayez vu.
project-all-right = SPC a acquis toutes les images que le fichier nomme.
project-all-look = Lisez ce qui est dit de chacune avant de l’utiliser.
project-nothing = Ce fichier ne nomme aucune image
project-nothing-what = Si vous en attendiez, choisissez ci-dessous le type de fichier et vérifiez de nouveau.
project-wrong-empty = Collez un texte ou choisissez un fichier qui n’est pas vide.
project-wrong-large = Le fichier dépasse 250 ko. Vérifiez-en une partie.
project-wrong-text = Le fichier n’est pas du texte en UTF-8. Enregistrez-le en UTF-8 et vérifiez de nouveau.
project-wrong-dockerfile = La ligne { $line } ne peut pas être lue comme une ligne de Dockerfile. Corrigez-la ou choisissez un autre type de fichier.
project-wrong-stage = Le Dockerfile n’a aucune ligne FROM. S’il n’en est pas un, choisissez un autre type de fichier.
project-wrong-yaml = La ligne { $line } ne peut pas être lue comme du YAML. Corrigez-la ou choisissez un autre type de fichier.
project-wrong-template = La ligne { $line } fait partie d’un gabarit, et non de YAML simple. Vérifiez le fichier de valeurs ou ce qu’affiche « helm template ».
project-wrong-much = La lecture s’arrête à la ligne { $line }. { $sentence }
project-wrong-long = La ligne { $line } est trop longue pour une image. Corrigez-la ou choisissez un autre type de fichier.
project-wrong-many = Le fichier nomme plus de { $n } images. Vérifiez-le par parties.
