"""How people get in by browser: their sessions, and the second factor that some of them show."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.secrets import EncryptedTextField


class BrowserSession(models.Model):
    """What a browser's cookie opens; only the digest of its key is stored. Before a login it is nobody's."""

    class How(models.TextChoices):
        NOT = "", "–"
        PASSWORD = "password", _("by password")
        CODE = "code", _("by a code")

    digest = models.BinaryField(max_length=32, unique=True)
    data = models.TextField()
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="browser_sessions"
    )
    how = models.CharField(max_length=8, choices=How, default=How.NOT, blank=True)
    address = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(db_default=Now())
    last_seen = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self):
        return str(self.pk)


class SecondFactor(models.Model):
    """A customer's authenticator (TOTP); counts once confirmed. `last_step` is the newest code's time-step."""

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor", verbose_name=_("customer")
    )
    secret = EncryptedTextField()
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    last_step = models.BigIntegerField(default=0)
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        permissions = [("reset_secondfactor", "Can reset the second factor of others")]

    def __str__(self):
        return str(self.customer_id)


class RecoveryCode(models.Model):
    """Stands in for the authenticator once; only a keyed digest is stored."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", db_index=False)
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self):
        return str(self.pk)
