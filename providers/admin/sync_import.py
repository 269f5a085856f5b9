"""The page on which an operator imports an upstream's services, and the rules that it leaves behind."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Category
from panel.admin_site.columns import moment_column
from panel.admin_site.following_jobs import follow_job
from panel.admin_site.model_admin import PanelModelAdmin, Tool, add_pages
from panel.jobs.showing import view_job
from providers.admin.providers import ProviderAdmin, provider_link
from providers.models import ImportRule, Provider, ProviderSync
from providers.sync.importing import RuleTerms, list_upstream_categories, save_rule
from providers.sync.jobs import find_live, start_import, start_reading

MAY_IMPORT = "providers.add_importrule"
# A ticked category is one field, and more than settings.DATA_UPLOAD_MAX_NUMBER_FIELDS are refused as a whole.
CATEGORIES_PER_PAGE = 100


class TermsForm(forms.ModelForm):
    """The terms on which the ticked categories are sold."""

    category = forms.ModelChoiceField(
        label=capfirst(_("our category")),
        queryset=Category.objects.all(),
        required=False,
        empty_label=_("one of the same name for each"),
    )
    new_category = forms.CharField(
        label=capfirst(_("or a new one")),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = ImportRule
        fields = ("kind", "margin", "step", "mode", "import_new")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(("category", "new_category"))
        for name in ("margin", "step"):
            self.fields[name].widget.attrs["dir"] = "ltr"

    def clean(self):
        data = super().clean()
        if data.get("category") and data.get("new_category"):
            self.add_error("new_category", _t("Choose a category or name a new one, not both."))
        return data

    def read_terms(self):
        """What the form says, as RuleTerms."""
        return RuleTerms(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def find_category(self):
        """The category to sell in, made if it was named anew; None for one of the same name for each."""
        if name := self.cleaned_data["new_category"]:
            return Category.objects.filter(name=name).order_by("pk").first() or Category.objects.create(
                name=name
            )
        return self.cleaned_data["category"]


@admin.register(ImportRule)
class ImportRuleAdmin(PanelModelAdmin):
    """Rules are made on the import page and changed here; the next sync prices by what they say then."""

    list_display = (
        "__str__",
        provider_link,
        "category",
        "kind",
        "margin",
        "step",
        "mode",
        "import_new",
        moment_column("changed", _("changed")),
    )
    list_filter = ("provider", "mode", "import_new")
    search_fields = ("upstream_category", "category__name")
    autocomplete_fields = ("category",)
    readonly_fields = (provider_link, "upstream_category")
    fields = (*readonly_fields, "category", "kind", "margin", "step", "mode", "import_new")

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider", "category")
        return rows.defer("provider__key", "provider__password")

    def get_urls(self):
        pages = add_pages(self, ("of/<int:provider_id>/", self.import_view, "providers_import"))
        return pages + super().get_urls()

    def import_view(self, request, provider_id):
        """The categories of a provider's list; a POST starts to read it anew or to import what was ticked."""
        if not request.user.has_perm(MAY_IMPORT):
            raise PermissionDenied
        provider = get_object_or_404(Provider.objects.defer("key", "password"), pk=provider_id)
        if request.method == "POST" and "read" in request.POST:
            return follow_job(request, lambda: start_reading(request.user.pk, provider.pk), request.path)
        form = TermsForm(request.POST or None)
        ticked = request.POST.getlist("categories")
        if request.method == "POST" and form.is_valid() and _check_ticked(form, ticked):
            return follow_job(request, lambda: _import(self, request, provider, form, ticked), request.path)
        return self._show(request, provider, form, ticked)

    def _show(self, request, provider, form, ticked):
        search = request.GET.get("q", "").strip()
        pages = Paginator(list_upstream_categories(provider.pk, search), CATEGORIES_PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        rules = ImportRule.objects.filter(provider=provider).select_related("category")
        rules = {rule.upstream_category: rule for rule in rules}
        values = {
            **self.admin_site.each_context(request),
            "title": _t("Import services of %(provider)s") % {"provider": provider.name},
            "opts": Provider._meta,
            "original": provider,
            "back": reverse("admin:providers_provider_change", args=[provider.pk]),
            "rows": [row | {"rule": rules.get(row["category"])} for row in page.object_list],
            "page": page,
            "search": search,
            "form": form,
            "ticked": ticked,
            "sync": ProviderSync.objects.filter(pk=provider.pk).first(),
            "jobs": [view_job(job) for job in find_live(provider.pk)],
        }
        return TemplateResponse(request, "admin/import_services.html", values)


def _check_ticked(form, ticked):
    """Whether something can be imported; else the form says what is missing."""
    if not ticked:
        form.add_error(None, _t("Tick at least one category."))
        return False
    if "" in ticked and not (form.cleaned_data["category"] or form.cleaned_data["new_category"]):
        # Else it would be called like the provider, for all customers to read.
        words = _t("Services without a category need one of ours: choose it or name a new one.")
        form.add_error("category", words)
        return False
    return True


@transaction.atomic
def _import(model_admin, request, provider, form, ticked):
    """Keep a rule for each ticked category, and start to import its services; returns the Job."""
    category, terms = form.find_category(), form.read_terms()
    for name in ticked:
        rule = save_rule(provider, name, category, terms)
        model_admin.log_change(request, rule, _t("Set on the import page."))
    return start_import(request.user.pk, provider.pk, ticked)


# The provider's page is another file's subject, so its button is put there from here.
ProviderAdmin.tools = (*ProviderAdmin.tools, Tool(_("Import services"), "admin:providers_import", MAY_IMPORT))
