# Sourced by ./run and ./test: makes .venv exactly as uv.lock says, once.
# Expects: root (this checkout), group (run or test).
# shellcheck shell=sh

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    echo "set-up stopped: Python 3.11 or newer was not found" >&2
    echo "  Reperform is written for it.  On Debian:  apt-get install python3 git" >&2
    return 1
}

# What the environment was made from: the lock, the project, this folder (paths are in scripts).
wanted="$(cat "$root/uv.lock" "$root/pyproject.toml" | cksum) $root"
stamp="$root/.venv/.made-for-$group"

if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    python=$(find_python) || exit 1
    echo "Setting up in $root/.venv (the first time takes a minute)..." >&2
    "$python" "$root/scripts/get_uv.py" "$root/.uv"
    extra="--group dev"
    [ "$group" = test ] || extra="--no-dev --inexact"
    # shellcheck disable=SC2086 # two words on purpose
    UV_PROJECT_ENVIRONMENT="$root/.venv" UV_LINK_MODE=copy "$root/.uv/uv" sync --locked \
        --compile-bytecode --project "$root" --python "$python" --no-python-downloads $extra >&2
    # Compiled now: a first start that runs out of disk would leave halves, and every later one fail.
    "$root/.venv/bin/python" -m compileall -q "$root/src"
    printf '%s' "$wanted" >"$stamp"
    if [ "$group" = test ]; then printf '%s' "$wanted" >"$root/.venv/.made-for-run"; fi
fi
