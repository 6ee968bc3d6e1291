"""Reads the lines typed in a rehearsal, and runs them."""

import shlex
from collections.abc import Callable, Iterable, Sequence

from outreach.domain.durations import parse_duration
from outreach_tools.rehearsal.shop import PRODUCTS, Shop

HELP = f"""\
sign-up NAME [LANGUAGE]   a customer signs up, and consents to mail
deliver NAME PRODUCT      an order arrives: {", ".join(PRODUCTS)}
wait TIME                 time passes: 5m, 12h, 7d
inbox                     the messages that came since you last looked
read                      the newest message, as text
outreach …                any command, on the stack of this rehearsal
quit                      end; everything is forgotten"""


class Prompt:
    """One line after the other; errors are shown, and the rehearsal goes on."""

    def __init__(self, shop: Shop, say: Callable[[str], None], run: Callable[[Sequence[str]], None]) -> None:
        """`run` runs a command of `outreach` on the shop's stack."""
        self._shop = shop
        self._say = say
        self._run = run

    def follow(self, lines: Iterable[str]) -> None:
        """Until `quit`, or until there are no more lines."""
        for line in lines:
            try:
                words = shlex.split(line)
            except ValueError as odd:
                self._say(f"not understood: {odd}")
                continue
            if words[:1] in (["quit"], ["exit"]):
                return
            if words:
                self._do(words)

    def _do(self, words: list[str]) -> None:
        match words:
            case ["help"]:
                self._say(HELP)
            case ["sign-up", name, *language] if len(language) <= 1 and name.isalnum():
                self._shop.signs_up(name, *language)
                self._say(f"{name} signed up")
            case ["deliver", name, product] if product in PRODUCTS:
                self._shop.gets(name, product)
                self._say(f"{name} got: {PRODUCTS[product][0]}")
            case ["sign-up", *_]:
                self._say("write sign-up, a name of one word, and maybe a language: sign-up claire fr")
            case ["deliver", *_]:
                self._say(f"write deliver, a name and one of {', '.join(PRODUCTS)}: deliver ana oven")
            case ["wait", span]:
                self._wait(span)
            case ["inbox"]:
                emails = self._shop.new_emails()
                for email in emails:
                    self._say(f"{email.sent_at:%d %b %H:%M}  {email.to}  {email.subject}")
                if not emails:
                    self._say("nothing new")
            case ["read"]:
                newest = self._shop.cloud.outbox[-1:]
                self._say("nothing came yet" if not newest else f"{newest[0].subject}\n\n{newest[0].text}")
            case ["outreach", *arguments] if arguments:
                self._run(arguments)
            case _:
                self._say(f"not understood: {words[0]}; type help")

    def _wait(self, span: str) -> None:
        try:
            self._shop.waits(parse_duration(span))
        except ValueError as wrong:
            self._say(f"{span}: {wrong}")
        else:
            self._say(f"it is {self._shop.cloud.now:%d %b %H:%M}")
