"""Files that organisers send to be imported: uploaded or pasted, kept in memory until they are confirmed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from portal.domain.edition.edition import Draft, Edition
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_draft
from portal.domain.event.languages import languages_of
from portal.domain.input_errors import FileGone, FileMissing
from portal.domain.language import N_, Language
from portal.domain.limits import IMPORTS_KEPT
from portal.domain.organisers.organiser import SignIn
from portal.domain.programme_import.file_format import read_programme, recognise
from portal.domain.programme_import.plan import Plan, ids_taken, plan_import
from portal.domain.programme_import.session_plan import Choices
from portal.routes.organisers.auth import files_of
from portal.site.catalogue import translated
from portal.web.rate_limit import BoundedMap

FILE: Final = "file"
PASTED: Final = "toml"
KEPT: Final = "kept_file"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to be imported, with its `name`, "" for one that was pasted."""

    name: str
    content: bytes

    @property
    def version(self) -> str:
        """Return the hash of the content."""
        return hashlib.sha256(self.content).hexdigest()

    def fields(self) -> Mapping[str, str]:
        """Return the hidden fields by which a confirmation refers to the file: its text, if it was pasted."""
        return {KEPT: self.version} if self.name else {PASTED: self.content.decode()}


class KeptFiles:
    """The last uploaded file of each sign-in, by its id, in memory; at most IMPORTS_KEPT, the oldest dropped first."""

    def __init__(self) -> None:
        self._files: Final = BoundedMap[str, SentFile](IMPORTS_KEPT)

    def keep(self, id: str, file: SentFile) -> None:
        """Keep `file` in the place of the last one of a sign-in."""
        self._files[id] = file

    def file(self, id: str, version: str) -> SentFile:
        """Return the file of a sign-in. Raises `FileGone` if it is not there, or has another `version`."""
        file = self._files.get(id)
        if file is None or file.version != version:
            raise FileGone(FILE)
        return file

    def drop(self, id: str) -> None:
        """Forget the file of a sign-in."""
        self._files.pop(id, None)


def sent_file(request: Request, sign_in: SignIn, form: Mapping[str, str]) -> SentFile:
    """Return the file that was uploaded with `form`, pasted into it, or kept. Raises `FileMissing` or `FileGone`."""
    kept: KeptFiles = request.app.state.kept_files
    if uploaded := files_of(request).get(FILE):
        file = SentFile(uploaded.name or FILE, uploaded.content)
        kept.keep(sign_in.id, file)
        return file
    if (text := pasted_text(form)).strip():
        return SentFile("", text.encode())
    if version := form.get(KEPT):
        return kept.file(sign_in.id, version)
    raise FileMissing(FILE)


def pasted_text(form: Mapping[str, str]) -> str:
    """Return the pasted file with LF in place of the CR LF of a browser (HTML §4.10.22.4)."""
    return form.get(PASTED, "").replace("\r\n", "\n")


def plan_of(file: SentFile, draft: Draft, editions: list[Edition], form: Mapping[str, str]) -> Plan:
    """Return what importing `file` makes of `draft`, with the choices of `form`; slow for a large file.

    An event file replaces the draft, anything else is merged into it. Raises `EventFileError`.
    """
    if recognise(file.content, file.name) == "toml":
        return Plan(read_draft(file.content, file.name or PASTED), is_whole=True)
    event = draft.event
    events: list[Event] = [event, *(edition.event for edition in editions)]
    choices = choices_of(event, form.get("language", ""), cancels_gone="cancel_gone" in form)
    return plan_import(event, read_programme(file.content, file.name), choices, ids_taken(events))


def choices_of(event: Event, language: Language, cancels_gone: bool) -> Choices:
    """Return the choices of an import into `event`, in its main language unless it has `language`."""
    languages = languages_of(event)
    chosen = language if language in languages else languages[0]
    return Choices(chosen, translated(chosen, N_("Untitled")), cancels_gone)
