"""One shape for every figure: a table for people, then one line of JSON."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Report:
    name: str
    data: str
    n: int
    metrics: dict[str, Any]
    """Figures by name; a nested object is one set's own figures."""
    seconds: float
    model: str
    notes: list[str] = field(default_factory=list)
    """Sentences for the reader of the table; not part of the JSON."""

    def line(self) -> str:
        figures = {
            "name": self.name,
            "data": self.data,
            "n": self.n,
            "metrics": _rounded(self.metrics),
            "seconds": round(self.seconds, 2),
            "model": self.model,
            "commit": commit(),
        }
        return json.dumps(figures, ensure_ascii=False)

    def table(self) -> str:
        overall = {name: value for name, value in self.metrics.items() if not isinstance(value, dict)}
        columns = list(overall)
        body = [("all", overall), *((name, value) for name, value in self.metrics.items() if isinstance(value, dict))]
        columns += sorted({name for _, value in body for name in value} - set(columns))
        width = max(len(name) for name, _ in body)
        head = " " * width + "".join(f"  {column:>18}" for column in columns)
        lines = [
            name.ljust(width) + "".join(f"  {_shown(value.get(column)):>18}" for column in columns)
            for name, value in body
        ]
        return "\n".join(
            [f"{self.name} on {self.data}: {self.n} rows, {self.seconds:.1f} s", head, *lines, *self.notes]
        )


def commit() -> str:
    """Short hash of the tree that was measured, with + when it was changed since; "unknown" outside git."""
    git = ["git", "-C", str(ROOT)]
    try:
        head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, timeout=10)  # noqa: S603
        state = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return head.stdout.strip() + ("+" if state.stdout.strip() else "") if head.returncode == 0 else "unknown"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
