"""How a folder becomes a plan.

Nothing that is imported here needs the emulator's extra: only its process, which is started, does.
"""

from planspec.terraform.driver import (
    Inputs,
    Terraform,
    executable,
    plan_directory,
    show_saved_plan,
    workspace,
    write_whole,
)
from planspec.terraform.emulator.process import DEFAULT_REGION, Emulator, running, starting
from planspec.terraform.events import Progress, diagnostic_text
from planspec.terraform.provider_mirror import find_providers, provider_cache, write_cli_config
from planspec.terraform.provider_schema import index_of, providers_of, write_index
from planspec.terraform.working_folder import copy_folder

__all__ = [
    "DEFAULT_REGION",
    "Emulator",
    "Inputs",
    "Progress",
    "Terraform",
    "copy_folder",
    "diagnostic_text",
    "executable",
    "find_providers",
    "index_of",
    "plan_directory",
    "provider_cache",
    "providers_of",
    "running",
    "show_saved_plan",
    "starting",
    "workspace",
    "write_cli_config",
    "write_index",
    "write_whole",
]
