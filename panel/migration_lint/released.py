"""Where the last release ended, and what its code knows of the database."""

import json
from pathlib import Path

from django.apps import apps

BOUNDARY = Path(__file__).with_name("released.json")


def list_own_apps():
    """Labels of the applications that are ours, not installed ones."""
    return sorted(config.label for config in apps.get_app_configs() if "site-packages" not in config.path)


def read_boundary():
    """`{application: name of its newest released migration}`."""
    return json.loads(BOUNDARY.read_text())


def mark_released(loader):
    """Write down that every migration there is belongs to a release now."""
    own = set(list_own_apps())
    leaves = {label: name for label, name in sorted(loader.graph.leaf_nodes()) if label in own}
    BOUNDARY.write_text(json.dumps(leaves, indent=1) + "\n")
    return leaves


def list_released_nodes(loader):
    """The released leaves that exist. Raises KeyError for one that is gone: a released migration is never renamed."""
    nodes = list(read_boundary().items())
    for node in nodes:
        loader.graph.node_map[node]
    return nodes


def find_new(loader):
    """Our migrations that no release had, in the order they are applied."""
    released = {node for leaf in list_released_nodes(loader) for node in loader.graph.forwards_plan(leaf)}
    plan = [node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf)]
    own = set(list_own_apps())
    return [
        loader.graph.nodes[node] for node in dict.fromkeys(plan) if node[0] in own and node not in released
    ]


def find_released_tables(loader):
    """`{table: {columns}}` that the last release's code reads and writes."""
    return describe_tables(loader.project_state(list_released_nodes(loader)))


def describe_tables(state):
    """`{table: {column: field}}` of a state of the models, tables between many and many included."""
    models = state.apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: {field.column: field for field in model._meta.concrete_fields}
        for model in models
    }
