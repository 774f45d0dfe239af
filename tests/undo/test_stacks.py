"""What is planned for stacks, and proved by running it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from gumnut_tui.undo.photos import BACK
from gumnut_tui.undo.plan import Copy, StepKind
from gumnut_tui.undo.stacks import STACKED_ANEW
from gumnut_tui.usecases.copies import Sought
from tests.demo import deeds
from tests.demo.lived import Lived
from tests.undo.proving import FILE, begin, essence, planned, run, served, upload


async def test_a_stack_of_photos_uploaded_again_is_made_once(tmp_path: Path) -> None:
    """They have other ids than before, by which it is seen that they are stacked again."""
    files = {FILE + bytes([at]): tmp_path / f"{at}.jpg" for at in range(2)}

    async def find(sought: Sequence[Sought]) -> Mapping[str, Copy]:
        paths = {base64.b64encode(hashlib.sha256(content).digest()).decode(): path for content, path in files.items()}
        return {one.asset_id: Copy(paths[one.checksum]) for one in sought}

    async with Lived(events=600) as lived:
        photos = [upload(lived, content) for content in files]
        for content, path in files.items():
            path.write_bytes(content)
        lived.editor.stacks.create(lived.library_id, photos, photos[1])
        since = await begin(lived)
        before = lived.state()
        for one in photos:
            lived.editor.photos.delete(one)
        lived.wait(30)
        plan = await planned(lived, since, copies=find)
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
        assert essence(lived.state()) == essence(before)
        lived.wait(30)
        assert not (await planned(lived, since, copies=find)).acting


async def test_a_stack_made_again_of_the_same_photos_is_back() -> None:
    """That is said once; of photos that somebody stacked with others since it is said as of photos."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:7]
        first = lived.editor.stacks.create(lived.library_id, photos[:3], photos[0])
        second = lived.editor.stacks.create(lived.library_id, photos[3:6], photos[3])
        since = await begin(lived)
        for stack in (first, second):
            lived.editor.stacks.dissolve(stack)
        lived.editor.stacks.create(lived.library_id, photos[:3], photos[0])
        lived.editor.stacks.create(lived.library_id, [photos[3], photos[6]], photos[6])
        lived.wait(30)
        plan = await planned(lived, since)
        told = [(step.entity_type, step.ids, step.reason) for step in plan.of(StepKind.NOTE)]
        assert told == [("stack", (first,), BACK), ("asset", (photos[3],), STACKED_ANEW)]
        assert [(step.kind, set(step.ids)) for step in plan.acting] == [(StepKind.CREATE_STACK, set(photos[4:6]))]
