"""Finding what a person would press, by one small script in the page.

The lookups of a browser driver bring a large script of their own into every page; most pages of a journey are passed
through by a single link, and these lookups took more time than the pages.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_FIND = r"""
([kind, patterns, place, row]) => {
  const kinds = {link: "a[href]", button: "button, input[type=submit]"};
  const spoken = element => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach(part => part.remove());
    const text = element.getAttribute("aria-label") ?? (element.tagName === "INPUT" ? element.value : "");
    return (text || copy.textContent).replace(/\s+/g, " ").trim();
  };
  const plain = element => element.innerText.replace(/\s+/g, " ");
  const seen = element => element.checkVisibility() && !element.disabled;
  let places = [...document.querySelectorAll(place)];
  if (row) {
    places = places.flatMap(part => [...part.querySelectorAll(row[0])])
      .filter(line => plain(line).includes(row[1]) && line.querySelector(kinds[kind])).slice(0, 1);
  }
  const found = places.flatMap(part => [...part.querySelectorAll(kinds[kind])]).filter(seen);
  for (const pattern of patterns) {
    const chosen = found.find(element => new RegExp(pattern, "u").test(spoken(element)));
    if (chosen) {
      chosen.focus();
      return document.activeElement === chosen ? null : ["cannot be focused: " + spoken(chosen)];
    }
  }
  return found.map(spoken);
}
"""
_TEXTS = "css => [...document.querySelectorAll(css)].map(part => part.innerText)"


def focus(
    page: Page, kind: str, patterns: list[str], *, place: str = "body", row: tuple[str, str] | None = None
) -> list[str] | None:
    """Focus the first visible link or button whose spoken name matches the first of `patterns` that any matches.

    `row` narrows `place` to the first line (selector, text that it holds) with such a link or button. Returns None,
    or the names that were there instead.
    """
    line = [row[0], " ".join(row[1].split())] if row else None
    found: list[str] | None = page.evaluate(_FIND, [kind, patterns, place, line])
    return found


def texts(page: Page, css: str) -> list[Any]:
    """The visible texts of all elements of a selector, in the order of the page."""
    found: list[Any] = page.evaluate(_TEXTS, css)
    return found
