"""Which version of Checkov do we know?

The worker in Checkov's environment reads it too, so nothing is imported here but the standard library.
"""

from typing import Final

VERSION: Final = "3.3.30"
