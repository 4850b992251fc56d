"""Discord's own description of its API, to check what we send against it."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

DESCRIPTION = Path(__file__).parents[3] / "shared" / "data" / "discord-openapi.json"


class OpenAPI:
    """Validates request bodies by the JSON schemas of Discord's OpenAPI file."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._components = description["components"]
        schemas = self._components["schemas"]
        # Where Discord's documentation allows more than its description, and discord.py makes use of it:
        # media channels beside forums, and a number as the id of a file that is being uploaded.
        schemas["ChannelTypes"]["oneOf"].append({"title": "GUILD_MEDIA", "const": 16})
        for name in (one for one in schemas if one.endswith("AttachmentRequest")):
            schemas[name]["properties"]["id"] = {"anyOf": [schemas[name]["properties"]["id"], {"type": "integer"}]}
        self._bodies: dict[str, list[tuple[re.Pattern[str], dict[str, Any]]]] = {}
        # Fixed segments (`@me`) come before slots, as Discord itself decides.
        for path, item in sorted(description["paths"].items(), key=lambda one: one[0].count("{")):
            pattern = re.compile(re.sub(r"\\?\{\w+\\?\}", "[^/]+", re.escape(path)))
            for method in ("post", "put", "patch"):
                content = item.get(method, {}).get("requestBody", {}).get("content", {})
                if "application/json" in content:
                    self._bodies.setdefault(method.upper(), []).append((pattern, content["application/json"]["schema"]))

    def problems(self, method: str, path: str, body: Any) -> list[str]:
        """What Discord would not take in the JSON body of `method` on `path` (without `/api/v10`); [] is good."""
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - a test without the file needs it not
        from jsonschema.exceptions import best_match  # noqa: PLC0415 - as above

        schema = next((schema for pattern, schema in self._bodies.get(method, []) if pattern.fullmatch(path)), None)
        if schema is None:
            return [] if body is None else [f"{method} {path}: Discord describes no body for it"]
        validator = Draft202012Validator({**schema, "components": self._components})
        errors = [best_match([error]) for error in validator.iter_errors(body)]
        return [f"{method} {path}: {error.json_path}: {error.message[:300]}" for error in errors if error is not None]


@lru_cache(maxsize=1)
def _loaded() -> OpenAPI:
    return OpenAPI(json.loads(DESCRIPTION.read_text("utf-8")))


def discord_openapi() -> OpenAPI:
    """Discord's description; a test that asks for it is skipped where the file or the validator is missing."""
    pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    if not DESCRIPTION.exists():
        pytest.skip(f"{DESCRIPTION} is not there")
    return _loaded()
