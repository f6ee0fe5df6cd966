mail-follows = The English follows.
mail-unsubscribe = Stop these messages
mail-foot = Sent by the catalogue of hardened container images of Shared Services Canada. Nobody reads replies to this address.
