"""Every model and every field with words is classified: about a person, and erased how; or about nobody."""

from django.apps import apps

from panel.lib.personal import list_impersonal, list_personal, list_word_fields

PARTS = {part.model: part for part in list_personal()}
MODELS = {model._meta.label: model for model in apps.get_models()}


def test_every_model_is_classified_once():
    assert {label for label in MODELS if label not in PARTS and label not in list_impersonal()} == set()
    assert PARTS.keys() & list_impersonal().keys() == set()
    assert len(PARTS) == len(list_personal())
    assert (PARTS.keys() | list_impersonal().keys()) - MODELS.keys() == set()


def test_every_field_with_words_of_a_personal_model_is_erased_or_kept_for_a_reason():
    unclassified = {
        f"{label}.{name}"
        for label, part in PARTS.items()
        if not part.deleted
        for name in list_word_fields(MODELS[label])
        if name not in part.wiped and name not in part.kept
    }
    assert unclassified == set()


def test_what_is_named_exists():
    for label, part in PARTS.items():
        names = {field.name for field in MODELS[label]._meta.concrete_fields}
        assert (set(part.wiped) | set(part.kept)) - names == set(), label


def test_every_model_that_belongs_to_a_customer_is_personal():
    customer = MODELS["accounts.Customer"]
    own = {"customer", "owner", "buyer"}
    linked = {
        label
        for label, model in MODELS.items()
        for field in model._meta.concrete_fields
        if field.name in own and field.related_model is customer
    }
    by_staff = {"providers.PriceRun"}  # whose price change it was
    assert linked - PARTS.keys() - by_staff == {"sms.SenderLine"}  # a number of the house that they may use
