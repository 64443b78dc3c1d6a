"""Weighted kappa against its author's own example, and its limits."""

import pytest

from claims.agreement import agreement, kappa, linear

# Cohen 1968, table 1: 200 cases, two judges, three diagnoses; and his own weights of disagreement.
TABLE = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
PAIRS = [(row, column) for row in range(3) for column in range(3) for _case in range(TABLE[row][column])]


class TestKappa:
    def test_gives_what_cohen_printed(self):
        assert kappa(PAIRS, lambda a, b: int(a != b)) == pytest.approx(0.492, abs=0.0005)
        assert kappa(PAIRS, lambda a, b: WEIGHTS[a][b]) == pytest.approx(0.348, abs=0.0005)

    def test_is_one_where_all_agree_and_less_than_nothing_where_none_does(self):
        assert kappa([(0, 0), (-1, -1)], linear) == 1
        assert kappa([(0, -1), (-1, 0)], linear) == -1

    def test_two_steps_apart_is_worse_than_one(self):
        near = [(0, 0), (-1, -1), (-2, -1)]
        far = [(0, 0), (-1, -1), (-2, 0)]
        assert kappa(near, linear) > kappa(far, linear)

    def test_is_unknown_where_both_used_one_category(self):
        assert kappa([(0, 0), (0, 0)], linear) is None

    def test_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="at least one"):
            kappa([], linear)


def test_agreement_counts_what_is_the_same():
    assert agreement([(0, 0), (-1, -1), (-1, 0)]) == {"same": 2, "of": 3, "kappa": 0.4}
    assert agreement([(0, 0)]) == {"same": 1, "of": 1, "kappa": None}
