"""Markdown (CommonMark 0.31) to HTML for the longer texts: no raw HTML, no image, no link that leaves the site."""

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

Environment = MutableMapping[str, Any]

Hrefs = Callable[[str], str | None]
"""The `href` of an address of our own, "" where it leads nowhere; None of one that is not our own."""


class _Renderer(RendererHTML):
    """A link within the site is one; any other shows its words, then its address in brackets.

    One of ours that leads nowhere is its words alone, and without words it is nothing; an image shows what its author
    said it shows.
    """

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        is_bare, address = tokens[index].info == "auto", _address(tokens[index])
        href = "" if is_bare else env["href_of"](address)
        start, end = ("", f" ({escape(address)})") if href is None else ("", "")
        if href and tokens[index + 1].type != "link_close":
            start, end = f'<a href="{escape(href)}">', "</a>"
        env.setdefault("ends", []).append(end)
        return start

    def link_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        end: str = env["ends"].pop()
        return end

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        return str(escape(self.renderInlineAsText(tokens[index].children, options, env)))


_PARSER: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)


def _none_is_ours(_: str) -> None:
    """Take no address for an address of ours."""


def markdown(text: str, level: int, href_of: Hrefs = _none_is_ours) -> Markup:
    """Return `text` as HTML; its headings start at `<h{level}>` and skip no level. `href_of` knows our addresses."""
    if not text:
        return Markup()
    env: Environment = {"href_of": href_of}
    tokens = _PARSER.parse(text, env)
    _put_headings_in_order(tokens, level)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, env))  # noqa: S704 - markdown-it escaped it


def linked_addresses(text: str) -> Iterator[str]:
    """Return the address of each link of `text` that has words of its own, in its order."""
    for block in _PARSER.parse(text) if "[" in text else ():
        for token in block.children or ():
            if token.type == "link_open" and token.info != "auto":
                yield _address(token)


def _address(link: Token) -> str:
    return str(link.attrGet("href") or "")


def _put_headings_in_order(tokens: Sequence[Token], level: int) -> None:
    open_levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            depth = int(token.tag[1:])
            while open_levels and open_levels[-1] >= depth:
                open_levels.pop()
            open_levels.append(depth)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, level + len(open_levels) - 1)}"
