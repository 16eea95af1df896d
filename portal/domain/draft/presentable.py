"""A draft that cannot be published yet, as far as it can be rendered."""

from dataclasses import replace

from portal.domain.event.event import Event


def presentable(event: Event) -> Event:
    """Return `event` with sessions that name only rooms and themes that exist."""
    rooms, themes = {room.id for room in event.rooms}, {theme.id for theme in event.themes}
    sessions = tuple(
        replace(
            session,
            rooms=tuple(room for room in session.rooms if room in rooms),
            themes=tuple(theme for theme in session.themes if theme in themes),
        )
        for session in event.sessions
    )
    return replace(event, sessions=sessions)
