"""The file with everything that is known of a customer: of them alone, and without secrets."""

import io
import json
import zipfile

import pytest

from panel.accounts.models import ApiToken
from panel.jobs.models import Job
from panel.jobs.running import run_jobs
from panel.jobs.starting import read_file
from panel.lib.personal import list_personal
from panel.personal.exporting import start_export
from tests.factories import make_customer, make_key
from tests.panel.personal.lived_in import EMAIL, MOBILE, NAME, make_lived_in

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "panel.accounts.backends.MobileOrEmailBackend"


def read_archive(job):
    """`{file: rows}` of the ZIP that the job made."""
    with zipfile.ZipFile(io.BytesIO(b"".join(read_file(job)))) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_the_customer_gets_a_file_of_everything(client):
    customer = make_lived_in()
    client.force_login(customer, backend=BACKEND)
    before = set(Job.objects.values_list("pk", flat=True))
    assert client.post("/personal/export/", {"form_key": "one"}).status_code == 302
    run_jobs()
    job = Job.objects.exclude(pk__in=before).get()
    files = read_archive(job)
    assert (job.state, job.media_type) == (Job.State.DONE, "application/zip")
    assert files.keys() == {f"{part.model.lower()}.json" for part in list_personal() if part.exported}
    (person,) = files["accounts.customer.json"]
    assert (person["first_name"], person["mobile"], person["email"]) == (NAME, MOBILE, EMAIL)
    assert [row["link"] for row in files["orders.order.json"] if row["link"] != "x"] == [NAME]
    assert MOBILE in {row["to"] for row in files["sms.message.json"]}
    assert NAME in {row["text"] for row in files["sms.message.json"]}
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 200


def test_of_somebody_else_nothing_is_in_it():
    make_lived_in()
    other = make_customer()
    job = start_export(other.pk, other.pk, "k")
    run_jobs()
    text = json.dumps(read_archive(Job.objects.get(pk=job.pk)))
    assert [needle for needle in (NAME, MOBILE, EMAIL) if needle in text] == []


def test_of_a_key_only_its_beginning_is_told():
    customer = make_customer()
    key = make_key(customer)
    job = start_export(customer.pk, customer.pk, "k")
    run_jobs()
    files = read_archive(Job.objects.get(pk=job.pk))
    (row,) = files["accounts.apitoken.json"]
    assert row["prefix"] == ApiToken.objects.get().prefix
    assert key not in json.dumps(files)


def test_staff_with_the_right_get_it_too_and_it_is_erased_with_the_customer(client):
    customer, staff = make_customer(), make_customer(is_staff=True, is_superuser=True)
    client.force_login(staff, backend=BACKEND)
    page = f"/admin/personal/erasure/export/{customer.pk}/"
    (block,) = client.get(page).context["blocks"]
    sent = {"act": "1", "form_key": block["form"]["form_key"].value()}
    assert [client.post(page, sent).status_code for _ in range(2)] == [302, 302]
    run_jobs()
    job = Job.objects.get()
    assert (job.owner, job.state, len(read_archive(job)["accounts.customer.json"])) == (
        staff,
        Job.State.DONE,
        1,
    )
    jobs = next(part for part in list_personal() if part.model == "jobs.Job")
    assert list(jobs.find(customer)) == [job]
