"""How does the page get written? The only place that knows the templates and Jinja2."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from planspec.evidence import ORDER, Evidence
from planspec.reports.control_matrix import State
from planspec.reports.html_page import embedded, figures, rows, summary, view
from planspec.reports.rows import printable

HERE: Final = Path(__file__).parent
MOST: Final = 20
"""How many findings, and how many examined items, of one scenario stand in the page itself."""
MOST_RESOURCES: Final = 200
MOST_CHECKS: Final = 2_000
ENFORCEMENTS: Final = {
    "hard": "always, without exception",
    "soft": "unless a reviewer overrides it by name, with a reason",
    "advisory": "never: it is reported only",
}
STATES: Final = {
    State.EVIDENCED: "The plan shows the whole control, and every scenario for it is satisfied.",
    State.PARTLY: "Nothing contradicts it; what a plan does not show, or what is still open, is named.",
    State.CONTRADICTED: "At least one scenario for it is violated.",
    State.NOT_FROM_A_PLAN: "No plan can be evidence of it.",
    State.NOT_APPLICABLE: "The plan has nothing to examine, or the limit is not stated.",
    State.NOT_ASKED: "No scenario of this run is about it.",
}
# What may stand in a fragment as it is. Source: RFC 3986, 3.5; square brackets are taken by browsers.
_SAFE: Final = "/:@!$'()*,;=.~-_[]"

_FIXED: Final = re.compile(r' id="([^"{]+)"')


def page(evidence: Evidence) -> str:
    """Return the whole page."""
    return _environment().get_template("page.html").render(_context(evidence))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "accepted": embedded.accepted,
        "usd": figures.usd,
        "span": figures.span,
        "answer": rows.answer,
        "digest": _digest,
        "fragment": lambda text: quote(printable(text).encode("utf-8", "replace"), safe=_SAFE),
        "gherkin": rows.gherkin,
        "items": rows.items,
        "paragraphs": lambda text: [each for each in text.split("\n\n") if each],
        "said": rows.said,
        "slug": lambda text: text.replace(" ", "-"),
        "tally": rows.tally,
    }
    return environment


def _visible(value: Any) -> str:
    """What a template writes, with control characters as escapes; our own markup as it is."""
    return value if isinstance(value, Markup) else printable(str(value))


def _context(evidence: Evidence) -> dict[str, Any]:
    scenarios = view.placed(evidence, _written())
    resources = view.resources(evidence, scenarios)
    areas = view.areas(scenarios)
    total = view.counts(each.verdict for each in scenarios)
    inputs = evidence.inputs
    return {
        "evidence": evidence,
        "order": [str(each) for each in ORDER],
        "total": total,
        "sections": summary.sections(evidence, len(resources)),
        "sentence": summary.sentence(evidence, total),
        "bar": summary.bar(total),
        "alerts": summary.alerts(evidence),
        "tallies": summary.tallies(scenarios, areas),
        "blocking": summary.blocking(scenarios),
        "failed": summary.failed(evidence),
        "areas": areas,
        "severities": [each.name for each in view.by_severity(scenarios) if each.name],
        "overridden": [each for each in scenarios if each.scenario.override],
        "matrices": view.matrices(evidence, scenarios),
        "titles": _titles(evidence),
        "resources": resources,
        "inputs": [
            (name.replace("_", " "), getattr(inputs, name))
            for name in ("features", "steps", "own_steps", "policies", "waivers")
        ],
        "enforcements": ENFORCEMENTS,
        "states": {str(state): words for state, words in STATES.items()},
        "not_covered": figures.NOT_COVERED,
        "most": MOST,
        "most_resources": MOST_RESOURCES,
        "most_checks": MOST_CHECKS,
        **_figures(evidence),
        **_own(embedded.packed(scenarios, resources, figures.covered(evidence.coverage))),
    }


@cache
def _written() -> frozenset[str]:
    """The fragments that the templates have by themselves."""
    sources = (each.read_text(encoding="utf-8") for each in (HERE / "templates").glob("*.html"))
    return frozenset(name for source in sources for name in _FIXED.findall(source))


def _figures(evidence: Evidence) -> dict[str, Any]:
    """What the sections of cost and coverage need, where the record has them."""
    cost, coverage = evidence.cost, evidence.coverage
    found: dict[str, Any] = {"cost": cost, "coverage": coverage, "covered": figures.covered(coverage)}
    if cost:
        found |= {"bars": figures.chart(cost), "dearest": figures.dearest(cost)}
    if coverage:
        kinds = {"type": coverage.types, "module": coverage.modules, "control": coverage.controls}
        tables = [(title, figures.shares(totals)) for title, totals in kinds.items()]
        found |= {"covered_whole": figures.share(coverage.total), "coverage_tables": tables}
    return found


def _titles(evidence: Evidence) -> dict[str, str]:
    """The title of each control, by the tag that names it."""
    return {
        f"{framework.prefix}:{control.control}": control.title
        for framework in evidence.frameworks
        for control in framework.controls
    }


def _own(packed: str) -> dict[str, Markup]:
    """What is written as it is: our own files, and Base64. Nothing of a plan is in it unpacked."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    named = {"style": _style(), "script": script, "embedded": packed}
    return {name: Markup(text) for name, text in named.items()}  # noqa: S704


@cache
def _style() -> str:
    """The style with the fonts inside, each as a data address."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    for font in sorted((HERE / "fonts").glob("*.woff2")):
        data = base64.b64encode(font.read_bytes()).decode()
        style = style.replace(f"fonts/{font.name}", f"data:font/woff2;base64,{data}")
    return style


def _digest(text: str) -> str:
    """What a browser compares before it runs a script or takes a style. Source: W3C, CSP Level 3."""
    return f"sha256-{base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode()}"
