"""What kinds of campaign there are, and what a like of each is worth."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from panel.wallet.models import Currency

MOST_VALUE = 1_000_000  # of one like
TEXTS = ("description", "phone", "website", "address")


class CampaignClass(models.Model):
    """One version of a class: never changed, only replaced by the next version (campaigns/classes.py).

    So a campaign keeps the prices that it was made with. `line` names the class in all its versions; pace and daily
    limits are counted by it. The version that new campaigns take is the `current` one.
    """

    class CampaignType(models.TextChoices):
        INSTAGRAM_LIKING = "instagram_liking", _("Instagram likes")

    class PaymentType(models.TextChoices):
        LIKE = Currency.LIKE.value, _("like")
        COIN = Currency.COIN.value, _("coin")

    line = models.SlugField(_("name"), max_length=32, help_text=_("The same in all versions of a class."))
    version = models.PositiveIntegerField(_("version"), default=1)
    current = models.BooleanField(_("current"), default=True)
    campaign_type = models.CharField(
        _("type"), max_length=32, choices=CampaignType, default=CampaignType.INSTAGRAM_LIKING
    )
    payment_type = models.CharField(_("paid in"), max_length=8, choices=PaymentType)
    waiting = models.PositiveIntegerField(
        _("seconds between two likes of one person"), default=0, validators=[MaxValueValidator(86_400)]
    )
    max_user_likes = models.PositiveIntegerField(
        _("most likes a person is paid for in a day"), default=2000, validators=[MinValueValidator(1)]
    )
    campaign_value = models.PositiveIntegerField(
        _("a like costs the campaign"), validators=[MinValueValidator(1), MaxValueValidator(MOST_VALUE)]
    )
    user_share = models.PositiveIntegerField(
        _("of which the liker gets"),
        validators=[MinValueValidator(1)],
        help_text=_("The rest stays with the house."),
    )
    has_description = models.BooleanField(_("may carry a description"), default=False)
    has_phone = models.BooleanField(_("may carry a phone number"), default=False)
    has_website = models.BooleanField(_("may carry a website"), default=False)
    has_address = models.BooleanField(_("may carry an address"), default=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("campaign class")
        verbose_name_plural = _("campaign classes")
        ordering = ["line", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["line", "version"], name="campaign_class_version"),
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(current=True), name="campaign_class_one_current"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    user_share__gte=1,
                    campaign_value__gte=models.F("user_share"),
                    campaign_value__lte=MOST_VALUE,
                ),
                name="campaign_class_shares",
            ),
        ]

    def __str__(self):
        return f"{self.line} v{self.version}"

    @property
    def house_share(self):
        """What the house gets of a like, in the currency of `payment_type`; may be 0."""
        return self.campaign_value - self.user_share

    @property
    def texts(self):
        """Which of TEXTS a campaign of this class may carry: `{name: whether}`."""
        return {name: getattr(self, f"has_{name}") for name in TEXTS}
