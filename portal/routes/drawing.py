"""The draw, where the organisers press the button themselves."""

from starlette.requests import Request

from portal.domain.language import N_
from portal.domain.organiser import SignIn
from portal.routes.asked import services_of
from portal.routes.noted import note
from portal.routes.said import say


async def draw_now(request: Request, sign_in: SignIn) -> None:
    """Give the free seats by lot, and have the page that follows say how many. Raises `StorageError`."""
    services = services_of(request)
    number = await services.store.draw_seats(services.chance)
    if number:
        await note(request, sign_in, N_("Draw: seats given to those who wait: %(number)s"), number=number)
    say(request, sign_in, drawn=number)
