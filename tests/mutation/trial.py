"""One mutant before the tests, in a process of its own: a fault may loop, or take all the memory there is.

Importing this loads what every trial needs and nothing of ours, so that a trial begins where its tests do.
"""

import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

import markdown_it  # noqa: F401 - the rules need it
import pytest
import whenever  # noqa: F401 - and this
from hypothesis import Phase, settings

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, "tests.mutation.mutants"])
ROOT = Path(__file__).parents[2]
_SECONDS = 20
_BYTES = 2 << 30
_OPTIONS = (
    *("--exitfirst", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"),
    *("--disable-plugin-autoload", f"--config-file={os.devnull}", f"--rootdir={ROOT}"),  # the rules need no plugin
)

# The same examples at each run, none remembered, none shortened: only whether a test fails is asked.
_PROFILE = settings(derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate))


def survives(module: str, code: str, tests: Sequence[str]) -> bool:
    """Whether all of these test files pass with this code in place of a module, such as `rules.cadence`."""
    trial = _PROCESSES.Process(target=_run, args=(module, code, tests))
    trial.start()
    trial.join()
    return trial.exitcode == 0


def _run(module: str, code: str, tests: Sequence[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    settings.register_profile("mutation", _PROFILE)
    settings.load_profile("mutation")
    _put_in_place(module, code)
    sys.exit(pytest.main([*_OPTIONS, *tests]))


def _put_in_place(module: str, code: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    sys.modules[module] = importlib.util.module_from_spec(spec)
    exec(compile(code, spec.origin, "exec"), vars(sys.modules[module]))  # noqa: S102 - that is what a mutant is for
