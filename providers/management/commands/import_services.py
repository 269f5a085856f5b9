"""`manage.py import_services`: an upstream's services from a script, as the admin's page imports them."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from orders.models import Category, Service
from providers.models import ImportRule, Provider, ProviderSync, UpstreamListing
from providers.sync.importing import RuleTerms, import_listings, list_upstream_categories, save_rule
from providers.sync.running import Outcome, sync_provider


class Command(BaseCommand):
    """Read a provider's list; without categories print those there are, else keep rules and import them."""

    help = "Import services of a provider: price = cost × rate × (1 + margin), rounded up to the step."

    def add_arguments(self, parser):
        parser.add_argument("provider", help="its name")
        parser.add_argument("--category", dest="categories", action="extend", nargs="+", default=[])
        parser.add_argument("--all", action="store_true", help="every category on the list")
        parser.add_argument(
            "--into", help="our category, made if need be; one of the same name for each without"
        )
        parser.add_argument("--kind", choices=Service.Kind.values, default="")
        parser.add_argument("--margin", type=_read_margin, default=Decimal(20), help="percent; 20 without")
        parser.add_argument(
            "--step", type=int, default=1, help="toman that prices are rounded up to; 1 without"
        )
        parser.add_argument("--approve", action="store_true", help="new prices wait for approval")
        parser.add_argument(
            "--import-new", action="store_true", help="services that come later are sold as well"
        )

    def handle(self, *args, provider, categories, **options):
        """Raises CommandError: for an unknown provider or category, bad terms, or a list that was not taken."""
        provider = Provider.objects.filter(name=provider).first()
        if provider is None:
            raise CommandError("there is no provider of that name")
        _read_list(provider)
        rows = list(list_upstream_categories(provider.pk))
        known = [row["category"] for row in rows]
        if not categories and not options["all"]:
            for row in rows:
                self.stdout.write(f"{row['category']}: {row['count']}, of which {row['imported']} imported")
            return
        if unknown := [name for name in categories if name not in known]:
            raise CommandError(f"not on the list: {', '.join(unknown)}")
        self._import(provider, known if options["all"] else categories, options)

    def _import(self, provider, categories, options):
        terms = _read_terms(options)
        _check_terms(provider, terms)
        into = options["into"] and Category.objects.filter(name=options["into"]).order_by("pk").first()
        if options["into"] and not into:
            into = Category.objects.create(name=options["into"])
        for name in categories:
            save_rule(provider, name, into or None, terms)
        listings = UpstreamListing.objects.filter(provider=provider, category__in=categories, gone_at=None)
        made = import_listings(provider, listings)
        left = listings.exclude(state=UpstreamListing.State.IMPORTED).count()
        self.stdout.write(f"{made} services imported, {left} left on the list that can't be sold")


def _read_margin(text):
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def _read_terms(options):
    modes = ImportRule.Mode
    return RuleTerms(
        kind=options["kind"],
        margin=options["margin"],
        step=options["step"],
        mode=modes.APPROVE if options["approve"] else modes.FOLLOW,
        import_new=options["import_new"],
    )


def _check_terms(provider, terms):
    """Raises CommandError with the model's own words for terms that it can't hold."""
    rule = ImportRule(provider=provider, **{name: getattr(terms, name) for name in RuleTerms.__slots__})
    try:
        rule.full_clean(exclude=["category"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        faults = [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
        raise CommandError("; ".join(faults)) from error


def _read_list(provider):
    outcome = sync_provider(provider.pk)
    if outcome is Outcome.BUSY:
        raise CommandError("the list is being read this moment: try again in a minute")
    if outcome is not Outcome.DONE:
        raise CommandError(f"the list was not taken: {ProviderSync.objects.get(pk=provider.pk).error}")
