#!/bin/sh
# setup.sh run|dev: installs the hashed versions of requirements/<run|dev>.lock into .venv. PYTHON names the interpreter.
set -eu
lock=$1
usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
if [ ! -x .venv/bin/pip ]; then
    for python in ${PYTHON:-python3.11 python3 python3.12 python3.13 python3.14}; do
        ! usable "$python" || break
    done
    if ! usable "$python"; then
        echo "personalize needs Python 3.11 or later; make PYTHON=<path> says where it is." >&2
        exit 2
    fi
    echo "Setting up .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi
echo "Installing requirements/$lock.lock into .venv …"
install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.lock"
}
install pip # an older pip looks past the lock when a package asks for another one's extra
install "$lock"
touch .venv/run.stamp ".venv/$lock.stamp"
