"""The browsers in which an organiser was signed in: remembered for that organiser alone, and so many at the most."""

from portal.web.known_browsers import KnownBrowsers


def test_browser_is_familiar_for_its_own_organiser_alone() -> None:
    browsers = KnownBrowsers()
    browsers.remember("a", "Camille")
    known = [
        browsers.knows(*query) for query in (("a", "Camille"), ("a", "Sacha"), ("b", "Camille"), (None, "Camille"))
    ]
    assert known == [True, False, False, False]


def test_browser_whose_sign_in_was_ended_is_a_stranger() -> None:
    browsers = KnownBrowsers()
    for id in "abc":
        browsers.remember(id, "Camille")
    browsers.remember("d", "Sacha")
    browsers.forget("a")
    browsers.forget("nobody")
    assert [browsers.knows(id, "Camille") for id in "abc"] == [False, True, True]
    browsers.forget_organiser("Camille", keep="c")
    assert [browsers.knows(id, "Camille") for id in "abc"] == [False, False, True]
    assert browsers.knows("d", "Sacha")


def test_browser_that_showed_nothing_for_the_longest_is_forgotten_first() -> None:
    browsers = KnownBrowsers(most=2)
    for id in "abac":
        browsers.remember(id, "Camille")
    assert (len(browsers), [browsers.knows(id, "Camille") for id in "abc"]) == (2, [True, False, True])
