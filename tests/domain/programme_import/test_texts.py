"""Texts of other programs: line ends, invisible characters, HTML."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.value_rules import is_unshowable
from portal.domain.programme_import.texts import line_of_text, paragraphs_of

LINES: Final = {
    "spaces and tabs": (" Alpha\t  beta ", "Alpha beta"),
    "a line separator and a vertical tab": ("Alpha\u2028beta\vgamma\r\ndelta", "Alpha beta gamma delta"),
    "entities of HTML": ("Q&amp;A &#8211; l&#x2019;été", "Q&A – l’été"),
    "an ampersand alone": ("Q&A & more;", "Q&A & more;"),
    "characters without width alone": ("\u200b\u00ad\u2060", ""),
    "fillers that show as nothing": ("\u3164\u2800\u115f", ""),
    "a control character": ("Al\x00pha\x07", "Alpha"),
    "an emoji with a joiner": ("👩\u200d💻 Alpha", "👩\u200d💻 Alpha"),
}


@pytest.mark.parametrize(("raw", "expected"), LINES.values(), ids=LINES.keys())
def test_line_is_a_single_line_that_shows(raw: str, expected: str) -> None:
    assert line_of_text(raw) == expected


PARAGRAPHS: Final = {
    "line ends of every system": ("a\r\nb\rc\u2028d\u2029e\vf", ("a\nb\nc\nd\ne\nf", 0)),
    "Markdown stays": ("# Alpha\n\n* un\n* [deux](https://lorem.example/)\n\n1 < 2", None),
    "signs that are no HTML stay": ("a Vec<i32> and <T>, if a<b then c>d", None),
    "paragraphs of HTML": ("<p>Un <b>deux</b></p>\n<ul><li>trois</li></ul>", ("Un **deux**\n\n  * trois", 0)),
    "a link of HTML": ('<a href="https://lorem.example/a">ici</a>', ("[ici](https://lorem.example/a)", 0)),
    "a break of HTML between lines of Markdown": (
        "* un\n* deux\n\nalpha<br/>beta\n\n**fin**",
        ("* un\n* deux\n\nalpha  \nbeta\n\n**fin**", 0),
    ),
    "images of HTML": ('<p>Voir</p><img src="a.png" alt="Plan">', ("Voir", 1)),
    "images of Markdown": ("Voir ![un plan](https://lorem.example/a.png) ici", ("Voir un plan ici", 1)),
    "a comment and signs between tags": ("<p>a < b <!-- x --> c<d</p>", ("a < b c<d", 0)),
    "a script": ("<p>Un</p><script>alert(1)</script>", ("Un", 0)),
    "a comment with tags in it": ("<!-- <p>Interne</p> --><p>Public</p>", ("Public", 0)),
    "a comment with an angle in it": ("<p>a</p><!-- x > y --><p>b</p>", ("a\n\nb", 0)),
    "a comment in plain text": ("Alpha <!-- interne --> beta", ("Alpha  beta", 0)),
    "a comment without an end": ("<p>a</p><!-- interne", ("a", 0)),
    "a comment without an end in Markdown": ("Alpha <!-- begins a comment\n\n<!-- here too", None),
    "an empty comment": ("<p>a</p><!--><p>b</p>", ("a\n\nb", 0)),
    "the settings that Word writes into a comment": (
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><p>Un</p>"
        "<!--[if !mso]><!--><p>deux</p><!--<![endif]-->",
        ("Un\n\ndeux", 0),
    ),
    "settings of Word longer than a text": (f"<!--[if gte mso 9]>{'x ' * 60_000}<![endif]--><p>Un</p>", ("Un", 0)),
    "an image in its own address": (
        f'<p>Un</p><img src="data:image/png;base64,{"A" * 120_000}"><p>deux</p>',
        ("Un\n\ndeux", 1),
    ),
    "an image in its own address of many lines": (
        f'<p>Un</p><img src="data:image/png;base64,{("A" * 76 + chr(10)) * 2_000}AA=="><p>deux</p>',
        ("Un\n\ndeux", 1),
    ),
    "an image in its own address in Markdown": (
        f"Un ![plan](data:image/png;base64,{'A' * 120_000}) deux",
        ("Un plan deux", 1),
    ),
    "a tag in a span of code": ("Use `<p>` and ``a ` <br>`` here", None),
    "a comment and an entity in a span of code": ("Use `<!-- x -->` and `&amp;`", None),
    "a block of code with tags": ("Alpha\n\n```html\n<p>a</p>\n\n<br>\n```\n\nbeta", None),
    "code and a tag in one paragraph": ("Use `<p>&amp;`<br>here", ("Use `<p>&amp;`  \nhere", 0)),
    "code of HTML keeps its indent": (
        "<pre><code>    if x:\n        y\n</code></pre>",
        ("        if x:\n            y", 0),
    ),
    "a table": (
        "<table><tr><th>A</th><th>B</th></tr>\n<tr><td>1</td>\n<td>2</td></tr></table>",
        ("A | B  \n1 | 2", 0),
    ),
    "signs between tags that are no tags": ("<p>if a<b and c>d then</p>", ("if a<b and c>d then", 0)),
    "nothing that shows": ("\u200b \n\u00ad", ("", 0)),
    "nothing": ("", ("", 0)),
}


@pytest.mark.parametrize(("raw", "expected"), PARAGRAPHS.values(), ids=PARAGRAPHS.keys())
def test_paragraphs_are_markdown_without_html(raw: str, expected: tuple[str, int] | None) -> None:
    assert paragraphs_of(raw) == (expected or (raw, 0))


@given(raw=st.text(alphabet="<>/pabrli=\"' \n&;#![]()*_`\u2028\u200b", max_size=200) | st.text(max_size=200))
def test_any_text_becomes_one_that_an_event_can_hold(raw: str) -> None:
    line, (paragraphs, _) = line_of_text(raw), paragraphs_of(raw)
    assert [each for each in line if each in "\n\t" or is_unshowable(each)] == []
    assert [each for each in paragraphs if each not in "\n\t" and is_unshowable(each)] == []


def test_white_space_over_many_lines_is_none() -> None:
    assert paragraphs_of("<p>x</p>" + "\n \t" * 30_000 + "<p>y</p>") == ("x\n\ny", 0)
