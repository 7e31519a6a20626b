"""Record the plans in this folder: by the real Terraform, against the emulator.

    python -m plans.record [NAME ...]            write them
    python -m plans.record --check [NAME ...]    plan again, and say what is out of date
                           --keep DIR            and keep there what is now planned instead

`inherited`, `corrected`, `staging` and `bootstrap` are plans of an empty account. `upgrade` is the
corrected configuration planned over the inherited one, which was applied before; `destroy` is the end of
the inherited one. `steady` and `release` are what deploy.yml meets from the second time on: the
corrected configuration over itself, unchanged, and with a new image and nothing else; `scaled-out`,
`drifted` and `minor-raised` are it after autoscaling, somebody by hand, or RDS changed the account.
`upgrade-0-scale-in` and on are the stages of `terraform/upgrade/`, each planned over the one before
it, stage 0 with the inherited configuration. Whatever is applied first takes minutes. Two recordings of
the same configuration are the same bytes.
"""

import argparse
import contextlib
import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plans import account
from plans.account import client
from planspec.errors import PlanspecError
from planspec.terraform import (
    Emulator,
    Inputs,
    Terraform,
    starting,
    workspace,
    write_whole,
)

HERE = Path(__file__).resolve().parent
BOOTSTRAP = HERE.parent / "terraform" / "bootstrap"
INHERITED = HERE / "inherited"
SEED = HERE / "emulator-seed.toml"
CORRECTED = HERE.parent / "terraform"
EXAMPLE = "terraform.tfvars.example"
STAGING = CORRECTED / "environments" / "staging.tfvars"
MOMENT = "2026-01-01T00:00:00Z"
SNAPSHOT = "classifier-production-encrypted"


@dataclass(frozen=True)
class Stage:
    """One step of the upgrade: which files of `terraform/upgrade/` stand beside the others, and how.

    `folder` holds the others; `moved` are groups whose addresses in the state move first.
    """

    name: str
    files: tuple[str, ...]
    variables: tuple[str, ...]
    recorded: bool = True
    folder: Path = CORRECTED
    moved: tuple[str, ...] = ()


_SCALED_IN = "0-scale-in_override.tf"
_LEGACY = ("legacy.tf",)
_COPY = f"database_snapshot={SNAPSHOT}"
STAGES = (
    Stage("upgrade-0-scale-in", (_SCALED_IN,), ("desired_count=1",), folder=INHERITED),
    Stage(
        "upgrade-0-small-pool",
        (_SCALED_IN, "0-small-pool_override.tf"),
        ("desired_count=1",),
        folder=INHERITED,
    ),
    Stage(
        "upgrade-1-beside",
        ("1-beside_override.tf", "before.tf"),
        ("maximum_tasks=3",),
        moved=("alb", "api", "database"),
    ),
    Stage("upgrade-2-cut-over", (*_LEGACY, "2-cut-over_override.tf"), (_COPY,)),
    Stage("upgrade-3-version", (*_LEGACY, "3-version_override.tf"), (_COPY,)),
    Stage("upgrade-4-standby", _LEGACY, (_COPY,)),
    Stage("upgrade-5-released", _LEGACY, (_COPY, "legacy_database=released"), recorded=False),
    Stage("upgrade-5-remove", _LEGACY, (_COPY, "legacy_database=removed")),
)
_SINGLE = ("inherited", "corrected", "staging", "bootstrap", "upgrade", "destroy")
FIRST_IMAGE = (f"image_digest=sha256:{'5' * 64}",)


@dataclass(frozen=True)
class Moment:
    """One plan over the applied service: what it is made with, and what has happened in the account."""

    variables: tuple[str, ...] = ()
    happening: Callable[[Emulator], contextlib.AbstractContextManager[None]] = account.unchanged


_DIGEST = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
LIFE = {
    "steady": Moment(),
    "release": Moment((f"image_digest={_DIGEST}",)),
    "scaled-out": Moment(happening=account.scaled_out),
    "drifted": Moment(happening=account.changed_by_hand),
    "minor-raised": Moment(happening=account.minor_raised),
}
NAMES = (*_SINGLE, *LIFE, *(each.name for each in STAGES if each.recorded))

_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
# What the emulator draws anew for every resource that it makes, by alphabet.
_DRAWN = {
    "0123456789": re.compile(r"(?<=-)20\d{24}\b"),
    "0123456789abcdef": re.compile(
        r"(?<=\bsg-)[0-9a-f]{17}\b|(?<=\bsgr-)[0-9a-f]{17}\b|(?<=\beni-)[0-9a-f]{17}\b"
        r"|(?<=\bvpce-)[0-9a-f]{17}\b|(?<=/)[0-9a-f]{16}\b"
        r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    ),
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567": re.compile(
        r"(?<=\bARO)A[A-Z0-9]{17}\b|(?<=\bdb-)[A-Z0-9]{26}\b"
    ),
    "abcdefghijklmnopqrstuvwxyz0123456789": re.compile(
        r"(?<=\.)[a-z0-9]{12}(?=\.[a-z0-9-]+\.rds\.)|(?<=:scalable-target/)[a-z0-9]{36}\b"
    ),
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ": re.compile(
        r"(?<=:secret:rds!db-.{36}-)[A-Za-z]{6}\b"
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Record or compare, and give the exit code: 0, 1 for out of date, 2 for could not plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where plans go that differ")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(NAMES)):
        parser.error(f"{', '.join(unknown)}: no such plan; expected {', '.join(NAMES)}")
    done = []
    try:
        for name, plan in planned(options.names or NAMES):
            done.append(compare(name, plan) if options.check else write(name, plan))
            if options.keep and not done[-1]:
                write_whole(options.keep / f"{name}.json", plan)
    except PlanspecError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(done) else 1


def planned(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Make the plans that are named, in the order of `NAMES`, as the bytes to record."""
    with starting(SEED) as emulator, tempfile.TemporaryDirectory(prefix="planspec-") as scratch:
        recorder = Recorder(emulator, Path(scratch))
        for name in _SINGLE:
            if name in names:
                yield name, recorder.plan(name)
        yield from lived([name for name in LIFE if name in names])
        wanted = [index for index, each in enumerate(STAGES) if each.name in names]
        for index, stage in enumerate(STAGES[: max(wanted, default=-1) + 1]):
            with timed(stage.name), staged(stage, recorder.state(), emulator) as terraform:
                _, plan = terraform.plan()
                if index in wanted:
                    yield stage.name, steady(plan)
                if index < max(wanted):
                    terraform.apply()


def lived(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Apply the corrected configuration, and plan what comes after: in an account of its own.

    The other emulator holds the inherited service, which has the same names.
    """
    if not names:
        return
    with starting(SEED) as emulator:
        inputs = Inputs([CORRECTED / EXAMPLE], emulator=emulator.endpoint)
        with workspace(CORRECTED, inputs) as terraform:
            with timed("corrected, applied"):
                terraform.initialise()
                terraform.plan()
                terraform.apply()
            for name in names:
                terraform.inputs = replace(inputs, variables=LIFE[name].variables)
                with timed(name), LIFE[name].happening(emulator):
                    _, plan = terraform.plan()
                yield name, steady(plan)


@contextlib.contextmanager
def staged(stage: Stage, state: Path, emulator: Emulator) -> Iterator[Terraform]:
    """Terraform at one stage of the upgrade, over `state`, which is kept up to date."""
    values = [stage.folder / EXAMPLE]
    inputs = Inputs(values, stage.variables, emulator=emulator.endpoint, state=state)
    with workspace(stage.folder, inputs) as terraform:
        for name in stage.files:
            shutil.copy(CORRECTED / "upgrade" / name, terraform.folder)
        terraform.initialise()
        for group in stage.moved:
            address = f"aws_security_group.{group}"
            terraform.capture("state mv", address, f"{address}_before")
        if stage.name == "upgrade-2-cut-over":
            prepare_cut_over(terraform, client("rds", emulator))
        yield terraform
        shutil.copy(terraform.folder / "terraform.tfstate", state)


def prepare_cut_over(terraform: Terraform, rds: Any) -> None:
    """Do what `terraform/upgrade/legacy.tf` says is done by hand: rename, snapshot, copy, move."""
    name, snapshot = "classifier-production-db", "classifier-production-cut-over"
    legacy = f"{name}-legacy"
    rds.modify_db_instance(DBInstanceIdentifier=name, NewDBInstanceIdentifier=legacy)
    rds.create_db_snapshot(DBInstanceIdentifier=legacy, DBSnapshotIdentifier=snapshot)
    rds.copy_db_snapshot(
        SourceDBSnapshotIdentifier=snapshot,
        TargetDBSnapshotIdentifier=SNAPSHOT,
        KmsKeyId="alias/classifier-production-data",
    )
    for kind in ("aws_db_instance", "aws_db_subnet_group"):
        terraform.capture("state mv", f"{kind}.main", f"{kind}.legacy[0]")


class Recorder:
    """Makes plans against one emulator; applies the inherited configuration at most once.

    Fresh plans come before that, because they must see an empty account.
    """

    def __init__(self, emulator: Emulator, scratch: Path) -> None:
        """`scratch` keeps the state of what is applied; it is never recorded."""
        self.emulator = emulator
        self.scratch = scratch
        self._state: Path | None = None

    def plan(self, name: str) -> bytes:
        """Make one plan, with its volatile parts made steady."""
        make: dict[str, Callable[[], bytes]] = {
            "inherited": lambda: self._plan(INHERITED),
            "corrected": lambda: self._plan(CORRECTED),
            "staging": lambda: self._plan(CORRECTED, variable_files=[STAGING], variables=FIRST_IMAGE),
            "bootstrap": lambda: self._plan(BOOTSTRAP),
            "upgrade": lambda: self._plan(CORRECTED, state=self.state()),
            "destroy": lambda: self._plan(INHERITED, state=self.state(), destroy=True),
        }
        with timed(name):
            return steady(make[name]())

    def state(self) -> Path:
        """The state file after the inherited configuration was applied."""
        if self._state is None:
            with timed("inherited, applied"), workspace(INHERITED, self._inputs(INHERITED)) as terraform:
                terraform.initialise()
                terraform.plan()
                self._state = Path(shutil.copy(terraform.apply(), self.scratch / "inherited.tfstate"))
        return self._state

    def _plan(self, folder: Path, **inputs: Any) -> bytes:
        with workspace(folder, self._inputs(folder, **inputs)) as terraform:
            terraform.initialise()
            _, plan = terraform.plan()
        return plan

    def _inputs(self, folder: Path, **inputs: Any) -> Inputs:
        return Inputs(
            **{"variable_files": [folder / EXAMPLE], "emulator": self.emulator.endpoint, **inputs}
        )


def steady(plan: bytes) -> bytes:
    """The plan without what changes from run to run, as one line.

    Moments become one moment; `relevant_attributes`, the log options of containers and what rules of
    groups refer to, which come in random order, are sorted; what the emulator drew for a resource
    becomes a value derived from its address, and sets of them are in order again.
    """
    document = json.loads(plan, object_hook=sort_containers)
    for block in document.get("configuration", {}).get("root_module", {}).get("resources", []):
        for name in ("ingress", "egress"):
            if isinstance(rules := block.get("expressions", {}).get(name), dict):
                rules.get("references", []).sort(reverse=True)
    document["relevant_attributes"] = sorted(
        document.get("relevant_attributes", []), key=lambda each: json.dumps(each, sort_keys=True)
    )
    text, instead = written(document), replacements(document)
    for drawn, replacement in instead.items():
        text = text.replace(drawn, replacement)
    text = written(sets_in_order(json.loads(text), re.compile("|".join(instead.values()) or "$^")))
    return (_TIME.sub(MOMENT, text) + "\n").encode()


def written(document: Any) -> str:
    """A document as it is recorded."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def sets_in_order(value: Any, drawn: re.Pattern[str]) -> Any:
    """Sort each set of identifiers, as Terraform writes it; a set has no order of its own."""
    if isinstance(value, dict):
        return {key: sets_in_order(each, drawn) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    texts = [each for each in value if isinstance(each, str)]
    if len(texts) == len(value) and sum(drawn.search(each) is not None for each in texts) > 1:
        return sorted(texts)
    return [sets_in_order(each, drawn) for each in value]


def sort_containers(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the keys inside `container_definitions` in order.

    The provider writes those it reads from AWS with the log options in random order.
    """
    if isinstance(text := values.get("container_definitions"), str):
        definitions = json.loads(text)
        values["container_definitions"] = json.dumps(
            definitions, separators=(",", ":"), sort_keys=True, ensure_ascii=False
        )
    return values


def replacements(document: dict[str, Any]) -> dict[str, str]:
    """What was drawn for managed resources, and what stands for it; their own ids come first."""
    resources = (
        document.get("prior_state", {}).get("values", {}).get("root_module", {}).get("resources", [])
    )
    managed = sorted(
        (each for each in resources if each["mode"] == "managed"), key=lambda each: str(each["address"])
    )
    given = json.dumps(
        [document.get("variables"), [each for each in resources if each["mode"] == "data"]]
    )
    found: dict[str, str] = {}
    own = [{**each, "values": {"id": each["values"].get("id")}} for each in managed]
    for resource in (*own, *managed):
        for path, value in leaves(resource["values"], resource["address"]):
            for alphabet, pattern in _DRAWN.items():
                for index, drawn in enumerate(pattern.findall(value)):
                    if drawn not in given:
                        found.setdefault(drawn, derived(f"{path}:{index}", drawn, alphabet))
    return found


def leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every string inside, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from leaves(value[key], f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, f"{path}[{index}]")


def derived(seed: str, like: str, alphabet: str) -> str:
    """A string like `like`, hyphens kept, that depends on `seed` only."""
    digest = hashlib.sha512(seed.encode()).digest()
    return "".join(
        "-" if letter == "-" else alphabet[byte % len(alphabet)]
        for letter, byte in zip(like, digest, strict=False)
    )


def write(name: str, plan: bytes) -> bool:
    """Record one plan."""
    path = HERE / f"{name}.json"
    write_whole(path, plan)
    path.chmod(0o644)  # test credentials and invented names only; git keeps no stricter mode
    print(f"plans/{name}.json: recorded, {len(plan) // 1024} KB")
    return True


def compare(name: str, plan: bytes) -> bool:
    """Say whether a recorded plan is what Terraform plans now, and where they part first."""
    path = HERE / f"{name}.json"
    recorded = path.read_bytes() if path.is_file() else b"null"
    if recorded == plan:
        print(f"plans/{name}.json: up to date")
        return True
    where = next(differences(json.loads(recorded), json.loads(plan), ""), "in its layout only")
    print(f"plans/{name}.json: out of date, {where}. Next: make plans")
    return False


def differences(recorded: Any, now: Any, path: str) -> Iterator[str]:
    """Where two documents differ, by path or, for resources, by address."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*recorded, *now]):
            yield from differences(recorded.get(key), now.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(recorded, list) and isinstance(now, list) and recorded and now:
        left, right = by_address(recorded), by_address(now)
        for key in dict.fromkeys([*left, *right]):
            yield from differences(left.get(key), right.get(key), f"{path}[{key}]")
    elif recorded != now:
        yield f"first at {path or 'the top'}: recorded {brief(recorded)}, planned {brief(now)}"


def by_address(items: list[Any]) -> dict[Any, Any]:
    """A list as a mapping: by address where its items have distinct ones, else by position."""
    addresses = [each.get("address") if isinstance(each, dict) else None for each in items]
    if len({each for each in addresses if isinstance(each, str)}) != len(items):
        return dict(enumerate(items))
    return dict(zip(addresses, items, strict=True))


def brief(value: Any) -> str:
    """A value on one short line; nothing for what is absent."""
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}..."


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    """Say on standard error how long the block took."""
    started = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
