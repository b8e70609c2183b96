"""What was measured, as one JSON object a line, and at the end as a table for people."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """`say` prints a line at once, so that a run that is broken off has told what it knew."""

    engine: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    def say(
        self, case: str, value: float, unit: str, *, wanted: str = "", kept: bool | None = None, **more: Any
    ) -> None:
        """One measurement; `wanted` is the number of the specification in words, `kept` whether it was reached."""
        line = {"case": case, "engine": self.engine, "value": round(value, 3), "unit": unit}
        if wanted:
            line |= {"wanted": wanted, "kept": kept}
        line |= {name: round(number, 3) if isinstance(number, float) else number for name, number in more.items()}
        self.lines.append(line)
        print(json.dumps(line, ensure_ascii=False), flush=True)

    def table(self) -> None:
        """On standard error, so that standard output is JSON alone."""
        width = max((len(line["case"]) for line in self.lines), default=10)
        for line in self.lines:
            verdict = {True: "kept", False: "NOT KEPT", None: ""}[line.get("kept")]
            print(
                f"{line['engine']:<11} {line['case']:<{width}} {line['value']:>10} {line['unit']:<10} "
                f"{line.get('wanted', ''):<22} {verdict}",
                file=sys.stderr,
            )
