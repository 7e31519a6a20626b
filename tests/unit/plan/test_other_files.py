"""Is it said which file was given in the place of a plan, and is a null section an absent one?"""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from planspec.errors import PlanError
from planspec.plan import decode, notice
from planspec.runner import load

PLAN = Path(__file__).parents[3] / "plans/corrected.json"


def packed(name: str) -> bytes:
    """A plan in an archive that is none of Terraform's."""
    held = io.BytesIO()
    if name == "zip":
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("plan.json", "{}")
        return held.getvalue()
    with tarfile.open(fileobj=held, mode="w") as tar:
        member = tarfile.TarInfo("plan.json")
        tar.addfile(member, io.BytesIO())
    return gzip.compress(held.getvalue())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\xff", "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n\xff", "a PNG picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (packed("tar.gz"), "a tar archive"),
        (packed("zip"), "a zip, but no saved plan"),
        (b"\xef\xbf\xbd\xef\xbf\xbd{\0}\0", "UTF-16 that was read in another encoding"),
        (PLAN.read_text("utf-8").encode("utf-16")[:-1], "PowerShell 5 wrote it wrongly. Run: cmd /c"),
        (json.dumps({"mock": {"tfplan/v2": {"resource_changes": {}}}}).encode(), "a mock for a test"),
        (b'{"@level":"info","type":"list_start"}\n{"type":"list_complete"}\n', "terraform query -json"),
    ],
    ids=["jpeg", "png", "pdf", "tar.gz", "zip", "broken", "cut off", "mock", "query"],
)
def test_the_message_names_what_it_is(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "tfplan"
    path.write_bytes(data)
    with pytest.raises(PlanError) as caught:
        load.read(str(path))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "section",
    [
        *("checks", "prior_state", "output_changes", "deferred_changes", "action_invocations"),
        *("configuration", "planned_values", "variables", "resource_drift", "relevant_attributes"),
    ],
)
def test_a_null_section_is_absent(section: str) -> None:
    document = json.loads(PLAN.read_bytes())
    with_null = decode(json.dumps(document | {section: None}).encode(), "p.json")
    document.pop(section, None)
    without = decode(json.dumps(document).encode(), "p.json")
    assert notice(with_null) == notice(without)
    for name in ("data_sources", "outputs", "checks", "deferred", "action_invocations", "variables"):
        assert len(getattr(with_null, name)) == len(getattr(without, name))
