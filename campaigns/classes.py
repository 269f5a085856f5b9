"""Classes of campaigns: which can be chosen now, and how one is replaced by its next version."""

from django.db import IntegrityError, transaction

from campaigns.models import CampaignClass
from campaigns.refusals import CampaignRefused, Refusal

PRICED = (
    "campaign_type",
    "payment_type",
    "waiting",
    "max_user_likes",
    "campaign_value",
    "user_share",
    "has_description",
    "has_phone",
    "has_website",
    "has_address",
)


def list_classes():
    """The current version of every class on offer, oldest line first."""
    return list(CampaignClass.objects.filter(current=True).order_by("id"))


def find_class(class_id):
    """The current class of this id. Raises CampaignRefused(UNKNOWN), also for a version that was replaced."""
    found = CampaignClass.objects.filter(pk=class_id, current=True).first()
    if found is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    return found


def find_line(line):
    """The current class of this line. Raises CampaignRefused(UNKNOWN)."""
    found = CampaignClass.objects.filter(line=line, current=True).first()
    if found is None:
        raise CampaignRefused(Refusal.UNKNOWN)
    return found


def replace_class(row, **values):
    """The next version of `row`'s class with these values of PRICED; running campaigns keep the version they have.

    Returns `row` itself when nothing would change. Raises CampaignRefused(UNKNOWN) for a version that is not the
    current one any more: somebody else was quicker.
    """
    with transaction.atomic():
        held = CampaignClass.objects.select_for_update().get(pk=row.pk)
        if not held.current:
            raise CampaignRefused(Refusal.UNKNOWN)
        wanted = {name: values.get(name, getattr(held, name)) for name in PRICED}
        if wanted == {name: getattr(held, name) for name in PRICED}:
            return held
        CampaignClass.objects.filter(pk=held.pk).update(current=False)
        return CampaignClass.objects.create(line=held.line, version=_next_version(held.line), **wanted)


def set_offered(row, offered):
    """Take a class off the list, or put its newest version back on. Raises CampaignRefused(UNKNOWN)."""
    with transaction.atomic():
        held = CampaignClass.objects.select_for_update().get(pk=row.pk)
        if offered and held.version + 1 != _next_version(held.line):
            raise CampaignRefused(Refusal.UNKNOWN)
        try:
            with transaction.atomic():
                CampaignClass.objects.filter(pk=held.pk).update(current=offered)
        except IntegrityError as error:
            raise CampaignRefused(Refusal.UNKNOWN) from error


def _next_version(line):
    versions = CampaignClass.objects.filter(line=line).order_by("-version").values_list("version", flat=True)
    return (versions.first() or 0) + 1
