"""The licences of everything that ends in firstline/web/static/vendor, as one text.

Usage: build_licenses.py NODE_MODULES TARGET. Tools of the build (esbuild) and of the tests (axe) are not shipped.
"""

import json
import sys
from pathlib import Path

NOT_SHIPPED = {"esbuild", "axe-core"}


def packages(modules: Path) -> list[Path]:
    """Return the folders of the shipped packages, scoped ones included, in the order of their names."""
    files = sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")])
    return [
        file.parent
        for file in files
        if file.parent.name not in NOT_SHIPPED and file.parent.parent.name not in {"@esbuild", "@types"}
    ]


def notice(package: Path) -> str:
    """Return name, version and licence of one package; the licence file's words where the package carries one."""
    facts = json.loads((package / "package.json").read_text(encoding="utf-8"))
    texts = sorted(file for file in package.iterdir() if file.name.upper().startswith(("LICENSE", "LICENCE")))
    words = texts[0].read_text(encoding="utf-8").strip() if texts else "(the package carries no licence text)"
    return f"{facts['name']} {facts['version']} ({facts['license']})\n\n{words}\n"


if __name__ == "__main__":
    rule = "\n" + "-" * 78 + "\n\n"
    Path(sys.argv[2]).write_text(rule.join(map(notice, packages(Path(sys.argv[1])))), encoding="utf-8")
