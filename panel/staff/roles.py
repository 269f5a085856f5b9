"""The roles of staff: groups that are put right after every migration. Superusers alone say who has which.

Each word says what a role may do to a model: v(iew), a(dd), c(hange), d(elete). What staff do to rows by buttons
hangs on these too: who changes an order cancels it, who adds a transfer credits and debits by hand. Rights stay with
superusers (groups, staff, and beat's schedules, which run any task).
"""

from django.apps import apps as all_apps
from django.contrib.auth.models import Group, Permission

OWNER, FINANCE, SUPPORT, CATALOGUE = "owner", "finance", "support", "catalogue"
# The owner does everything with the rows of these.
OUR_APPS = (
    "accounts",
    "staff",
    "jobs",
    "personal",
    "wallet",
    "support",
    "rewards",
    "orders",
    "providers",
    "sms",
    "campaigns",
)
WORDS = {"v": "view", "a": "add", "c": "change", "d": "delete"}

ROLES = {
    FINANCE: {
        "accounts.customer": "v",
        "campaigns.bundlepurchase": "vc",
        "campaigns.campaign": "v",
        "orders.customerday": "v",
        "orders.customertotal": "v",
        "orders.order": "v",
        "orders.orderday": "v",
        "orders.orderrefund": "va",
        "orders.refill": "v",
        "providers.pricerun": "v",
        "providers.pricerunrow": "v",
        "providers.provider": "v",
        "providers.providerday": "v",
        "rewards.freecredit": "v",
        "rewards.pricelevel": "vacd",
        "rewards.referral": "v",
        "rewards.referralreward": "v",
        "rewards.rewardday": "v",
        "rewards.rewardrules": "vc",
        "sms.send": "v",
        "sms.smsaccount": "v",
        "staff.customernote": "va",
        "wallet.account": "v",
        "wallet.bonusstep": "vacd",
        "wallet.coupon": "vac",
        "wallet.couponuse": "v",
        "wallet.houseday": "v",
        "wallet.moneyday": "v",
        "wallet.payment": "vc",
        "wallet.transfer": "va",
        "wallet.walletevent": "vc",
    },
    SUPPORT: {
        "accounts.apitoken": "vc",
        "accounts.customer": "v",
        "accounts.logincode": "v",
        "accounts.logintry": "vd",
        "accounts.socialidentity": "v",
        "campaigns.campaign": "vc",
        "campaigns.like": "v",
        "campaigns.report": "v",
        "orders.customertotal": "v",
        "orders.dripfeed": "v",
        "orders.linkhold": "vc",
        "orders.order": "vc",
        "orders.orderevent": "vc",
        "orders.orderrefund": "v",
        "orders.refill": "vc",
        "orders.service": "v",
        "orders.servicespeed": "v",
        "orders.subscription": "v",
        "orders.subscriptionpost": "v",
        "orders.webhookdelivery": "v",
        "orders.webhookendpoint": "v",
        "providers.dispatch": "vc",
        "rewards.freecredit": "v",
        "rewards.giftgrant": "v",
        "rewards.referral": "v",
        "rewards.referralcode": "v",
        "sms.message": "vc",
        "sms.pattern": "vc",
        "sms.send": "v",
        "sms.smsaccount": "v",
        "staff.customernote": "vac",
        "support.cannedanswer": "vacd",
        "support.notification": "v",
        "support.ticket": "vc",
        "support.ticketnote": "v",
        "wallet.account": "v",
        "wallet.payment": "v",
        "wallet.transfer": "v",
    },
    CATALOGUE: {
        "campaigns.bundle": "vac",
        "campaigns.campaignclass": "vac",
        "campaigns.product": "vac",
        "campaigns.productcode": "va",
        "orders.blockedterm": "vacd",
        "orders.catalogueannouncement": "v",
        "orders.cataloguechange": "v",
        "orders.catalogueversion": "v",
        "orders.category": "vacd",
        "orders.service": "vac",
        "orders.serviceday": "v",
        "orders.serviceevent": "vc",
        "orders.servicespeed": "v",
        "orders.servicetotal": "v",
        "providers.importrule": "vac",
        "providers.priceproposal": "vc",
        "providers.pricerun": "va",
        "providers.pricerunrow": "v",
        "providers.provider": "v",
        "providers.providerevent": "v",
        "providers.providersync": "vc",
        "providers.route": "vacd",
        "providers.routehealth": "v",
        "providers.syncedservice": "v",
        "providers.upstreamlisting": "v",
        "rewards.gift": "vac",
        "support.announcement": "vac",
    },
}
# What hangs on no model's word.
MORE = {SUPPORT: ("staff.act_as_customer",)}


def list_rights(role):
    """The names of what a role other than the owner may do, as `app.codename`."""
    for model, letters in ROLES[role].items():
        app, name = model.split(".")
        yield from (f"{app}.{WORDS[letter]}_{name}" for letter in letters)
    yield from MORE.get(role, ())


def set_roles():
    """Make the groups and give each exactly its rights. What isn't migrated yet is left out."""
    rows = Permission.objects.filter(content_type__app_label__in=OUR_APPS).select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    for role in (OWNER, *ROLES):
        group, _made = Group.objects.get_or_create(name=role)
        names = known if role == OWNER else set(list_rights(role))
        group.permissions.set(known[name] for name in names if name in known)


def keep_roles_right(sender, **kwargs):
    """After migrations, once all applications have made their permissions."""
    migrated = [config for config in all_apps.get_app_configs() if config.models_module is not None]
    if sender is migrated[-1]:
        set_roles()
