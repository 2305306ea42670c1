"""Looks at a built site: every link leads to a place that is there, and no page loads from afar."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself, and by which attribute; a link is only followed on a click
_LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src"}
_FOLLOWED = {"a": "href"}


class _Page(HTMLParser):
    """The links and the anchors of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, str]] = []  # tag and address
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag points to, and what may be pointed to."""
        values = dict(attrs)
        self.anchors.add(values.get("id") or "")
        address = values.get((_LOADED | _FOLLOWED).get(tag, ""))
        if address:
            self.links.append((tag, address))


def faults(folder: Path) -> list[str]:
    """A line for each link of the pages in `folder` that leads nowhere, or loads from elsewhere.

    Other hosts are not asked: a link that a reader may click to leave the site is not looked at.
    """
    pages = {path: _Page(path) for path in sorted(folder.resolve().rglob("*.html"))}
    lines = []
    for path, page in pages.items():
        for tag, address in page.links:
            if said := _fault(pages, path, tag, address):
                lines.append(f"{path.relative_to(folder.resolve()).as_posix()}: {said}")
    return lines


def _fault(pages: dict[Path, _Page], path: Path, tag: str, address: str) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        far = tag in _LOADED and parts.scheme != "data"
        return f"<{tag}> loads from another host, {address}" if far else None
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return f"the link {address} leads to no file"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"the link {address} leads to no place of that page"
    return None
