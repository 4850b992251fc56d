"""Settings."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the person who runs the bot decides."""

    model_config = SettingsConfigDict(env_prefix="COLOPHON_")

    token: SecretStr = SecretStr("")
    database: Path = Path("colophon.sqlite3")
