"""Reading a provider's list and importing its categories as jobs: both can be left and found again."""

import uuid

from panel.jobs.models import Job
from panel.jobs.running import JobFailed
from panel.jobs.starting import start_job
from providers.models import Provider, ProviderSync, UpstreamListing
from providers.sync.importing import CHUNK, import_chunk, list_importable
from providers.sync.running import Outcome, sync_provider

READ, IMPORT = "provider_list", "provider_import"  # kinds of jobs


def start_reading(owner_id, provider_id):
    """The Job that reads the provider's list, made now unless one waits or runs. Raises TooManyJobs."""
    live = find_live(provider_id).filter(kind=READ).first()
    return live or start_job(owner_id, READ, {"provider": provider_id}, f"{READ}:{uuid.uuid4().hex}")


def start_import(owner_id, provider_id, categories):
    """The Job that imports these upstream categories by their rules. Raises TooManyJobs."""
    params = {"provider": provider_id, "categories": categories}
    return start_job(owner_id, IMPORT, params, f"{IMPORT}:{uuid.uuid4().hex}")


def find_live(provider_id):
    """The Jobs that wait for this provider's list or services, or work on them."""
    return Job.objects.filter(kind__in=(READ, IMPORT), state__in=Job.LIVE, params__provider=provider_id)


def read_list(run):
    """The work of a job of kind READ."""
    provider_id = run.params["provider"]
    run.tell(0)
    outcome = sync_provider(provider_id, run.tell)
    if outcome is Outcome.FAILED:
        error = ProviderSync.objects.values_list("error", flat=True).get(pk=provider_id)
        raise JobFailed(error)
    listed = UpstreamListing.objects.filter(provider=provider_id, gone_at=None).count()
    run.finish({"outcome": outcome.value, "listed": listed})


def import_categories(run):
    """The work of a job of kind IMPORT: CHUNK listings in a step."""
    provider = Provider.objects.get(pk=run.params["provider"])
    listings = UpstreamListing.objects.filter(category__in=run.params["categories"])
    wanted = list_importable(provider, listings).order_by("pk").values_list("pk", flat=True)
    place = run.checkpoint or {"last": 0, "done": 0, "total": wanted.count(), "made": 0}
    while ids := list(wanted.filter(pk__gt=place["last"])[:CHUNK]):
        place = place | {"last": ids[-1], "done": place["done"] + len(ids)}
        with run.step(place["done"], place, total=place["total"]):
            place["made"] += import_chunk(provider, ids)
    run.finish({"made": place["made"], "left": wanted.count()})
