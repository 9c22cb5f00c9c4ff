"""A saved web page to its main text, on the standard library's tolerant parser.

One pass over the page's events, no tree: time and memory grow with the page, however deep it nests.
Blocks come out as paragraphs separated by a blank line, list items as lines with a dash or a number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from coachkb.ingest.dates import byline
from coachkb.ingest.names import opening_name
from coachkb.model.document import Document

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "nav",
        "form",
        "button",
        "select",
        "iframe",
        "aside",
        "object",
        "canvas",
        "dialog",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "ul",
    ]
) - {"time"}
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CLOSES_P = _BLOCK | {"p"}
#: Names that blog engines give to what is not the article (in class and id, in English whatever the language).
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|widgets?|share|sharing|sharedaddy|social|addtoany|"
    r"comments?|commentlist|comment-respond|respond|replies|related|relatedposts|jp-relatedposts|recommended|"
    r"newsletter|subscribe|signup|optin|cookies?|consent|banner|advert|advertisement|ads|promo|popup|modal|"
    r"footer|site-header|masthead|topbar|pagination|pager|post-navigation|nav-links|author-box|author-bio|"
    r"authorbox|about-author|bio|tags|tag-links|cat-links|skip-link|screen-reader-text|print|hidden)(?:$|[-_ ])",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?:^|[-_ ])comment(?:s|list|ary|er)?(?:$|[-_ ])|(?:^| )(?:respond|replies)(?:$| )", re.I)
_AUTHOR = re.compile(r"(?:^|[-_ ])(?:author|byline)(?:$|[-_ ](?:name|link|url))", re.IGNORECASE)
_POST_TITLE = re.compile(
    r"(?:^|[-_ ])(?:entry|post|article|page)[-_]?(?:title|header|heading|headline)(?:$|[-_ ])|(?:^| )headline(?:$| )",
    re.IGNORECASE,
)
_HOME = re.compile(r"^(?:https?://[^/]+)?/?(?:index\.\w+)?$", re.IGNORECASE)
_SITE = re.compile(r" [|–—»«·-] ")
_TITLE_PARTS = re.compile(r"\s+[|–—»«·:-]\s+|:\s+|\s*[|»«]\s*")
_SPACE = re.compile(r"[ \t\n\f\r]+")


@dataclass
class _Block:
    tag: str
    text: list[str] = field(default_factory=list)
    link_chars: int = 0
    in_article: bool = False
    in_main: bool = False
    marker: str = ""
    pre: bool = False
    names: str = ""  # class and id
    home: bool = False  # a link to the site's first page is all there is in it


@dataclass
class _Open:
    tag: str
    skip: bool
    number: int | None = None
    comment: bool = False


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self.meta: dict[str, str] = {}
        self.lang: str | None = None
        self.ld_json: list[str] = []
        self.author: list[str] = []
        self._open: list[_Open] = []
        self._count: dict[str, int] = {}
        self._skipping = 0
        self._block = _Block("body")
        self._in_ld = self._in_title = False
        self._author_depth: int | None = None
        self._in_comments = 0
        self.headings: list[_Block] = []  # all of the page, those of its furniture too

    def _flush(self, tag: str, marker: str = "") -> None:
        if any(not part.isspace() for part in self._block.text):
            self.blocks.append(self._block)
            if self._block.tag in _HEADINGS:
                self.headings.append(self._block)
        self._block = _Block(
            tag,
            in_article=bool(self._count.get("article")),
            in_main=bool(self._count.get("main")),
            marker=marker,
            pre=bool(self._count.get("pre")),
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = self.lang or named.get("lang") or None
        if tag == "meta":
            key = (named.get("property") or named.get("name") or named.get("itemprop") or "").lower()
            if key and named.get("content"):
                self.meta.setdefault(key, named["content"])
            return
        if tag == "br":
            self._block.text.append("\n")
            return
        if tag in _VOID:
            if tag == "hr":
                self._flush("div")
            return
        self._in_ld = tag == "script" and "ld+json" in named.get("type", "")
        self._in_title = tag == "title" and not self._count.get("svg")
        if tag in _CLOSES_P and self._count.get("p") and self._open and self._open[-1].tag == "p":
            self._pop("p")
        if tag == "li" and self._open and self._open[-1].tag == "li":
            self._pop("li")
        names = f"{named.get('class', '')} {named.get('id', '')}"
        in_text = bool(self._count.get("article") or self._count.get("main"))
        skip = (
            tag in _SKIP
            or tag in ("footer",)
            or (tag == "header" and not in_text)
            or named.get("role") in ("navigation", "search", "complementary", "contentinfo", "dialog")
            or (tag not in ("body", "html", "article", "main") and bool(_FURNITURE.search(names)))
            or (tag == "article" and "comment" in names.lower())
            or (named.get("hidden") is not None and "hidden" in named)
            or named.get("aria-hidden") == "true"
        )
        says_author = named.get("rel") == "author" or named.get("itemprop") == "author" or "fn" in names.split()
        says_author = says_author or bool(_AUTHOR.search(names)) or "/author/" in named.get("href", "")
        comment = bool(_COMMENT.search(names))
        if says_author and not self._in_comments and not comment and self._author_depth is None:
            self._author_depth = len(self._open)
            self.author.append("")
        self._in_comments += comment
        self._open.append(_Open(tag, skip, 0 if tag == "ol" else None, comment))
        self._count[tag] = self._count.get(tag, 0) + 1
        self._skipping += skip
        if tag in _BLOCK:
            marker = ""
            if tag == "li":
                ol = next((o for o in reversed(self._open[-4:-1]) if o.tag in ("ol", "ul")), None)
                if ol and ol.number is not None:
                    ol.number += 1
                    marker = f"{ol.number}. "
                else:
                    marker = "- "
            self._flush(tag, marker)
            self._block.names = names
        elif self._block.tag in _HEADINGS and tag == "a":
            self._block.home = named.get("rel") == "home" or bool(_HOME.match(named.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        self._in_ld = self._in_title = False
        if self._count.get(tag):
            self._pop(tag)

    def _pop(self, tag: str) -> None:
        while self._open:
            last = self._open.pop()
            self._count[last.tag] -= 1
            self._skipping -= last.skip
            self._in_comments -= last.comment
            if self._author_depth is not None and len(self._open) <= self._author_depth:
                self._author_depth = None
            if last.tag in _BLOCK:
                self._flush("div")
            if last.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._in_ld:
            self.ld_json.append(data)
        elif self._in_title:
            self.meta["<title>"] = self.meta.get("<title>", "") + data
        elif self._author_depth is not None:
            self.author[-1] += data
        if self._skipping or self._in_title or self._count.get("head"):
            return
        if self._block.pre:
            self._block.text.append(data)
        else:
            self._block.text.append(_SPACE.sub(" ", data))
        if self._count.get("a"):
            self._block.link_chars += len(data.strip())

    def close(self) -> None:
        super().close()
        self._flush("div")


def _block_text(block: _Block) -> str:
    lines = "".join(block.text).split("\n")
    kept = [line.strip() for line in lines]
    return block.marker + "\n".join(line for line in kept if line)


def _without_link_lists(blocks: list[_Block]) -> list[_Block]:
    """Drops runs of three or more blocks that are nothing but links: menus and lists of related posts."""
    kept: list[_Block] = []
    run: list[_Block] = []
    for block in [*blocks, _Block("end", text=["."])]:
        length = sum(len(part.strip()) for part in block.text)
        if block.link_chars >= 0.8 * length and block.link_chars and block.tag not in _HEADINGS:
            run.append(block)
            continue
        if len(run) < 3:
            kept += run
        run = []
        kept.append(block)
    return kept[:-1]


def _linked_data(page: _Page) -> dict[str, str]:
    """headline, author and datePublished of the page's JSON-LD, where it can be read."""
    found: dict[str, str] = {}
    try:
        data = json.loads("".join(page.ld_json)) if page.ld_json else None
    except (ValueError, RecursionError):
        return found
    items = data.get("@graph", [data]) if isinstance(data, dict) else data if isinstance(data, list) else []
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict) or "datePublished" not in item:
            continue
        author = item.get("author")
        author = author[0] if isinstance(author, list) and author else author
        author = author.get("name") if isinstance(author, dict) else author
        for key, value in (
            ("author", author),
            ("date", item.get("datePublished")),
            ("title", item.get("headline")),
        ):
            if isinstance(value, str):
                found.setdefault(key, value)
    return found


def _title(page: _Page, linked: dict[str, str]) -> str | None:
    """The post's title: the heading that the page's head names too, not the site's name; None for an archive."""
    headings = [(block, _folded(_block_text(block))) for block in page.headings]
    site = {_folded(page.meta.get("og:site_name", "")), *(text for block, text in headings if block.home)}
    own = [(block, text) for block, text in headings if text and text not in site]
    told = [_folded(t) for t in (linked.get("title"), page.meta.get("og:title"), page.meta.get("<title>")) if t]
    told = [text for text in told if text and text not in site]
    marked = [text for block, text in own if _POST_TITLE.search(block.names)]
    if len(marked) == 1:
        return marked[0]
    parts = {_folded(part) for whole in told for part in _TITLE_PARTS.split(whole)}
    for wanted in (set(told), parts):
        named = [text for _, text in own if text in wanted]
        if named:
            return named[0]
    if marked:
        return None  # an archive
    first = [text for block, text in own if block.tag == "h1"] or [text for _, text in own if not told]
    if len(first) == 1:
        return first[0]
    if not told:
        return None
    return _SITE.split(told[0])[0] if told[0] == _folded(page.meta.get("<title>", "")) else told[0]


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\xa0", " ")).strip()


def _author(page: _Page) -> str | None:
    """The one author that the page's mark-up names outside its comments; none where it names several."""
    names = {_folded(name) for name in page.author if _folded(name)}
    name = names.pop() if len(names) == 1 else ""
    name = opening_name(byline(name) or name)[0] or ""
    return name if 2 <= len(name) <= 60 else None


def _closed(text: str) -> str:
    """The page without mark-up that nothing closes, which the parser would look for the end of again and again."""
    for opening, closing in (("<!--", "-->"), ("<", ">")):
        at = text.rfind(closing) + 1
        if opening in text[at:]:
            text = text[:at] + text[at:].replace(opening, "&lt;" + opening[1:])
    return text


def read_html(text: str) -> Document:
    """The document in a page's HTML. ``text`` of the result is plain text; metadata comes from the page's head."""
    page = _Page()
    page.feed(_closed(text))
    page.close()
    blocks = page.blocks
    for inside in ("in_article", "in_main"):
        chosen = [block for block in blocks if getattr(block, inside)]
        if sum(len("".join(block.text)) for block in chosen) >= 200:
            blocks = chosen
            break
    blocks = _without_link_lists(blocks)
    out: list[str] = []
    previous = None
    for block in blocks:
        words = _block_text(block)
        if out:
            out.append("\n" if block.marker and previous and previous.marker else "\n\n")
        out.append(words)
        previous = block
    linked = _linked_data(page)
    title = _title(page, linked)
    date = (
        page.meta.get("article:published_time")
        or linked.get("date")
        or page.meta.get("datepublished")
        or page.meta.get("dc.date")
        or page.meta.get("date")
    )
    author = page.meta.get("author") or linked.get("author") or _author(page)
    return Document(
        text="".join(out).strip() + "\n",
        suffix=".txt",
        title=title,
        date=date[:10] if date and re.match(r"\d{4}-\d\d-\d\d", date) else None,
        author=_SPACE.sub(" ", author).strip() or None if author else None,
        language=page.lang.split("-")[0].lower() if page.lang else None,
    )
