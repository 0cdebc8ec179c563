"""Design tokens: every colour and measure of the screen, and the contrast each pair must keep."""

# Annotations are not postponed: typing would compile each field while the first window waits.
from enum import Enum
from typing import NamedTuple


class Tone(Enum):
    """What a coloured thing says. A tone never stands alone: a word or an icon goes with it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    INFO = "info"
    VIOLET = "violet"


class ToneColours(NamedTuple):
    """The soft ground of a tone, text on that ground, and the strong colour on the page."""

    soft: str
    text: str
    strong: str


class Tokens(NamedTuple):
    """The colours of one theme as "#RRGGBB"."""

    bg: str
    surface: str
    raised: str
    sunken: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    disabled: str
    primary: str
    primary_hover: str
    primary_text: str
    accent_soft: str
    accent_text: str
    nav_bg: str
    nav_text: str
    nav_muted: str
    nav_sel: str
    nav_sel_text: str
    danger: str
    danger_soft: str
    danger_text: str
    warn: str
    warn_soft: str
    warn_text: str
    ok: str
    ok_soft: str
    ok_text: str
    info: str
    info_soft: str
    info_text: str
    violet: str
    violet_soft: str
    violet_text: str
    focus: str
    focus_nav: str
    selection: str
    toast_bg: str
    toast_text: str
    toast_action: str
    toast_muted: str
    badge: str
    badge_text: str
    scrim: str
    scrim_alpha: int

    def tone(self, tone: Tone) -> ToneColours:
        """Return the three colours of a tone."""
        if tone is Tone.NEUTRAL:
            return ToneColours(self.sunken, self.muted, self.muted)
        if tone is Tone.ACCENT:
            return ToneColours(self.accent_soft, self.accent_text, self.primary)
        name = tone.value
        return ToneColours(
            getattr(self, f"{name}_soft"), getattr(self, f"{name}_text"), getattr(self, name)
        )

    def colour(self, name: str) -> str:
        """Return a colour by its token name.

        Raises:
            KeyError: when there is no such token.
        """
        if name not in _NAMES:
            raise KeyError(name)
        return str(getattr(self, name))


_NAMES = frozenset(Tokens._fields)

LIGHT = Tokens(
    bg="#F4F3EF",
    surface="#FFFFFF",
    raised="#FAF9F6",
    sunken="#ECEAE4",
    border="#DAD7CF",
    border_strong="#80868B",
    text="#1E2528",
    muted="#545E64",
    faint="#626C72",
    disabled="#969CA0",
    primary="#0E6464",
    primary_hover="#0A5151",
    primary_text="#FFFFFF",
    accent_soft="#DDEFEC",
    accent_text="#0B5454",
    nav_bg="#203436",
    nav_text="#D6E2E1",
    nav_muted="#9DB2B1",
    nav_sel="#35504F",
    nav_sel_text="#FFFFFF",
    danger="#A93226",
    danger_soft="#FBE9E6",
    danger_text="#8F2318",
    warn="#8A5200",
    warn_soft="#FFF0D2",
    warn_text="#734400",
    ok="#23693A",
    ok_soft="#E2F2E6",
    ok_text="#1B5730",
    info="#28589A",
    info_soft="#E6EEF9",
    info_text="#204A84",
    violet="#6A4A94",
    violet_soft="#F0EAF8",
    violet_text="#573B7D",
    focus="#0B63CE",
    focus_nav="#8CC3FF",
    selection="#CFE7E3",
    toast_bg="#22302F",
    toast_text="#FFFFFF",
    toast_action="#8FDCD5",
    toast_muted="#B9C6C5",
    badge="#C9473A",
    badge_text="#FFFFFF",
    scrim="#141C1E",
    scrim_alpha=120,
)

DARK = Tokens(
    bg="#14181A",
    surface="#1C2225",
    raised="#22292D",
    sunken="#101416",
    border="#333C41",
    border_strong="#7C8A91",
    text="#E7ECEE",
    muted="#AAB6BC",
    faint="#97A4AB",
    disabled="#66727A",
    primary="#58BFB7",
    primary_hover="#72D0C8",
    primary_text="#06302D",
    accent_soft="#173A38",
    accent_text="#8FDCD5",
    nav_bg="#0F1415",
    nav_text="#C9D6D5",
    nav_muted="#8CA09F",
    nav_sel="#21393A",
    nav_sel_text="#FFFFFF",
    danger="#FF9A8B",
    danger_soft="#3F2320",
    danger_text="#FFB4A8",
    warn="#F0BF55",
    warn_soft="#382D14",
    warn_text="#F5CE7A",
    ok="#85CF99",
    ok_soft="#1B3524",
    ok_text="#9ADCAB",
    info="#8DB7F0",
    info_soft="#1C2C42",
    info_text="#A9C9F5",
    violet="#C3A8EC",
    violet_soft="#2E2540",
    violet_text="#D1BCF1",
    focus="#7CB7FF",
    focus_nav="#8CC3FF",
    selection="#1C403D",
    toast_bg="#E4ECEB",
    toast_text="#14201F",
    toast_action="#0B5454",
    toast_muted="#4A5756",
    badge="#C9473A",
    badge_text="#FFFFFF",
    scrim="#000000",
    scrim_alpha=160,
)

# Foreground, ground, least ratio. Source: WCAG 2.2, 1.4.3 (text 4.5) and 1.4.11 (edges 3).
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "bg", 4.5),
    ("text", "surface", 4.5),
    ("text", "raised", 4.5),
    ("muted", "bg", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "raised", 4.5),
    ("muted", "sunken", 4.5),
    ("muted", "selection", 4.5),
    ("faint", "surface", 4.5),
    ("faint", "bg", 4.5),
    ("primary_text", "primary", 4.5),
    ("primary_text", "primary_hover", 4.5),
    ("primary", "surface", 4.5),
    ("primary", "bg", 4.5),
    ("accent_text", "accent_soft", 4.5),
    ("accent_text", "surface", 4.5),
    ("nav_text", "nav_bg", 4.5),
    ("nav_muted", "nav_bg", 4.5),
    ("nav_sel_text", "nav_sel", 4.5),
    ("danger_text", "danger_soft", 4.5),
    ("danger", "surface", 4.5),
    ("danger", "selection", 4.5),
    ("warn_text", "warn_soft", 4.5),
    ("warn", "surface", 4.5),
    ("warn", "selection", 4.5),
    ("ok_text", "ok_soft", 4.5),
    ("ok", "surface", 4.5),
    ("ok", "selection", 4.5),
    ("info_text", "info_soft", 4.5),
    ("info", "surface", 4.5),
    ("violet_text", "violet_soft", 4.5),
    ("text", "selection", 4.5),
    ("text", "warn_soft", 4.5),
    ("text", "info_soft", 4.5),
    ("text", "ok_soft", 4.5),
    ("text", "danger_soft", 4.5),
    ("toast_text", "toast_bg", 4.5),
    ("toast_action", "toast_bg", 4.5),
    ("toast_muted", "toast_bg", 4.5),
    ("badge_text", "badge", 4.5),
    ("border_strong", "surface", 3.0),
    ("border_strong", "bg", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "bg", 3.0),
    ("focus", "selection", 3.0),
    ("focus_nav", "nav_bg", 3.0),
)

# Measures in px at 100 %; `ui.scale.px` makes them the px of the day.
TEXT = {"caption": 12, "body": 14, "h3": 15, "h2": 18, "h1": 22, "number": 26, "clock": 64}
RADIUS_CONTROL = 6
RADIUS_CARD = 10
CONTROL_HEIGHT = 36
ROW_HEIGHT = 53
ROW_HEIGHT_NARROW = 72
HIT_TARGET = 34
RAIL_WIDE = 196
RAIL_NARROW = 56
SIDE_COLUMN = 284
TITLE_BAR = 56
# Width of the window in px at 100 %: under the first the rail shows icons only, under the second
# everything stands in one column.
ICON_RAIL_UNDER = 1160
ONE_COLUMN_UNDER = 1000


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1.0 to 21.0. Source: WCAG 2.2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
