"""When an alarm is in which state, by the tables and rules of the CloudWatch User Guide."""

import pytest

from local_cloud.alarms.expressions import Expression, Values
from local_cloud.alarms.rules import AlarmState, Missing, next_state
from local_cloud.alarms.series import Series, check_statistic
from local_cloud.errors import NotEmulatedError, TemplateError

OK, ALARM, NO_DATA = AlarmState.OK, AlarmState.ALARM, AlarmState.INSUFFICIENT_DATA
RETAINED = None
_POINTS = {"0": False, "X": True, "-": None}


def state(points: str, to_alarm: int, missing: Missing, current: AlarmState) -> AlarmState:
    return next_state([_POINTS[each] for each in points.split()], 3, to_alarm, missing, current)


# "Configuring how CloudWatch alarms treat missing data": evaluation periods 3, five points read.
@pytest.mark.parametrize(
    ("to_alarm", "points", "missing", "ignore", "breaching", "not_breaching"),
    [
        (3, "0 - X - X", OK, OK, OK, OK),
        (3, "0 - - - -", OK, OK, OK, OK),
        (3, "- - - - -", NO_DATA, RETAINED, ALARM, OK),
        (3, "0 X X - X", ALARM, ALARM, ALARM, ALARM),
        (3, "- - - - X", NO_DATA, RETAINED, ALARM, OK),
        (3, "X - - - -", ALARM, RETAINED, ALARM, OK),
        (2, "0 - X - X", ALARM, ALARM, ALARM, ALARM),
        (2, "0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
        (2, "0 - X - -", OK, OK, ALARM, OK),
        (2, "- - - - 0", OK, OK, ALARM, OK),
        (2, "- - - - X", NO_DATA, RETAINED, ALARM, OK),
    ],
)
@pytest.mark.parametrize("current", list(AlarmState))
def test_the_tables_of_the_user_guide_hold(
    to_alarm: int,
    points: str,
    missing: AlarmState,
    ignore: AlarmState | None,
    breaching: AlarmState,
    not_breaching: AlarmState,
    current: AlarmState,
) -> None:
    assert state(points, to_alarm, Missing.MISSING, current) == missing
    assert state(points, to_alarm, Missing.IGNORE, current) == (current if ignore is None else ignore)
    assert state(points, to_alarm, Missing.BREACHING, current) == breaching
    assert state(points, to_alarm, Missing.NOT_BREACHING, current) == not_breaching


@pytest.mark.parametrize("missing", list(Missing))
@pytest.mark.parametrize(
    ("to_alarm", "points", "expected"),
    [(1, "0 0 X 0 0", ALARM), (2, "X X 0 X 0", OK), (3, "0 0 X X X", ALARM), (3, "X X X X 0", OK)],
)
def test_m_of_the_newest_n_points_decide(
    to_alarm: int, points: str, expected: AlarmState, missing: Missing
) -> None:
    assert state(points, to_alarm, missing, NO_DATA) == expected


SERIES: dict[str, Values] = {"a": [1.0, None, 3.0, 8.0], "b": [2.0, 4.0, None, 0.0]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", [3, None, None, 8]),
        ("100 * a / b", [50, None, None, None]),
        ("FILL(a, 0)", [1, 0, 3, 8]),
        ("FILL(a, REPEAT)", [1, 1, 3, 8]),
        ("FILL(a, b)", [1, 4, 3, 8]),
        ("DIFF(FILL(a, 0))", [None, -1, 3, 5]),
        ("DIFF(a)", [None, None, None, 5]),
        ("IF(FILL(a, 0) > 2, a, -1)", [-1, -1, 3, 8]),
        ("IF(a >= 3 AND a < 8, 1, 0)", [0, None, 1, 0]),
        ("IF(a == 1 || a == 8, 1, 0)", [1, None, 0, 1]),
        ("MAX([a, b])", [2, 4, 3, 8]),
        ("MIN([a, b])", [1, 4, 3, 0]),
        ("SUM([a, b])", [3, 4, 3, 8]),
    ],
)
def test_metric_math_gives_a_point_where_it_has_the_values_for_one(text: str, expected: list[float]) -> None:
    assert Expression(text).values(SERIES, 4) == expected


@pytest.mark.parametrize("text", ["a +", "RATE(a)", "SEARCH('x', 'Sum')", "unknown + 1", "a ** b"])
def test_metric_math_that_is_not_emulated_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(TemplateError, match="expression"):
        Expression(text).values(SERIES, 4)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("Sum", 9), ("Maximum", 5), ("Minimum", 1), ("Average", 3), ("SampleCount", 3)],
)
def test_a_statistic_is_taken_of_the_values_within_a_span(statistic: str, expected: float) -> None:
    series = Series()
    for at, value in [(180.0, 7.0), (60.0, 1.0), (119.0, 3.0), (125.0, 5.0), (59.0, 9.0)]:
        series.add(at, value)
    assert series.statistic(statistic, 60, 180) == expected
    assert series.statistic(statistic, 240, 300) is None


def test_a_percentile_is_not_emulated() -> None:
    with pytest.raises(NotEmulatedError, match="p99"):
        check_statistic("p99")
