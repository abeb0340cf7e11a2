"""Text that no one would write by hand: pieces of junk to repeat, and worked pages damaged at random."""

JUNK = [
    "^",
    "**",
    "(",
    ")",
    "{",
    r"\frac{",
    "$",
    "9",
    "e99",
    "e999999",
    "=",
    "_",
    "-",
    "|",
    "/0",
    "\0",
    "^9^9",
    "[",
    "]]",
]
JUNK += ["!", r"\begin{bmatrix}", "&", ",", "0" * 400, "1e-300", "^T", "%", "→", ": 1", "<sub>", "&#0;", "\ufffd"]
REPEATED = [
    "(",
    ")",
    "()",
    "[",
    "[1,",
    "a=",
    "=",
    "a_{",
    "a^",
    "|",
    "$",
    "*a ",
    r"\frac{",
    r"\begin{align}",
    r"\underbrace{1}_{",
]
REPEATED += [
    "`",
    "-",
    "1+",
    "1 ",
    "\0",
    "\ufffd",
    "a: 1\n",
    "z1 is 0.5, ",
    "1.5*2 → ",
    "x²·",
    "Δa",
    "|x",
    "0,5",
    "<sub>",
    "&amp;",
    "1=",
    r"\[",
    r"\(",
    r"\begin{align}a=1 ",
    "0.5*0.3 = 0.15 = ",
    "= 1\n",
    "|a=1",
    "z = 0.5*0.3 = 0.15\n",
    "z1 = 0.1234*0.5 + 0.3 = 0.37\n",
    "# z = 1*2 = 3\n",
    r"$\sum_{i=1}^{9} x_i = 1$ ",
    "The cost falls from 0.5 to 0.4 after 3 rounds.\n",
    "[a](http://x.y/z?a=1) ",
    "<p>a<b>1",
]


def mutated(text, rng):
    """The text with some of its characters deleted, doubled, exchanged or overwritten, or its lines shuffled."""
    for _ in range(rng.choice([1, 3, 10, 40])):
        i, j = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        n = rng.choice([1, 2, 5, 30])
        made = rng.randrange(6)
        if made == 0:
            text = text[:i] + text[i + n :]
        elif made == 1:
            text = text[: i + n] + text[i:]
        elif made == 2:
            text = text[:i] + text[j : j + n] + text[i + n : j] + text[i : i + n] + text[j + n :]
        elif made == 3:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        elif made == 4:
            text = text[:i] + chr(rng.randrange(0x250)) + text[i + 1 :]
        else:
            text = text[:i] + rng.choice(JUNK) + text[i:]
    return text
