"""Records for tests of `planspec verify`: judged plans, and records that somebody wrote anew."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from planspec import bundle
from planspec.cli.app import main
from planspec.evidence import Evidence, seal_digest, summarise

ROOT = Path(__file__).parents[2]
CORRECTED = ROOT / "plans" / "corrected.json"


def run(*arguments: str | Path) -> Result:
    """Run `planspec` in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


class Recorded(Protocol):
    """Whatever has a record in a file."""

    record: Path


class Judged:
    """A judged plan: its record, and copies of what it was judged by, which a test may change."""

    def __init__(self, folder: Path, plan: Path = CORRECTED, *options: str | Path) -> None:
        self.plan, self.record = plan, folder / "evidence.json"
        self.features, self.policies = folder / "features", folder / "policies"
        shutil.copytree(bundle.FEATURES, self.features)
        shutil.copytree(bundle.POLICIES, self.policies)
        self.by = ("--features", self.features, "--policies", self.policies)
        self.options = options

    def check(self, *options: str | Path) -> Result:
        """Judge the plan."""
        chosen = (*self.by, *self.options, *options)
        return run("check", "--no-checkov", self.plan, "-o", f"json={self.record}", *chosen)

    def verify(self, *options: str | Path, plan: Path | None = None) -> Result:
        """Verify the record against the plan."""
        return run("verify", self.record, plan or self.plan, *self.by, *options)


def edit(change: Callable[[dict[str, Any]], None]) -> Callable[[Judged], None]:
    """Change the record, as an editor would."""

    def edited(judged: Judged) -> None:
        record = json.loads(judged.record.read_text(encoding="utf-8"))
        change(record)
        judged.record.write_text(json.dumps(record, indent=2), encoding="utf-8")

    return edited


def seal_again(record: dict[str, Any]) -> None:
    """Count again what the record holds, and seal it."""
    found = msgspec.convert(record, Evidence)
    summary = summarise(found.scenarios, found.checkov, found.plan.blocking)
    record["summary"] = msgspec.to_builtins(summary)
    record["seal"]["sha256"] = seal_digest(json.dumps(record).encode(), "record")


def forged(judged: Recorded, forge: Callable[[dict[str, Any]], object]) -> None:
    """Write the record anew, and seal it."""
    record = json.loads(judged.record.read_text(encoding="utf-8"))
    forge(record)
    seal_again(record)
    judged.record.write_text(json.dumps(record), encoding="utf-8")


def keys(folder: Path, name: str = "planspec") -> tuple[Path, Path]:
    """A fresh Ed25519 key and its public half, in PEM."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    plain = (pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    private.write_bytes(key.private_bytes(*plain))
    half = (pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(key.public_key().public_bytes(*half))
    return private, public
