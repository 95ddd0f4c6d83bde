"""The text of an imaging protocol: which fields of an acquisition stand in it, and the line of the channels' light."""

from typing import Final

TEXTS: Final = ("instrument", "parameters")
CHANNELS: Final = "Channels: "
