"""Judge a plan with the fast runner: `python -I checkov/worker OPTIONS`, in Checkov's environment.

OPTIONS is JSON: `plan` and `answer` are files, `custom_checks` a folder or null, `corrected` whether
each policy is judged for itself, `looked` whether to tell what the checks looked at. The answer is JSON:
`version`, `passed`, `failed` and, if asked, `looked`; or `unsupported`, why only Checkov itself can
judge this plan; or `error`, what somebody has to mend.

`python -I checkov/worker digests` prints what guards the replacements.
"""

import gc
import json
import sys
import types
from pathlib import Path
from typing import Any

# Everything that is made from here on is needed to the end: looking through it would only cost time.
gc.disable()
# Our modules import each other as parts of planspec, but nothing else of planspec is there.
for depth, package in enumerate(("planspec", "planspec.checkov"), start=1):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [str(Path(__file__).parents[3 - depth])]


def main(arguments: list[str]) -> None:
    """Answer, or print the digests."""
    if arguments == ["digests"]:
        from planspec.checkov.worker import replacements

        sys.stdout.write(json.dumps(dict(replacements.digests()), indent=2) + "\n")
        return
    options = json.loads(arguments[0])
    Path(options["answer"]).write_text(json.dumps(_answer(options)), encoding="utf-8")


def _answer(options: dict[str, Any]) -> dict[str, Any]:
    from planspec.checkov.worker import postponed_grammar

    postponed_grammar.postpone()
    from planspec.checkov.worker import fast
    from planspec.checkov.worker.unsupported import BrokenCheck, Unsupported

    checks = Path(options["custom_checks"]) if options["custom_checks"] else None
    try:
        return fast.answer(
            Path(options["plan"]), checks, corrected=options["corrected"], looked=options["looked"]
        )
    except Unsupported as error:
        return {"unsupported": str(error)}
    except BrokenCheck as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001
        # Checkov itself decides what becomes of such a plan. The text may quote it; the kind does not.
        return {"unsupported": f"{type(error).__name__} in {_last_place(error)}"}


def _last_place(error: BaseException) -> str:
    """The module and line that raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


main(sys.argv[1:])
