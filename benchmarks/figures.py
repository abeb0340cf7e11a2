"""A figure: the median of some measurements, and whether it is what was wanted."""

import statistics


def figure(values, *, at_least=None, at_most=None):
    """The measurements as JSON can hold them."""
    median = statistics.median(values)
    wanted = {name: bound for name, bound in (("at_least", at_least), ("at_most", at_most)) if bound is not None}
    is_met = all((wanted.get("at_least", median) <= median, median <= wanted.get("at_most", median)))
    return {"median": median, "values": sorted(values), **wanted, "is_met": is_met}


def told(found, unit=""):
    """``1.53 [1.4..1.6], wanted at least 1.5``; with a mark where that is not so."""
    low, high = found["values"][0], found["values"][-1]
    text = f"{found['median']:,.3g} [{low:,.3g}..{high:,.3g}]"
    for bound in ("at_least", "at_most"):
        if bound in found:
            text += f", wanted {bound.replace('_', ' ')} {found[bound]:,.3g}"
    return text + unit + ("" if found["is_met"] else " (MISSED)")
