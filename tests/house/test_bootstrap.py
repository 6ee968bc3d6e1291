"""The set-up's downloads are verified by hashes, uv itself too."""

import ast
import re

from stack_files import ROOT

BOOTSTRAP = (ROOT / "tools/bootstrap.py").read_text()
LOCKS = ("requirements-dev.txt", "functions/requirements.txt", "tools/requirements-uv.txt")


def test_every_lock_file_pins_versions_with_hashes_and_names_no_index() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text()
        requirements = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())

        assert requirements, name
        assert all(re.match(r"\S+==\S+", each) and "--hash=sha256:" in each for each in requirements), name
        assert "://" not in text, name


def test_uv_is_installed_by_its_hashes_on_every_way() -> None:
    text = (ROOT / "tools/requirements-uv.txt").read_text()
    installs = [ast.unparse(node) for node in ast.walk(ast.parse(BOOTSTRAP)) if isinstance(node, ast.Tuple)]
    by_pip = [each for each in installs if "'-m', 'pip', 'install'" in each]

    assert re.findall(r"^uv==", text, re.MULTILINE) == ["uv=="]
    assert by_pip
    assert all("'--require-hashes'" in each and "UV_LOCK" in each for each in by_pip)
    assert "uv==" not in re.sub(r'removeprefix\("uv=="\)|startswith\("uv=="\)', "", BOOTSTRAP)
