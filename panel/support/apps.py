from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "panel.support"
    label = "support"

    def ready(self):
        from panel.support import receivers  # noqa: F401 - connecting is what the import is for; models are ready
