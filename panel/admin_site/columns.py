"""Columns that many lists have: moments in the calendar of the language, numbers, links."""

from django.contrib import admin
from django.utils.html import format_html

from panel.lib.dates import format_date, format_moment, format_number
from panel.lib.language import page_language

EMPTY = "–"


def moment_column(field, label):
    """A column of the DateTimeField `field`: Jalali in Persian, Tehran time."""

    @admin.display(description=label, ordering=field)
    def show(obj):
        moment = getattr(obj, field)
        return format_html("<bdi>{}</bdi>", format_moment(moment, page_language())) if moment else EMPTY

    return show


def date_column(field, label):
    """A column of the DateField `field`: Jalali in Persian."""

    @admin.display(description=label, ordering=field)
    def show(obj):
        return format_html("<bdi>{}</bdi>", format_date(getattr(obj, field), page_language()))

    return show


def number_column(field, label):
    """A column of the whole number or Decimal `field`, with separators of thousands."""

    @admin.display(description=label, ordering=field)
    def show(obj):
        return show_number(getattr(obj, field))

    return show


def show_number(number):
    """A number for people; a dash for None. Zeros behind the point of a Decimal are left out."""
    if number is None:
        return EMPTY
    if number == int(number):
        number = int(number)
    return format_html("<bdi>{}</bdi>", format_number(number, page_language()))


def ltr_column(field, label):
    """A column of a link, key or id, which reads from left to right in any language."""

    @admin.display(description=label, ordering=field)
    def show(obj):
        return format_html('<bdi dir="ltr">{}</bdi>', getattr(obj, field) or EMPTY)

    return show
