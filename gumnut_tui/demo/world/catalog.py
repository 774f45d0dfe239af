"""The ids of a library's entities in the order the API lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from gumnut_tui.demo.world.ids import IdSpace
from gumnut_tui.demo.world.records import Asset, LibraryRecord
from gumnut_tui.demo.world.service import Service


class Ids(Sequence[str]):
    """Entity numbers that read as ids; looking one up does not write out the others."""

    def __init__(self, space: IdSpace, kind: str, numbers: Sequence[int]) -> None:
        self._space = space
        self._kind = kind
        self._numbers = numbers
        self._places: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self._space.encode(self._kind, number) for number in self._numbers[index]]
        return self._space.encode(self._kind, self._numbers[index])

    def __iter__(self) -> Iterator[str]:
        return (self._space.encode(self._kind, number) for number in self._numbers)

    def __contains__(self, entity_id: object) -> bool:
        return self._place(entity_id) is not None

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """The place of an id; ValueError when it is not among them."""
        place = self._place(value)
        if place is None or place < start or (stop is not None and place >= stop):
            raise ValueError(f"{value!r} is not listed")
        return place

    def _place(self, entity_id: object) -> int | None:
        number = self._space.decode(self._kind, entity_id) if isinstance(entity_id, str) else None
        if number is None:
            return None
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._numbers)}
        return self._places.get(number)


class Catalog:
    """Answers list requests."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def assets(
        self,
        library: LibraryRecord | None,
        *,
        state: str,
        album: int | None = None,
        people: Sequence[int] = (),
        stack: int | None = None,
    ) -> Ids:
        """Assets, the newest capture first; trashed ones the last trashed first."""
        service = self._service
        pool: Sequence[int] | None = None
        if album is not None:
            pool = [] if service.albums[album] is None else list(service.album(album).members)
        elif people:
            person = service.people[people[0]]
            pool = [] if person is None else [service.face(number).asset for number in person.faces]
        elif stack is not None:
            pool = [] if service.stacks[stack] is None else service.stack(stack).members
        if pool is None:
            pool = range(len(service.assets)) if library is None else library.assets

        def fits(asset: Asset) -> bool:
            seen = {service.face(number).person for number in asset.faces or ()} if people else ()
            return (
                (library is None or asset.library == library.number)
                and all(person in seen for person in people)
                and (album is None or any(service.membership(m).album == album for m in asset.memberships or ()))
                and (stack is None or asset.stack == stack)
            )

        return self._sorted(pool, state, fits)

    def _sorted(self, pool: Sequence[int], state: str, fits: Callable[[Asset], bool]) -> Ids:
        service = self._service
        found = [
            asset
            for number in dict.fromkeys(pool)
            if (asset := service.assets[number]) is not None and in_state(asset, state) and fits(asset)
        ]
        mixed = service.ids.mixed
        if state == "trashed":
            found.sort(key=lambda asset: (asset.trashed_us, mixed("asset", asset.number)), reverse=True)
        else:
            found.sort(key=lambda asset: (asset.captured_us, mixed("asset", asset.number)), reverse=True)
        return Ids(service.ids, "asset", [asset.number for asset in found])

    def albums(self, library: LibraryRecord | None, *, asset: int | None = None) -> Ids:
        """Albums, the newest first; with `asset` those that hold it."""
        service = self._service
        numbers = [
            album.number
            for album in reversed(service.albums)
            if album is not None
            and (library is None or album.library == library.number)
            and (asset is None or asset in album.members)
        ]
        return Ids(service.ids, "album", numbers)

    def memberships(self, library: LibraryRecord | None, *, state: str, album: int | None, asset: int | None) -> Ids:
        """Memberships in the order they were made."""
        service = self._service
        numbers = [
            link.number
            for link in service.memberships
            if link is not None
            and (album is None or link.album == album)
            and (asset is None or link.asset == asset)
            and (library is None or service.asset(link.asset).library == library.number)
            and in_state(service.asset(link.asset), state)
        ]
        return Ids(service.ids, "album_asset", numbers)

    def people(
        self,
        library: LibraryRecord | None,
        *,
        asset: int | None,
        album: int | None,
        name_filter: str,
        include_hidden: bool,
    ) -> Ids:
        """People, the newest first."""
        service = self._service
        seen = self._people_on(asset, album)
        numbers = [
            person.number
            for person in reversed(service.people)
            if person is not None
            and (library is None or person.library == library.number)
            and (name_filter == "all" or (person.name is not None) == (name_filter == "named"))
            and (include_hidden or not person.is_hidden)
            and (seen is None or person.number in seen)
        ]
        return Ids(service.ids, "person", numbers)

    def _people_on(self, asset: int | None, album: int | None) -> set[int] | None:
        service = self._service
        if asset is None and album is None:
            return None
        pool = [asset] if asset is not None else []
        if album is not None:
            there = service.albums[album]
            pool = list(there.members) if there is not None else []
        return {
            service.face(number).person
            for each in pool
            if (record := service.assets[each]) is not None and record.is_live
            for number in record.faces or ()
        }

    def faces(self, library: LibraryRecord | None, *, state: str, asset: int | None, people: Sequence[int]) -> Ids:
        """Faces in the order they were found."""
        service = self._service
        pool: Sequence[int] = range(len(service.faces))
        if asset is not None:
            there = service.assets[asset]
            pool = (there.faces or []) if there is not None else []
        elif people:
            person = service.people[people[0]]
            pool = sorted(person.faces) if person is not None else []
        numbers = [
            face.number
            for number in pool
            if (face := service.faces[number]) is not None
            and (not people or face.person in people)
            and in_state(owner := service.asset(face.asset), state)
            and (library is None or owner.library == library.number)
        ]
        return Ids(service.ids, "face", numbers)

    def stacks(self, library: LibraryRecord | None, *, asset: int | None) -> Ids:
        """Stacks by id."""
        service = self._service
        numbers = [
            stack.number
            for stack in service.stacks
            if stack is not None
            and (library is None or stack.library == library.number)
            and (asset is None or asset in stack.members)
        ]
        numbers.sort(key=lambda number: service.ids.mixed("stack", number))
        return Ids(service.ids, "stack", numbers)


def in_state(asset: Asset, state: str) -> bool:
    """Whether an asset belongs to `live`, `trashed` or `all`."""
    return state == "all" or (state == "live") == asset.is_live
