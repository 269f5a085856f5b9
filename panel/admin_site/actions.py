"""A page that does one thing to one object: says what will happen, asks what it needs, and does it on POST."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from panel.admin_site.auditing import tell_action
from panel.admin_site.model_admin import keep_snapshot


class ActionRefused(Exception):
    """It can't be done; its sentences are shown beside the form."""


class AlreadyDone(Exception):
    """Somebody, or the same form before, has done it; its words are shown and nothing is logged."""


@dataclass(frozen=True, slots=True)
class Action:
    """`act(request, obj, data)` does it and returns the sentence that says so.

    It raises ActionRefused or AlreadyDone. `name` tells several forms on one page apart; `initial(obj)` fills
    the form. What it did and its lines in the logs commit together; one that `talks` calls a provider or a bank,
    so no transaction is open meanwhile: that it began is written down before.
    """

    title: Any
    button: Any
    act: Callable
    permission: str
    form_class: type[forms.Form] = forms.Form
    note: Any = ""
    name: str = "act"
    danger: bool = False
    talks: bool = False
    initial: Callable[[Any], dict] = lambda obj: {}


def answer_actions(
    model_admin,
    request,
    object_id,
    actions,
    *,
    title="",
    context=None,
    back=None,
    template="admin/object_actions.html",
):
    """The page of one object with a form for each of `actions`; a POST runs the one whose `name` it carries.

    Raises Http404 for an unknown object and PermissionDenied. `back` is where it goes on afterwards, the
    object's own page unless given; `context(obj)` adds to the template's values.
    """
    if not all(request.user.has_perm(action.permission) for action in actions):
        raise PermissionDenied
    obj = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    back = back or reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    blocks = []
    for action in actions:
        chosen = request.method == "POST" and action.name in request.POST
        sent = (request.POST, request.FILES) if chosen else ()
        form = action.form_class(*sent, initial=action.initial(obj))
        if chosen and form.is_valid() and _run(model_admin, request, obj, action, form):
            return HttpResponseRedirect(back)
        blocks.append({"action": action, "form": form})
    values = {
        **model_admin.admin_site.each_context(request),
        "title": title or actions[0].title,
        "opts": obj._meta,
        "subtitle": obj,
        "original": obj,
        "blocks": blocks,
        "back": back,
        **(context(obj) if context else {}),
    }
    return TemplateResponse(request, template, values)


def _run(model_admin, request, obj, action, form):
    """True when there is nothing more to do on this page."""
    keep_snapshot(obj)
    try:
        with nullcontext() if action.talks else transaction.atomic():
            if action.talks:
                tell_action(request, "begin", obj, words=action.title)
            words = action.act(request, obj, form.cleaned_data)
            _log(model_admin, request, obj, words)
    except ActionRefused as refused:
        form.add_error(None, [str(sentence) for sentence in refused.args])
        return False
    except AlreadyDone as done:
        messages.info(request, str(done))
        return True
    messages.success(request, words)
    return True


def _log(model_admin, request, obj, words):
    """The object as it is now, which `act` may have changed behind its back."""
    now = model_admin.get_queryset(request).filter(pk=obj.pk).first() or obj
    now.audited_before = obj.audited_before
    model_admin.log_change(request, now, str(words))
