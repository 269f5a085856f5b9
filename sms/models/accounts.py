"""What customers who resell SMS pay, and what they may do."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """Prices in toman for a part of a message to one recipient."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    persian_price = models.PositiveIntegerField(_("a part with Persian letters"), help_text=_("in toman"))
    latin_price = models.PositiveIntegerField(_("a part of Latin letters alone"), help_text=_("in toman"))
    active = models.BooleanField(_("active"), default=True)
    public = models.BooleanField(
        _("may be chosen"), default=False, help_text=_("By whoever registers through the web service.")
    )
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("What customers without a package of their own pay.")
    )

    class Meta:
        verbose_name = _("SMS package")
        verbose_name_plural = _("SMS packages")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="package_one_default"
            )
        ]

    def __str__(self):
        return self.name


class SmsAccount(models.Model):
    """What is special about a customer's use of SMS; who has no row uses the default package."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sms_account", verbose_name=_("customer")
    )
    package = models.ForeignKey(
        Package,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("package"),
        help_text=_("Empty: the default."),
    )
    access = models.BooleanField(_("may use the web service"), default=True)
    trial = models.BooleanField(
        _("trial"), default=False, help_text=_("May read everything; nothing is sent and nothing charged.")
    )
    may_manage = models.BooleanField(
        _("may have users below"),
        default=False,
        help_text=_("Others may name this customer when they register."),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_sms_accounts",
        verbose_name=_("manager"),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, help_text=_("From then on the web service knows no such user.")
    )
    company = models.CharField(_("company"), max_length=128, blank=True)
    fax = models.CharField(_("fax"), max_length=32, blank=True)
    national_code = models.CharField(_("national code"), max_length=10, blank=True)
    certificate = models.CharField(_("birth certificate number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("SMS account")
        verbose_name_plural = _("SMS accounts")

    def __str__(self):
        return str(self.customer)
