"""What Chromium 90 does not know is found, and nothing else."""

import pytest

from lint.chromium import ours, wrong

NEWER = {
    "const id = crypto.randomUUID();": "crypto.randomUUID",
    "const last = rows.at(-1);": ".at()",
    "const copy = structuredClone(row);": "structuredClone",
    "const copy = window.structuredClone(row);": "structuredClone",
    "fetch(url, { signal: AbortSignal.timeout(5) });": "AbortSignal.timeout",
    "if (Object.hasOwn(row, 'id')) {}": "Object.hasOwn",
    "class One { static { go(); } }": "class static block",
    "class One { #a = 1; has(o) { return #a in o; } }": "#name in object",
    "const all = /[\\p{L}--q]/v;": "the flag v",
    "rows.toSorted().findLast((one) => one);": ".findLast()",
    "main.inert = true;": "inert",
    "const { promise } = Promise.withResolvers();": "Promise.withResolvers",
}
KNOWN = [
    "const when = moment(row.at);",
    "const at = 3; const given = { at, with: at };",
    "function structuredClone2(a) { return a?.b ?? 1_000; }",
    "let a = 1; a ||= 2; // crypto.randomUUID()",
    "say('rows.at(-1)'); await go(); export class One { #a = 1; static b = 2; }",
]
SHEETS = {
    "a:has(b) { color: red; }": ":has(",
    "a { color: color-mix(in srgb, red, blue); }": "color-mix(",
    "a { height: 100dvh; }": "dvh",
    "a { color: red; & b { color: blue; } }": "nesting",
}


@pytest.mark.parametrize("script", NEWER)
def test_a_newer_script_is_found(script):
    assert NEWER[script] in "".join(what for _line, what in wrong("a.js", script.encode()))


@pytest.mark.parametrize("script", KNOWN)
def test_what_only_looks_like_it_is_left_alone(script):
    assert list(wrong("a.js", script.encode())) == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_newer_style_is_found(sheet):
    assert SHEETS[sheet] in "".join(what for _line, what in wrong("a.css", sheet.encode()))


def test_the_line_is_named():
    assert [line for line, _what in wrong("a.js", b"\n\nrows.at(0);\n")] == [3]


def test_a_script_that_is_none_is_found():
    assert list(wrong("a.js", b"const = ;"))


def test_every_script_of_ours_is_looked_at():
    names = {one.name for one in ours()}
    assert {"main.js", "worker.js", "phone.css", "bind.js"} <= names


def test_ours_work():
    assert [(one, *found) for one in ours() for found in wrong(one.name, one.read_bytes())] == []
