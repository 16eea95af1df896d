"""Errors of the fields of a form, one class for each reason, in words that say what to do; circuits that are busy."""

from portal.domain.errors import BusyError, FormError, InputError
from portal.domain.language import N_


class FileMissing(InputError):
    """Neither a file was chosen nor its text pasted."""

    text = N_("Choose a file, or paste its text below.")


class FileGone(InputError):
    """A file that was to be confirmed is no longer in the memory of the portal."""

    text = N_("The portal no longer has the file, or has a newer one. Choose it again; nothing was changed.")


class CodeMalformed(InputError):
    """A code has too few or too many signs; `count` is how many there are."""

    text = N_("A code has 12 letters and digits, like %(example)s (9 on older tickets); this one has %(count)s.")


class CodeCharacterUnknown(CodeMalformed):
    """A code contains a character, `sign`, that no code has."""

    text = N_("“%(sign)s” is never in a code: a code has 12 letters and digits, like %(example)s.")


class CodeMistyped(InputError):
    """The check character of a code does not match the others."""

    text = N_("One character of this code is wrong, or two were swapped. Check it character by character.")


class PassphraseTooShort(InputError):
    """A passphrase has fewer than `least` characters."""

    text = N_("A passphrase has at least %(least)s characters. A few words that only you would put together work well.")


class PassphraseTooLong(InputError):
    """A passphrase has more than `most` characters."""

    text = N_("A passphrase has at most %(most)s characters; this one has %(count)s.")


class PseudonymTooLong(InputError):
    """A pseudonym has more than `most` characters."""

    text = N_("A pseudonym has at most %(most)s characters; this one has %(count)s.")


class PseudonymCharacterRefused(InputError):
    """A pseudonym contains a character, `U+202E`, that is refused for a `reason`, a message too."""

    text = N_(
        "This pseudonym contains a character that cannot be kept (%(sign)s: %(reason)s). "
        "Type it without that character."
    )


class PseudonymInvisible(InputError):
    """A pseudonym has invisible characters alone."""

    text = N_("Nothing of this pseudonym can be seen. Type at least one letter, digit or sign, or leave it empty.")


class PseudonymMarksStacked(InputError):
    """A pseudonym has more than `most` combining marks on one letter."""

    text = N_(
        "This pseudonym has more than %(most)s accents or other marks on one letter: they would run over the lines "
        "around it. Type it with fewer."
    )


class CommentMissing(InputError):
    """An edition is to be published without a comment."""

    text = N_("Say in a sentence what is new: everybody who reads the edition can read it.")


class CommentTooLong(InputError):
    """An edition's comment has more than `most` characters."""

    text = N_("A comment has at most %(most)s characters; this one has %(count)s.")


class CommentCharacterRefused(InputError):
    """An edition's comment contains a character, `U+0001`, that cannot be shown."""

    text = N_(
        "This comment contains a character that cannot be shown (%(sign)s). Type it again without that character."
    )


class CapacityRefused(InputError):
    """The number of seats is no number from 0 to `most`."""

    text = N_("The number of seats is a whole number from 0 to %(most)s.")


class CapacityAmbiguous(InputError):
    """There is to be no limit, and a number of seats stands beside it."""

    text = N_("Choose either no limit or a number of seats: clear the number, or choose “A number of seats”.")


class ReservedRefused(InputError):
    """The number of reserved seats is no number from 0 to that of all seats, `most`."""

    text = N_("The reserved seats are a whole number from 0 to %(most)s, the number of all seats.")


class FewLeftRefused(InputError):
    """The number of seats that are few is no number from 0 to `most`; `usual` is what it is by itself."""

    text = N_("Enter a whole number from 0 to %(most)s, or nothing for %(usual)s; with 0 it is never shown.")


class MomentRefused(InputError):
    """A day with a clock time cannot be read."""

    text = N_("Enter a day and a time, like %(example)s, or nothing.")


class MomentSkipped(InputError):
    """A clock time that the clocks skip when they are put forward."""

    text = N_("The clocks skip that hour on that day: choose another one.")


class ClosesTooSoon(InputError):
    """Registration would close before it opens."""

    text = N_("Registration cannot close before it opens.")


class DrawMisplaced(InputError):
    """The seats would be drawn before anybody can register, right away, or when the event is over."""

    text = N_(
        "The draw comes after registration opens and before the event ends, and not in the past. "
        "To draw right away, use the button."
    )


class UntilPassed(InputError):
    """An announcement would end before it is published."""

    text = N_("This time has passed: choose a later one, or none.")


class InvitationNumberRefused(InputError):
    """The number of invitations to make is no number from 1 to `most`."""

    text = N_("From 1 to %(most)s invitations are made at once. Make more sheets for more.")


class ReasonMissing(InputError):
    """A registration is to be erased without a reason."""

    text = N_("Choose a reason: it is recorded in the journal, and names nobody.")


class UsersUnplaced(InputError):
    """A room or a theme is to be deleted without saying where its sessions go."""

    text = N_("Choose where these sessions go.")


class FormAltered(FormError):
    """The portal's own `address`, spelled in groups, came back from its form as another one."""

    text = N_(
        "This form was altered on its way: somebody is showing you this site at an address that is not ours, and can "
        "read what you send. Nothing of it was kept. Our address, without the spaces: %(address)s. Compare it with the "
        "one on paper, go there, and use another passphrase: the one that you sent may have been read."
    )


class CircuitBusy(BusyError):
    """A circuit of Tor has sent more forms than its rate limit; it may send the next in `retry_after` seconds."""

    text = N_(
        "Many forms came through your Tor circuit in a short time. Nothing was lost: send this one again in "
        "%(retry_after)s seconds, or ask Tor Browser for a new circuit for this site."
    )
