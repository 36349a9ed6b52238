"""Make .venv and put the pinned packages into it: `python3 config/install.py requirements.txt …`

Only the standard library, and no syntax newer than Python 3.6: an old Python must get a sentence, not a SyntaxError.
Running it again costs nothing while the files it has installed are unchanged.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUPPORTED = ((3, 11), (3, 12), (3, 13))
NEEDED_MB = 1500  # the packages of the product and of its tests unpack to 1 GB
STAMP = "installed.json"  # inside .venv: which files are in it, for which Python, at which path

UNREACHABLE = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "NameResolutionError",
    "ProxyError",
    "SSLError",
    "SSLCertVerificationError",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Connection refused",
    "Connection reset by peer",
    "Read timed out",
    "503 Server Error",
    "502 Server Error",
)


class Problem(Exception):
    """Something the person at the keyboard can do something about; the message is a plain sentence."""


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


def refuse_python(version):
    if tuple(version[:2]) not in SUPPORTED:
        found = ".".join(str(part) for part in version[:3])
        raise Problem(
            f"This needs Python 3.11, 3.12 or 3.13, and this is Python {found}. Install one of them, or name one that "
            "you have: make run PYTHON=/path/to/python3.12"
        )


def refuse_without_venv(version):
    """Debian and Ubuntu ship Python without the modules that make a virtual environment."""
    try:
        import ensurepip
        import venv  # noqa: F401

        ensurepip.version()
    except (ImportError, OSError, StopIteration, IndexError):
        raise Problem(
            "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv "
            f"(or python{version[0]}.{version[1]}-venv, the package of this very version)."
        ) from None


def refuse_full_disk(folder):
    free = shutil.disk_usage(folder).free // 1000000
    if free < NEEDED_MB:
        raise Problem(f"The disk is full: the packages need {NEEDED_MB} MB, and {free} MB are free.")


def stamp_of(root, names, version):
    """What is written into .venv after an installation, and compared before the next one."""
    files = {}
    for name in names:
        try:
            files[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
        except OSError as error:
            raise Problem(f"{name} cannot be read: {error.strerror}.") from error
    return {"python": f"{version[0]}.{version[1]}", "path": str(root / ".venv"), "files": files}


def read_stamp(venv):
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return {"python": stamp["python"], "path": stamp["path"], "files": dict(stamp["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"python": None, "path": None, "files": {}}


def write_stamp(venv, stamp):
    handle, name = tempfile.mkstemp(dir=venv)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1)
    Path(name).replace(venv / STAMP)


def interpreter(venv):
    return venv / "bin" / "python"


def is_current(venv, wanted):
    """Everything asked for is installed already (perhaps more, by `make test`)."""
    have = read_stamp(venv)
    return (
        interpreter(venv).exists()  # False too when the Python it points to was removed
        and have["python"] == wanted["python"]
        and have["path"] == wanted["path"]
        and wanted["files"].items() <= have["files"].items()
    )


def is_usable(venv, wanted):
    """An environment that can be filled up: made by this version of Python, at this place, with a pip that runs."""
    have = read_stamp(venv)
    if have["path"] not in (None, wanted["path"]):
        return False
    code = "import sys, pip; sys.stdout.write('%d.%d %s' % (sys.version_info[:2] + (sys.prefix,)))"
    try:
        done = subprocess.run(  # noqa: S603
            [str(interpreter(venv)), "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and os.fsdecode(done.stdout) == "{python} {path}".format(**wanted)


def make_venv(venv):
    shutil.rmtree(venv, ignore_errors=True)
    say("Making .venv …")
    # Not sys.executable: that may be the very environment that was just removed.
    python = getattr(sys, "_base_executable", None) or sys.executable
    done = subprocess.run(  # noqa: S603
        [python, "-m", "venv", str(venv)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        raise Problem(explain(done.stdout) + last_lines(done.stdout))


def explain(output):
    """The sentence for what pip (or venv) said when it failed."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return "The disk is full."
    if "Permission denied" in output or "Read-only file system" in output:
        return "This user may not write to .venv. Was it made by another user?"
    if any(sign in output for sign in UNREACHABLE):
        return "The package registry cannot be reached. Is this machine online, and is a proxy needed?"
    if "No matching distribution found" in output or "Failed to build" in output or "error: command" in output:
        return (
            "A package has no ready-made build for this machine and Python, and would need a compiler. "
            "Another of Python 3.11, 3.12 and 3.13 may have one: make run PYTHON=/path/to/python3.12"
        )
    if "ensurepip" in output:
        return "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv"
    return "The packages could not be installed."


def last_lines(output, count=12):
    lines = [line for line in output.rstrip().splitlines() if line.strip()]
    return "\nThe last lines of pip's report:\n" + "\n".join("    " + line for line in lines[-count:])


def pip_install(venv, root, names):
    """Quiet unless it fails; on a terminal it counts the packages."""
    command = [str(interpreter(venv)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    # Never build from source: that runs strangers' code, takes minutes, and fails where there is no compiler.
    command += ["--only-binary", ":all:"]
    for name in names:
        command += ["-r", name]
    total = 0
    for name in names:
        total += sum(line[:1].isalnum() for line in (root / name).read_text(encoding="utf-8").splitlines())
    output, seen = [], 0
    process = subprocess.Popen(  # noqa: S603
        command, cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        for line in process.stdout:
            output.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied:")) and sys.stdout.isatty():
                seen += 1
                say(f"\r  {min(seen, total)} of {total} packages ", end="")
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        if seen:
            say("\r" + " " * 40 + "\r", end="")
    if process.returncode:
        text = "".join(output)
        raise Problem(explain(text) + last_lines(text))


@contextlib.contextmanager
def alone(root):
    """Two `make` at the same time must not fill one .venv. The project folder itself is locked, so no file stays."""
    import fcntl

    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another installation in this folder …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(folder)


def install(root, names, version=None):
    version = version or sys.version_info
    refuse_python(version)
    venv = root / ".venv"
    wanted = stamp_of(root, names, version)
    if is_current(venv, wanted):
        return
    with alone(root):
        if is_current(venv, wanted):
            return
        refuse_without_venv(version)
        usable = is_usable(venv, wanted)
        if not usable:
            refuse_full_disk(root)
            make_venv(venv)
        installed = read_stamp(venv)["files"]
        # Without a stamp an interrupted installation is seen as what it is.
        with contextlib.suppress(FileNotFoundError):
            (venv / STAMP).unlink()
        say("Installing the packages into .venv (the first time this takes some minutes) …")
        pip_install(venv, root, names)
        installed.update(wanted["files"])
        write_stamp(venv, dict(wanted, files=installed))


def main(names):
    root = Path(__file__).resolve().parent.parent
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a dash gets a question mark
    try:
        if not names:
            raise Problem("usage: python3 config/install.py requirements.txt …")
        install(root, names)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. The same command goes on from here.\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{explain(str(error))} ({error})\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
