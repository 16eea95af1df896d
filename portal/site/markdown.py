"""Markdown (CommonMark 0.31) to HTML for the longer texts: no raw HTML, no image, no link that leaves the site."""

from collections.abc import MutableMapping, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

Environment = MutableMapping[str, Any]


class _Renderer(RendererHTML):
    """A link shows its words, then its address in brackets; an image shows what its author said it shows."""

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        env.setdefault("addresses", []).append(str(tokens[index].attrGet("href") or ""))
        return ""

    def link_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        address = env["addresses"].pop()
        return "" if tokens[index].info == "auto" else f" ({escape(address)})"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        return self.renderInlineAsText(tokens[index].children, options, env)


_PARSER: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)


def markdown(text: str, level: int) -> Markup:
    """The HTML of `text`. Its headings start at `<h{level}>` and never skip a level."""
    env: Environment = {}
    tokens = _PARSER.parse(text, env)
    _put_headings_in_order(tokens, level)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, env))  # noqa: S704 - markdown-it escaped it


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
