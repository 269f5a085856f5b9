"""The admin of campaign classes: versions are looked at, a current one is replaced by the next, none is changed."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.classes import PRICED, replace_class, set_offered
from campaigns.models import CampaignClass
from campaigns.refusals import CampaignRefused
from panel.admin_site.actions import Action, ActionRefused, AlreadyDone, answer_actions
from panel.admin_site.columns import ltr_column, moment_column, number_column
from panel.admin_site.model_admin import PanelModelAdmin, Tool, ViewOnlyAdmin, add_pages

MAY_CHANGE = "campaigns.change_campaignclass"
PAGE = "admin:campaigns_campaignclass_"
_FLAGS = ("has_description", "has_phone", "has_website", "has_address")


class PricesForm(forms.ModelForm):
    """What a version says."""

    class Meta:
        model = CampaignClass
        fields = PRICED

    def clean(self):
        data = super().clean()
        value, share = data.get("campaign_value"), data.get("user_share")
        if value is not None and share is not None and share > value:
            self.add_error("user_share", _t("The liker can't get more than a like costs."))
        return data


class NewLineForm(PricesForm):
    """A class with a name of its own; its versions come by changing it."""

    class Meta(PricesForm.Meta):
        fields = ("line", *PRICED)

    def clean_line(self):
        line = self.cleaned_data["line"]
        if CampaignClass.objects.filter(line=line).exists():
            raise forms.ValidationError(_t("There is a class of this name: change it, or offer it again."))
        return line


def _read_prices(row):
    return {name: getattr(row, name) for name in PRICED}


def _replace(request, row, data):
    try:
        fresh = replace_class(row, **data)
    except CampaignRefused:
        raise ActionRefused(
            _t("This is not the current version any more: somebody else was quicker.")
        ) from None
    if fresh.pk == row.pk:
        raise AlreadyDone(_t("Nothing was changed."))
    return _t("New campaigns take %(version)s from now on.") % {"version": fresh}


def _take_off(request, row, data):
    if not CampaignClass.objects.filter(pk=row.pk, current=True).exists():
        raise AlreadyDone(_t("It is not on the list any more."))
    set_offered(row, False)
    return _t("%(version)s can't be chosen any more.") % {"version": row}


def _offer(request, row, data):
    if CampaignClass.objects.filter(pk=row.pk, current=True).exists():
        raise AlreadyDone(_t("It is on the list already."))
    try:
        set_offered(row, True)
    except CampaignRefused:
        raise ActionRefused(_t("There is a newer version of this class: offer that one.")) from None
    return _t("%(version)s can be chosen again.") % {"version": row}


ACTIONS = {
    "replace": Action(
        title=_("Change this class"),
        button=_("Make the next version"),
        act=_replace,
        permission=MAY_CHANGE,
        form_class=PricesForm,
        initial=_read_prices,
        note=_("Running campaigns keep the version that they were made with; new ones take the next."),
    ),
    "take_off": Action(
        title=_("Take this class off the list"),
        button=_("Take it off"),
        act=_take_off,
        permission=MAY_CHANGE,
        note=_("No new campaigns of it can be made; running ones go on."),
    ),
    "offer": Action(
        title=_("Offer this class again"), button=_("Offer it"), act=_offer, permission=MAY_CHANGE
    ),
}


@admin.register(CampaignClass)
class CampaignClassAdmin(ViewOnlyAdmin):
    """All versions; which one new campaigns take, is `current`."""

    form = NewLineForm
    list_display = (
        ltr_column("line", _("name")),
        number_column("version", _("version")),
        "current",
        "payment_type",
        number_column("campaign_value", _("a like costs")),
        number_column("user_share", _("the liker gets")),
        number_column("house_share", _("the house gets")),
        number_column("waiting", _("seconds between likes")),
        number_column("max_user_likes", _("most likes in a day")),
    )
    list_display_links = list_display[:2]
    list_filter = ("current",)
    ordering = ("line", "-version")
    ltr_fields = ("line",)
    tools = (
        Tool(_("Change…"), PAGE + "replace", MAY_CHANGE, lambda row: row.current),
        Tool(_("Take off the list…"), PAGE + "take_off", MAY_CHANGE, lambda row: row.current),
        Tool(_("Offer again…"), PAGE + "offer", MAY_CHANGE, lambda row: not row.current),
    )

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("line", *PRICED)
        fields = (
            "line",
            "version",
            "current",
            *PRICED[:6],
            number_column("house_share", _("the house gets")),
        )
        return (*fields, *_FLAGS, moment_column("created", _("created")))

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else ()

    def has_add_permission(self, request):
        return PanelModelAdmin.has_add_permission(self, request)

    def get_urls(self):
        pages = [
            (f"<int:object_id>/{name}/", self._page_of(action), f"campaigns_campaignclass_{name}")
            for name, action in ACTIONS.items()
        ]
        return add_pages(self, *pages) + super().get_urls()

    def _page_of(self, action):
        def act_page(request, object_id):
            # What follows may be another row: the list has them all.
            back = reverse(PAGE + "changelist")
            return answer_actions(self, request, object_id, [action], back=back)

        return act_page
