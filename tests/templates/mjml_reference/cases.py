"""One MJML document for each component and each value of an attribute that lays out a page."""

from collections.abc import Iterator
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "mjml_samples"

IMAGE = '<mj-image src="https://a.b/c.png" alt="x"/>'
SOCIAL = '<mj-social-element name="facebook" href="https://a.b">F</mj-social-element>'
ACCORDION = (
    "<mj-accordion{}><mj-accordion-element{}><mj-accordion-title{}>T</mj-accordion-title>"
    "<mj-accordion-text{}>W</mj-accordion-text></mj-accordion-element></mj-accordion>"
)
SLIDE = '<mj-carousel-image{} src="https://a.b/1.png" alt=""/>'
HERO = (
    '<mj-hero background-color="#333355" background-url="https://a.b/c.png"{}{}>'
    '<mj-image src="https://a.b/c.png" alt="x"/></mj-hero>'
)
PADDINGS = ("0 50px", "0 50px 0 50px", "20px 50px 0", "0 50px 20px", "0", "10px 20px", "10 20", "5% 10%")
SIDES = ("0", "12px", "12", "12%")
EDGES = ("2px solid #333333", "0", "none")
BOX = {"padding": PADDINGS, **{f"padding-{side}": SIDES for side in ("top", "right", "bottom", "left")}}
BORDERS = {"border": EDGES, **{f"border-{side}": EDGES for side in ("top", "right", "bottom", "left")}}
ALIGN = {"align": ("left", "center", "right")}
VERTICAL = {"vertical-align": ("top", "middle", "bottom")}
SECTION = {
    **BOX,
    **BORDERS,
    "direction": ("rtl", "ltr"),
    "text-align": ("left", "center", "right"),
    "full-width": ("full-width",),
    "background-url": ("https://x.y/z.png",),
}
ATTRIBUTES: dict[str, dict[str, tuple[str, ...]]] = {
    "mj-body": {"width": ("500px",)},
    "mj-wrapper": SECTION,
    "mj-section": SECTION,
    "mj-hero": {
        **BOX,
        **VERTICAL,
        "background-height": ("200px",),
        "background-width": ("500px",),
        "height": ("200px", "400px"),
        "mode": ("fixed-height", "fluid-height"),
    },
    "mj-group": {"width": ("50%", "300px"), "direction": ("rtl",), **VERTICAL},
    "mj-column": {
        **BOX,
        **BORDERS,
        **VERTICAL,
        "width": ("50%", "300px"),
        "direction": ("rtl",),
        "background-color": ("#eeeeee",),
    },
    "mj-text": {**BOX, **ALIGN, "height": ("40px",)},
    "mj-button": {
        **BOX,
        **BORDERS,
        **ALIGN,
        **VERTICAL,
        "width": ("200px",),
        "height": ("40px",),
        "inner-padding": ("0 20px", "10px 20px", "0"),
        "text-align": ("left", "center", "right"),
    },
    "mj-image": {
        **BOX,
        **BORDERS,
        **ALIGN,
        "width": ("200px", "800px"),
        "height": ("40px",),
        "fluid-on-mobile": ("true",),
    },
    "mj-table": {
        **BOX,
        **ALIGN,
        "width": ("100%", "50%"),
        "cellpadding": ("2", "0"),
        "cellspacing": ("2", "0"),
    },
    "mj-divider": {**BOX, **ALIGN, "border-width": ("3px", "0"), "width": ("50%", "300px", "100%")},
    "mj-spacer": {**BOX, "height": ("40px",)},
    "mj-social": {
        **BOX,
        **ALIGN,
        "mode": ("vertical", "horizontal"),
        "icon-size": ("32px",),
        "icon-padding": ("0 8px", "4px 8px", "0"),
        "inner-padding": ("0 8px", "4px 8px", "0"),
        "text-padding": ("0 8px", "4px 8px", "0"),
    },
    "mj-social-element": {**BOX, **ALIGN, **VERTICAL, "icon-size": ("32px",), "icon-padding": ("0 8px", "0")},
    "mj-navbar": {**BOX, **ALIGN, "hamburger": ("hamburger",), "ico-padding": ("0 8px", "0")},
    "mj-navbar-link": BOX,
    "mj-accordion": {**BOX, "border": EDGES, "icon-width": ("20px",), "icon-position": ("left",)},
    "mj-accordion-element": {"border": EDGES, "icon-width": ("20px",)},
    "mj-accordion-title": BOX,
    "mj-accordion-text": BOX,
    "mj-carousel": {
        **BOX,
        **ALIGN,
        "thumbnails": ("hidden",),
        "icon-width": ("20px",),
        "tb-width": ("40px",),
    },
    "mj-carousel-image": {"border-radius": ("6px",)},
}


def cases() -> Iterator[tuple[str, str, str]]:
    """Component, attribute with its value (empty for the bare component), and the document."""
    for component, attributes in ATTRIBUTES.items():
        yield component, "", _document(component, "")
        for name, values in attributes.items():
            for value in values:
                written = f'{name}="{value}"'
                yield component, written, _document(component, f" {written}")


def samples() -> Iterator[tuple[str, str, str]]:
    """The same for the samples of the MJML project: "sample", the name of the file, and the document."""
    for path in sorted(SAMPLES.glob("*.mjml")):
        yield "sample", path.stem, path.read_text()


def _document(component: str, written: str) -> str:
    if component == "mj-body":
        return f"<mjml><mj-body{written}>{_section(IMAGE)}</mj-body></mjml>"
    return f"<mjml><mj-body>{_body(component, written)}</mj-body></mjml>"


def _body(component: str, written: str) -> str:
    match component:
        case "mj-wrapper":
            return f"<mj-wrapper{written}>{_section(IMAGE)}</mj-wrapper>"
        case "mj-section":
            return _section(IMAGE, written)
        case "mj-hero":
            sizes = (
                f' background-{name}="{size}"' for name, size in (("width", "600px"), ("height", "300px"))
            )
            return HERO.format("".join(each for each in sizes if each.split("=")[0] not in written), written)
        case "mj-group":
            column = f"<mj-column>{IMAGE}</mj-column>"
            return f"<mj-section><mj-group{written}>{column}{column}</mj-group></mj-section>"
        case "mj-column":
            return f"<mj-section><mj-column{written}>{IMAGE}</mj-column></mj-section>"
        case _:
            return _section(_IN_COLUMN[component].format(written))


_IN_COLUMN = {
    "mj-image": f"{IMAGE[:-2]}{{}}/>",
    "mj-divider": "<mj-divider{}/>",
    "mj-spacer": "<mj-spacer{}/>",
    "mj-text": "<mj-text{}>Words</mj-text>",
    "mj-table": "<mj-table{}><tr><td>Words</td></tr></mj-table>",
    "mj-button": '<mj-button href="https://a.b"{}>Words</mj-button>',
    "mj-social": f"<mj-social{{}}>{SOCIAL}{SOCIAL}</mj-social>",
    "mj-social-element": f"<mj-social>{SOCIAL.replace(' name', '{} name')}</mj-social>",
    "mj-navbar": '<mj-navbar{}><mj-navbar-link href="/a">A</mj-navbar-link></mj-navbar>',
    "mj-navbar-link": '<mj-navbar><mj-navbar-link href="/a"{}>A</mj-navbar-link></mj-navbar>',
    "mj-accordion": ACCORDION.format("{}", "", "", ""),
    "mj-accordion-element": ACCORDION.format("", "{}", "", ""),
    "mj-accordion-title": ACCORDION.format("", "", "{}", ""),
    "mj-accordion-text": ACCORDION.format("", "", "", "{}"),
    "mj-carousel": f"<mj-carousel{{}}>{SLIDE.format('')}{SLIDE.format('')}</mj-carousel>",
    "mj-carousel-image": f"<mj-carousel>{SLIDE}{SLIDE.format('')}</mj-carousel>",
}


def _section(inside: str, written: str = "") -> str:
    return f"<mj-section{written}><mj-column>{inside}</mj-column></mj-section>"
