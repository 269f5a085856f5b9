"""What nobody may order for: links and words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BlockedTerm(models.Model):
    """A link (a host, or a host and the beginning of a path) or a word that no order may carry."""

    class Kind(models.TextChoices):
        LINK = "link", _("link")
        WORD = "word", _("word")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(
        _("text"),
        max_length=300,
        help_text=_(
            "A link as example.com or example.com/user; a word as it may stand in a link or comment."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("blocked term")
        verbose_name_plural = _("blocked terms")
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="blocked_term_once")]

    def __str__(self):
        return self.text
