"""One SVG sprite out of the lucide icons named in icons.txt and our own glyphs (own-glyphs/*.svg).

Usage: build_sprite.py LUCIDE_ICONS_FOLDER TARGET. An icon that lucide does not have stops the build.
A glyph of ours wins over an icon of the same name.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def symbol(name: str, file: Path) -> str:
    """Return the file's drawing as <symbol id=name>, without the strokes and sizes that the style sheet sets."""
    text = file.read_text(encoding="utf-8")
    found = re.search(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", text, re.DOTALL)
    if found is None:
        raise SystemExit(f"{file.name} is no SVG with a viewBox")
    drawing = re.sub(r"<!--.*?-->|\s*\n\s*", "", found[2], flags=re.DOTALL).strip()
    return f'<symbol id="{name}" viewBox="{found[1]}">{drawing}</symbol>'


def build(lucide: Path, target: Path) -> int:
    """Write the sprite and return the number of its symbols."""
    files = {name: lucide / f"{name}.svg" for name in (HERE / "icons.txt").read_text(encoding="utf-8").split()}
    files |= {file.stem: file for file in sorted((HERE / "own-glyphs").glob("*.svg"))}
    missing = sorted(name for name, file in files.items() if not file.exists())
    if missing:
        raise SystemExit(f"icons.txt names icons that lucide does not have: {', '.join(missing)}")
    body = "".join(symbol(name, files[name]) for name in sorted(files))
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>\n', encoding="utf-8")
    return len(files)


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])), "symbols", file=sys.stderr)
