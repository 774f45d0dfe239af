"""Entities as a request may see them: groups only when asked for, no private keys, no fields from later times."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.picture_urls import PictureUrls
from gumnut_tui.demo.world.entity_filters import Filters

ASSET_GROUPS = frozenset({"metadata", "faces", "people", "file_data", "variants"})
_NEIGHBOURS = 3


class Views:
    """Turns the world's whole entities into answers."""

    def __init__(self, world: LibraryWorld, generation: Generation, urls: PictureUrls) -> None:
        self._world = world
        self._generation = generation
        self._urls = urls

    def render(self, kind: str, entity: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
        """``entity`` as JSON with the groups in ``include``."""
        shown = {key: value for key, value in entity.items() if not key.startswith("_")}
        match kind:
            case "asset":
                shown = self._asset(entity, shown, include)
            case "album":
                shown["asset_urls"] = self._urls.of_album(entity)
            case "person":
                shown["asset_urls"] = self._urls.of_person(entity)
                if "cluster_metrics" not in include:
                    shown["cluster_metrics"] = None
            case "face":
                shown["asset_urls"] = self._urls.of_face(entity)
                asked = "cluster_assignment" in include
                shown["cluster_assignment"] = self._assignment(entity) if asked else None
            case "stack":
                if "asset_ids" not in include:
                    shown["asset_ids"] = None
        return self._generation.without_later_fields(kind, shown)

    def library(self, library: dict[str, Any]) -> dict[str, Any]:
        """A library as JSON."""
        shown = {key: value for key, value in library.items() if not key.startswith("_")}
        return self._generation.without_later_fields("library", shown)

    def _asset(self, entity: dict[str, Any], shown: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
        groups = include if self._generation.has_include else ASSET_GROUPS
        shown["asset_urls"] = self._urls.of_asset(entity, every="variants" in groups)
        shown["faces"] = self._embedded("face", entity["faces"]) if "faces" in groups else None
        shown["people"] = self._embedded("person", entity["people"]) if "people" in groups else None
        if "metadata" not in groups:
            shown["metadata"] = None
        if "file_data" not in groups:
            shown["file_data"] = None
        elif not self._generation.has_include:
            flat = shown.pop("file_data") or {}
            flat.pop("file_size_bytes", None)
            shown.update(flat)
        return shown

    def _embedded(self, kind: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Entities inside an asset; embedded people come without addresses."""
        found = [self.render(kind, entity, frozenset()) for entity in entities]
        if kind == "person":
            for person in found:
                person["asset_urls"] = None
        return found

    def _assignment(self, face: dict[str, Any]) -> dict[str, Any]:
        """How well the face fits its person, and who else is near."""
        own = face.get("person_id")
        near = self._world.ids("person", face["_library_id"], Filters(include_hidden=False))
        distances = sorted(
            (0.35 + _share(face["id"] + other) * 0.25, other) for other in near[: _NEIGHBOURS + 1] if other != own
        )
        candidates = []
        for distance, other in distances[:_NEIGHBOURS]:
            person = self._world.entity("person", other) or {}
            candidates.append({"person_id": other, "name": person.get("name"), "distance": round(distance, 4)})
        distance_to_person = round(0.08 + _share(face["id"]) * 0.25, 4) if own else None
        return {"distance_to_person": distance_to_person, "candidates": candidates}


def _share(text: str) -> float:
    """A number in [0, 1) that belongs to ``text``."""
    return crc32(text.encode()) / 2**32
