"""Write the optimizers and schedules that there are where ``workings train --help`` finds them without loading them.

Loading the records themselves loads NumPy, which takes several times as long as showing a help page.

    python scripts/records.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workings.network.optimizers import OPTIMIZERS, Optimizer
from workings.network.schedules import SCHEDULES
from workings.network.searches import SEARCHES
from workings.network.settings import WithSettings

FILE = Path(__file__).parent.parent / "src" / "workings" / "cli" / "records.py"
HEAD = '''\
"""What `workings train --help` says of optimizers and schedules, by name; scripts/records.py made it of the records."""
'''


def source() -> str:
    """What the module has to hold."""
    tables = {"OPTIMIZERS": [*OPTIMIZERS.values(), *SEARCHES.values()], "SCHEDULES": SCHEDULES.values()}
    return "\n".join([HEAD, *(_table(name, records) for name, records in tables.items())])


def _table(name: str, records: Iterable[WithSettings]) -> str:
    rows = (f'    ("{record.name}", "{_said(record)}"),\n' for record in records)
    return f"{name} = (\n{''.join(rows)})\n"


def _said(record: WithSettings) -> str:
    """The settings as one writes them, and for an optimizer the learning rate."""
    settings = ",".join(f"{name}={value:g}" for name, value in record.settings.items())
    rate = f"(learning rate {record.learning_rate:g})" if isinstance(record, Optimizer) else ""
    return " ".join(filter(None, (settings, rate)))


if __name__ == "__main__":
    FILE.write_text(source(), encoding="utf-8", newline="\n")
