"""A process that registers and erases people without end, and says on its standard output what was acknowledged.

`python -m tests.factories.registering FOLDER PREFIX [NUMBER]`: ids begin with PREFIX; it stops after NUMBER people.
"""

import asyncio
import itertools
import sys
from pathlib import Path
from random import Random

from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.stores import NOW

AT_ONCE = 4


async def register_and_erase(store: EmbeddedStore, id: str, is_erased: bool) -> None:
    """Register one person and perhaps erase them; `+id` and `-id` are written once each is acknowledged."""
    await store.register(id, "", "$argon2id$" + id, NOW)
    sys.stdout.write(f"+{id}\n")
    sys.stdout.flush()
    if is_erased:
        sys.stdout.write(f"?{id}\n")
        await store.erase_registration(id, Random(1))
        sys.stdout.write(f"-{id}\n")
        sys.stdout.flush()


async def main(folder: Path, prefix: str, number: int | None) -> None:
    """Go on until killed, or until `number` people came."""
    store = await open_store(folder)
    people = itertools.islice(itertools.count(), number)
    while group := list(itertools.islice(people, AT_ONCE)):
        ids = {n: prefix + f"{n:064x}"[len(prefix) :] for n in group}
        await asyncio.gather(*(register_and_erase(store, id, is_erased=n % 3 == 0) for n, id in ids.items()))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None))
