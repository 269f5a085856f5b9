"""The admin of the sync: importing, reviewing, deciding about prices, and typing figures in."""

import pytest
from django.urls import reverse

from orders.models import Category, Service, ServiceEvent
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from panel.jobs.showing import view_job
from providers.models import ImportRule, PriceProposal, ProviderSync, SyncedService, UpstreamListing
from providers.sync.importing import save_rule
from providers.sync.running import sync_provider
from tests.panel.admin_visits import enter_admin, found_ids, page_of, read, superuser, told
from tests.providers.sync.steps import APPROVE, look, service_of, take_in, terms

__all__ = ["superuser"]
TERMS = {
    "category": "",
    "new_category": "",
    "kind": "",
    "margin": "20",
    "step": "100",
    "mode": "follow",
    "import": "1",
}


def work(started):
    """Run the job that a page started; its state and what is said of it."""
    run_jobs()
    view = view_job(Job.objects.get(pk=started.url.split("/")[-3]))
    return view.job.state, view.words


@pytest.fixture
def page(provider):
    """The address of the provider's import page."""
    return reverse("admin:providers_import", args=[provider.pk])


def act(browser, model, action, rows):
    """Run an action of a list on rows; returns what the next page tells."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return told(browser.post(page_of(model), data, follow=True))


def test_the_provider_leads_to_the_page_and_the_page_reads_the_list(superuser, provider, page):
    assert f'href="{page}"' in read(superuser, page_of(provider, "change", provider.pk))
    assert "Nothing is listed yet" in read(superuser, page)
    started = superuser.post(page, {"read": "1"})
    assert f'href="{started.url}"' in read(superuser, page)  # found again while it waits
    assert superuser.post(page, {"read": "1"}).url == started.url
    assert run_jobs() == 1
    assert "The list was read: it has 25 services." in read(superuser, started.url)
    html = read(superuser, page)
    assert ("Comments" in html, html.count('name="categories"')) == (True, 11)
    assert "No category is called that." in read(superuser, page, q="nowhere")
    assert read(superuser, page, q="follow").count('name="categories"') == 1


def test_a_list_that_cant_be_read_says_why(superuser, provider, page):
    provider.url = "http://127.0.0.1:1/"
    provider.save()
    assert work(superuser.post(page, {"read": "1"})) == ("failed", "the connection was refused")


def test_ticked_categories_are_imported_into_ours(superuser, provider, page):
    sync_provider(provider.pk)
    ours = Category.objects.create(name="Ours")
    data = TERMS | {"categories": ["Followers", "Likes"], "category": ours.pk, "kind": "like"}
    said = (
        "2 services were imported."
        " 1 service was left on the list: its type isn't sold here, or its price or bounds can't be read."
    )
    assert work(superuser.post(page, data)) == ("done", said)
    assert (look(1), look(2)) == ((5400, True, ""), (1100, True, ""))
    assert set(Service.objects.values_list("category", "kind")) == {(ours.pk, "like")}
    assert set(ImportRule.objects.values_list("upstream_category", "category")) == {
        ("Followers", ours.pk),
        ("Likes", ours.pk),
    }


@pytest.mark.parametrize(
    ("changes", "names"), [({"new_category": "Fresh"}, {"Fresh"}), ({}, {"Followers", "Packs"})]
)
def test_they_are_imported_into_new_categories(superuser, provider, page, changes, names):
    sync_provider(provider.pk)
    work(superuser.post(page, TERMS | {"categories": ["Followers", "Packs"]} | changes))
    assert set(Category.objects.values_list("name", flat=True)) == names
    assert set(Service.objects.values_list("category__name", flat=True)) == names


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"margin": "-1"}, "greater than or equal to 0"),
        ({"step": "0"}, "greater than or equal to 1"),
        ({"categories": []}, "Tick at least one category."),
        ({"new_category": "x", "category": "ours"}, "not both"),
    ],
)
def test_terms_without_sense_are_refused(superuser, provider, page, changes, words):
    sync_provider(provider.pk)
    if "category" in changes:
        changes = changes | {"category": Category.objects.create(name="Ours").pk}
    response = superuser.post(page, TERMS | {"categories": ["Followers"]} | changes)
    assert words in response.content.decode()
    assert (Service.objects.count(), ImportRule.objects.count()) == (0, 0)


def test_services_without_a_category_are_not_sold_under_the_providers_name(superuser, provider, page):
    take_in(provider, "Followers")
    UpstreamListing.objects.filter(category="Likes").update(category="")
    data = TERMS | {"categories": [""]}
    html = superuser.post(page, data).content.decode()
    assert "Services without a category need one of ours: choose it or name a new one." in html
    assert list(Category.objects.values_list("name", flat=True)) == ["our Followers"]
    assert superuser.post(page, data | {"new_category": "Ours"}).status_code == 302
    assert set(Category.objects.values_list("name", flat=True)) == {"our Followers", "Ours"}


def test_only_who_may_import_does(provider, page):
    reader = enter_admin("providers.view_importrule", "providers.view_provider")
    assert (reader.get(page).status_code, reader.post(page, {"read": "1"}).status_code) == (403, 403)
    assert page not in read(reader, page_of(provider, "change", provider.pk))
    assert not ProviderSync.objects.exists()
    importer = enter_admin("providers.add_importrule")
    assert importer.get(page).status_code == 200


def test_a_rule_is_changed_and_the_next_pass_prices_by_it(superuser, provider):
    take_in(provider, "Followers")
    rule = ImportRule.objects.get()
    data = {"category": rule.category_id, "margin": "100", "step": "1", "mode": "follow", "kind": ""}
    assert superuser.post(page_of(rule, "change", rule.pk), data).status_code == 302
    sync_provider(provider.pk)
    assert look(1)[0] == 9000


def test_new_services_are_reviewed_or_imported(superuser, provider, upstream):
    take_in(provider, "Followers")
    for pk in (900, 901, 902):
        upstream.tell(pk, category="Followers" if pk < 902 else "Elsewhere", rate="100")
    sync_provider(provider.pk)
    rows = {row.upstream_service: row for row in UpstreamListing.objects.filter(state="new")}
    query = {"state__exact": "new", "gone_at__isempty": "1"}
    assert len(found_ids(superuser, UpstreamListing, **query)) == 3
    assert "new upstream services" in read(superuser, reverse("admin:index"))
    said = act(superuser, UpstreamListing, "import_now", [rows["900"], rows["902"]])
    assert said == [
        "1 service was imported.",
        "1 was not: it is sold already, its category has no rule, or it can't be sold.",
    ]
    assert act(superuser, UpstreamListing, "mark_reviewed", [rows["901"]]) == ["1 service was reviewed."]
    assert look(900) == (200, True, "")
    assert found_ids(superuser, UpstreamListing, **query) == [rows["902"].pk]


def test_a_doubted_list_is_shown_and_taken(superuser, provider, upstream):
    take_in(provider, "Followers")
    upstream.drop(*range(3, 26))
    sync_provider(provider.pk)
    sync = ProviderSync.objects.get()
    assert found_ids(superuser, ProviderSync, shrunk_to__isempty="0") == [provider.pk]
    take = reverse("admin:providers_providersync_take", args=[sync.pk])
    assert take in read(superuser, page_of(sync, "change", sync.pk))
    html = read(superuser, page_of(ProviderSync))
    assert (take in html, page_of(sync, "change", sync.pk) in html) == (True, True)
    assert take not in read(enter_admin("providers.view_providersync"), page_of(ProviderSync))
    said = [told(superuser.post(take, {"act": "1"}, follow=True)) for _ in range(2)]
    assert said[0] == ["The list is read again and taken as it is."]
    sync_provider(provider.pk)
    assert UpstreamListing.objects.filter(gone_at=None).count() == 2
    late = told(superuser.post(take, {"act": "1"}, follow=True))
    assert late == ["The list is whole again, or was taken already."]


def test_prices_are_approved_and_rejected_in_bulk(superuser, provider, upstream):
    take_in(provider, "Mentions", mode=APPROVE)
    for pk in (8, 11, 12, 13):
        upstream.tell(pk, rate="7600")
    sync_provider(provider.pk)
    proposals = list(PriceProposal.objects.order_by("service"))
    assert len(found_ids(superuser, PriceProposal, state__exact="waiting")) == 4
    assert act(superuser, PriceProposal, "approve", proposals[:2]) == ["2 prices were approved."]
    assert act(superuser, PriceProposal, "reject", proposals[1:]) == ["2 prices were rejected."]
    assert [look(pk)[0] for pk in (8, 11, 12, 13)] == [9200, 9200, 9600, 9000]
    assert set(PriceProposal.objects.values_list("decided_by", flat=True)) == {superuser.staff.username}


def test_who_may_only_look_decides_nothing(provider, upstream):
    take_in(provider, "Followers", mode=APPROVE)
    upstream.tell(1, rate="9000")
    sync_provider(provider.pk)
    reader = enter_admin("providers.view_priceproposal", "providers.view_upstreamlisting")
    act(reader, PriceProposal, "approve", PriceProposal.objects.all())
    act(reader, UpstreamListing, "import_now", UpstreamListing.objects.all())
    assert (look(1)[0], PriceProposal.objects.get().state, Service.objects.count()) == (5400, "waiting", 1)


def test_figures_are_typed_in(superuser, provider, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Followers")
    row = SyncedService.objects.get()
    url = reverse("admin:providers_syncedservice_complete", args=[row.pk])
    assert url in read(superuser, page_of(row, "change", row.pk))
    data = {"act": "1", "price": "5000", "min": "9", "max": "5", "type": "default", "kind": "follower"}
    assert "The maximum is below the minimum." in superuser.post(url, data).content.decode()
    said = told(superuser.post(url, data | {"max": "90"}, follow=True))
    assert said == ["The service is on sale."]
    service = service_of(1)
    assert (look(1), service.min, service.max, service.kind) == ((5000, True, ""), 9, 90, "follower")
    assert told(superuser.post(url, data | {"max": "99"}, follow=True)) == ["It has its figures already."]


def test_the_form_of_figures_is_led_to_and_knows_the_rules_kind(superuser, provider, monkeypatch):
    monkeypatch.setattr("providers.adapters.standard.StandardAdapter.lists_prices", False)
    take_in(provider, "Followers", kind="follower_pro")
    url = reverse("admin:providers_syncedservice_complete", args=[SyncedService.objects.get().pk])
    assert f'<a href="{url}">' in read(superuser, page_of(SyncedService), paused_for__exact="untold")
    assert url not in read(enter_admin("providers.view_syncedservice"), page_of(SyncedService))
    html = read(superuser, url)
    assert '<option value="follower_pro" selected>' in html
    assert f"<bdi>{provider.name}</bdi> <bdi" in html


def test_the_log_shows_what_changed(superuser, provider, upstream):
    take_in(provider, "Followers")
    upstream.tell(1, rate="5000", max=77)
    sync_provider(provider.pk)
    upstream.drop(1)
    sync_provider(provider.pk)
    html = read(superuser, page_of(ServiceEvent), q=str(service_of(1).pk))
    assert "<bdi>5,400</bdi> → <bdi>6,000</bdi>" in html
    assert "maximum: <bdi>10,000</bdi> → <bdi>77</bdi>" in html
    assert ("its price" in html, "gone from the upstream&#x27;s list" in html) == (False, True)


def test_a_service_edited_by_hand_is_logged(superuser, provider):
    take_in(provider, "Followers")
    ServiceEvent.objects.all().delete()
    service = service_of(1)
    response = superuser.get(page_of(service, "change", service.pk))
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data |= {"price": "7000", "routes-TOTAL_FORMS": "0", "routes-INITIAL_FORMS": "0", "link_hosts": ""}
    data.pop("active")
    response = superuser.post(page_of(service, "change", service.pk), data)
    assert (response.status_code, look(1)[:2]) == (302, (7000, False))
    assert list(ServiceEvent.objects.order_by("id").values_list("kind", "data")) == [
        ("price_changed", {"old": 5400, "new": 7000, "reason": "edited"}),
        ("paused", {"reason": "edited"}),
    ]


@pytest.mark.parametrize(
    "model", [ImportRule, UpstreamListing, ProviderSync, PriceProposal, SyncedService, ServiceEvent]
)
def test_every_page_loads_in_both_languages(superuser, provider, upstream, model):
    take_in(provider, "Followers", mode=APPROVE)
    save_rule(provider, "", None, terms())
    upstream.tell(1, rate="9000")
    sync_provider(provider.pk)
    row = model.objects.first()
    for language in ("fa", "en"):
        superuser.cookies["language"] = language
        for path in (page_of(model), page_of(model, "change", row.pk)):
            assert superuser.get(path).status_code == 200
        assert superuser.get(reverse("admin:providers_import", args=[provider.pk])).status_code == 200
