"""What does Checkov say about the same plan?

Checkov runs beside the features, in a process and an environment of its own, because its pins
contradict ours. It gets the plan under a neutral path, no network, and nothing of the caller's
configuration, so that the same plan always gets the same answer.
"""

from planspec.checkov.answer import FailedCheck, Runner, ScanResult, Unsupported, read_fast, read_stock
from planspec.checkov.attributes_read import Looked, Reads, Seen, gather
from planspec.checkov.cache import Cache, user_folder
from planspec.checkov.locate import ENVIRONMENT_VARIABLE, find_checkov, interpreter_of
from planspec.checkov.process import Scan, __file__, start
from planspec.checkov.request import Request
from planspec.checkov.version import VERSION

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "VERSION",
    "Cache",
    "FailedCheck",
    "Looked",
    "Reads",
    "Request",
    "Runner",
    "Scan",
    "ScanResult",
    "Seen",
    "Unsupported",
    "__file__",
    "find_checkov",
    "gather",
    "interpreter_of",
    "read_fast",
    "read_stock",
    "start",
    "user_folder",
]
