"""Columns that several lists of the like exchange have."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY


@admin.display(description=_("campaign"), ordering="campaign_id")
def campaign_link(row):
    """The number of the row's campaign, as a link to its page; asks the database nothing."""
    url = reverse("admin:campaigns_campaign_change", args=[row.campaign_id])
    return format_html('<a href="{}"><bdi>#{}</bdi></a>', url, row.campaign_id)


def show_picture(digest, css_class):
    """The picture of that digest as our own server has it; a dash where there is none yet."""
    if digest is None:
        return EMPTY
    return format_html('<img class="{}" src="{}" alt="">', css_class, reverse("cover", args=[digest]))


def show_address(url, words=""):
    """An address elsewhere, as a link that opens beside the admin and tells nothing of it; under `words` if given."""
    link = '<a href="{}" target="_blank" rel="noopener noreferrer"><bdi dir="ltr">{}</bdi></a>'
    return format_html(link, url, words or url)
