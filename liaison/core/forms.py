"""How forms look: the renderer of every form, and the widgets that Django does not have."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from liaison.core.refused import Refused

_CHECKED = mark_safe(" checked")


class LiaisonRenderer(TemplatesSetting):
    """Label, control, what is wrong, help: in this order for every field."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


class ChipCheckboxes(forms.CheckboxSelectMultiple):
    """Several of a few, each a chip."""

    template_name = "forms/widgets/chips.html"


class ChipRadios(forms.RadioSelect):
    """One of a few, each a chip."""

    template_name = "forms/widgets/chips.html"


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, the same markup as Django's own, written without a template for each box.

    Those take 0.2 ms a box, and a ledger's filters have forty: a third of the page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = set(self.format_value(value))
        box_id = (attrs or {}).get("id", f"id_{name}")
        boxes = format_html_join(
            "",
            '<div><label for="{0}_{1}"><input type="checkbox" name="{2}" value="{3}"'
            ' id="{0}_{1}"{4}> {5}</label></div>',
            (
                (box_id, place, name, code, _CHECKED if str(code) in chosen else "", label)
                for place, (code, label) in enumerate(self.choices)
            ),
        )
        return format_html('<div id="{}">{}</div>', box_id, boxes)


class DateInput(forms.DateInput):
    """The browser's own date picker. It speaks ISO, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a moment, to the minute, in the current time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Picker(forms.Select):
    """One of many rows, found by typing part of the name or its pinyin initials.

    A plain list without JavaScript; static/js/picker.js puts the box in front of it. Rows give
    ``search_keys``, what else they are found by.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-picker": True, **(attrs or {})})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        row = getattr(value, "instance", None)
        if row is not None:
            option["attrs"]["data-keys"] = row.search_keys
        return option


class FilesInput(forms.FileInput):
    """Several files at once, with a preview of the pictures among them."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "data-preview": True, **(attrs or {})})


class FilesField(forms.FileField):
    """Cleans to a list of files, empty when nothing was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            # Lets the field itself say that it is required.
            super().clean(None, initial)
        return [super(FilesField, self).clean(file) for file in files]


def show_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put a refusal beside the field it is about, or above the form; what was typed stays."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused.message))


def refuse(form: forms.BaseForm, refused: Refused) -> int:
    """The same, and the status to answer with: 409 when somebody else was first, 429 when it is too
    much within a while, else 422."""
    # A form that nobody has looked at yet is looked at first: it forgets what is added before.
    _looked_at = form.errors
    show_refusal(form, refused)
    if refused.code == "throttled":
        return 429
    return 409 if refused.conflict else 422
