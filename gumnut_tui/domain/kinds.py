"""The kinds of entities: one table, so that a new kind is one line.

An event names its entity by `entity_type` and `entity_id`. Most entity types are kinds of their own; `metadata` and
`exif` events carry the id of a photo. The set is open: unknown types and kinds are shown too, but cannot be read.
"""

from __future__ import annotations

from urllib.parse import quote

import msgspec

Include = tuple[str, ...]
"""Names of field groups to ask for."""


class Kind(msgspec.Struct, frozen=True):
    """What is known of one kind of entity: a field for each thing in which kinds differ, most of them as by default."""

    name: str
    """The API's name; also the entity type of its events."""
    id_prefix: str
    path: str
    nouns: tuple[str, str]
    """Singular and plural, as shown."""
    name_field: str = "name"
    """The field that holds its name; empty where the name is composed of others."""
    unnamed: str = ""
    """Shown for one without a name."""
    named_by: tuple[tuple[str, ...], ...] = ()
    """The entities its name is composed of: for each the fields that may hold its id, preferred first."""
    aspects: tuple[str, ...] = ()
    """Other entity types whose events carry the id of such an entity."""
    retired: tuple[str, ...] = ()
    """Such types that today's servers no longer send."""
    is_filter: bool = True
    """Servers accept it in the feed's `entity_types`."""
    photo_filter: str = ""
    """The parameter that filters the list of photos by one; empty where there is none."""
    list_params: tuple[tuple[str, str], ...] = ()
    """Sent with every list read by ids, so that nothing is hidden."""
    includes: tuple[Include, ...] = ((),)
    """Lists of field groups to ask for, preferred first; if a server refuses one, the next is tried."""
    single_includes: bool = False
    """The single read accepts `include` too."""
    single_is_scoped: bool = False
    """The single read accepts `library_id` too."""

    def single_path(self, entity_id: str) -> str:
        """The path of one entity; its id is opaque, so it is quoted."""
        return f"{self.path}/{quote(entity_id, safe='')}"


_TABLE = (
    Kind(
        "asset", "asset_", "/api/assets", ("photo", "photos"),
        name_field="original_file_name", unnamed="photo without a name", aspects=("metadata",), retired=("exif",),
        list_params=(("state", "all"),),
        includes=(
            ("metadata", "faces", "people", "file_data", "variants"),
            ("metadata", "faces", "people", "file_data"),
            (),
        ),
        single_includes=True,
    ),
    Kind(
        "album", "album_", "/api/albums", ("album", "albums"),
        unnamed="album without a name", photo_filter="album_id",
    ),
    Kind(
        "album_asset", "album_asset_", "/api/album-assets", ("album_asset", "album_asset"),
        name_field="", named_by=(("asset_id",), ("album_id",)),
    ),
    Kind(
        "person", "person_", "/api/people", ("person", "people"),
        unnamed="unnamed person", photo_filter="person_ids",
    ),
    Kind(
        "face", "face_", "/api/faces", ("face", "faces"), name_field="", named_by=(("asset_id",), ("person_id",)),
        includes=(("cluster_assignment",), ()), single_includes=True, single_is_scoped=True,
    ),
    Kind(
        "stack", "asset_stack_", "/api/stacks", ("stack", "stacks"),
        name_field="", named_by=(("primary_asset_id", "asset_ids"),),
        includes=(("asset_ids",), ()), photo_filter="stack_id",
    ),
    Kind(
        "library", "lib_", "/api/libraries", ("library", "libraries"),
        unnamed="library without a name", is_filter=False,
    ),
)  # fmt: skip

KINDS = {kind.name: kind for kind in _TABLE}
"""The kinds that can be read, by name."""

_OTHER_PREFIXES = ("asset_version_",)
"""Prefixes of ids that cannot be read and would be taken for others."""
_PREFIXES = sorted(
    [*((kind.id_prefix, kind.name) for kind in _TABLE), *((prefix, "") for prefix in _OTHER_PREFIXES)],
    key=lambda pair: -len(pair[0]),
)

RETIRED_TYPES = tuple(name for kind in _TABLE for name in kind.retired)
KNOWN_ENTITY_TYPES = (*(name for kind in _TABLE for name in (kind.name, *kind.aspects)), *RETIRED_TYPES)
"""Entity types any generation of the feed has had, in the order the sidebar lists them; the set is open."""
UNFILTERED_TYPES = frozenset(kind.name for kind in _TABLE if not kind.is_filter)
"""Entity types that occur in the feed but that no server accepts as a filter."""

_HAPPENS = {
    "asset": "created updated trashed restored deleted moved_out moved_in", "metadata": "updated",
    "exif": "created updated deleted", "album": "created updated deleted", "album_asset": "added removed",
    "person": "created updated deleted", "face": "created updated deleted", "stack": "created updated deleted",
    "library": "trashed restored",
}  # fmt: skip
KNOWN_EVENT_TYPES = tuple(f"{entity_type}_{word}" for entity_type, words in _HAPPENS.items() for word in words.split())
"""Event types any generation of the feed has had (API, section 3.1); the set is open."""

_KIND_OF = {name: kind.name for kind in _TABLE for name in (*kind.aspects, *kind.retired)}


def kind_of(entity_type: str) -> str:
    """The kind of entity to read for an event of this entity type: `asset` for `metadata`, else itself."""
    return _KIND_OF.get(entity_type, entity_type)


def kind_of_id(entity_id: str) -> str | None:
    """The kind an id has by its prefix, longer prefixes first; None for an unknown prefix.

    An entity type or the name of a field takes precedence: ids are opaque.
    """
    return next((kind or None for prefix, kind in _PREFIXES if entity_id.startswith(prefix)), None)
