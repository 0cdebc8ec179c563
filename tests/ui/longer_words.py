"""Words as long as Spanish makes them: a third longer, with accents, on every window."""

from PySide6.QtCore import QTranslator

_MORE = "ación ñandú según "


def longer(text):
    """A text with at least three tenths more letters; places for values stay where they are."""
    room = max(2, (len(text) * 3 + 9) // 10)
    filler = (_MORE * (room // len(_MORE) + 1))[:room]
    return f"{text.rstrip()} {filler.strip()}" if text.strip() else text


class Longer(QTranslator):
    """Translates everything that is asked for, and counts it."""

    def __init__(self):
        super().__init__()
        self.asked = set()

    def isEmpty(self):  # noqa: N802 - Qt's name
        return False

    def translate(self, _context, source, _comment=None, _number=-1):
        self.asked.add(source)
        return longer(source)
