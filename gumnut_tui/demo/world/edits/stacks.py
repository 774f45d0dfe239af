"""Stacks: made, changed, dissolved."""

from __future__ import annotations

from collections.abc import Iterable

from gumnut_tui.demo.world.actions import stacks
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.found import Unfit
from gumnut_tui.demo.world.records import Asset, LibraryRecord
from gumnut_tui.demo.world.service import Service


class StackEdits:
    """Changes stacks."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def create(self, library_id: str, ids: Iterable[str], primary_id: str | None) -> str:
        """Group live photos, out of the stacks they are in; a stack whose cover is among them comes along whole."""
        service, library = self._change.begin(), self._find.library(library_id)
        members = self._members(service, library, ids)
        if len(members) < 2:
            raise Unfit("asset_ids must name at least two assets")
        primary = None if primary_id is None else self._find.asset(primary_id, library=library)
        if primary is not None and primary not in members:
            raise Unfit("primary_asset_id must be one of asset_ids")
        for asset in members:
            stacks.take_out(service, asset)
        stack = stacks.create(service, library, members, by_user=True)
        if primary is not None:
            stack.primary = primary.number
        return self._find.id("stack", stack.number)

    def add(self, stack_id: str, ids: Iterable[str]) -> None:
        """Put photos into a stack; those in it already are passed over."""
        service, stack = self._change.begin(), self._find.stack(stack_id)
        members = self._members(service, service.libraries[stack.library], ids)
        new = [asset for asset in members if asset.stack != stack.number]
        if new:
            stacks.gather(service, stack, new)

    def remove(self, stack_id: str, ids: Iterable[str]) -> None:
        """Take photos out of a stack; those not in it are passed over."""
        service, stack = self._change.begin(), self._find.stack(stack_id)
        for asset_id in dict.fromkeys(ids):
            asset = self._find.maybe_asset(asset_id)
            if asset is not None and asset.stack == stack.number:
                stacks.take_out(service, asset)

    def pin(self, stack_id: str, primary_id: str) -> None:
        """A live member becomes the stack's cover."""
        service, stack = self._change.begin(), self._find.stack(stack_id)
        asset = self._find.asset(primary_id, live=True)
        if asset.stack != stack.number:
            raise Unfit("primary_asset_id must be a live member of the stack")
        stacks.pin(service, stack, asset)

    def dissolve(self, stack_id: str) -> None:
        """Its photos stay."""
        service = self._change.begin()
        stacks.dissolve(service, self._find.stack(stack_id))

    def _members(self, service: Service, library: LibraryRecord, ids: Iterable[str]) -> list[Asset]:
        """These photos, and those of a stack whose cover is among them."""
        found: dict[int, Asset] = {}
        for asset_id in ids:
            asset = self._find.asset(asset_id, library=library, live=True)
            found[asset.number] = asset
            stack = service.stacks[asset.stack] if asset.stack >= 0 else None
            if stack is not None and stack.primary == asset.number:
                found |= {number: service.asset(number) for number in stack.members}
        return list(found.values())
