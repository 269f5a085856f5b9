"""Django's page of groups with our log: a superuser sees what each role may do."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from panel.admin_site.model_admin import PanelModelAdmin

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(PanelModelAdmin, GroupAdmin):
    """The roles are put right by every migration; groups with other names stay as they are."""
