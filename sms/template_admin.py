"""The admin of what is said by SMS: a line for each event and language, and the page where its text is written."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from panel.accounts.models import Customer
from panel.admin_site.auditing import changes_nothing
from panel.admin_site.model_admin import PanelModelAdmin, add_pages
from sms.events import EVENTS
from sms.models import Template
from sms.previews import Preview, describe_fault, find_part_cost, preview_template
from sms.texts import check_template, default_text
from sms.variables import BadText

PREVIEW = "admin:sms_template_preview"
LANGUAGES = Customer.Language


class TemplateForm(forms.ModelForm):
    """The text of one event in one language; of which, is fixed by the page it is on."""

    event = forms.ChoiceField(choices=[(name, name) for name in EVENTS], widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=LANGUAGES.choices, widget=forms.HiddenInput)

    class Meta:
        model = Template
        fields = ("event", "language", "body", "active", "gateway", "gateway_pattern")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("event", "language"):
            self.fields[name].disabled = self.instance.pk is not None
        if "body" not in self.fields:  # who may only look gets no inputs
            return
        self.fields["body"].widget.attrs |= {"rows": 6}
        about = {name: self[name].value() for name in ("event", "language")}
        if is_known(**about):
            self.fields["body"].help_text = list_variables(about["event"])
            self.fields["body"].widget.attrs |= {
                "dir": find_direction(about["language"]),
                "hx-post": reverse(PREVIEW, kwargs=about),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#template-preview",
                "hx-sync": "this:replace",
            }

    def clean_body(self):
        body = join_lines(self.cleaned_data["body"])
        try:
            if self.cleaned_data.get("event"):
                check_template(self.cleaned_data["event"], body)
        except BadText as fault:
            raise forms.ValidationError(describe_fault(fault)) from fault
        return body

    def clean(self):
        data = super().clean()
        if bool(data.get("gateway")) != bool(data.get("gateway_pattern")):
            self.add_error("gateway_pattern", _t("A pattern and its gateway belong together."))
        return data


def join_lines(text):
    """The text with line ends as an SMS has them; browsers send two characters."""
    return text.replace("\r\n", "\n")


def is_known(event, language):
    """Whether there are texts of that event in that language."""
    return event in EVENTS and language in LANGUAGES.values


def find_direction(language):
    """In which direction texts of that language are read; one may begin with a variable, which tells nothing."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def list_variables(event):
    """The variables of an event with their samples, for the help beside its text."""
    return format_html_join(
        " ",
        '<span class="variable"><bdi dir="ltr"><code>{{{}}}</code></bdi> <bdi>{}</bdi></span>',
        EVENTS[event].variables.items(),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One event in one language, as the list shows it."""

    event: str
    label: Any
    language: str
    template: Template | None
    body: str
    preview: Preview

    @property
    def language_label(self):
        return LANGUAGES(self.language).label

    @property
    def direction(self):
        return find_direction(self.language)

    @property
    def address(self):
        """Where its text is written."""
        if self.template is not None:
            return reverse("admin:sms_template_change", args=[self.template.pk])
        query = urlencode({"event": self.event, "language": self.language})
        return f"{reverse('admin:sms_template_add')}?{query}"


def list_lines():
    """A Line for each event and language, those with a template of its own or not."""
    own = {(row.event, row.language): row for row in Template.objects.all()}
    cost = find_part_cost()
    return [
        _make_line(event, language, own.get((event.name, language)), cost)
        for event in EVENTS.values()
        for language in LANGUAGES.values
    ]


def _make_line(event, language, template, cost):
    used = template is not None and template.active
    body = template.body if used else default_text(event.name, language)
    preview = preview_template(event.name, language, body, cost)
    return Line(event.name, event.label, language, template, body, preview)


@admin.register(Template)
class TemplateAdmin(PanelModelAdmin):
    """A text that is not kept here comes with the panel; deleting one brings that back."""

    form = TemplateForm
    change_form_template = "admin/sms_template.html"
    fields = ("event", "language", "body", "active", "gateway", "gateway_pattern")
    ltr_fields = ("gateway_pattern",)

    def get_urls(self):
        route = "preview/<str:event>/<str:language>/"
        return add_pages(self, (route, self.preview_view, "sms_template_preview")) + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        """All events, whether or not they have a row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("What is said by SMS"),
            "opts": self.opts,
            "lines": list_lines(),
            "may_add": self.has_add_permission(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/sms_templates.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """The page of an event without a row; one that has it by now leads there, and no event to the list."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        event, language = request.GET.get("event"), request.GET.get("language")
        if request.method != "POST" and not is_known(event, language):
            return HttpResponseRedirect(reverse("admin:sms_template_changelist"))
        row = Template.objects.filter(event=event, language=language).first()
        if row is not None and request.method != "POST":
            return HttpResponseRedirect(reverse("admin:sms_template_change", args=[row.pk]))
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request):
        data = super().get_changeform_initial_data(request)
        return data | {"body": default_text(data["event"], data["language"])}

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        event, language, body = _read_shown(context["adminform"].form, obj)
        if is_known(event, language):
            context["title"] = f"{EVENTS[event].label} ({LANGUAGES(language).label})"
            context["preview"] = preview_template(event, language, body, find_part_cost())
            context |= {"preview_language": language, "preview_direction": find_direction(language)}
            context |= {"subtitle": None, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @changes_nothing
    @method_decorator(require_POST)
    def preview_view(self, request, event, language):
        """The text that is being typed, filled with samples: a fragment for the page of a template."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if not is_known(event, language):
            raise Http404
        body = join_lines(request.POST.get("body", "")).strip()
        preview = preview_template(event, language, body, find_part_cost())
        context = {"preview": preview, "preview_language": language}
        context["preview_direction"] = find_direction(language)
        return TemplateResponse(request, "admin/sms_preview.html", context)


def _read_shown(form, obj):
    """`(event, language, text)` of the page: as typed, as stored, or as it comes with the panel."""
    if "body" not in form.fields:
        return obj.event, obj.language, obj.body
    return form["event"].value(), form["language"].value(), join_lines(form["body"].value() or "")
