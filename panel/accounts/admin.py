"""The admin of customers, staff and their API tokens."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from panel.accounts import customer_block  # noqa: F401 - on the customer's page
from panel.accounts.browser_sessions import end_other_sessions
from panel.accounts.factor_admin import RESET_FACTOR, RESET_TOOL
from panel.accounts.identity_admin import IdentityInline
from panel.accounts.login_tokens import end_other_logins
from panel.accounts.models import ApiToken, Customer, LoginCode, LoginTry
from panel.accounts.networks import format_network
from panel.accounts.tokens import (
    CONTRACT_CHOICES,
    MAX_KEYS,
    TooManyKeys,
    issue_token,
    revoke_token,
    set_token_end,
)
from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column
from panel.admin_site.customer_page import read_blocks
from panel.admin_site.model_admin import PanelModelAdmin, Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.lib.mobile import parse_mobile

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
TOKEN_COLUMNS = (
    ltr_column("prefix", _("begins with")),
    "use",
    "contract",
    "name",
    moment_column("created", _("created")),
    moment_column("expires_at", _("expires")),
    moment_column("revoked_at", _("revoked")),
    moment_column("last_used_at", _("last used")),
)


class MobileFormMixin:
    """Takes a mobile number in any usual spelling and stores it as E.164."""

    def clean_mobile(self):
        mobile = self.cleaned_data["mobile"]
        try:
            return parse_mobile(mobile) if mobile else None
        except ValueError as error:
            raise ValidationError(gettext("This is no mobile number.")) from error


class CustomerAddForm(MobileFormMixin, AdminUserCreationForm):
    class Meta:
        model = Customer
        fields = ("username", "mobile")


class CustomerChangeForm(MobileFormMixin, UserChangeForm):
    class Meta:
        model = Customer
        fields = "__all__"


@admin.display(description=_("scopes"))
def show_scopes(token):
    """The names of what a token may do, when it may not do everything."""
    return ", ".join(str(ApiToken.Scope(scope).label) for scope in token.scopes) or EMPTY


@admin.display(description=_("allowed networks"))
def show_networks(token):
    """The networks a token may be used from, when it may not be used from all."""
    networks = ", ".join(map(format_network, token.allowed_networks))
    return format_html('<bdi dir="ltr">{}</bdi>', networks or EMPTY)


TOKEN_LIMITS = (show_scopes, show_networks)
TOKEN_LINKS = ("issued_by", "replaced_by")


class TokenForm(forms.ModelForm):
    """What a new token is for."""

    contract = forms.ChoiceField(label=_("contract"), choices=[("", "---------"), *CONTRACT_CHOICES])

    class Meta:
        model = ApiToken
        fields = ("contract", "name")


class TokenInline(ViewOnlyInline):
    """A customer's keys; what they issued is found in the tokens' own list."""

    model = ApiToken
    fk_name = "customer"
    fields = readonly_fields = tuple(column for column in TOKEN_COLUMNS if column != "use")
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).filter(use=ApiToken.Use.KEY)


@admin.register(Customer)
class CustomerAdmin(IndexedSearchMixin, PanelModelAdmin, UserAdmin):
    """Customers and staff. Only a superuser changes rights, and people who have some.

    Higher layers add their own buttons and tables through `extend`.
    """

    form = CustomerChangeForm
    add_form = CustomerAddForm
    customer_lookup = "pk"
    list_display = (
        "username",
        ltr_column("mobile", _("mobile")),
        ltr_column("email", _("email")),
        "first_name",
        "last_name",
        "discount",
        "is_active",
        "is_staff",
        moment_column("created", _("created")),
    )
    list_filter = ("is_active", "is_staff", "language")
    ordering = ("-id",)
    readonly_fields = (
        ltr_column("new_mobile", _("new mobile")),
        number_column("level_discount", _("discount of the price level")),
        moment_column("last_login", _("last login")),
        moment_column("created", _("created")),
    )
    ltr_fields = ("username", "mobile")
    inlines = (TokenInline, IdentityInline)
    tools = (
        Tool(_("Issue an API token"), "admin:accounts_customer_token", "accounts.add_apitoken"),
        RESET_TOOL,
    )
    fieldsets = (
        (None, {"fields": ("username", "mobile", "mobile_verified", "email", "password", "is_active")}),
        (_("Orders"), {"fields": ("order_block",)}),
        (_("Person"), {"fields": ("first_name", "last_name", "language", "discount", *readonly_fields)}),
        (_("Rights"), {"fields": RIGHTS, "classes": ("collapse",)}),
    )
    add_fieldsets = ((None, {"fields": ("username", "mobile", "usable_password", "password1", "password2")}),)

    @classmethod
    def extend(cls, *, inlines=(), tools=()):
        """Add tables and buttons of an application above this one to the customer's page."""
        cls.inlines = (*cls.inlines, *inlines)
        cls.tools = (*cls.tools, *tools)

    def get_urls(self):
        page = ("<int:object_id>/token/", self.issue_token_page, "accounts_customer_token")
        reset = ("<int:object_id>/second-factor/", self.reset_factor_page, "accounts_customer_reset_factor")
        return add_pages(self, page, reset) + super().get_urls()

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *RIGHTS)

    def has_change_permission(self, request, obj=None):
        powerful = obj is not None and (obj.is_staff or obj.is_superuser)
        return super().has_change_permission(request, obj) and (request.user.is_superuser or not powerful)

    def has_delete_permission(self, request, obj=None):
        return False  # the book and the orders name them: a customer is made inactive instead

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term or found.exists():
            return found, distinct
        return queryset.filter(Q(first_name__icontains=term) | Q(last_name__icontains=term)), distinct

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """With everything about the customer above the form."""
        if obj is not None:
            context["customer_blocks"] = read_blocks(request.user, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def reset_factor_page(self, request, object_id):
        """Forget the customer's second factor."""
        return answer_actions(self, request, object_id, [RESET_FACTOR])

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request, id, form_url=""):
        """Another's password, which ends all that was logged in by the old one; one's own is changed elsewhere."""
        if str(request.user.pk) == str(id):
            return HttpResponseRedirect(reverse("dashboard:password"))
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            end_other_sessions(int(id))
            end_other_logins(int(id), b"")
        return response

    def issue_token_page(self, request, object_id):
        """Make a token and show it in the answer itself: it is stored nowhere, so this is the only time."""
        if not request.user.has_perm("accounts.add_apitoken"):
            raise PermissionDenied
        customer = get_object_or_404(Customer, pk=object_id)
        if not self.has_change_permission(request, customer):
            raise PermissionDenied
        form = TokenForm(request.POST or None)
        token = None
        if request.method == "POST" and form.is_valid():
            token = self._issue(request, customer, form)
        values = {
            **self.admin_site.each_context(request),
            "title": _("Issue an API token"),
            "opts": self.opts,
            "original": customer,
            "form": form,
            "token": token,
            "action": {"title": _("For whom and what"), "button": _("Issue"), "name": "act"},
            "back": reverse("admin:accounts_customer_change", args=[customer.pk]),
        }
        return TemplateResponse(request, "admin/issue_token.html", values)

    def _issue(self, request, customer, form):
        """The new token's text, or None with the form saying why there is none."""
        try:
            row, token = issue_token(customer, form.cleaned_data["contract"], form.cleaned_data["name"])
        except TooManyKeys:
            form.add_error(None, gettext("There are %(count)s live keys already.") % {"count": MAX_KEYS})
            return None
        self.log_change(request, customer, gettext("Issued the API token %(token)s.") % {"token": row})
        return token


@admin.register(ApiToken)
class ApiTokenAdmin(IndexedSearchMixin, PanelModelAdmin):
    """Tokens are issued on the customer's page and never shown again; here they expire or are revoked."""

    list_display = ("customer", *TOKEN_COLUMNS)
    list_display_links = (TOKEN_COLUMNS[0],)
    list_select_related = ("customer",)
    list_filter = ("use", "contract", ("revoked_at", admin.EmptyFieldListFilter))
    ordering = ("-id",)
    fields = (
        "customer",
        *TOKEN_COLUMNS[:3],
        "name",
        *TOKEN_LIMITS,
        "expires_at",
        *TOKEN_COLUMNS[6:],
        *TOKEN_LINKS,
    )
    readonly_fields = ("customer", *(c for c in TOKEN_COLUMNS if c != "name"), *TOKEN_LIMITS, *TOKEN_LINKS)
    actions = ("revoke_chosen",)
    tools = (
        Tool(
            _("Revoke"),
            "admin:accounts_apitoken_revoke",
            "accounts.change_apitoken",
            fits=lambda token: token.revoked_at is None,
        ),
    )

    def get_urls(self):
        page = ("<int:object_id>/revoke/", self.revoke_page, "accounts_apitoken_revoke")
        return add_pages(self, page) + super().get_urls()

    def save_model(self, request, obj, form, change):
        """Only what the form has: the row in hand may be older than a revocation."""
        ApiToken.objects.filter(pk=obj.pk).update(name=obj.name)
        set_token_end(obj, obj.expires_at)

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False  # a revoked token stays known, so that its holder is told so

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke_chosen(self, request, queryset):
        """End the chosen tokens now."""
        rows = list(queryset.filter(revoked_at=None))
        for row in rows:
            revoke_token(row)
            self.log_change(request, row, gettext("Revoked."))
        words = ngettext("%(count)s token is revoked.", "%(count)s tokens are revoked.", len(rows))
        messages.success(request, words % {"count": len(rows)})

    def revoke_page(self, request, object_id):
        """Ask once more, then end the token."""
        action = Action(
            title=_("Revoke this token"),
            button=_("Revoke"),
            act=_revoke,
            permission="accounts.change_apitoken",
            note=_("Its holder is refused from the next call on. It can't be taken back."),
            danger=True,
        )
        return answer_actions(self, request, object_id, [action])


def _revoke(request, token, data):
    if token.revoked_at:
        raise AlreadyDone(gettext("The token was revoked before."))
    revoke_token(token)
    return gettext("The token is revoked.")


@admin.register(LoginTry)
class LoginTryAdmin(ViewOnlyAdmin):
    """Passwords tried in vain. Deleting a row gives a try back, for somebody who locked themselves out."""

    list_display = (ltr_column("subject", _("account or address")), moment_column("created", _("tried")))
    search_fields = ("=subject",)
    ordering = ("-id",)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("accounts.delete_logintry")


@admin.register(LoginCode)
class LoginCodeAdmin(ViewOnlyAdmin):
    """Who asked for a code, from where, and whether it was used; the code is shown nowhere, nor is its digest."""

    list_display = fields = (
        ltr_column("subject", _("asked with")),
        "purpose",
        "customer",
        ltr_column("mobile", _("sent to")),
        ltr_column("address", _("asked from")),
        "tries",
        moment_column("created", _("created")),
        moment_column("expires_at", _("expires")),
        moment_column("used_at", _("used")),
    )
    readonly_fields = list_display
    list_select_related = ("customer",)
    search_fields = ("=subject", "=mobile", "=address")
    ordering = ("-id",)
