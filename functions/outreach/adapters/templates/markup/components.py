"""The components of MJML 4 that mail programs can show: where each may stand, and the attributes it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IN_BODY = frozenset({"mj-body"})
_SECTIONS = frozenset({"mj-body", "mj-wrapper"})
_COLUMNS = frozenset({"mj-column", "mj-hero"})

PARENTS: Mapping[str, frozenset[str]] = {
    "mj-head": frozenset({"mjml"}),
    "mj-body": frozenset({"mjml"}),
    "mj-title": frozenset({"mj-head"}),
    "mj-preview": frozenset({"mj-head"}),
    "mj-style": frozenset({"mj-head"}),
    "mj-font": frozenset({"mj-head"}),
    "mj-attributes": frozenset({"mj-head"}),
    "mj-breakpoint": frozenset({"mj-head"}),
    "mj-wrapper": _IN_BODY,
    "mj-section": _SECTIONS,
    "mj-hero": _SECTIONS,
    "mj-group": frozenset({"mj-section"}),
    "mj-column": frozenset({"mj-section", "mj-group"}),
    "mj-text": _COLUMNS,
    "mj-button": _COLUMNS,
    "mj-image": _COLUMNS,
    "mj-table": _COLUMNS,
    "mj-divider": _COLUMNS,
    "mj-spacer": _COLUMNS | _IN_BODY,
    "mj-social": _COLUMNS,
    "mj-social-element": frozenset({"mj-social"}),
    "mj-navbar": _COLUMNS,
    "mj-navbar-link": frozenset({"mj-navbar"}),
    "mj-accordion": _COLUMNS,
    "mj-accordion-element": frozenset({"mj-accordion"}),
    "mj-accordion-title": frozenset({"mj-accordion-element"}),
    "mj-accordion-text": frozenset({"mj-accordion-element"}),
    "mj-carousel": _COLUMNS,
    "mj-carousel-image": frozenset({"mj-carousel"}),
    "mj-raw": frozenset(
        {
            "mj-head",
            "mj-body",
            "mj-wrapper",
            "mj-section",
            "mj-group",
            "mj-column",
            "mj-hero",
        }
    ),
}
HTML_INSIDE = frozenset({
    "mj-text", "mj-button", "mj-table", "mj-raw", "mj-title", "mj-preview",
    "mj-social-element", "mj-navbar-link", "mj-accordion-title", "mj-accordion-text",
})  # fmt: skip
BLOCKS_INSIDE = frozenset({"mj-body", "mj-wrapper", "mj-column", "mj-hero"})
"""Components that may hold Jinja blocks. Not a section: its columns' widths are computed once."""

_BOX = frozenset({
    "padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "css-class", "mj-class",
})  # fmt: skip
_FONT = frozenset({
    "color", "font-family", "font-size", "font-style", "font-weight", "line-height", "letter-spacing",
    "text-decoration", "text-transform",
})  # fmt: skip
_EDGE = frozenset({"border", "border-top", "border-right", "border-bottom", "border-left", "border-radius"})
_GROUND = frozenset({
    "background-color", "background-url", "background-size", "background-repeat", "background-position",
    "background-position-x", "background-position-y",
})  # fmt: skip
_SECTION = _BOX | _EDGE | _GROUND | {"direction", "full-width", "text-align"}
_IN_COLUMN = _BOX | {"align", "container-background-color"}
_LINK = frozenset({"href", "rel", "target", "title"})
_ICONS = frozenset({
    "icon-align", "icon-height", "icon-padding", "icon-position", "icon-size", "icon-unwrapped-alt",
    "icon-unwrapped-url", "icon-width", "icon-wrapped-alt", "icon-wrapped-url",
})  # fmt: skip
WITHOUT_EFFECT: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"version"}),
    "mj-body": frozenset({"color", "font-family", "font-size"}),
    "mj-section": frozenset({"text-padding", "vertical-align"}),
    "mj-wrapper": frozenset({"text-padding", "vertical-align"}),
    "mj-divider": frozenset({"horizontal-spacing", "vertical-spacing"}),
}
"""Attributes of older versions, which the e-mails of the MJML project still have: any value is accepted."""
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "mjml": WITHOUT_EFFECT["mjml"] | {"lang", "dir", "owa"},
    "mj-body": WITHOUT_EFFECT["mj-body"] | {"background-color", "css-class", "width"},
    "mj-breakpoint": frozenset({"width"}),
    "mj-font": frozenset({"name", "href"}),
    "mj-wrapper": WITHOUT_EFFECT["mj-wrapper"] | _SECTION | {"gap"},
    "mj-section": WITHOUT_EFFECT["mj-section"] | _SECTION,
    "mj-hero": _BOX
    | _GROUND
    | {"background-height", "background-width", "border-radius", "container-background-color", "height"}
    | {"inner-background-color", "inner-padding", "mode", "vertical-align", "width"},
    "mj-group": frozenset(
        {"width", "background-color", "css-class", "mj-class", "direction", "vertical-align"}
    ),
    "mj-column": _BOX
    | _EDGE
    | {f"inner-{name}" for name in _EDGE | {"background-color"}}
    | {"width", "background-color", "direction", "vertical-align"},
    "mj-text": _IN_COLUMN | _FONT | {"height", "vertical-align"},
    "mj-button": _IN_COLUMN
    | _FONT
    | _EDGE
    | _LINK
    | {"background-color", "height", "inner-padding", "name", "text-align", "vertical-align", "width"},
    "mj-image": _IN_COLUMN
    | _EDGE
    | _LINK
    | {"src", "alt", "fluid-on-mobile", "height", "max-height", "name", "sizes", "srcset", "usemap", "width"},
    "mj-table": _IN_COLUMN
    | _FONT
    | {"border", "cellpadding", "cellspacing", "role", "table-layout", "width"},
    "mj-divider": WITHOUT_EFFECT["mj-divider"]
    | _IN_COLUMN
    | {"border-color", "border-style", "border-width", "width"},
    "mj-spacer": _BOX | {"height", "container-background-color"},
    "mj-social": _IN_COLUMN
    | _FONT
    | _ICONS
    | {"border-radius", "inner-padding", "mode", "table-layout", "text-padding", "vertical-align"},
    "mj-social-element": _BOX
    | _FONT
    | _ICONS
    | _LINK
    | {"align", "alt", "background-color", "border-radius", "name", "sizes", "src", "srcset"}
    | {"text-padding", "vertical-align"},
    "mj-navbar": _IN_COLUMN
    | {"base-url", "hamburger"}
    | {f"ico-{name}" for name in _FONT | _BOX | {"align", "open", "close", "padding"}},
    "mj-navbar-link": _BOX | _FONT | _LINK | {"name"},
    "mj-accordion": _IN_COLUMN | _ICONS | {"border", "font-family"},
    "mj-accordion-element": _ICONS | {"background-color", "border", "css-class", "font-family", "mj-class"},
    "mj-accordion-title": _BOX | _FONT | {"background-color"},
    "mj-accordion-text": _BOX | _FONT | {"background-color"},
    "mj-carousel": _IN_COLUMN
    | {
        "border-radius",
        "icon-width",
        "left-icon",
        "right-icon",
        "thumbnails",
        "tb-border",
        "tb-border-radius",
    }
    | {"tb-hover-border-color", "tb-selected-border-color", "tb-width"},
    "mj-carousel-image": _LINK
    | {
        "alt",
        "border-radius",
        "css-class",
        "mj-class",
        "src",
        "tb-border",
        "tb-border-radius",
        "thumbnails-src",
    },
}
