"""What the panel knows of a person: given to them as a file, and erased when they ask."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonalConfig(AppConfig):
    name = "panel.personal"
    label = "personal"
    verbose_name = _("personal data")

    def ready(self):
        # Models are ready only now.
        from panel.jobs.kinds import add_job_kind
        from panel.lib.personal import Personal, add_personal
        from panel.personal.exporting import EXPORT

        add_job_kind(EXPORT)
        add_personal(Personal("personal.Erasure", owners=("customer",), kept=("reason",)))
