"""Phonebooks of customers, and the files they were filled from."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Phonebook(models.Model):
    """Numbers of one customer under a name."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="phonebooks", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=100)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("phonebook")
        verbose_name_plural = _("phonebooks")
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="phonebook_name")]

    def __str__(self):
        return self.name


class PhonebookNumber(models.Model):
    """A mobile in a phonebook, there once."""

    book = models.ForeignKey(
        Phonebook, models.CASCADE, related_name="numbers", db_index=False, verbose_name=_("phonebook")
    )
    number = models.CharField(_("number"), max_length=16, help_text=_("E.164"))
    name = models.CharField(_("name"), max_length=100, blank=True, db_default="")

    class Meta:
        verbose_name = _("number")
        verbose_name_plural = _("numbers")
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="phonebook_number_once")]

    def __str__(self):
        return self.number


class PhonebookImport(models.Model):
    """What became of a file: how many numbers were added, and which lines held none."""

    book = models.ForeignKey(Phonebook, models.CASCADE, related_name="imports", verbose_name=_("phonebook"))
    file_name = models.CharField(_("file"), max_length=200)
    added = models.PositiveIntegerField(_("added"))
    duplicates = models.PositiveIntegerField(_("there already"))
    bad = models.PositiveIntegerField(_("not taken"))
    # The first lines that were not taken: [line, text, why].
    faults = models.JSONField(_("lines"), default=list)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("import of numbers")
        verbose_name_plural = _("imports of numbers")

    def __str__(self):
        return self.file_name
