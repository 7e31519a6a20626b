"""Which types, attributes and modules exist, and whether a name is misspelt."""

from planspec.schema.access_index import Acl, Door, Grant, Identity, Inside, Share, access_types
from planspec.schema.action_index import Actions, Way, escalations, known_actions
from planspec.schema.attribute_paths import problem_of
from planspec.schema.known_names import names
from planspec.schema.provider import (
    BLOCK,
    SHIPPED,
    Schemas,
    Shape,
    cache_folder,
    indexed,
    provider_name,
    read_index,
)

__all__ = [
    "BLOCK",
    "SHIPPED",
    "Acl",
    "Actions",
    "Door",
    "Grant",
    "Identity",
    "Inside",
    "Schemas",
    "Shape",
    "Share",
    "Way",
    "access_types",
    "cache_folder",
    "escalations",
    "indexed",
    "known_actions",
    "names",
    "problem_of",
    "provider_name",
    "read_index",
]
