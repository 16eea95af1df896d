"""Markdown: what it makes of what people write, and what it never makes."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.site.markdown import markdown

TAGS: Final = {
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    *(f"h{n}" for n in range(1, 7)),
}

CASES: Final = {
    "emphasis and lists are kept": (
        "**a** *b*\n\n- c",
        "<p><strong>a</strong> <em>b</em></p>\n<ul>\n<li>c</li>\n</ul>\n",
    ),
    "HTML is shown as text": ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
    "a link is its words and its address": (
        "[nous](https://a.example/?b&c)",
        "<p>nous (https://a.example/?b&amp;c)</p>\n",
    ),
    "a bare address is itself": ("<https://a.example>", "<p>https://a.example</p>\n"),
    "a dangerous link is left as it was typed": ("[a](javascript:b)", "<p>[a](javascript:b)</p>\n"),
    "an image is what its author says it shows": ("![une *vue*](https://a.example/b.png)", "<p>une vue</p>\n"),
    "an image shows no HTML of its author's": ("![<b>a</b> &lt;i>](b)", "<p>&lt;b&gt;a&lt;/b&gt; &lt;i&gt;</p>\n"),
    "headings start at the level of the page": ("# a\n## b\n# c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"),
    "headings skip no level": ("### a\n##### b\n## c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"),
}


@pytest.mark.parametrize(("text", "html"), CASES.values(), ids=CASES.keys())
def test_markdown(text: str, html: str) -> None:
    assert markdown(text, 3) == html


@given(st.text(alphabet="<>&\"'()[]!#*_`\\:/.=-\n abjs", max_size=200))
def test_markdown_makes_none_but_harmless_tags_without_links(text: str) -> None:
    made = re.findall(r"<(/?)([a-z0-9]*)([^>]*)>", markdown(text, 3))
    assert {tag for _, tag, _ in made} <= TAGS
    assert {attributes for _, _, attributes in made} <= {"", " /", ' start="'}


@given(
    st.text(alphabet="<>/&;`*!\\abilt", max_size=60),
    st.sampled_from(("![{}](x)", "![a [{}](x)](x)", "![{}]\n\n[{}]: x")),
)
def test_words_of_an_image_make_no_tag(words: str, image: str) -> None:
    made = re.findall(r"</?([a-z0-9]+)[^>]*>", markdown(image.replace("{}", words), 3))
    assert set(made) <= TAGS - {"b", "a", "i"}
