"""The public site as a folder: written whole, renewed in place, and nothing of others touched."""

import os
import stat
from pathlib import Path

import pytest

from portal.domain.errors import ExportFailed, ExportRefused
from portal.mirror.export import LIST, export
from portal.site.files import File, Files


def site(**pages: str) -> Files:
    """Files whose path is the name with `__` for `/`, and whose content is the text."""
    return {f"{name.replace('__', '/')}.html": File(text.encode(), "text/html") for name, text in pages.items()}


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_new_folder_gets_every_file_and_their_list(tmp_path: Path) -> None:
    folder = tmp_path / "www" / "portal"
    assert export(site(index="home", fr__programme__index="programme"), folder) == 2
    assert tree(folder) == {
        LIST: "fr/programme/index.html\nindex.html\n",
        "fr/programme/index.html": "programme",
        "index.html": "home",
    }


def test_earlier_export_is_renewed_and_what_is_gone_leaves_with_its_folders(tmp_path: Path) -> None:
    export(site(index="old", fr__a__index="a", fr__b__index="b"), tmp_path)
    export(site(index="new", fr__b__index="b"), tmp_path)
    assert tree(tmp_path) == {
        LIST: "fr/b/index.html\nindex.html\n",
        "fr/b/index.html": "b",
        "index.html": "new",
    }
    assert not (tmp_path / "fr" / "a").exists()


def test_files_of_others_beside_the_export_stay(tmp_path: Path) -> None:
    export(site(fr__a="a"), tmp_path)
    (tmp_path / ".htaccess").write_text("theirs")
    (tmp_path / "fr" / "theirs.txt").write_text("theirs")
    export(site(index="home"), tmp_path)
    assert tree(tmp_path) == {
        LIST: "index.html\n",
        ".htaccess": "theirs",
        "fr/theirs.txt": "theirs",
        "index.html": "home",
    }


def test_file_that_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    export(site(index="home"), tmp_path)
    before = (tmp_path / "index.html").stat().st_ino
    export(site(index="home"), tmp_path)
    assert (tmp_path / "index.html").stat().st_ino == before


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=oct)
def test_export_is_for_everybody_to_read_and_its_owner_to_write(tmp_path: Path, umask: int) -> None:
    kept = os.umask(umask)
    try:
        export(site(fr__programme__index="programme"), tmp_path / "www" / "copy")
    finally:
        os.umask(kept)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"www": 0o755, "copy": 0o755, LIST: 0o644, "fr": 0o755, "programme": 0o755, "index.html": 0o644}


def test_run_that_was_cut_off_is_mended_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    (tmp_path / LIST).write_text("index.html\n")
    with pytest.raises(ExportFailed):
        export(site(fr__a="a", index="home"), tmp_path)
    assert "fr/a.html" in (tmp_path / LIST).read_text()
    (tmp_path / "index.html").rmdir()
    export(site(index="home"), tmp_path)
    assert tree(tmp_path) == {LIST: "index.html\n", "index.html": "home"}


FOLDERS_OF_OTHERS: dict[str, dict[str, str]] = {
    "a folder with a file of somebody else": {"thesis.odt": "years of work"},
    "a list that leads out of the folder": {LIST: "../thesis.odt\n"},
    "a list that leads to the root": {LIST: "/thesis.odt\n"},
    "a list that leads through the folder it is in": {LIST: "./thesis.odt\n"},
    "a list of the folder itself": {LIST: ".\n"},
    "a list with an empty line": {LIST: "\n"},
    "a list of what can be no path": {LIST: "thesis\0.odt\n"},
}


@pytest.mark.parametrize("before", FOLDERS_OF_OTHERS.values(), ids=FOLDERS_OF_OTHERS.keys())
def test_folder_of_others_is_refused_and_left_as_it_was(tmp_path: Path, before: dict[str, str]) -> None:
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ExportRefused):
        export(site(index="home"), tmp_path)
    assert tree(tmp_path) == before


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("theirs")
    with pytest.raises(ExportRefused):
        export(site(index="home"), tmp_path / "file")
    assert tree(tmp_path) == {"file": "theirs"}


LINKS: dict[str, tuple[str, str]] = {
    "for a folder that is written": ("en", "index.html\n"),
    "for a folder in a folder that is written": ("fr/programme", "index.html\n"),
    "for a folder of the earlier export": ("old", "index.html\nold/thesis.odt\n"),
}


@pytest.mark.parametrize(("link", "listed"), LINKS.values(), ids=LINKS.keys())
def test_link_in_the_export_is_not_followed(tmp_path: Path, link: str, listed: str) -> None:
    theirs, folder = tmp_path / "theirs", tmp_path / "copy"
    (folder / "fr").mkdir(parents=True)
    theirs.mkdir()
    (theirs / "thesis.odt").write_text("years of work")
    (folder / LIST).write_text(listed)
    (folder / link).symlink_to(theirs)
    with pytest.raises(ExportRefused):
        export(site(en__index="home", fr__programme__index="programme"), folder)
    assert (tree(theirs), (folder / LIST).read_text()) == ({"thesis.odt": "years of work"}, listed)


def test_link_in_place_of_a_file_is_replaced(tmp_path: Path) -> None:
    theirs, folder = tmp_path / "theirs.html", tmp_path / "copy"
    theirs.write_text("home")
    export(site(index="home"), folder)
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(theirs)
    export(site(index="home"), folder)
    assert ((folder / "index.html").is_symlink(), theirs.read_text()) == (False, "home")


def test_link_in_place_of_the_list_makes_no_export(tmp_path: Path) -> None:
    theirs, folder = tmp_path / "theirs", tmp_path / "copy"
    theirs.write_text("index.html\n")
    folder.mkdir()
    (folder / LIST).symlink_to(theirs)
    with pytest.raises(ExportRefused):
        export(site(index="home"), folder)


def test_folder_that_is_reached_by_a_link_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "www").symlink_to(tmp_path / "real")
    assert export(site(index="home"), tmp_path / "www") == 1


def test_list_in_no_alphabet_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / LIST).write_bytes(b"th\xe8se.odt\n")
    with pytest.raises(ExportRefused):
        export(site(index="home"), tmp_path)
    assert (tmp_path / LIST).read_bytes() == b"th\xe8se.odt\n"


def test_files_without_end_that_somebody_put_there_are_not_read(tmp_path: Path) -> None:
    export(site(index="home"), tmp_path)
    os.truncate(tmp_path / "index.html", 10**12)
    export(site(index="home"), tmp_path)
    assert tree(tmp_path) == {"index.html": "home", LIST: "index.html\n"}
    os.truncate(tmp_path / LIST, 10**12)
    with pytest.raises(ExportRefused):
        export(site(index="home"), tmp_path)


def test_export_in_the_middle_of_another_leaves_whole_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, flush, other = tmp_path / "www", os.fsync, [site(index="second")]
    export(site(index="before"), folder)

    def flush_after_another_export(descriptor: int) -> None:
        if other:
            export(other.pop(), folder)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", flush_after_another_export)
    export(site(index="first"), folder)
    assert tree(folder)["index.html"] == "first"
    assert [path.name for path in folder.iterdir() if path.name.endswith(".new")] == []
