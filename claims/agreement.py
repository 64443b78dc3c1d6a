"""How far two raters agree beyond chance: Cohen's kappa, weighted by how far apart two steps are.

Source: Cohen J. Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit.
Psychological Bulletin 1968;70(4):213-220. Numbers in, a number out.
"""

from collections import Counter


def kappa(pairs, disagreement):
    """Agreement of two raters on the same things: 1 is complete, 0 what chance would give, below 0 less than that.

    `pairs` are (first, second) categories; `disagreement(a, b)` is how grave that difference is, 0 for none.
    None where both raters used one and the same category throughout, since chance then leaves nothing to explain.
    """
    pairs = list(pairs)
    if not pairs:
        raise ValueError("Agreement needs at least one thing that both have rated.")
    firsts, seconds = (Counter(side) for side in zip(*pairs, strict=True))
    observed = sum(disagreement(a, b) for a, b in pairs) / len(pairs)
    by_chance = (
        sum(disagreement(a, b) * times * again for a, times in firsts.items() for b, again in seconds.items())
        / len(pairs) ** 2
    )
    return None if by_chance == 0 else 1 - observed / by_chance


def linear(a, b):
    """Two steps apart is twice as grave as one (Cicchetti and Allison 1971)."""
    return abs(a - b)


def agreement(pairs):
    """{"same": how many pairs are equal, "of": how many there are, "kappa": linearly weighted kappa or None, 3 decimals}."""
    pairs = list(pairs)
    value = kappa(pairs, linear)
    return {
        "same": sum(a == b for a, b in pairs),
        "of": len(pairs),
        "kappa": None if value is None else round(value, 3),
    }
