"""OpenAI's batch files, which Azure, Groq, vLLM's `run-batch` and others have taken over.

Source: https://platform.openai.com/docs/api-reference/batch (request input and output objects).
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.batch.formats import Result
from extractor.providers.base import Json


@dataclass(frozen=True, slots=True)
class OpenAIFormat:
    """Files for one endpoint, such as `/v1/responses`."""

    endpoint: str
    # Megabytes are taken as a million bytes, the smaller of their two meanings.
    most_requests: int = 50_000
    most_bytes: int = 200_000_000

    def line(self, custom_id: str, body: Json) -> Json:
        """A request as a line; see `Format.line`."""
        return {"custom_id": custom_id, "method": "POST", "url": self.endpoint, "body": body}

    def result(self, line: Json) -> Result:
        """A line of results; see `Format.result`."""
        custom_id, response, error = str(line["custom_id"]), line.get("response"), line.get("error")
        if response and isinstance(response["status_code"], int):
            return Result(custom_id, response["status_code"], response["body"])
        said = error.get("message") or error.get("code") if isinstance(error, dict) else error
        return Result(custom_id, problem=str(said or "no response"))
