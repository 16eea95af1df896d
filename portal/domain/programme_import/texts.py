"""Texts of other programs as those of an event: line ends, invisible characters, HTML."""

import html
import re
from itertools import pairwise
from typing import Final

from html2text import HTML2Text

from portal.domain.event.value_rules import is_unshowable
from portal.domain.limits import IMPORTED_TEXT_CHARACTERS
from portal.domain.text import is_invisible, with_line_feeds

_BLOCK: Final = (
    "p|div|br|hr|ul|ol|li|dl|dt|dd|h[1-6]|blockquote|pre|table|tr|td|th|tbody|thead|section|figure|html|body"
)
_TAG: Final = re.compile(
    rf"</(?:{_BLOCK}|a|b|i|u|s|em|strong|small|span|code|sub|sup|font|cite|q|iframe|script|style)\s*>"
    r"|<(?:br|hr|p|img)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"<img(?:\s[^<>]*)?/?>", re.IGNORECASE)
_MARKDOWN_IMAGE: Final = re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{1,2000}(?: \"[^\"]{0,200}\")?\)")
_DATA: Final = re.compile(r"data:image/[^\s\"'<>()]{50,}(?:\s+[A-Za-z0-9+/=]{40,})*", re.IGNORECASE)
"""An image within its own address (RFC 2397); base64 may be in several lines."""

_COMMENT: Final = re.compile(r"<!--(?:-?>|.*?(?:--!?>|(?P<open>\Z)))", re.DOTALL)
"""A comment of HTML (HTML §13.2.5.43 and after): one without an end takes all that follows, but not in Markdown."""

_CODE: Final = re.compile(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*?(?:\n {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]{1,1000}?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
"""A block or a span of code in Markdown (CommonMark §4.5, §6.1), a span within its line."""

_OUT_OF_CODE: Final = str.maketrans("\ue000\ue001", "<&")
_IN_CODE: Final = str.maketrans("<&", "\ue000\ue001")
"""The signs of HTML in code, replaced while tags are looked for by private characters, which no text has."""

_DECLARATION: Final = re.compile("<[!?][^<>]*>")
_NO_TAG: Final = re.compile(
    r"<(?!/?(?:[a-zA-Z][^\s<>/]+(?:[\s/][^<>]*)?|[abipqsu](?:\s[^<>=]*=[^<>]*)?\s*/?)>)", re.IGNORECASE
)
"""A `<` that opens no tag; `a<b and c>d` is not the tag `b`, for it has no attribute with a value."""

_CELL_END: Final = re.compile(r"(</t[dh]\s*>)\s*(?=<t[dh][\s>])", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});")
_START: Final = re.compile(r"\A(?:\s*\n)?(?: {1,3}(?=\S))?")
"""Empty lines at the start and a small indent; that of a block of code is kept."""

_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")


def line_of_text(raw: str) -> str:
    """Return `raw` as one line: no line end or tab, no control character, no HTML entity; "" if nothing would show."""
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), raw) if "&" in raw else raw
    text = " ".join(_visible(with_line_feeds(text)).split())
    return "" if is_invisible(text) else text


def paragraphs_of(raw: str) -> tuple[str, int]:
    """Return `raw` as Markdown without HTML, its lines ended by a newline, and the number of images left out."""
    text = _DATA.sub("data:", _visible(with_line_feeds(raw)).strip())
    if not text.startswith("<"):
        text = _CODE.sub(lambda found: found[0].translate(_IN_CODE), text)
    is_html = text.startswith("<") or _TAG.search(text)
    text = _COMMENT.sub(lambda found: found[0] if found["open"] is not None and not is_html else "", text)
    text = text.strip()[:IMPORTED_TEXT_CHARACTERS]
    text, images = _MARKDOWN_IMAGE.subn(r"\1", text)
    if _TAG.search(text):
        images += len(_IMAGE.findall(text))
        text = _without_html(text)
    text = text.translate(_OUT_OF_CODE)
    return "" if is_invisible(text) else text, images


def _visible(text: str) -> str:
    """Return `text` without the characters that neither a page nor a feed can hold."""
    if text.isprintable():
        return text
    return "".join(character for character in text if character in "\n\t" or not is_unshowable(character))


def _without_html(text: str) -> str:
    """Turn the HTML in `text` into Markdown: all of it where it begins with a tag, else each paragraph with a tag.

    What is between the paragraphs may be Markdown already, whose marks are kept.
    """
    if text.startswith("<"):
        return _markdown(text)
    blocks = _BLANK_LINES.split(text)
    return "\n\n".join(_markdown(block) if _TAG.search(block) else block for block in blocks)


def _markdown(text: str) -> str:
    """Return HTML as Markdown, the cells of a table with a bar between them.

    A `<` that opens no tag is text: the parser would look for its end again and again, as it would for the end of
    white space over many lines.
    """
    text = _NO_TAG.sub("&lt;", _DECLARATION.sub("", text))
    lines = ["", *(line if line.strip() else "" for line in text.split("\n"))]
    text = "\n".join(line for before, line in pairwise(lines) if before or line)
    converter = HTML2Text(bodywidth=0)
    converter.unicode_snob = True
    converter.ignore_images = True
    converter.ignore_tables = True
    text = _BLANK_LINES.sub("\n\n", converter.handle(_CELL_END.sub(r"\1 | ", text))).rstrip()
    return _START.sub("", text)
