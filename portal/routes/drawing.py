"""The draw, where the organisers press the button themselves."""

from starlette.requests import Request

from portal.domain.language import N_
from portal.domain.organiser import SignIn
from portal.routes.asked import services_of
from portal.routes.noted import note


async def draw_now(request: Request, sign_in: SignIn) -> int:
    """Give the free seats by lot, and return how many were given; none is nothing to note. Raises `StorageError`."""
    services = services_of(request)
    number = await services.store.draw_seats(services.chance)
    if number:
        await note(request, sign_in, N_("Draw: seats given to those who wait: %(number)s"), number=number)
    return number
