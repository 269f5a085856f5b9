from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "panel.jobs"
    label = "jobs"
    verbose_name = _("jobs")

    def ready(self):
        from panel.jobs.personal import add_parts  # models are ready only now

        add_parts()
