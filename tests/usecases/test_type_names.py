"""Names of types that nobody knows."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES, KNOWN_EVENT_TYPES
from gumnut_tui.usecases.type_names import check_names, unknown_names


class Other:
    """Knows some types, and remembers which it was asked about."""

    def __init__(self, *known: str) -> None:
        self.known = known
        self.asked: list[str] = []

    async def __call__(self, wanted: EventFilter) -> bool:
        (name,) = (wanted.entity_types or frozenset()) | (wanted.event_types or frozenset())
        self.asked.append(name)
        return name in self.known


async def test_types_known_here_are_not_asked_about() -> None:
    """All of them, of any generation of the feed; and a filter without types."""
    other = Other()
    wanted = EventFilter(entity_types=frozenset(KNOWN_ENTITY_TYPES), event_types=frozenset(KNOWN_EVENT_TYPES))
    assert not [*unknown_names(wanted), *unknown_names(EventFilter())]
    await check_names(wanted, other)
    assert other.asked == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            EventFilter(entity_types=frozenset({"assset"})),
            "--types: no entity type 'assset' is known; did you mean asset",
        ),
        (
            EventFilter(entity_types=frozenset({"asset", "zzz"})),
            "--types: no entity type 'zzz' is known; there are asset,",
        ),
        (
            EventFilter(event_types=frozenset({"asset_deletedd"})),
            "--events: no event type 'asset_deletedd' is known; did",
        ),
    ],
)
async def test_a_name_that_nobody_knows_is_refused_with_the_nearest(wanted: EventFilter, words: str) -> None:
    """And with the way to look for it all the same."""
    with pytest.raises(UsageProblem) as caught:
        await check_names(wanted, Other(), Other())
    assert str(caught.value).startswith(words)
    assert str(caught.value).endswith("--allow-unknown looks for it all the same.")


async def test_what_another_knows_is_accepted() -> None:
    """Each name by itself: the set of types is open."""
    wanted = EventFilter(entity_types=frozenset({"memory"}), event_types=frozenset({"memory_created"}))
    await check_names(wanted, Other("memory_created"), Other("memory"))
    with pytest.raises(UsageProblem, match="memory_created"):
        await check_names(wanted, Other("memory"))
