"""Run a command that ends when its parent does: `python -I tether.py COMMAND…`.

Standard input is a pipe whose other end the parent holds. However that ends, the pipe closes, and this
process group with everything that the command started is killed. Started by its path, never imported.
"""

import os
import signal
import subprocess
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def main(command: list[str]) -> None:
    """Run the command, and end as it ended."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    except OSError as error:
        sys.stderr.write(f"tether: {error.strerror}\n")
        code = 127
    sys.stdout.flush()
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1:])
