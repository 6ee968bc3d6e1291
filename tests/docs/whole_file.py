"""Makes a whole campaign file of an example that shows only its steps, or only a part of its head."""

from collections.abc import Mapping

from outreach.adapters.campaign_files.yaml_lines import read_yaml

HEAD = {
    "name": "name: example",
    "title": "title: An example",
    "class": "class: marketing",
    "topic": "topic: tips",
    "trigger": "trigger: order.placed",
    "key": "key: order.id",
    "reentry": "reentry: never",
}


def whole(text: str) -> str:
    """A whole file around an example: the usual head around steps, the usual step after a head."""
    if text.startswith("name:"):
        return text
    if text.startswith("-"):
        return "\n".join([*HEAD.values(), "steps:", text])
    given = read_yaml(text).data
    assert isinstance(given, Mapping)
    return "\n".join(
        [*(line for name, line in HEAD.items() if name not in given), text, "steps: [send: hello]"]
    )
