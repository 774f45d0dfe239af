"""The retry policy's numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.caller import RetryPolicy, retry_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
POLICY = RetryPolicy()


@pytest.mark.parametrize(
    ("status", "repeats"),
    [
        *((status, False) for status in (400, 401, 403, 404, 422)),
        *((status, True) for status in (408, 409, 429, 500, 502, 503, 507, 599)),
    ],
)
def test_statuses_that_are_repeated(status: int, repeats: bool) -> None:
    """408, 409, 429 and everything from 500 on."""
    assert POLICY.repeats(status, {}) is repeats


def test_the_servers_word_wins() -> None:
    """x-should-retry overrides the status either way; other words in it mean nothing."""
    assert POLICY.repeats(400, {"x-should-retry": "true"})
    assert not POLICY.repeats(503, {"x-should-retry": "false"})
    assert POLICY.repeats(503, {"x-should-retry": "perhaps"})


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "0.5"}, 0.0005),
        ({"retry-after-ms": "20", "retry-after": "9"}, 0.02),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:07 GMT"}, 7.0),
        ({"retry-after": "Fri, 20 Nov 2026 11:59:00 GMT"}, -60.0),
        ({"retry-after": "Fri, 20 Nov 2026 14:00:07 +0200"}, 7.0),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:07 -0000"}, 7.0),
        ({"retry-after": "Mon, 01 Jan 2024 00:00:00 +9999999999999"}, None),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 251_607_124_799.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "whenever"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_what_the_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds first, then seconds or a date; what cannot be read counts as not said."""
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize("asked_for", [0.25, 60.0, 300.0, 86_400.0])
def test_what_the_service_asks_for_is_waited_to_the_second(asked_for: float) -> None:
    """Neither shortened nor shaken; whether one is ready to wait that long is another question."""
    assert POLICY.wait(1, asked_for, lambda: 0.9) == asked_for
    assert POLICY.grants(asked_for) is (asked_for <= 900)
    assert RetryPolicy(longest_asked=60).grants(asked_for) is (asked_for <= 60)


@pytest.mark.parametrize("asked_for", [0.0, -3.0, None])
def test_no_wish_is_the_backoff(asked_for: float | None) -> None:
    """Also a wish for a time that is over."""
    assert POLICY.wait(1, asked_for, lambda: 0.0) == 0.5


def test_backoff_doubles_up_to_its_end() -> None:
    """0.5, 1, 2, 4, 8, 8 s without jitter."""
    assert [POLICY.wait(n, None, lambda: 0.0) for n in range(1, 7)] == [0.5, 1, 2, 4, 8, 8]


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_jitter_takes_at_most_a_quarter(attempt: int, chance: float) -> None:
    """The factor lies between 0.75 and 1, whatever chance says and however many attempts there were."""
    whole = POLICY.wait(attempt, None, lambda: 0.0)
    assert 0.75 * whole <= POLICY.wait(attempt, None, lambda: chance) <= whole


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_header_breaks_the_reading(text: str) -> None:
    """Whatever stands in the headers, the answer is a number or nothing."""
    assert isinstance(retry_after({"retry-after": text, "retry-after-ms": text}, NOW), float | None)
