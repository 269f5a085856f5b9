"""Announcements in both languages, and who put which away."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAX_TEXT = 20_000  # characters


class Announcement(models.Model):
    """Something told on the home page while it is current. Both texts are safe HTML (nh3)."""

    class Tone(models.TextChoices):
        INFO = "info", _("information")
        SUCCESS = "success", _("good news")
        WARNING = "warning", _("warning")

    class Audience(models.TextChoices):
        ALL = "all", _("all customers")
        API = "api", _("customers with API keys")

    title_fa = models.CharField(_("title in Persian"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    text_fa = models.TextField(
        _("text in Persian"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("Text, or simple HTML: p, b, i, lists, links."),
    )
    text_en = models.TextField(_("text in English"), max_length=MAX_TEXT, blank=True)
    tone = models.CharField(_("tone"), max_length=8, choices=Tone, default=Tone.INFO)
    audience = models.CharField(_("for whom"), max_length=8, choices=Audience, default=Audience.ALL)
    pinned = models.BooleanField(_("pinned"), default=False, help_text=_("Comes before all others."))
    active = models.BooleanField(_("active"), default=True)
    starts_at = models.DateTimeField(_("shown from"), default=timezone.now)
    ends_at = models.DateTimeField(_("shown until"), null=True, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="announcement_ends_after_start",
            )
        ]

    def __str__(self):
        return self.title_en

    @property
    def title(self):
        """In the page's language."""
        return self.title_fa if get_language() == "fa" else self.title_en

    @property
    def text(self):
        """In the page's language: safe HTML, or ""."""
        return self.text_fa if get_language() == "fa" else self.text_en


class PutAway(models.Model):
    """A customer has read an announcement and doesn't want it on the home page any more."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="put_away")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    created = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("announcement put away")
        verbose_name_plural = _("announcements put away")
        constraints = [
            models.UniqueConstraint(fields=["customer", "announcement"], name="announcement_put_away_once")
        ]

    def __str__(self):
        return f"{self.customer_id}: {self.announcement_id}"
