import pytest

from workings.marking.document import Document


def spelt(text):
    """All tokens of a document as one line; ``/`` is an end."""
    return " ".join("/" if p.token.kind == "stop" else p.token.text for p in Document(text).pieces)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("**Forward**\n\nz = 1", "Forward / / z = 1"),
        ("C = 0.5 * (t - o)**2 = 0.08", "C = 0.5 * ( t - o ) ^ 2 = 0.08"),
        ("- z = 0.5", "z = 0.5"),
        ("    # z = 0.5", "z = 0.5"),
        ("z = -0.5\n  = - 0.5", "z = - 0.5 = - 0.5"),
        ("after 10,000 rounds", "after 10000 rounds"),
        ("it is 0.25.", "it is 0.25 ."),
        ("| a | 0.1 |\n|---|---|\n| b | 0.2 |", "/ a / 0.1 / / b / 0.2"),
        (r"$$ a \approx 0.5 \qquad b = 1 $$", "/ a ≈ 0.5 / b = 1"),
        (r"\begin{align} z &= 1 \\ &= 2 \\ a &= 3 \end{align}", "/ z = 1 = 2 / a = 3"),
        (r"$x = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$", r"x = bmatrix 1 & 2 \\ 3 & 4 bmatrix"),
    ],
)
def test_layout_is_taken_off(text, tokens):
    assert spelt(text) == tokens


def test_every_token_knows_its_place():
    document = Document("Step 1.\n\nIt is $z_1 = 0.25$, a µ-step.\n")
    number = next(piece.token for piece in document.pieces if piece.token.text == "0.25")
    assert document.text[number.start : number.end] == "0.25"
    assert document.place(number.start) == (3, 14)


@pytest.mark.parametrize(("text", "comma"), [("z = 0,5 + 1,25", True), ("z = 0.5 + 1.25, 3", False), ("2, 3", False)])
def test_a_decimal_comma_is_noticed(text, comma):
    assert Document(text).decimal_comma is comma
