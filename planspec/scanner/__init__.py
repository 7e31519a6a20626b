"""What does Checkov say about the same plan?

Checkov runs beside the features, in a process and an environment of its own, because its pins
contradict ours. It gets the plan under a neutral path, no network, and nothing of the caller's
configuration, so that the same plan always gets the same answer.
"""

from planspec.scanner.answer import FailedCheck, Runner, ScanResult
from planspec.scanner.cache import Cache, user_folder
from planspec.scanner.looked import Looked, Reads
from planspec.scanner.process import Scan, start
from planspec.scanner.program import ENVIRONMENT_VARIABLE, find_checkov

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "Cache",
    "FailedCheck",
    "Looked",
    "Reads",
    "Runner",
    "Scan",
    "ScanResult",
    "find_checkov",
    "start",
    "user_folder",
]
