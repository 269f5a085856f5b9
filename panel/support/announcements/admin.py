"""The admin of announcements: a list, and a page that shows how it will look while it is written."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import PanelModelAdmin, add_pages
from panel.support.announcements.models import MAX_TEXT, Announcement
from panel.support.safe_html import clean_html

TEXTS = (("title_fa", "text_fa", "fa", "rtl"), ("title_en", "text_en", "en", "ltr"))
PREVIEW = "support_announcement_preview"


class AnnouncementForm(forms.ModelForm):
    """Keeps only the HTML that is safe to show to everybody."""

    class Meta:
        model = Announcement
        fields = (
            *("tone", "audience", "title_fa", "text_fa", "title_en", "text_en"),
            *("pinned", "active", "starts_at", "ends_at"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for title, text, language, direction in TEXTS:
            for name in (title, text):
                if name in self.fields:  # who may only look gets no inputs
                    self.fields[name].widget.attrs |= {"dir": direction, "lang": language}
        for name in ("tone", "title_fa", "text_fa", "title_en", "text_en"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {
                    "hx-post": reverse(f"admin:{PREVIEW}"),
                    "hx-trigger": "input changed delay:250ms, change",
                    "hx-include": "#announcement_form",
                    "hx-target": "#announcement-preview",
                    "hx-sync": "#announcement_form:replace",
                }

    def clean_text_fa(self):
        return clean_html(self.cleaned_data["text_fa"])

    def clean_text_en(self):
        return clean_html(self.cleaned_data["text_en"])

    def clean(self):
        data = super().clean()
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It has to end after it begins."))
        return data


def _make_preview(read):
    """What the preview shows of the values that `read(field)` tells, in both languages."""
    tone = read("tone")
    return {
        "tone": tone if tone in Announcement.Tone.values else Announcement.Tone.INFO,
        "texts": [
            {
                "title": (read(title) or "")[:200],
                "text": (read(text) or "")[:MAX_TEXT],
                "language": language,
                "direction": direction,
            }
            for title, text, language, direction in TEXTS
        ],
    }


@admin.register(Announcement)
class AnnouncementAdmin(PanelModelAdmin):
    """Newest first; a text that is being written is shown as customers will see it."""

    form = AnnouncementForm
    change_form_template = "admin/announcement.html"
    list_display = (
        *("title_fa", "tone", "audience", "pinned", "active"),
        moment_column("starts_at", _("shown from")),
        moment_column("ends_at", _("shown until")),
    )
    list_filter = ("active", "tone", "audience")
    ordering = ("-pk",)

    def get_urls(self):
        return add_pages(self, ("preview/", self.preview_view, PREVIEW)) + super().get_urls()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        context["preview"] = _make_preview(
            lambda name: form[name].value() if name in form.fields else getattr(obj, name)
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @method_decorator(require_POST)
    def preview_view(self, request):
        """The announcement that is being written: a fragment for its page."""
        if not (self.has_add_permission(request) or self.has_view_or_change_permission(request)):
            raise PermissionDenied
        context = {"preview": _make_preview(request.POST.get)}
        return TemplateResponse(request, "admin/announcement_preview.html", context)
