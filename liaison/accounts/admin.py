from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from liaison.accounts.actions import create_unit, must_fit
from liaison.accounts.models import Unit, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused


class UnitForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.instance.pk is None and "kind" in cleaned:
            try:
                must_fit(cleaned["kind"], cleaned.get("parent"))
            except Refused as refused:
                show_refusal(self, refused)
        return cleaned


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """A unit keeps its place in the tree: everything below it is found by the path."""

    form = UnitForm
    list_display = ("code", "name", "kind", "parent")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return ("kind", "parent") if obj else ()

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = create_unit(code=obj.code, name=obj.name, kind=obj.kind, parent=obj.parent)
        obj.pk, obj.path = made.pk, made.path


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("username", "name", "kind", "unit", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("username", "name", "phone")
    exclude = ("password", "groups", "user_permissions")
