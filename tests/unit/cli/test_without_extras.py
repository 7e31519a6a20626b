"""Does planspec work where none of its extras is installed?"""

import subprocess
import sys
from importlib.metadata import requires

from packaging.requirements import Requirement

# Started in processes of their own: by Checkov's Python, and by the emulator, which has its extra.
ELSEWHERE = ("planspec.__main__", "planspec.checkov.worker.", "planspec.runner.suite")
OF_THE_EMULATOR = (
    *("database_facts", "database_refusals", "databases", "gaps", "refusals", "regions", "repeats"),
    *("server", "surroundings"),
)
# What the extras bring under another name, or along.
ALONG = ("boto3", "botocore", "flask", "werkzeug", "dask")

PROGRAM = """
import importlib, pkgutil, sys

left_out, elsewhere = sys.argv[1].split(), tuple(sys.argv[2].split())

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in left_out:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
import planspec

for each in pkgutil.walk_packages(planspec.__path__, "planspec."):
    if not each.name.startswith(elsewhere):
        importlib.import_module(each.name)
        print(each.name)
"""


def test_every_module_but_those_of_the_emulator_is_imported_without_any_extra() -> None:
    asked = [Requirement(each) for each in requires("planspec") or ()]
    extras = [each.name for each in asked if each.marker and "extra" in str(each.marker)]
    assert {"moto", "cryptography", "distributed"} <= set(extras)
    elsewhere = [*ELSEWHERE, *(f"planspec.terraform.emulator.{each}" for each in OF_THE_EMULATOR)]
    arguments = [" ".join([*extras, *ALONG]), " ".join(elsewhere)]
    command = [sys.executable, "-I", "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"planspec.terraform.driver", "planspec.cli.commands.plan"} <= set(done.stdout.split())
