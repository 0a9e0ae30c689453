"""How a tool's script is spoken to: a JSON object on each line of its standard input, and one back for each.

`{"do": NAME, ...}` calls the function of that name with the other members; the answer is `{"result": ...}` or
`{"error": ...}`. What a library prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any


def serve(functions: Mapping[str, Callable[..., Any]]) -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": functions[request.pop("do")](**request)}
        except Exception as error:  # noqa: BLE001 -- whatever a peer raises is what is told of it
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"[:2000]}
        print(json.dumps(answer), file=answers, flush=True)
