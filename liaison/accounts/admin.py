from django.contrib import admin

from liaison.accounts.models import Unit, User


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "kind", "parent")
    search_fields = ("code", "name")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("username", "name", "kind", "unit", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("username", "name", "phone")
    exclude = ("password", "groups", "user_permissions")
