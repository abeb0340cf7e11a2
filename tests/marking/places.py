"""Checks that every character of a text can be found again in its file."""


def check_places(sourced):
    where = list(sourced.where)
    assert len(where) == len(sourced.text) + 1
    assert where == sorted(where)
    assert where[-1] == len(sourced.raw)
    assert all(0 <= at < len(sourced.raw) for at in where[:-1])
