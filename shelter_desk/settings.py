"""This device's settings. Nothing about people, nothing secret."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """How this computer shows the desk. Only what differs from the default is written down."""

    text_scale_percent: int = 100
    colour_scheme: str = "system"
    initials_only: bool = False
