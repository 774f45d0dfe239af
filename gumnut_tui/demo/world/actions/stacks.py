"""Stacks: made by the burst detector or by hand, changed, dissolved."""

from __future__ import annotations

from collections.abc import Sequence

from gumnut_tui.demo.world.events import ASSET_UPDATED, STACK_CREATED, STACK_DELETED, STACK_UPDATED, STACKED
from gumnut_tui.demo.world.records import Asset, LibraryRecord, Stack
from gumnut_tui.demo.world.service import Service

_SMALLEST = 2


def create(service: Service, library: LibraryRecord, members: Sequence[Asset], *, by_user: bool) -> Stack:
    """Group assets that belong to no stack yet."""
    number = len(service.stacks)
    created_us = service.record(library.number, STACK_CREATED, number, slow=not by_user)
    stack = Stack(number, library.number, by_user, created_us, created_us)
    service.stacks.append(stack)
    library.stacks.append(number)
    for asset in members:
        stack.members.append(asset.number)
        _point(service, asset, number)
    return stack


def pin(service: Service, stack: Stack, asset: Asset) -> None:
    """A user picks the cover."""
    stack.primary = asset.number
    stack.by_user = True
    stack.updated_us = service.record(stack.library, STACK_UPDATED, stack.number)


def gather(service: Service, stack: Stack, members: Sequence[Asset]) -> None:
    """A user adds assets that are not in it, out of the stacks they are in."""
    for asset in members:
        take_out(service, asset)
        stack.members.append(asset.number)
        _point(service, asset, stack.number)
    stack.by_user = True
    stack.updated_us = service.record(stack.library, STACK_UPDATED, stack.number)


def take_out(service: Service, asset: Asset) -> None:
    """A user takes an asset out of its stack, if it is in one; the asset stays, and says so."""
    if asset.stack < 0:
        return
    stack = service.stack(asset.stack)
    stack.by_user = True
    _point(service, asset, -1)
    _part(service, stack, asset)


def leave(service: Service, asset: Asset) -> None:
    """An asset goes away from its stack, which dissolves when too few are left."""
    if asset.stack < 0:
        return
    stack = service.stack(asset.stack)
    asset.stack = -1
    _part(service, stack, asset)


def _part(service: Service, stack: Stack, asset: Asset) -> None:
    stack.members.remove(asset.number)
    if stack.primary == asset.number:
        stack.primary = -1
    if len(stack.members) < _SMALLEST:
        dissolve(service, stack)
    else:
        stack.updated_us = service.record(stack.library, STACK_UPDATED, stack.number)


def dissolve(service: Service, stack: Stack) -> None:
    """Its members are let go one by one, then the stack is gone."""
    for number in list(stack.members):
        _point(service, service.asset(number), -1)
    service.record(stack.library, STACK_DELETED, stack.number)
    service.stacks[stack.number] = None


def _point(service: Service, asset: Asset, stack: int) -> None:
    asset.stack = stack
    asset.updated_us = service.record(asset.library, ASSET_UPDATED, asset.number, STACKED, stack)
