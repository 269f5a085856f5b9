from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "sms"

    def ready(self):
        from sms import receivers  # noqa: F401 - connecting is what the import is for; models are ready only now
