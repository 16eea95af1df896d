"""A draft that cannot be published yet, as far as it can be rendered."""

from dataclasses import replace

from portal.domain.event.event import Event


def presentable(event: Event) -> Event:
    """Return `event` with sessions that name only rooms and themes that exist."""
    rooms, themes = {room.id for room in event.rooms}, {theme.id for theme in event.themes}
    sessions = tuple(
        replace(
            session,
            room=session.room if session.room in rooms else None,
            theme=session.theme if session.theme in themes else None,
        )
        for session in event.sessions
    )
    return replace(event, sessions=sessions)
