"""An organiser's whole way on a real data folder: sign in, edit, publish, close registration, restart."""

from pathlib import Path

import pytest

from tests.factories.portal import Clock, open_harness_on

pytestmark = pytest.mark.anyio


async def test_organiser_edits_publishes_and_finds_it_again_after_a_restart(tmp_path: Path) -> None:
    data, clock = tmp_path / "data", Clock()
    async with open_harness_on(data, clock) as harness:
        await harness.sign_in()
        session = await harness.get("/fr/organisation/seances/outils/")
        typed = {"title_fr": "Des outils à nous", "start": "11:45"}
        await harness.send(session.action("outils/"), session.fields("outils/") | typed)
        publishing = await harness.get("/fr/organisation/publier/")
        comment = {"comment": "Les outils commencent un quart d’heure plus tard."}
        await harness.send(publishing.action("publier/"), publishing.fields("publier/") | comment)
        rules = await harness.get("/fr/organisation/inscriptions/")
        closed = rules.fields("inscriptions/") | {"mode": "closed"}
        await harness.send(rules.action("inscriptions/"), closed)
        cookies = harness.client.cookies
    async with open_harness_on(data, clock) as harness:
        assert "Des outils à nous" in (await harness.get("/fr/programme/")).text
        assert (await harness.get("/fr/inscription/")).text_of(
            "//p[@class='lead no-print']"
        ) == "Les inscriptions sont fermées."
        harness.client.cookies = cookies
        overview = await harness.get("/fr/organisation/")
        assert "l’édition 2" in overview.text
        assert comment["comment"] in overview.text
        out = await harness.send(overview.action("deconnexion/"), overview.fields("deconnexion/"))
        assert (out.status, (await harness.get("/fr/organisation/")).heading) == (303, "Organisation")


async def test_nothing_that_an_organiser_types_to_sign_in_is_on_the_disk(tmp_path: Path) -> None:
    async with open_harness_on(tmp_path / "data", Clock()) as harness:
        await harness.sign_in(passphrase="a passphrase of their own")
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"a passphrase of their own" not in stored
        assert harness.client.cookies["sign_in"].encode() not in stored
