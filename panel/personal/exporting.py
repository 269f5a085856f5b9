"""Everything that the panel knows of a customer, as a ZIP of JSON files that a job makes."""

import json
import tempfile
import zipfile

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.accounts.models import Customer
from panel.jobs.kinds import JobKind
from panel.jobs.starting import start_job
from panel.lib.personal import list_personal

KIND = "personal_export"
CHUNK = 1 << 20
ROWS_AT_A_TIME = 1_000
IN_MEMORY = 8 << 20  # bytes of the file, beyond which it is kept on disk meanwhile


def start_export(owner_id, customer_id, key):
    """The Job of `owner_id` (the customer, or staff) that writes all that is known of them. Raises TooManyJobs."""
    return start_job(owner_id, KIND, {"customer": customer_id}, f"personal:{customer_id}:{key}"[:64])


def export_customer(run):
    """The job's work: a file for each kind of rows, in the words of the database."""
    customer = Customer.objects.get(pk=run.params["customer"])
    written = 0
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in reversed(list_personal()):
                if part.exported:
                    with archive.open(f"{part.model.lower()}.json", "w") as target:
                        for text in _write_rows(part, customer):
                            target.write(text.encode())
                            written += 1
                            run.tell(written)
                        target.write(b"]\n")
        file.seek(0)
        while piece := file.read(CHUNK):
            run.write(piece)
    run.finish({"customer": customer.pk}, f"customer-{customer.pk}.zip", "application/zip")


def _write_rows(part, customer):
    rows = part.find(customer).order_by("pk").values(*part.exported).distinct()
    empty = True
    for row in rows.iterator(ROWS_AT_A_TIME):
        words = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield f"{'[' if empty else ','}\n{words}"
        empty = False
    if empty:
        yield "["


def _describe(job):
    if job.result["customer"] == job.owner_id:
        return _t("The file holds all that we know of you.")
    return _t("The file holds what is known of the customer.")


EXPORT = JobKind(
    KIND,
    _("Export of personal data"),
    export_customer,
    _describe,
    lambda job: reverse("dashboard:personal_data"),
)
