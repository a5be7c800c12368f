"""The form fields that Django does not have."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from pytest_django.asserts import assertHTMLEqual

from liaison.core.forms import DateInput, DateTimeInput, FilesField, Ticks, show_refusal
from liaison.core.refused import Refused


class Sample(forms.Form):
    name = forms.CharField()
    on = forms.DateField(widget=DateInput, required=False)
    at = forms.DateTimeField(widget=DateTimeInput, required=False)
    files = FilesField(required=False)


class WithFiles(forms.Form):
    files = FilesField()


def uploads(*contents):
    return MultiValueDict(
        {"files": [SimpleUploadedFile(f"{n}.txt", one) for n, one in enumerate(contents)]}
    )


@pytest.mark.parametrize("count", [0, 1, 3])
def test_several_files_are_a_list(count):
    form = Sample({"name": "x"}, uploads(*[b"a"] * count))
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["files"]) == count


def test_no_file_where_one_is_asked_for_and_an_empty_one():
    assert WithFiles({}, uploads()).errors["files"]
    assert WithFiles({}, uploads(b"a", b"")).errors["files"]
    assert WithFiles({}, uploads(b"a")).is_valid()


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [("on", "2026-03-05", "2026-03-05"), ("at", "2026-03-05T08:30", "2026-03-05T08:30")],
)
def test_dates_are_spoken_as_the_browser_speaks_them(name, typed, shown):
    form = Sample({"name": "x", name: typed})
    assert form.is_valid(), form.errors
    again = Sample(initial={name: form.cleaned_data[name]})
    assert f'value="{shown}"' in str(again[name])


@pytest.mark.parametrize(
    ("field", "beside"), [("name", "name"), ("other", "__all__"), ("", "__all__")]
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(field, beside):
    form = Sample({"name": "示例"})
    assert form.is_valid()
    show_refusal(form, Refused("x", "不行", field=field))
    assert form.errors[beside] == ["不行"]
    assert 'value="示例"' in str(form["name"])


@pytest.mark.parametrize("chosen", [None, [], ["a"], ["b", "<i>"], ["7"]])
def test_boxes_to_tick_are_marked_up_as_djangos_own(chosen):
    choices = [("a", "First"), ("b", "Second & <b>third</b>"), ("<i>", "Odd"), (7, "Number")]
    own, ours = (
        widget(choices=choices).render("stage", chosen, attrs={"id": "id_stage"})
        for widget in (forms.CheckboxSelectMultiple, Ticks)
    )
    assertHTMLEqual(ours, own)
