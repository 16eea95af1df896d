"""Measures of a page, taken in the browser that shows it."""

from typing import Final

TAP_TARGET: Final = 44
"""The least height, in CSS pixels, of what a finger has to hit (WCAG 2.2 §2.5.5)."""

# The tester's own script: the page runs none. A link of the programme is as large as the line that it
# covers, a box to tick as its label.
SMALL_TARGETS: Final = """least => [...document.querySelectorAll("a:not(.skip), button, input, select, textarea")]
    .filter(one => one.type !== "hidden")
    .filter(one => (one.closest(".session, .themes li, .tick") || one).getBoundingClientRect().height < least)
    .map(one => one.outerHTML)"""

# Half a pixel is rounding; what stands wholly to the left is hidden there on purpose. What scrolls sideways in a region
# of its own is measured by the region.
OUTSIDE: Final = """[...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".scroll *"))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5)
    .map(one => one.outerHTML.slice(0, 200))"""

# A word stands on one line: all the places of its letters have the same top.
BROKEN_WORDS: Final = """[...document.querySelectorAll(".grid :is(h2, h3, th)")]
    .flatMap(one => {
        const broken = [], walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode())
            for (const word of node.data.matchAll(/[^\\s-]+/g)) {
                const range = document.createRange();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
                if (tops.size > 1) broken.push(word[0]);
            }
        return broken;
    })"""
