guidance-title = Guides
guidance-lead = Comment utiliser les images renforcées, comment SPC les acquiert et réponses aux questions fréquentes.
guidance-untranslated = Ce texte n’est pas encore offert en français. Le voici en anglais.
