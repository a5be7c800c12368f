"""Our scripts and style sheets must work in Chromium 90, which police intranets still run.

    python -m lint.chromium [files]

Scripts are parsed, not searched: what stands in a string or a comment is no use of it. The tables
name what browsers learnt after version 90, with the version, from the compatibility data of
MDN (developer.mozilla.org); of a name that may mean other things only the call counts.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 90

# Kinds of node of the grammar.
SYNTAX = {"class_static_block": 94, "import_attribute": 123, "using_declaration": 134}
# Names that stand alone, or are asked of the window.
GLOBALS = {
    "structuredClone": 98, "reportError": 95, "scheduler": 94, "URLPattern": 95, "navigation": 102,
    "Iterator": 122, "Highlight": 105, "WebTransport": 97, "Float16Array": 135, "Temporal": 144,
}  # fmt: skip
# What belongs to one object.
STATICS = {
    ("Object", "hasOwn"): 93, ("Object", "groupBy"): 117, ("Map", "groupBy"): 117,
    ("Array", "fromAsync"): 121, ("Promise", "withResolvers"): 119, ("Promise", "try"): 128,
    ("AbortSignal", "timeout"): 103, ("AbortSignal", "any"): 116, ("AbortSignal", "abort"): 93,
    ("crypto", "randomUUID"): 92, ("URL", "canParse"): 120, ("URL", "parse"): 126,
    ("Response", "json"): 105, ("Intl", "supportedValuesOf"): 99, ("Intl", "DurationFormat"): 129,
    ("Symbol", "dispose"): 134, ("Math", "sumPrecise"): 147,
}  # fmt: skip
# Called on whatever object.
METHODS = {
    "at": 92, "findLast": 97, "findLastIndex": 97, "toSorted": 110, "toReversed": 110,
    "toSpliced": 110, "with": 110, "isWellFormed": 111, "toWellFormed": 111, "throwIfAborted": 100,
    "showPicker": 99, "checkVisibility": 105, "setHTMLUnsafe": 124, "showPopover": 114,
    "hidePopover": 114, "togglePopover": 114, "startViewTransition": 111, "moveBefore": 133,
    "union": 122, "intersection": 122, "difference": 122, "symmetricDifference": 122,
    "isSubsetOf": 122, "isSupersetOf": 122, "isDisjointFrom": 122, "toBase64": 140, "toHex": 140,
    "transfer": 114, "getSetCookie": 113, "formatRangeToParts": 106,
}  # fmt: skip
# Read or set on whatever object.
PROPERTIES = {"inert": 102, "popover": 114, "popoverTargetElement": 114, "onscrollend": 114}

# What costs the rest of the sheet; a property that is not known is only passed over.
SHEETS = {
    ":has(": 105, "color-mix(": 111, "@container": 105, "@layer": 99, "@scope": 118,
    "light-dark(": 123, "oklch(": 111, "oklab(": 111, ":user-valid": 119, ":user-invalid": 119,
    "@starting-style": 117, "subgrid": 117,
}  # fmt: skip
_UNITS = re.compile(r"\d(?:dv|sv|lv)[hw]\b")
_NESTED = re.compile(r"\{[^{}]*&[^{}]*\{")
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_DJANGO = re.compile(rb"\{%.*?%\}|\{\{.*?\}\}")

_PARSER = Parser(Language(tree_sitter_javascript.language()))


def main() -> int:
    files = [Path(name) for name in sys.argv[1:]] or list(ours())
    found = [
        f"{one}:{line}: {what}" for one in files for line, what in wrong(one.name, one.read_bytes())
    ]
    print("\n".join(found) or f"{len(files)} scripts and style sheets work in Chromium {OLDEST}.")
    return int(bool(found))


def ours() -> Iterator[Path]:
    """What we wrote; what comes with packages is theirs to keep working."""
    yield from sorted((ROOT / "static/js").rglob("*.js"))
    yield from sorted((ROOT / "templates").rglob("*.js"))
    yield from sorted((ROOT / "static/css").rglob("*.css"))


def wrong(name: str, text: bytes) -> Iterator[tuple[int, str]]:
    """(line, what) for each use of what Chromium 90 does not know."""
    yield from _sheet(text.decode()) if name.endswith(".css") else _script(text)


def _sheet(text: str) -> Iterator[tuple[int, str]]:
    plain = _REMARK.sub(lambda match: "\n" * match[0].count("\n"), text)
    for number, line in enumerate(plain.splitlines(), 1):
        for word, version in SHEETS.items():
            if word in line:
                yield number, _said(word, version)
        if match := _UNITS.search(line):
            yield number, _said(match[0][1:], 108)
    if match := _NESTED.search(plain):
        yield plain[: match.start()].count("\n") + 1, _said("nesting", 112)


def _script(text: bytes) -> Iterator[tuple[int, str]]:
    # A template of Django's has marks in strings, of the same length once they are gone.
    tree = _PARSER.parse(_DJANGO.sub(lambda match: b" " * len(match[0]), text))
    waiting = [tree.root_node]
    while waiting:
        node = waiting.pop()
        waiting += reversed(node.children)
        if node.is_error or node.is_missing:
            yield node.start_point.row + 1, "cannot be parsed"
        elif said := _newer(node):
            yield node.start_point.row + 1, said


def _newer(node: Node) -> str:
    if version := SYNTAX.get(node.type):
        return _said(node.type.replace("_", " "), version)
    match node.type:
        case "regex_flags" if "v" in _text(node):
            return _said("the flag v of a regular expression", 112)
        case "binary_expression" if _asks_for_private(node):
            return _said("#name in object", 91)
        case "identifier" if _stands_alone(node):
            return _known(_text(node), GLOBALS)
        case "member_expression":
            return _member(node)
    return ""


def _member(node: Node) -> str:
    on, name = node.child_by_field_name("object"), _text(node.child_by_field_name("property"))
    owner = _text(on).removeprefix("window.").removeprefix("self.")
    if version := STATICS.get((owner, name)):
        return _said(f"{owner}.{name}", version)
    if owner in ("window", "self", "globalThis") and name in GLOBALS:
        return _known(name, GLOBALS)
    above = node.parent
    if name in METHODS and above is not None and above.child_by_field_name("function") == node:
        return _said(f".{name}()", METHODS[name])
    return _known(name, PROPERTIES)


def _stands_alone(node: Node) -> bool:
    """Not a name that we give: of a variable, a parameter, an import."""
    above = node.parent
    given = ("variable_declarator", "function_declaration", "import_specifier", "formal_parameters")
    return above is None or above.type not in given


def _asks_for_private(node: Node) -> bool:
    left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
    return _text(operator) == "in" and left is not None and left.type.startswith("private")


def _known(name: str, table: dict[str, int]) -> str:
    return _said(name, table[name]) if name in table else ""


def _said(what: str, version: int) -> str:
    return f"{what} is not there before Chromium {version}"


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


if __name__ == "__main__":
    sys.exit(main())
