guidance-title = Guidance
guidance-lead = How to use hardened images, how SSC procures them, and answers to common questions.
guidance-untranslated = This text is not available in English yet. Here it is in French.
