"""Writing the SMS of an event: as operators wrote its template, or as it comes with the panel."""

import logging
from typing import NamedTuple

from django.utils.translation import override

from sms.events import EVENTS
from sms.models import Template
from sms.variables import BadText, check_variables, fill_variables

log = logging.getLogger(__name__)


class Written(NamedTuple):
    """A text, the Template it was written by (None: the panel's own), and what it was filled with."""

    text: str
    template_id: int | None
    values: dict[str, str]


def write_text(event, language, values):
    """The Written SMS about an event of sms.events.EVENTS (its name) in `fa` or `en`.

    `values` are texts for all the event's variables, numbers as people of that language read them. The template is
    read with each text, so what an operator saves holds from then on. Raises KeyError for a value that is missing.
    """
    values = {name: values[name] for name in EVENTS[event].variables}
    rows = Template.objects.filter(event=event, language=language, active=True)
    template = rows.only("id", "body").first()
    if template is not None and _can_be_filled(template, event):
        return Written(fill_variables(template.body, values), template.pk, values)
    return Written(fill_variables(default_text(event, language), values), None, values)


def default_text(event, language):
    """The text that comes with the panel, with its variables as `{name}`."""
    with override(language):
        return str(EVENTS[event].text)


def check_template(event, body):
    """Raise sms.variables.BadText unless the text can be sent about that event (its name)."""
    check_variables(body, EVENTS[event].variables, EVENTS[event].required)


def fill_sample(event, language, body):
    """The text as it may look, filled with the event's samples. Raises BadText."""
    check_template(event, body)
    with override(language):
        values = {name: str(sample) for name, sample in EVENTS[event].variables.items()}
    return fill_variables(body, values)


def word_code(code, language):
    """What a member of sms.gateway.codes means, in that language."""
    return code.persian.rstrip(".") if language == "fa" else code.english


def _can_be_filled(template, event):
    """Checked when it was saved too; but a variable may have gone since, and the news must not go with it."""
    try:
        check_template(event, template.body)
    except BadText as fault:
        log.error("the SMS template %s is passed by: %s", template.pk, fault)
        return False
    return True
