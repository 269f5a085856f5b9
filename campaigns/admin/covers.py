"""The admin page of the pictures that are kept."""

from django.contrib import admin
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from campaigns.admin.columns import show_picture
from campaigns.models import Cover
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin


@admin.display(description=_("picture"))
def picture(cover):
    """The picture, small."""
    return show_picture(cover.pk, "cover-small")


@admin.register(Cover)
class CoverAdmin(ViewOnlyAdmin):
    """Kept once however many campaigns show it."""

    list_display = (
        picture,
        ltr_column("digest", _("digest")),
        ltr_column("content_type", _("type")),
        number_column("size", _("bytes")),
        moment_column("created", _("created")),
    )
    list_display_links = (list_display[1],)
    search_fields = ("=digest",)
    ordering = ("-created",)
    sortable_by = ()
    list_per_page = 20
    fields = readonly_fields = list_display

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content").annotate(size=Length("content"))
