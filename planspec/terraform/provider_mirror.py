"""Where do Terraform's providers come from on this machine: a configuration, a mirror, or the registry.

The order is: an existing file named by TF_CLI_CONFIG_FILE; the folder named by
PLANSPEC_PROVIDER_MIRROR; a filesystem mirror that is found by search, that is a folder holding
`registry.terraform.io/`; else the registry, as Terraform does by itself.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from planspec.errors import TerraformError

REGISTRY = "registry.terraform.io"
ADD_ON_PLACES = (Path("/usr/share"), Path("/usr/local/share"), Path("/opt"))


@dataclass(frozen=True)
class Providers:
    """What to tell Terraform about its providers.

    `cli_config` is the file to name in TF_CLI_CONFIG_FILE, `mirror` the folder to write such a file
    for; at most one of them is there. `notes` are sentences for the user.
    """

    cli_config: Path | None = None
    mirror: Path | None = None
    notes: tuple[str, ...] = ()


def find_providers(
    environment: Mapping[str, str] = os.environ, places: tuple[Path, ...] = ADD_ON_PLACES
) -> Providers:
    """Decide where the providers come from; `places` are searched directly and one level below.

    Raises TerraformError when PLANSPEC_PROVIDER_MIRROR names a folder that holds no mirror.
    """
    notes: tuple[str, ...] = ()
    if named := environment.get("TF_CLI_CONFIG_FILE"):
        if Path(named).is_file():
            return Providers(cli_config=Path(named))
        notes = (f"TF_CLI_CONFIG_FILE names {named}, which does not exist; it is left aside",)
    if asked := environment.get("PLANSPEC_PROVIDER_MIRROR"):
        if not _is_mirror(Path(asked)):
            raise TerraformError(
                f"PLANSPEC_PROVIDER_MIRROR: {asked} holds no {REGISTRY}/; expected a filesystem "
                f"mirror. Next: terraform providers mirror {asked}"
            )
        return Providers(mirror=Path(asked).resolve(), notes=notes)
    found = next(filter(_is_mirror, _candidates(environment, places)), None)
    return Providers(mirror=found, notes=notes)


def write_cli_config(mirror: Path, path: Path) -> None:
    """Write a Terraform CLI configuration that takes from `mirror` what it holds, else the registry."""
    held = [
        f"{REGISTRY}/{provider.parent.name}/{provider.name}"
        for provider in sorted((mirror / REGISTRY).glob("*/*"))
        if provider.is_dir()
    ]
    names = ", ".join(map(json.dumps, held))
    path.write_text(
        "disable_checkpoint = true\n"
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n"
        f"    include = [{names}]\n  }}\n"
        f"  direct {{\n    exclude = [{names}]\n  }}\n"
        "}\n",
        encoding="utf-8",
    )


def terraform_environment(
    inherited: Mapping[str, str], providers: Providers, scratch: Path, emulated: bool
) -> dict[str, str]:
    """The environment for Terraform: the user's, less what would change the plan, plus its providers.

    `scratch` is a temporary folder for the generated configuration. With `emulated` the user's
    settings for AWS stay out.
    """
    dropped: tuple[str, ...] = ("TF_CLI_ARGS", "TF_CLI_CONFIG_FILE", "TF_DATA_DIR")
    if emulated:
        dropped = (*dropped, "AWS_", "TF_WORKSPACE")
    kept = {name: value for name, value in inherited.items() if not name.startswith(dropped)}
    # Providers leave sockets behind when they are interrupted; ours go with the scratch folder.
    kept |= {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TMPDIR": str(scratch)}
    if providers.cli_config:
        kept["TF_CLI_CONFIG_FILE"] = str(providers.cli_config)
    elif providers.mirror is None:
        kept |= provider_cache(inherited)
    else:
        kept["TF_CLI_CONFIG_FILE"] = str(scratch / "planspec.tfrc")
        write_cli_config(providers.mirror, scratch / "planspec.tfrc")
    return kept


def provider_cache(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables that let Terraform keep what it fetches from the registry, for the next plan.

    Every plan is made in a new folder; without a cache each would fetch hundreds of megabytes. A
    cache of the user's own stays as it is.
    """
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        return {}
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(home) / "planspec" / "providers"
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "TF_PLUGIN_CACHE_DIR": str(folder),
        # A lock file without checksums is completed in the copy, which is thrown away.
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    }


def _is_mirror(folder: Path) -> bool:
    try:
        return any((folder / REGISTRY).glob("*/*"))
    except OSError:
        return False


def _candidates(environment: Mapping[str, str], places: tuple[Path, ...]) -> Iterator[Path]:
    yield from _implied(environment)
    for place in places:
        yield place
        try:
            yield from sorted(entry for entry in place.iterdir() if entry.is_dir())
        except OSError:
            continue


def _implied(environment: Mapping[str, str]) -> Iterator[Path]:
    """Terraform's implied local mirrors.

    https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    """
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    yield home / ".terraform.d" / "plugins"
    if sys.platform == "darwin":
        yield home / "Library" / "Application Support" / "io.terraform" / "plugins"
        yield Path("/Library/Application Support/io.terraform/plugins")
        return
    data = environment.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in (data, *shared.split(":")):
        yield Path(folder) / "terraform" / "plugins"
