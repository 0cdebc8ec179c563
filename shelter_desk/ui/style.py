"""How stock Qt controls are drawn: Fusion underneath, our edges, marks and focus ring on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleFactory,
    QWidget,
)

from shelter_desk.ui.theme import theme
from shelter_desk.ui.tokens import CONTROL_HEIGHT, RADIUS_CONTROL

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QStyleHintReturn,
        QStyleOption,
        QStyleOptionComplex,
        QStyleOptionSlider,
    )

_State = QStyle.StateFlag


class DeskStyle(QProxyStyle):
    """A small style: only what differs from Fusion is here."""

    def __init__(self) -> None:
        super().__init__(QStyleFactory.create("Fusion"))

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        size = _METRICS.get(metric)
        if size is not None:
            return theme().px(size)
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - Qt's name
    ) -> int:
        if hint in _HINTS:
            return _HINTS[hint]
        return super().styleHint(hint, option, widget, returnData)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        /,
        widget: QWidget | None = None,
    ) -> QSize:
        made = super().sizeFromContents(kind, option, size, cast("QWidget", widget))
        if kind in (QStyle.ContentsType.CT_LineEdit, QStyle.ContentsType.CT_ComboBox):
            made.setHeight(max(made.height(), theme().px(CONTROL_HEIGHT)))
        if kind is QStyle.ContentsType.CT_ComboBox:
            made.setWidth(made.width() + theme().px(_ARROW))
        if kind is QStyle.ContentsType.CT_MenuItem:
            made.setHeight(max(made.height(), theme().px(34)))
        return made

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        /,
        widget: QWidget | None = None,
    ) -> QRect:
        found = super().subControlRect(control, option, part, cast("QWidget", widget))
        if part is QStyle.SubControl.SC_ComboBoxEditField and control is _Complex.CC_ComboBox:
            # The words end before the arrow that `_draw_combo` draws.
            before_arrow = _rect(option).right() - theme().px(_ARROW + 12)
            found.setRect(found.x(), found.y(), before_arrow - found.x(), found.height())
            found.setLeft(found.left() + theme().px(7))
        return found

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = _PRIMITIVES.get(element)
        if draw is None or (element is _Primitive.PE_Frame and not _is_text_area(widget)):
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(option, painter)
        painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element is QStyle.ControlElement.CE_HeaderSection:
            _draw_header(option, painter)
            return
        if element is QStyle.ControlElement.CE_ShapedFrame and _is_text_area(widget):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _draw_edit(option, painter)
            painter.restore()
            return
        super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control not in (_Complex.CC_ComboBox, _Complex.CC_ScrollBar):
            super().drawComplexControl(control, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if control is _Complex.CC_ComboBox:
            _draw_combo(option, painter)
        else:
            handle = self.subControlRect(
                control, option, QStyle.SubControl.SC_ScrollBarSlider, cast("QWidget", widget)
            )
            _draw_scroll_bar(cast("QStyleOptionSlider", option), painter, handle)
        painter.restore()


_ARROW = 16
_Primitive = QStyle.PrimitiveElement
_Complex = QStyle.ComplexControl
_METRICS = {
    QStyle.PixelMetric.PM_IndicatorWidth: 22,
    QStyle.PixelMetric.PM_IndicatorHeight: 22,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 20,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 20,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_ScrollBarExtent: 12,
    QStyle.PixelMetric.PM_ScrollBarSliderMin: 36,
    QStyle.PixelMetric.PM_SmallIconSize: 18,
    QStyle.PixelMetric.PM_ButtonIconSize: 18,
    QStyle.PixelMetric.PM_HeaderMargin: 10,
}
_HINTS = {
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_Widget_Animation_Duration: 0,  # nothing slides or fades
    QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick: 0,
    QStyle.StyleHint.SH_ComboBox_Popup: 0,
    QStyle.StyleHint.SH_ToolTip_WakeUpDelay: 500,
}


def _is_text_area(widget: QWidget | None) -> bool:
    return widget is not None and bool(widget.property("isTextArea"))


def edge(painter: QPainter, rect: QRect, *, ground: str, line: str, width: float = 1.0) -> None:
    """Draw a rounded box with a line inside its edge. Used by styles and painted widgets alike."""
    radius = theme().px(RADIUS_CONTROL)
    inner = QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setPen(QPen(QColor(line), width))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(inner, radius, radius)


def _has(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(cast("Any", option).state & flag)


def _rect(option: QStyleOption) -> QRect:
    return cast("QRect", cast("Any", option).rect)


def _draw_edit(option: QStyleOption, painter: QPainter) -> None:
    tokens = theme().tokens
    focused, enabled = _has(option, _State.State_HasFocus), _has(option, _State.State_Enabled)
    line = tokens.focus if focused else tokens.border_strong if enabled else tokens.border
    ground = tokens.surface if enabled else tokens.raised
    edge(painter, _rect(option), ground=ground, line=line, width=2.0 if focused else 1.0)


def _draw_nothing(option: QStyleOption, painter: QPainter) -> None:
    """The frame is part of the panel."""


def _draw_focus(option: QStyleOption, painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme().tokens.focus), 2))
    painter.drawRoundedRect(QRectF(_rect(option)).adjusted(1, 1, -1, -1), 4, 4)


def draw_tick_box(
    painter: QPainter, rect: QRect, *, checked: bool, partly: bool = False, focused: bool = False
) -> None:
    """Draw the box of a tick; `rect` is the box alone."""
    look = theme()
    tokens = look.tokens
    filled = checked or partly
    line = tokens.focus if focused else tokens.primary if filled else tokens.border_strong
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), look.px(2)))
    painter.setBrush(QColor(tokens.primary if filled else tokens.surface))
    inset = look.px(2) / 2
    painter.drawRoundedRect(
        QRectF(rect).adjusted(inset, inset, -inset, -inset), look.px(5), look.px(5)
    )
    if filled:
        size = 16
        mark = look.pixmap("check" if checked else "circle-minus", "primary_text", size, stroke=3)
        painter.drawPixmap(_centred(rect, look.px(size)), mark, mark.rect())


def _centred(rect: QRect, side: int) -> QRect:
    return QRect(
        rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2, side, side
    )


def _draw_check(option: QStyleOption, painter: QPainter) -> None:
    draw_tick_box(
        painter,
        _rect(option),
        checked=_has(option, _State.State_On),
        partly=_has(option, _State.State_NoChange),
        focused=_has(option, _State.State_HasFocus),
    )


def _draw_radio(option: QStyleOption, painter: QPainter) -> None:
    look, rect = theme(), QRectF(_rect(option))
    tokens, chosen = look.tokens, _has(option, _State.State_On)
    focused = _has(option, _State.State_HasFocus)
    line = tokens.focus if focused else tokens.primary if chosen else tokens.border_strong
    painter.setPen(QPen(QColor(line), look.px(2)))
    painter.setBrush(QColor(tokens.surface))
    inset = look.px(1)
    painter.drawEllipse(rect.adjusted(inset, inset, -inset, -inset))
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.primary))
        dot = look.px(5)
        painter.drawEllipse(QPointF(rect.center()), dot, dot)


def _draw_row(option: QStyleOption, painter: QPainter) -> None:
    tokens = theme().tokens
    if _has(option, _State.State_Selected):
        painter.fillRect(_rect(option), QColor(tokens.selection))
    elif _has(option, _State.State_MouseOver):
        painter.fillRect(_rect(option), QColor(tokens.raised))


def _draw_header(option: QStyleOption, painter: QPainter) -> None:
    tokens, rect = theme().tokens, _rect(option)
    painter.fillRect(rect, QColor(tokens.raised))
    painter.setPen(QColor(tokens.border))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def _draw_combo(option: QStyleOption, painter: QPainter) -> None:
    _draw_edit(option, painter)
    look, rect = theme(), _rect(option)
    side = look.px(_ARROW)
    mark = look.pixmap("chevron-down", "muted", _ARROW)
    box = QRect(rect.right() - side - look.px(8), rect.center().y() - side // 2, side, side)
    painter.drawPixmap(box, mark, mark.rect())


def _draw_scroll_bar(option: QStyleOptionSlider, painter: QPainter, handle: QRect) -> None:
    look = theme()
    hovered = _has(option, _State.State_MouseOver) or _has(option, _State.State_Sunken)
    shade = QColor(look.tokens.border_strong)
    shade.setAlpha(220 if hovered else 140)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    inset = look.px(3)
    bar = QRectF(handle).adjusted(inset, inset, -inset, -inset)
    radius = min(bar.width(), bar.height()) / 2
    painter.drawRoundedRect(bar, radius, radius)


_PRIMITIVES = {
    _Primitive.PE_PanelLineEdit: _draw_edit,
    _Primitive.PE_FrameLineEdit: _draw_nothing,
    _Primitive.PE_Frame: _draw_edit,
    _Primitive.PE_FrameFocusRect: _draw_focus,
    _Primitive.PE_IndicatorCheckBox: _draw_check,
    _Primitive.PE_IndicatorItemViewItemCheck: _draw_check,
    _Primitive.PE_IndicatorRadioButton: _draw_radio,
    _Primitive.PE_PanelItemViewItem: _draw_row,
    _Primitive.PE_PanelItemViewRow: _draw_row,
}
