"""What a contact says of a visit, and the answer to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liaison.core.forms import ChipRadios
from visits.actions.word import WORDS_MAX


def _text(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=WORDS_MAX,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WordForm(forms.Form):
    came = forms.TypedChoiceField(
        label=_("Was it so?"),
        choices=(("1", _("Yes, it was so")), ("0", _("No, it was not"))),
        coerce=lambda said: said == "1",
        empty_value=None,
        widget=ChipRadios,
    )
    words = _text(_("In your words"), required=False, help_text=_("Needed for a no."))  # type: ignore[arg-type]


class AnswerForm(forms.Form):
    answer = _text(_("Answer"), required=True, help_text=_("The enterprise reads it."))  # type: ignore[arg-type]
