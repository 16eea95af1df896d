"""Why a form is not looked into, for all that was read of it: what it came by, and what became of it on the way."""

from portal.domain.errors import BusyError, FormError
from portal.domain.language import N_


class FormAltered(FormError):
    """The portal's own `address`, spelled in groups, came back from its form as another one."""

    text = N_(
        "This form was altered on its way: somebody shows you this site under an address that is not ours, and can "
        "read what you send. Nothing of it was kept. Our address, without the blanks: %(address)s. Compare it with the "
        "one on paper, go there, and use another passphrase: the one that you sent may have been read."
    )


class CircuitBusy(BusyError):
    """More forms came by one circuit of Tor than it has; `retry_after` says in how many seconds there is one again."""

    text = N_(
        "Many forms came by your circuit of Tor in a short time. Nothing was lost: send this one again in "
        "%(retry_after)s seconds, or ask Tor Browser for a new circuit for this site."
    )
