forms-too-many = { $n ->
    [one] Trop d’envois sont venus de votre réseau, pour cette boîte de courriel ou pour son domaine; celui-ci n’a donc pas été transmis. Réessayez dans { $n } minute : ce que vous avez écrit est conservé ci-dessous.
   *[other] Trop d’envois sont venus de votre réseau, pour cette boîte de courriel ou pour son domaine; celui-ci n’a donc pas été transmis. Réessayez dans { $n } minutes : ce que vous avez écrit est conservé ci-dessous.
}
forms-trap = Un champ caché qui doit rester vide a été rempli, peut-être par votre navigateur; l’envoi n’a donc pas eu lieu. Ce champ est vide à présent : envoyez le formulaire de nouveau.
form-elsewhere = Revoyez ce formulaire avant de l’envoyer
form-elsewhere-lead = Il a été ouvert dans une autre session ou à une autre page, ou date d’avant une mise à jour du site. Rien n’en a été enregistré. Ce que vous avez tapé est conservé : revenez au formulaire et envoyez-le de là.
form-elsewhere-back = Revenir au formulaire
