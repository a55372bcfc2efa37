"""What the planner's code never does: run text as code, load objects that can run, start programs, ask a network."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "planner"
MODULES = sorted(PACKAGE.rglob("*.py"))
THE_NETWORK = ("fetch", "cli_fetch.py")  # `planner fetch` asks it, nothing else does

# Imports that load objects which can run, run text as code, or start programs.
UNSAFE = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "subprocess", "multiprocessing", "runpy"}
UNSAFE |= {"code", "codeop", "ctypes.util", "xmlrpc", "pty", "webbrowser"}
NETWORK = {
    "socket",
    "socketserver",
    "ssl",
    "http",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
}
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "spawnv", "execv", "execvp", "startfile"}
READS_OBJECTS = {"read_pickle", "to_pickle", "unpickle"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def faults_of(source: str, *, network: bool = False) -> list[str]:
    """What a module does that it must not do."""
    tree = ast.parse(source)
    names = imported(tree)
    banned = UNSAFE if network else UNSAFE | NETWORK
    found = [name for name in names for each in banned if name == each or name.startswith(f"{each}.")]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_re = isinstance(node.func, ast.Attribute) and called == "compile"
        if called in READS_OBJECTS or (called in CALLS and not of_re):
            found.append(f"{called}()")
        said = {keyword.arg: keyword.value for keyword in node.keywords}
        if called == "load" and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "np":
            allowed = said.get("allow_pickle")
            if not (isinstance(allowed, ast.Constant) and allowed.value is False):
                found.append("np.load() without allow_pickle=False")
        for name, bad in (("allow_pickle", True), ("shell", True), ("unsafe", True)):
            if isinstance(said.get(name), ast.Constant) and said[name].value is bad:
                found.append(f"{name}={bad}")
    return sorted(set(found))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_runs_no_text_loads_no_objects_and_asks_no_network(module):
    network = module.relative_to(PACKAGE).parts[0] in THE_NETWORK
    assert faults_of(module.read_text(encoding="utf-8"), network=network) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import pickle", "pickle"),
        ("from joblib import load", "joblib"),
        ("def f():\n    import subprocess as s", "subprocess"),
        ("eval(x)", "eval()"),
        ("frame.eval(x)", "eval()"),
        ("exec(open(p).read())", "exec()"),
        ("os.system('x')", "system()"),
        ("np.load(path)", "np.load() without allow_pickle=False"),
        ("np.load(path, allow_pickle=True)", "allow_pickle=True"),
        ("pd.read_pickle(path)", "read_pickle()"),
        ("from urllib import request", "urllib.request"),
        ("import requests", "requests"),
    ],
)
def test_what_must_not_be_is_found(source, fault):
    assert fault in faults_of(source)


def test_what_is_harmless_is_not_found():
    assert faults_of("re.compile('x')\nnp.load(p, allow_pickle=False)\nfrom urllib.parse import quote") == []
