"""The look of the program: colours, text size, fonts and icons, changeable while it runs.

For page writers::

    look = theme()                      # the theme of the running application
    look.tokens.muted                   # a colour, "#RRGGBB"
    look.px(12)                         # 12 px at 100 %, in the px of the chosen text size
    look.font(14, Weight.STRONG)        # a font
    look.pixmap("bed", look.tokens.muted, 18)
    look.changed.connect(self._recolour)

Widgets of `ui.widgets` and `ui.scale` follow a change by themselves.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.icons import Icons
from shelter_desk.ui.tokens import DARK, LIGHT, Tokens, contrast

_FAMILY = "Inter"


class Weight(IntEnum):
    """The four weights that are shipped."""

    NORMAL = 400
    MEDIUM = 500
    STRONG = 600
    BOLD = 700


class Theme(QObject):
    """Holds the tokens and the text scale of the running application.

    `worn` is the one that `look.install` made, None before.
    """

    worn: ClassVar[Theme | None] = None
    changed = Signal()

    def __init__(self, app: QApplication, icons: Icons) -> None:
        super().__init__(app)
        self._app = app
        self._icons = icons
        self._system = QPalette(app.palette())
        self._settings = DeviceSettings()
        self.tokens: Tokens = LIGHT
        self.scale = 1.0
        self._fonts: dict[tuple[int, int], QFont] = {}  # by size in px and weight
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def is_dark(self) -> bool:
        """Tell whether the ground is darker than the text on it."""
        return QColor(self.tokens.bg).lightness() < QColor(self.tokens.text).lightness()

    @property
    def settings(self) -> DeviceSettings:
        """Return the settings last applied."""
        return self._settings

    def apply(self, settings: DeviceSettings) -> None:
        """Show these settings from now on, in every open window.

        `text_scale_percent` is kept within 100 to 200; `colour_scheme` is "system", "light",
        "dark" or "contrast".
        """
        self._settings = settings
        self.scale = min(max(settings.text_scale_percent, 100), 200) / 100
        self.tokens = self._tokens(settings.colour_scheme)
        self._app.setFont(self.font(14))
        self._app.setPalette(_palette(self.tokens))
        self.changed.emit()

    def step_text_size(self, points: int) -> None:
        """Show larger or smaller text, by percent points, between 100 and 200 percent."""
        wanted = min(max(self._settings.text_scale_percent + points, 100), 200)
        if wanted != self._settings.text_scale_percent:
            self.apply(self._settings._replace(text_scale_percent=wanted))

    def px(self, at_100: float) -> int:
        """Return a measure in the px of the chosen text size."""
        return round(at_100 * self.scale)

    def font(self, size: float = 14, weight: Weight = Weight.NORMAL) -> QFont:
        """Return the shipped font; `size` is px at 100 %."""
        wanted = (self.px(size), int(weight))
        if wanted not in self._fonts:
            font = QFont(_FAMILY)
            font.setPixelSize(wanted[0])
            font.setWeight(QFont.Weight(wanted[1]))
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            font.setFeature(QFont.Tag("cv05"), 1)  # an l with a tail: "Il1" can be told apart
            self._fonts[wanted] = font
        return QFont(self._fonts[wanted])  # shared until its owner changes it

    def pixmap(self, name: str, colour: str, size: float = 18, *, stroke: float = 2.0) -> QPixmap:
        """Return an icon; `size` is px at 100 %, `colour` is "#RRGGBB" or a token name."""
        ratio = max(self._app.devicePixelRatio(), 1.0)
        shade = colour if colour.startswith("#") else self.tokens.colour(colour)
        return self._icons.pixmap(name, shade, self.px(size), ratio=ratio, stroke=stroke)

    def icon(self, name: str, colour: str = "muted", size: float = 18) -> QIcon:
        """Return a QIcon in a token colour, for menus and other places that only take one."""
        return self._icons.icon(name, self.tokens.colour(colour), self.px(size))

    def _tokens(self, scheme: str) -> Tokens:
        hints = self._app.styleHints()
        wants_contrast = (
            hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        )
        if scheme == "contrast" or (scheme == "system" and wants_contrast):
            return high_contrast(self._system)
        if scheme == "dark":
            return DARK
        if scheme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark:
            return DARK
        return LIGHT

    def _system_changed(self) -> None:
        if self._settings.colour_scheme == "system":
            self.apply(self._settings)


def theme() -> Theme:
    """Return the theme installed on the running application.

    Raises:
        RuntimeError: when `look.install` has not been called.
    """
    # Asked thousands of times for each page: not a property of the application, which Qt looks up.
    if Theme.worn is None:
        raise RuntimeError("install() the look before making widgets")
    return Theme.worn


def shade(widget: QWidget, role: QPalette.ColorRole, colour: str) -> None:
    """Set one colour of a widget's palette, "#RRGGBB"."""
    palette = widget.palette()
    palette.setColor(role, QColor(colour))
    widget.setPalette(palette)


def high_contrast(system: QPalette) -> Tokens:
    """Build tokens from the system's own palette: no colours of ours, only theirs."""
    role = QPalette.ColorRole
    ground, text = system.color(role.Window).name(), system.color(role.WindowText).name()
    if contrast(ground, text) < 7:
        ground, text = (
            ("#000000", "#FFFFFF")
            if system.color(role.Window).lightness() < 128
            else ("#FFFFFF", "#000000")
        )
    mark, on_mark = system.color(role.Highlight).name(), system.color(role.HighlightedText).name()
    if contrast(mark, ground) < 4.5 or contrast(mark, on_mark) < 4.5:
        mark, on_mark = text, ground
    grounds = (
        "bg surface raised sunken accent_soft nav_bg danger_soft warn_soft ok_soft "
        "info_soft violet_soft selection toast_text toast_action toast_muted primary_text "
        "nav_sel_text badge_text"
    )
    marks = "primary primary_hover focus focus_nav nav_sel badge"
    colours = dict.fromkeys(grounds.split(), ground) | dict.fromkeys(marks.split(), mark)
    colours |= {"primary_text": on_mark, "nav_sel_text": on_mark, "badge_text": on_mark}
    texts = {name: text for name in Tokens._fields if name not in colours}
    texts.pop("scrim_alpha")
    resting = system.color(QPalette.ColorGroup.Disabled, role.WindowText).name()
    if contrast(resting, ground) >= 3:
        texts["disabled"] = resting
    return Tokens(**(colours | texts | {"scrim": "#000000"}), scrim_alpha=190)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, name in (
        (role.Window, "bg"), (role.Base, "surface"), (role.AlternateBase, "raised"),
        (role.WindowText, "text"), (role.Text, "text"), (role.Button, "surface"),
        (role.ButtonText, "text"), (role.Highlight, "primary"),
        (role.HighlightedText, "primary_text"), (role.PlaceholderText, "faint"),
        (role.ToolTipBase, "surface"), (role.ToolTipText, "text"), (role.Link, "primary"),
        (role.Mid, "border"), (role.Light, "surface"), (role.Midlight, "raised"),
        (role.Dark, "border_strong"), (role.Shadow, "border_strong"),
        (role.Accent, "primary"), (role.BrightText, "text"),
    ):  # fmt: skip
        palette.setColor(part, QColor(tokens.colour(name)))
    for part in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(tokens.disabled))
    return palette
