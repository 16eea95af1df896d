"""Texts of other programs as those of an event: line ends, invisible characters, HTML."""

import html
import re
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
_DECLARATION: Final = re.compile("<[!?][^<>]*>")
_NO_TAG: Final = re.compile("<(?!/?[a-zA-Z][^<>]*>)")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});")
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")


def line_of_text(raw: str) -> str:
    """Return `raw` as one line: no line end or tab, no control character, no HTML entity; "" if nothing would show."""
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), raw) if "&" in raw else raw
    text = " ".join(_visible(with_line_feeds(text)).split())
    return "" if is_invisible(text) else text


def paragraphs_of(raw: str) -> tuple[str, int]:
    """Return `raw` as Markdown without HTML, its lines ended by a newline, and the number of images left out."""
    text = _visible(with_line_feeds(raw)).strip()
    if len(text) > IMPORTED_TEXT_CHARACTERS:
        text = text[:IMPORTED_TEXT_CHARACTERS]
    text, images = _MARKDOWN_IMAGE.subn(r"\1", text)
    if _TAG.search(text):
        images += len(_IMAGE.findall(text))
        text = _without_html(text)
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
    """Return HTML as Markdown. A `<` that opens no tag is text: the parser would look for its end again and again."""
    text = _NO_TAG.sub("&lt;", _DECLARATION.sub("", text))
    converter = HTML2Text(bodywidth=0)
    converter.unicode_snob = True
    converter.ignore_images = True
    converter.ignore_tables = True
    return _BLANK_LINES.sub("\n\n", converter.handle(text)).strip()
