"""What staff did (append-only), as whom they act, and what they noted about customers."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _link_person(label, **options):
    """A link that outlives the person: the log says who it was also when the account is gone."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=label,
        **options,
    )


class StaffAction(models.Model):
    """One thing that a member of staff did. A trigger lets no row be changed or deleted.

    `customer` is whom it is about, `acting_as` whose pages it was done on. `changes` is {field: [old, new]},
    secrets hidden; `path` comes without its query.
    """

    class Kind(models.TextChoices):
        ADD = "add", pgettext_lazy("staff have", "added")
        CHANGE = "change", pgettext_lazy("staff have", "changed")
        DELETE = "delete", pgettext_lazy("staff have", "deleted")
        ACTION = "action", _("action on several")
        BEGIN = "begin", pgettext_lazy("staff have", "began")
        REQUEST = "request", _("sent a form")
        DOWNLOAD = "download", _("downloaded")
        LOGIN = "login", _("logged in")
        LOGOUT = "logout", _("logged out")
        FAILED = "failed", _("failed to log in")
        ACT = "act", _("began to act as a customer")
        ACT_END = "act_end", _("stopped acting as a customer")
        REFUSED = "refused", _("was refused while acting")

    staff = _link_person(_("member of staff"))
    staff_name = models.CharField(_("name of the member of staff"), max_length=150)
    acting_as = _link_person(_("acting as"), null=True, blank=True)
    customer = _link_person(_("customer"), null=True, blank=True)
    action = models.CharField(_("action"), max_length=16, choices=Kind)
    object_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("id of the object"), max_length=64, blank=True)
    object_text = models.CharField(_("object"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    words = models.CharField(_("words"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)
    path = models.CharField(_("path"), max_length=300, blank=True)
    created = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("action of staff")
        verbose_name_plural = _("actions of staff")
        default_permissions = ("view",)
        permissions = [("act_as_customer", "Can log in as a customer")]
        indexes = [
            models.Index(fields=["staff", "-id"], name="staff_action_staff"),
            models.Index(fields=["customer", "-id"], name="staff_action_customer"),
            models.Index(fields=["object_type", "object_id", "-id"], name="staff_action_object"),
            models.Index(fields=["action", "-id"], name="staff_action_action"),
            models.Index(fields=["created"], name="staff_action_created"),
        ]

    def __str__(self):
        return f"{self.staff_name}: {self.get_action_display()} {self.object_text}".rstrip()


class Acting(models.Model):
    """A member of staff on the pages of a customer, from `created` until `until` or `ended_at`.

    A session names the row and no more, so an end holds whatever an older copy of the session says.
    """

    staff = _link_person(_("member of staff"))
    customer = _link_person(_("customer"))
    reason = models.CharField(_("reason"), max_length=300)
    created = models.DateTimeField(_("began"), db_default=Now())
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("acting as a customer")
        verbose_name_plural = _("acting as customers")
        default_permissions = ()
        indexes = [
            models.Index(fields=["staff"], name="acting_open", condition=models.Q(ended_at=None)),
        ]

    def __str__(self):
        return f"{self.staff_id} → {self.customer_id}"


class CustomerNote(models.Model):
    """What staff want each other to know of a customer, who never sees it."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="notes",
        verbose_name=_("customer"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("text"), max_length=2000)
    pinned = models.BooleanField(_("pinned"), default=False)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("note on a customer")
        verbose_name_plural = _("notes on customers")
        indexes = [models.Index(fields=["customer", "-pinned", "-id"], name="note_of_customer")]

    def __str__(self):
        return self.text[:60]
