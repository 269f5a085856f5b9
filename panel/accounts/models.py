"""Who uses the panel: customers and staff, and the tokens with which they call the APIs."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from panel.accounts.entry_models import (  # noqa: F401 - Django looks for an application's models here
    BrowserSession,
    RecoveryCode,
    SecondFactor,
)


class CustomerManager(BaseUserManager):
    """Makes customers; `username` is the only name everybody has."""

    use_in_migrations = True

    def create_user(self, username, password=None, **fields):
        customer = self.model(username=username, **fields)
        customer.set_password(password)
        customer.save(using=self._db)
        return customer

    def create_superuser(self, username, password=None, **fields):
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Customer(AbstractBaseUser, PermissionsMixin):
    """A person with a wallet; staff are customers who may enter the admin."""

    class Language(models.TextChoices):
        PERSIAN = "fa", "فارسی"
        ENGLISH = "en", "English"

    username = models.CharField(_("username"), max_length=64, unique=True)
    mobile = models.CharField(
        _("mobile"), max_length=16, unique=True, null=True, blank=True, help_text=_("E.164, as +989123456789")
    )
    mobile_verified = models.BooleanField(_("mobile verified"), default=False)
    new_mobile = models.CharField(
        _("new mobile"),
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text=_("Takes the place of the mobile once a code sent to it was typed in."),
    )
    email = models.EmailField(_("email"), null=True, blank=True)  # noqa: DJ001 - unique, so absent is NULL
    first_name = models.CharField(_("first name"), max_length=64, blank=True)
    last_name = models.CharField(_("last name"), max_length=64, blank=True)
    discount = models.PositiveSmallIntegerField(
        _("discount in percent"), default=0, validators=[MaxValueValidator(100)]
    )
    level_discount = models.PositiveSmallIntegerField(
        _("discount of the price level"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("By what the customer has spent; the larger of the two discounts counts."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.PERSIAN)
    order_block = models.CharField(
        _("may not order because"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: may order. Whoever is blocked still sees orders and wallet."),
    )
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True, blank=True, editable=False)
    # When the text that they accepted was last changed; NULL: the panel's own.
    terms_version = models.DateTimeField(_("version of the terms"), null=True, blank=True, editable=False)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = CustomerManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="customer_email_unique"),
            models.CheckConstraint(condition=models.Q(discount__lte=100), name="customer_discount_percent"),
            models.CheckConstraint(
                condition=models.Q(level_discount__lte=100), name="customer_level_discount_percent"
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.mobile or self.username

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def percent_off(self):
        """The discount in percent that the customer's orders have; the placing statements compute the same."""
        return max(self.discount, self.level_discount)


class ApiToken(models.Model):
    """A key of one contract. Only its digest is stored, so it is shown once, when it is made."""

    class Contract(models.TextChoices):
        STANDARD = "standard", "standard v2"
        PANEL_APP = "panel_app", "panel app v1"
        GRAY_CITY = "gray_city", "gray-city v2"
        HAPPY_FOLLOWER = "happy_follower", "happy-follower v1"
        HAPPY_SANDBOX = "happy_sandbox", "happy-follower v1 sandbox"
        LIKENAMA = "likenama", "likenama v1"
        SMS_REST = "sms_rest", "SMS gateway REST"

    class Use(models.TextChoices):
        KEY = "key", _("key")
        ACCESS = "access", _("access token")
        REFRESH = "refresh", _("refresh token")

    class Scope(models.TextChoices):
        READ = "read", _("read only")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tokens", verbose_name=_("customer"))
    use = models.CharField(_("use"), max_length=8, choices=Use, default=Use.KEY, db_default=Use.KEY)
    # A refresh token was issued by a key, an access token by a refresh token or a login.
    issued_by = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="issued", verbose_name=_("issued by")
    )
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("replaced by")
    )
    contract = models.CharField(_("contract"), max_length=16, choices=Contract)
    name = models.CharField(_("name"), max_length=64, blank=True)
    prefix = models.CharField(_("prefix"), max_length=12)
    digest = models.BinaryField(_("digest"), max_length=32, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=32, choices=Scope),
        verbose_name=_("scopes"),
        default=list,
        blank=True,
        help_text=_("Empty: everything its contract has."),
    )
    allowed_networks = ArrayField(
        models.CharField(max_length=64), verbose_name=_("allowed networks"), default=list, blank=True
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.prefix}… ({self.get_contract_display()})"


class LoginTry(models.Model):
    """A password tried in vain, counted by account and by address: in PostgreSQL, so a lost cache opens nothing."""

    subject = models.CharField(max_length=128)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("login try")
        verbose_name_plural = _("login tries")
        indexes = [models.Index(fields=["subject", "created"], name="login_try_subject")]

    def __str__(self):
        return self.subject


class LoginCode(models.Model):
    """A code asked for: every ask is a row, so limits are counted by rows and survive a lost cache.

    `subject` is what it was asked with (`mobile:+98…`, `email:…`). An ask that sent nothing (an email nobody has,
    or a second ask for a number that has a fresh code) has no digest; nobody but the log can tell.
    """

    class Purpose(models.TextChoices):
        LOGIN = "login", _("login")
        MOBILE = "mobile", _("new mobile")

    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.LOGIN)
    subject = models.CharField(_("asked with"), max_length=320)
    address = models.CharField(_("asked from"), max_length=64)
    mobile = models.CharField(_("sent to"), max_length=16, blank=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    digest = models.BinaryField(max_length=32, default=b"")
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created = models.DateTimeField(_("created"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("login code")
        verbose_name_plural = _("login codes")
        indexes = [
            models.Index(fields=["subject", "-created"], name="login_code_subject"),
            models.Index(fields=["mobile", "-created"], name="login_code_mobile"),
            models.Index(fields=["address", "-created"], name="login_code_address"),
        ]

    def __str__(self):
        return self.subject


class NewsChoice(models.Model):
    """By which channels a customer wants to hear of one kind of news; without a row the kind's defaults hold."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="news_choices", db_index=False, verbose_name=_("customer")
    )
    event = models.CharField(_("event"), max_length=32)
    panel = models.BooleanField(_("in the panel"))
    sms = models.BooleanField(_("by SMS"))

    class Meta:
        verbose_name = _("choice of news")
        verbose_name_plural = _("choices of news")
        constraints = [models.UniqueConstraint(fields=["customer", "event"], name="news_choice_once")]

    def __str__(self):
        return self.event


class SocialIdentity(models.Model):
    """An account elsewhere by which a customer logs in and is asked about (panel/accounts/identities.py)."""

    class Provider(models.TextChoices):
        INSTAGRAM = "instagram", "Instagram"

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="identities", db_index=False, verbose_name=_("customer")
    )
    provider = models.CharField(_("provider"), max_length=16, choices=Provider)
    uid = models.CharField(_("id there"), max_length=64)
    username = models.CharField(_("name there"), max_length=64, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("account elsewhere")
        verbose_name_plural = _("accounts elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["provider", "uid"], name="identity_once"),
            models.UniqueConstraint(fields=["customer", "provider"], name="identity_one_of_a_customer"),
        ]

    def __str__(self):
        return f"{self.provider} {self.username or self.uid}"
