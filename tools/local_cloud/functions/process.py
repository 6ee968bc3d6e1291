"""One process of a function: environment, modules and handler, entered for an invocation and left again."""

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.functions.configuration import FunctionConfiguration, environment_of
from local_cloud.functions.environment import Encoded, encoded, swap_environment
from local_cloud.functions.modules import ModuleSet
from local_cloud.functions.output import FunctionOutput, adopt_loggers

type Handler = Callable[[Any, Any], Any]


class HandlerMissingError(Exception):
    """The module has no such function, as Lambda's Runtime.HandlerNotFound."""


class Process:
    """Exists from a cold start until it crashes or the cloud ends."""

    def __init__(
        self,
        configuration: FunctionConfiguration,
        inherited: Mapping[str, str],
        output: FunctionOutput,
        stateless: tuple[str, ...] = (),
    ) -> None:
        self._configuration = configuration
        self._environment = encoded(environment_of(configuration, inherited))
        self._modules = ModuleSet(configuration.code, configuration.layers, stateless)
        self._output = output
        self._handler: Handler | None = None
        self._surroundings: Encoded = {}
        self._stdout: Any = None

    def enter(self) -> None:
        """Make this the process that runs: environment, modules, standard output."""
        self._surroundings = swap_environment(self._environment)
        self._modules.enter()
        self._stdout = sys.stdout
        sys.stdout = self._output

    def leave(self) -> None:
        """Restore what was there; what the handler changed in its environment stays with the process."""
        sys.stdout = self._stdout
        self._modules.leave()
        self._environment = swap_environment(self._surroundings)

    @property
    def cold(self) -> bool:
        return self._handler is None

    def handler(self) -> Handler:
        """The handler, imported the first time; call this inside.

        Raises ImportError or any error of the module, and HandlerMissingError.
        """
        if self._handler is None:
            module_name, _, attribute = self._configuration.handler.rpartition(".")
            module = importlib.import_module(module_name.replace("/", "."))
            adopt_loggers(self._output)
            try:
                self._handler = getattr(module, attribute)
            except AttributeError:
                raise HandlerMissingError(
                    f"Handler '{attribute}' missing on module '{module_name}'"
                ) from None
        return self._handler
