"""The project itself as a Django application: its system checks and the commands that span all layers."""

from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "panel"

    def ready(self):
        from panel import checks  # noqa: F401 - registers the checks; models are ready only now
        from panel.fault_reports import start_reporting  # with the settings, like the checks

        start_reporting()
