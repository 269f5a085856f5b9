"""The forms on a ticket's page in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from panel.support.desk import MAX_NOTE
from panel.support.models import CannedAnswer
from panel.support.tickets import MAX_MESSAGE


class SeenField(forms.IntegerField):
    """The newest message on the page that the form is part of; a page shown again shows newer ones."""

    widget = forms.HiddenInput

    def bound_data(self, data, initial):
        return initial


class CloseForm(forms.Form):
    """Closing, after all that was seen."""

    seen = SeenField(min_value=0)


class AnswerForm(CloseForm):
    """An answer to what was seen; a canned one is put into the box first, to be edited there."""

    canned = forms.ModelChoiceField(
        label=_("canned answer"),
        queryset=CannedAnswer.objects.filter(active=True).only("title"),
        required=False,
        empty_label="–",
    )
    message = forms.CharField(
        label=_("answer"), max_length=MAX_MESSAGE, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )
    then_next = forms.BooleanField(label=_("then open the next one that waits"), required=False)


class NoteForm(forms.Form):
    """What staff tell each other."""

    text = forms.CharField(
        label=_("note"), max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class TakeForm(forms.Form):
    """Taking or giving back; `had` is who had it when the page was shown."""

    had = forms.IntegerField(widget=forms.HiddenInput, required=False)
