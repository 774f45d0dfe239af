"""The tables of what makes an action: complete, and their ids."""

from __future__ import annotations

from gumnut_tui.domain.actions import RULES, Action, ActionRules, Family, Tie, destroyed, rule_of
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import to_us
from tests.factories import NOW

START = to_us(NOW)


def test_every_event_type_of_the_api_has_its_rule() -> None:
    """What is named after a kind that can be read is no stranger; others are shown as themselves."""
    endings: dict[str, tuple[str, ...]] = {
        "asset": ("created", "updated", "trashed", "restored", "deleted", "moved_out", "moved_in"),
        "album_asset": ("added", "removed"),
        "library": ("trashed", "restored"),
    }
    names = {f"{kind}_{end}" for kind in KINDS for end in endings.get(kind, ("created", "updated", "deleted"))}
    assert names | {"metadata_updated", "exif_created", "exif_updated", "exif_deleted"} == set(RULES)
    assert rule_of("memory_created").family is Family.OTHER
    assert rule_of("memory_created").tie is Tie.NONE


def test_every_family_and_tie_is_used() -> None:
    """What no rule leads to is no rule."""
    assert {rule.tie for rule in RULES.values()} == set(Tie)
    assert {rule.family for rule in RULES.values()} == set(Family) - {Family.PURGE, Family.OTHER}


def test_pauses_are_those_of_incidents_where_photos_go_and_come() -> None:
    """Only what trashes, restores or deletes photos follows the setting for incidents."""
    rules = ActionRules(incident_pause=2, pause=60)
    short = {family for family in Family if rules.pause_us(family) == 2_000_000}
    assert short == {Family.TRASH, Family.RESTORE, Family.DELETE, Family.PURGE}
    assert rules.pause_us(Family.UPLOAD) == 60_000_000


def test_the_id_tells_what_began_when() -> None:
    """It stays while the action grows, and differs where two of one family may begin at once."""
    upload = Action(Family.UPLOAD, "", START, START + 5, 3)
    assert upload.id == "upload-20261120T120000.000000Z"
    assert Action(Family.UPLOAD, "", START, START + 900, 40).id == upload.id
    albums = {Action(Family.ALBUM, name, START, START, 1).id for name in ("", "album_a", "album_b")}
    assert len(albums) == 3
    assert Action(Family.MOVED_OUT, "", START, START, 1).id.startswith("moved-out-")
    first, second = (Action(Family.DELETE, "", START, START, 1, START + later) for later in (0, 9))
    assert first.id != second.id
    assert not first.is_same(second)
    assert second.is_same(Action(Family.DELETE, "", START, START + 30, 2, START + 9))


def test_only_what_takes_away_is_counted_as_destroyed() -> None:
    """By the ending of the event type, unknown ones too."""
    kinds = {("asset", "asset_trashed"): 3, ("asset", "asset_restored"): 2, ("memory", "memory_deleted"): 1}
    assert destroyed(kinds) == 4
