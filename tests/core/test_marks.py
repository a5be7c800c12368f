"""The marks of templates that are more than words: what they write, and what they refuse."""

from typing import Any

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix


def written(text: str, **context: Any) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize("number", ["LSL-2026-0412", "0", "a b/ö?#%", "安全&<1>"])
def test_a_row_leads_where_url_leads(number: str) -> None:
    asked = "{% link 'issue_detail' number %} {% url 'issue_detail' number %}"
    ours, djangos = written(asked, number=number.replace("/", "")).split(" ")
    assert ours == djangos


def test_a_row_leads_there_below_a_prefix_too() -> None:
    try:
        set_script_prefix("/below/0/")
        assert written("{% link 'enterprise_detail' 41 %}") == reverse(
            "enterprise_detail", args=[41]
        )
    finally:
        set_script_prefix("/")
    assert written("{% link 'enterprise_detail' 41 %}") == reverse("enterprise_detail", args=[41])


def test_only_the_page_of_one_row_has_such_a_link() -> None:
    with pytest.raises(NoReverseMatch):
        written("{% link 'issue_move' 1 %}")


def test_what_is_made_once_is_written_twice() -> None:
    asked = "{% once as it %}<b>{{ name }}</b>{% endonce %}[{{ it }}{{ it }}]"
    assert written(asked, name="<安>") == "[<b>&lt;安&gt;</b><b>&lt;安&gt;</b>]"
