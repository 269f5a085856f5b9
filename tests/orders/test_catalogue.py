"""Which services are listed by kind."""

import pytest

from orders.catalogue import find_service_kind, list_services_by_kind
from orders.models import Category
from tests.factories import make_service

pytestmark = pytest.mark.django_db
WANTED = {"like": ("default",), "ads": ("ads", "default")}


def test_kinds_in_their_types_in_the_catalogues_order():
    last, first = (
        Category.objects.create(name=name, sort=sort) for name, sort in (("last", 2), ("first", 1))
    )
    rows = [
        make_service(name="a", kind="like", category=last),
        make_service(name="b", kind="ads", type="ads", category=first),
        make_service(name="c", kind="ads", category=first),
    ]
    make_service(kind="like", type="poll")
    make_service(kind="view")
    make_service(kind="like", active=False)
    make_service(kind="like", category=Category.objects.create(name="closed", active=False))
    listed = list_services_by_kind(WANTED)
    assert list(listed) == [{"id": row.pk, "name": row.name} for row in (rows[1], rows[2], rows[0])]
    assert (listed.count(), list(listed[1:2])) == (3, [{"id": rows[2].pk, "name": "c"}])


def test_no_kinds_no_services():
    make_service(kind="like")
    assert list(list_services_by_kind({})) == []


def test_kind_of_a_service():
    assert find_service_kind(make_service(kind="like").pk) == {
        "kind": "like",
        "type": "default",
        "pack_size": 1,
    }
    assert find_service_kind(make_service(active=False).pk) == {"kind": "", "type": "default", "pack_size": 1}
    assert find_service_kind(0) is None
