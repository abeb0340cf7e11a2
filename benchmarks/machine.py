"""The machine that figures come from, and the versions of everything that was measured."""

import os
import platform
import subprocess
import sys
from pathlib import Path

ASK = """
import platform
from importlib.metadata import distributions
wanted = {"workings", "numpy", "numba", "scipy", "jax", "torch", "scikit-learn"}
print("python", platform.python_version())
for each in distributions():
    if each.name.lower() in wanted:
        print(each.name.lower(), each.version)
"""


def machine(peers_python):
    """Processor, cores and versions as JSON can hold them."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(peers_python) | versions(sys.executable),
    }


def processor():
    """What the processor calls itself."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def versions(python):
    """Of what an environment holds, by name."""
    asked = subprocess.run([python, "-c", ASK], capture_output=True, text=True, check=True)
    return dict(line.split() for line in asked.stdout.splitlines())
