"""A draft that is not in order yet, as far as it can be shown."""

from dataclasses import replace

from portal.domain.event.event import Event


def presentable(event: Event) -> Event:
    """`event`, no session of which names a room or a theme that is not there; the very same where none does."""
    rooms, themes = {room.id for room in event.rooms}, {theme.id for theme in event.themes}
    sessions = tuple(
        replace(
            one,
            room=one.room if one.room in rooms else None,
            theme=one.theme if one.theme in themes else None,
        )
        for one in event.sessions
    )
    return replace(event, sessions=sessions)
