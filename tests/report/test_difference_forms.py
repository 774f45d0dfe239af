"""A difference in words, as Markdown and as rows."""

from __future__ import annotations

from datetime import UTC

import pytest

from gumnut_tui.domain.models import Presence, to_us
from gumnut_tui.report.difference import Difference, Fate, HolderChange, PhotoChange
from gumnut_tui.report.difference_forms import MOST_HELD, MOST_PHOTOS, DifferenceText, became, mentioned, rows
from tests.factories import NOW

END = to_us(NOW)
HOUR = 3_600_000_000
CHANGED = HolderChange(
    "album",
    "album_1",
    Fate.CHANGED,
    fields=(("name", "Lisboa", "Lisbon"),),
    came=("asset_1",),
    went=tuple(f"asset_{number}" for number in range(10, 10 + MOST_HELD + 2)),
)
MERGED = HolderChange("person", "person_1", Fate.DELETED, is_unclear=True, uncertain=("face_1",))


def name(kind: str, entity_id: str) -> str | None:
    """Names of all but faces."""
    return None if kind == "face" else f"{kind} *{entity_id[-2:]}*"


def text(found: Difference, synced_us: int | None = END) -> DifferenceText:
    return DifferenceText("Family", found, name, UTC, NOW, synced_us)


def differing(
    *photos: PhotoChange, covered_us: int = 0, unplaced: int = 0, unowned: int = 0, lost: int = 0
) -> Difference:
    return Difference(END - HOUR, END, covered_us, photos, (CHANGED,), (MERGED,), unplaced, unowned, lost)


def test_a_table_for_people() -> None:
    """A line each, under a heading that counts; long lists are cut, with how many more there are."""
    lines = list(text(differing(PhotoChange("asset_1", Presence.LIVE, Presence.TRASHED))).table())
    assert lines[0].startswith("Family: what differs between today ")
    assert lines[2:4] == ["Photos: 1 in the trash", "  ▽ asset *_1*  in the trash"]
    assert lines[5:7] == ["Albums: 1 changed", "  · album *_1*  name: Lisboa → Lisbon; 1 photo in; 22 photos out"]
    assert lines[7:9] == ["      + asset *_1*", "      − asset *10*"]
    assert "      − and 2 more" in lines
    told = "deleted; changed, and not read before or after it; 1 face in or out, not known which"
    assert lines[-3:] == ["People: 1 deleted", f"  ✗ person *_1*  {told}", "      ? face face_1"]


def test_many_photos_are_counted() -> None:
    """Not all are named; what came is told before what went, whatever the order they are known in."""
    photos = [PhotoChange(f"asset_{number}", Presence.LIVE, Presence.GONE) for number in range(MOST_PHOTOS + 5)]
    lines = list(text(differing(*photos, PhotoChange("asset_x", Presence.GONE, Presence.LIVE))).table())
    assert lines[2] == f"Photos: 1 new · {MOST_PHOTOS + 5} deleted for good"
    assert "  ✗ and 5 more  deleted for good" in lines


def test_markdown_to_pass_on() -> None:
    """Names are shown as they are."""
    lines = list(text(differing()).markdown())
    assert lines[0].startswith("# Family: what differs between today ")
    assert r"- · **album \*\_1\***: name: Lisboa → Lisbon; 1 photo in; 22 photos out" in lines
    assert r"  - \+ asset \*\_1\*" in lines


def test_limits_are_told() -> None:
    """Before the journal, after its last sync, and memberships that nothing places."""
    found = differing(covered_us=END, unplaced=1, unowned=3, lost=2)
    told = list(text(found, END - HOUR).limits())
    assert [line.split()[:2] for line in told] == [
        ["The", "journal"],
        ["The", "journal"],
        ["1", "photo"],
        ["3", "faces"],
        ["2", "photos"],
    ]
    assert list(text(differing()).limits()) == []


def test_nothing_differs() -> None:
    """That is an answer."""
    assert list(text(Difference(END - HOUR, END, 0)).table())[1:] == ["Nothing differs."]
    assert list(text(Difference(END - HOUR, END, 0, unplaced=1)).table())[-1] == "Nothing else differs."


@pytest.mark.parametrize("before", [None, *Presence])
@pytest.mark.parametrize("after", [None, *Presence])
def test_whatever_became_of_a_photo_has_words(before: Presence | None, after: Presence | None) -> None:
    """For people and for programs."""
    assert all(became(PhotoChange("asset_1", before, after)))


def test_rows_for_programs() -> None:
    """Every id, and everything that is named in it can be asked for by name."""
    found = differing(PhotoChange("asset_1", None, Presence.GONE))
    photo, album, person = rows(found, name)
    assert (photo["change"], photo["before"], photo["after"]) == ("deleted", None, "gone")
    assert album["fields"] == {"name": {"before": "Lisboa", "after": "Lisbon"}}
    assert (album["came"], len(album["went"])) == (("asset_1",), MOST_HELD + 2)
    assert (person["change"], person["fields_unknown"], person["uncertain"]) == ("deleted", True, ("face_1",))
    assert {("person", "person_1"), ("face", "face_1"), ("asset", "asset_10")} <= set(mentioned(found))
