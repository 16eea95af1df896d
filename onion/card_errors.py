"""Why an address card cannot be made or read."""

from onion.errors import N_, OnionError


class CardError(OnionError):
    """Something is wrong with an address card."""


class CardUnreadable(CardError):
    """What was given to be checked is no address card."""

    text = N_(
        "%(file)s is no address card: a card has six lines, the first of which is “%(first)s”. "
        "Copy it whole and try again."
    )


class CardFileUnreadable(CardError):
    """The file of a card cannot be read."""

    text = N_("%(file)s cannot be read (%(reason)s).")


class KeyOfAnother(CardError):
    """The key that is to sign is not that of the address that the event is known by."""

    text = N_("%(file)s holds the key of %(found)s, but this portal is known by %(known)s. Nothing was signed.")
