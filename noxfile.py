"""Everything that is done to this project, one session per concern.

    python3 noxfile.py -s demo      the main job: a bulk export of programs from the built-in sandbox
    python3 noxfile.py -s tests     all tests

Needs nothing but Python >= 3.11: where nox is not installed, this file installs it into `.nox/bootstrap` first and goes
on there. `python3 noxfile.py -l` lists all sessions; with nox at hand, `nox -s tests` does the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

try:
    import nox
except ImportError:
    if __name__ != "__main__":
        raise
    here = Path(__file__).resolve().parent
    home = here / ".nox" / f"bootstrap-{sys.version_info[0]}.{sys.version_info[1]}"
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (home / "installed").exists():
        print("Installing nox into", home.relative_to(here), file=sys.stderr)  # noqa: T201 - says what it does
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "nox", "-c", str(here / "requirements.lock")], check=True)
        (home / "installed").touch()
    sys.exit(subprocess.run([str(python), __file__, *sys.argv[1:]], check=False).returncode)

nox.options.sessions = ["tests"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True

LOCK = "requirements.lock"
"""Every version that CI uses; `nox -s lock` renews it."""

PROJECT = nox.project.load_toml("pyproject.toml")
GROUPS: dict[str, list[object]] = PROJECT["dependency-groups"]


def install(session: nox.Session, *groups: str, extras: str = "all") -> None:
    """Install the project as a wheel, as users do, and what those groups of pyproject.toml name, as locked."""
    needed = [requirement for group in groups for requirement in GROUPS[group] if isinstance(requirement, str)]
    session.install("--quiet", f".[{extras}]" if extras else ".", *needed, "-c", LOCK)


# A safe path keeps this checkout out of `sys.path`, so that it is the wheel that is tested, by subprocesses too.
# Where bytecode is not kept, every worker translates every test anew, which is a seventh of the work.
SAFE = {"PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": ""}
# More workers than cores: many tests wait, for a Redis, for processes that they started. Who has no more takes others'.
WORKERS = ("-n", "4", "--dist", "worksteal")
TWO_WORKERS = ("-n", "2", "--dist", "worksteal")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests against the installed wheel."""
    install(session, "test", "examples")
    session.run("pytest", *(session.posargs or WORKERS), env=SAFE)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests once more, in asyncio's debug mode, counting the lines and branches they reach; it has a floor.

    Those that simulate hours of traffic reach no line that others do not, and counting would make them thrice as long.
    """
    install(session, "test", "examples")
    counting = ("--cov=marketo_async", "--cov-report=term", "-o", "asyncio_debug=true", "--hypothesis-profile=thorough")
    slower = {**SAFE, "FASTER_THAN_MARKETO": "5"}
    session.run("pytest", *counting, "-m", "not live and not hours", *TWO_WORKERS, *session.posargs, env=slower)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and the import contracts."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with both checkers, strictly."""
    install(session, "types", "test", "bench", "examples", "docs")
    session.install("--quiet", "nox", "-c", LOCK)
    session.run("mypy")
    session.run("basedpyright")


@nox.session(name="min")
def minimum(session: nox.Session) -> None:
    """Run the tests with the oldest versions that the project allows of what it needs; the test tools are new ones."""
    session.install("--quiet", "uv", "-c", LOCK)
    session.run("uv", "pip", "install", "--quiet", "--resolution=lowest-direct", ".[all]")
    session.install("--quiet", *(requirement for requirement in GROUPS["test"] if isinstance(requirement, str)))
    # The examples show how it goes today, with the packages of today.
    session.run("pytest", *TWO_WORKERS, "--ignore=tests/examples", *session.posargs, env=SAFE)


@nox.session
def demo(session: nox.Session) -> None:
    """Export every program of the built-in sandbox, at the speed that Marketo's limits allow."""
    install(session, extras="cli,sandbox")
    session.run("marketo-async", "export", "programs", "--sandbox", "--out", "programs.jsonl", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure everything and draw the plots of the documentation anew; each of these files also runs alone."""
    install(session, "test", "bench")
    session.run("python", "benchmarks/limiter.py", "--plot", "docs/plots/window.svg")
    session.run(
        "python", "benchmarks/limits", "--plot", "docs/plots/strategies.svg", "--page", "docs/benchmarks.md"
    )  # fmt: skip
    session.run("python", "benchmarks/paging.py", "--plot", "docs/plots/reading.svg")
    small = ("decode", "lead_coding", "call_cost", "on_call", "import_time", "memory")
    for name in (*small, "leads", "lead_memory", "fleet"):
        session.run("python", f"benchmarks/{name}.py")


@nox.session
@nox.parametrize(
    "client", ["marketorestpython==0.5.25", "tap-marketo==2.9.4"], ids=["marketorestpython", "tap_marketo"]
)
def other_clients(session: nox.Session, client: str) -> None:
    """Run a client that is not ours, unchanged, against the sandbox, and print what passes."""
    check_other_client(session, client)


@nox.session(python="3.11")
def other_clients_airbyte(session: nox.Session) -> None:
    """Run Airbyte's connector, which takes no newer Python, as `other_clients` runs the others."""
    check_other_client(session, "airbyte-source-marketo==2.1.3")


def check_other_client(session: nox.Session, client: str) -> None:
    """Install a client beside the sandbox and check it; its dependencies are its own to pin, so without our lock."""
    session.install("--quiet", ".[sandbox]", client)
    name = client.partition("==")[0].replace("-", "_")
    session.run("python", f"tests/other_clients/{name}_check.py")


@nox.session
def swagger(session: nox.Session) -> None:
    """Hold the sandbox against Adobe's Swagger files, which are not ours to ship: `nox -s swagger -- FOLDER`."""
    if not session.posargs:
        session.error(
            "Missing: the folder that has Adobe's swagger-asset.json and swagger-mapi.json, the definitions of the "
            "Marketo REST API that Adobe publishes. Give it so: nox -s swagger -- FOLDER"
        )
    session.install("--quiet", ".[sandbox]", "schemathesis==4.32.5")
    session.run("python", "tests/other_clients/swagger_check.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into `docs/_build`; every warning is an error."""
    install(session, "docs", "test")
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "docs", "docs/_build")


@nox.session
def import_time(session: nox.Session) -> None:
    """Measure the import where only the core is installed; fail above 1.25 times the five dependencies."""
    install(session, extras="")
    session.run("python", "benchmarks/import_time.py", "--check", "1.25")


@nox.session
def lock(session: nox.Session) -> None:
    """Renew the lock file."""
    session.install("--quiet", "uv")
    session.run(
        "uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--no-header", "--no-annotate",
        "--all-extras", "--group=dev", "--upgrade", "pyproject.toml", "-o", LOCK,
    )  # fmt: skip


if __name__ == "__main__":
    nox.main()
